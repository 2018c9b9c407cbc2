"""The rejects of a run that was not published, held against the manifest that they were kept with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.desk.verify.checked import ALL, NONE, Checked
from jifen_batch.desk.verify.manifest_claims import MALFORMED, schema_version
from jifen_batch.published import manifest, sealed
from jifen_batch.published.finding import Finding
from jifen_batch.published.read import KEY
from jifen_batch.published.sealed import Entry
from jifen_batch.published.untrusted_table import UntrustedTable, by_folder
from jifen_batch.tables import REJECTS

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "1"


def check_refused(folder: Path, out: Path) -> Checked:
    """Check a folder of refused rejects: its files, its rows and the counts by reason."""
    file = sealed.shown(folder / manifest.NAME, out)
    read = sealed.read(folder, out)
    if read.content is None:
        return Checked(folder.name, read.findings)
    try:
        entries = [Entry.of(said) for said in read.content["outputs"]]
        said = {str(reason): int(count) for reason, count in read.content["rejects_by_reason"].items()}
        run_id = str(read.content["run_id"])
        # Programs of the first version named none beside refused rejects.
        version = schema_version({KEY: FIRST, **read.content})
    except MALFORMED:
        return Checked(folder.name, [*read.findings, Finding("manifest_damaged", file)])
    held = sealed.hold(folder, entries, out)
    findings = [*read.findings, *held.findings]
    if folder.name != run_id:
        findings.append(Finding("run_id", file, {"said": run_id, "computed": folder.name}))
    rows = {name: entry.rows for name, entry in held.whole.items()}
    sheet = UntrustedTable(REJECTS, by_folder(REJECTS, folder, rows), out, version, strict=False)
    counted = dict.fromkeys(said, 0)
    for some in sheet.look():
        for reason, count in some["reason"].value_counts().iter_rows():
            counted[reason] = counted.get(reason, 0) + count
    findings += sheet.findings
    whole = sheet.sound and not held.findings
    if whole and counted != said:
        findings.append(Finding("accounting", file))
    return Checked(folder.name, findings, len(held.whole), held.bytes, sheet.rows, ALL if whole else NONE)
