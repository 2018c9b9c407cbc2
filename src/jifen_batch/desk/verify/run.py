"""A published run checked again: its files by their digests, its tables by what must follow from each other.

The digests find what was changed behind the manifest's back; the sums find a manifest edited to match.
Bounded in memory: lines are gone through some whole villages at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jifen_batch import rules
from jifen_batch.desk.verify.checked import ALL, NONE, PART, Checked
from jifen_batch.desk.verify.manifest_claims import MALFORMED, ManifestClaims
from jifen_batch.desk.verify.recounted import Recounted
from jifen_batch.desk.verify.whole import whole_tables
from jifen_batch.errors import JifenError
from jifen_batch.published import announced, dictionary, manifest, sealed
from jifen_batch.published.finding import Finding
from jifen_batch.published.untrusted_table import DamagedError, UntrustedTable, by_folder
from jifen_batch.tables import OBJECTIONS, OUTPUTS, REJECTS, SUCCESSIONS, UNPOSTED
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from jifen_batch.tables.rule_tables import RuleTables

TABLES = (*OUTPUTS, WALLETS, MISPRICED, SUCCESSIONS, OBJECTIONS)
# Two rows may share their sort keys only where rows are as the feed had them.
NOT_STRICT = (UNPOSTED, REJECTS)
# Faults that leave every table as it was published.
NOT_IN_THE_WAY = {"manifest_changed", "run_id", "seen"}
# A table without rows whose path carries a column has its folder and no file.
WITHOUT_ROWS = frozenset(table.name for table in TABLES if table.partition)
PART_FILE = r"part-[0-9]{5,}\.parquet"


def check_run(folder: Path, out: Path, known: Collection[str]) -> Checked:
    """Check the run in a folder; `known` are digests of announced and withdrawn manifests as they lie."""
    file = sealed.shown(folder / manifest.NAME, out)
    read = sealed.read(folder, out)
    if read.content is None:
        return Checked(folder.name, read.findings)
    try:
        claims = ManifestClaims.of(read.content)
    except MALFORMED:
        return Checked(folder.name, [*read.findings, Finding("manifest_damaged", file)])
    held = sealed.hold(folder, claims.entries, out, WITHOUT_ROWS)
    findings = [*read.findings, *held.findings, *_strangers(folder, held, out), *_gone(claims, known)]
    if not folder.name == claims.run_id == claims.computed_id:
        findings.append(Finding("run_id", file, {"said": claims.run_id, "computed": claims.computed_id}))
    broken = [one for one in findings if one.kind not in NOT_IN_THE_WAY]
    whole = {name: entry.rows for name, entry in held.whole.items()}
    sheets = {
        table.name: UntrustedTable(
            table,
            by_folder(table, folder, whole),
            out,
            claims.schema_version,
            strict=table not in NOT_STRICT,
        )
        for table in TABLES
    }
    recounted = Recounted(sheets, claims, sealed.shown(folder, out), _readable_books(folder, claims))
    for sheet in sheets.values():
        recounted.look(sheet)
        findings += sheet.findings
    further = not broken and all(sheet.sound for sheet in sheets.values())
    if further:
        try:
            recounted.add_up()
            findings += recounted.findings()
            findings += whole_tables(recounted)
        except DamagedError as error:
            findings.append(error.finding)
    rows = sum(sheet.rows for sheet in sheets.values())
    added_up = NONE if not further else PART if claims.by_other_code else ALL
    made_by = manifest.made_by(read.content)
    return Checked(folder.name, findings, len(held.whole), held.bytes, rows, added_up, made_by=made_by)


def _readable_books(folder: Path, claims: ManifestClaims) -> RuleTables | None:
    """The compiled books of the run; none where they cannot be read, or other code read them."""
    if claims.by_other_code:
        return None
    try:
        return rules.load([manifest.rules(folder)]).tables
    except JifenError:
        return None


def _gone(claims: ManifestClaims, known: Collection[str]) -> list[Finding]:
    """Announced quarters that the run has seen, and that are gone or others now."""
    return [
        Finding("seen", f"{announced.ANNOUNCED}/quarter={quarter}", {"run_id": claims.run_id})
        for quarter, digest in claims.seen.items()
        if digest not in known
    ]


def _strangers(folder: Path, held: sealed.SealedFolder, out: Path) -> list[Finding]:
    """Files that the manifest names although no run has such a file."""
    known = [r"rules/[^/]+", re.escape(dictionary.NAME)]
    for table in TABLES:
        inside = rf"{table.partition}=[^/]+/" if table.partition else ""
        known.append(rf"{table.name}/{inside}{PART_FILE}")
    own = re.compile("|".join(known))
    return [
        Finding("added", sealed.shown(folder / name, out)) for name in held.whole if not own.fullmatch(name)
    ]
