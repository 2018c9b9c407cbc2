"""An announced quarter opened: its files held against its manifest, its tables looked through once."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.verify.manifest_claims import MALFORMED, schema_version
from jifen_batch.kernels.successions import RENAMING, renaming
from jifen_batch.published import announced, dictionary, manifest, sealed
from jifen_batch.published.finding import Finding
from jifen_batch.published.sealed import Entry
from jifen_batch.published.untrusted_table import SheetFile, UntrustedTable
from jifen_batch.published.village_range import PLACE
from jifen_batch.tables import SUCCESSIONS, SUMS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.tables import Table

TABLES = (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)
BY_VILLAGE = (ANNOUNCEMENT, LINES, CORRECTIONS)


@dataclass(frozen=True)
class QuarterClaims:
    """What the manifest of a quarter claims, as far as its tables can tell; see `desk.account`."""

    quarter: str
    as_of: date
    version: str
    code: str | None
    schema_version: int
    books: list[dict[str, Any]]
    entries: list[Entry]
    earlier: list[tuple[str, str]]
    sums: dict[str, int]
    by_reason: dict[str, dict[str, int]]

    @classmethod
    def of(cls, content: dict[str, Any]) -> QuarterClaims:
        """The claims of a manifest. Raises one of `MALFORMED` where it is not one."""
        own, adjusted, totals = content["own"], content["adjusted"], content["control_totals"]
        sums = {
            "rows": content["rows"],
            "households": content["households"],
            **{name: own[name] for name in ("lines", *SUMS)},
            **{name: adjusted[name] for name in ("lines_added", "lines_removed")},
            "adjusted": adjusted["points"],
            "net": totals["announced"]["points"],
            "hung_lines": totals["hung_before"]["lines"],
            "hung_points": totals["hung_before"]["points"],
            "ledger_lines": totals["ledger"]["lines"],
            "ledger_points": totals["ledger"]["points"],
        }
        return cls(
            quarter=str(content["quarter"]),
            as_of=date.fromisoformat(content["as_of"]),
            version=str(content["versions"]["jifen-batch"]),
            code=content["versions"].get("code"),
            schema_version=schema_version(content),
            books=[dict(book) for book in content["books"]],
            entries=[Entry.of(said) for said in content["files"]],
            earlier=[(str(one["quarter"]), str(one["sha256"])) for one in content["earlier"]],
            sums={name: int(count) for name, count in sums.items()},
            by_reason={
                str(reason): {name: int(count) for name, count in counts.items()}
                for reason, counts in adjusted["by_reason"].items()
            },
        )


@dataclass
class OpenedQuarter:
    """An announced quarter as it lies there.

    `claims` is null where its manifest is none to go by. `sheets` are the tables that are as they were
    written, by name; `rules_whole` says so of its rule files.
    """

    name: str
    folder: Path
    file: str
    digest: str
    claims: QuarterClaims | None
    findings: list[Finding]
    sheets: dict[str, UntrustedTable] = field(default_factory=dict)
    rules_whole: bool = False
    made_by: str | None = None
    files: int = 0
    bytes: int = 0
    rows: int = 0
    villages: list[pl.DataFrame] = field(default_factory=list)

    @property
    def renamed(self) -> pl.DataFrame:
        """The ids that had become others when it was announced. Raises `DamagedError`."""
        if self.claims is None or SUCCESSIONS.name not in self.sheets:
            return RENAMING.to_frame()
        return renaming(self.sheets[SUCCESSIONS.name].whole(), self.claims.as_of)

    def has(self, *tables: Table) -> bool:
        """Whether all these tables are as they were written."""
        return all(table.name in self.sheets for table in tables)

    def inside(self, path: Path) -> str:
        """How a path in the folder is named there."""
        return path.relative_to(self.folder).as_posix()

    @property
    def manifest_file(self) -> str:
        """The manifest, by its name in the folder."""
        return self.inside(manifest.path(self.folder))

    def found(self, kind: str, inside: str = "", **figures: object) -> None:
        """Note a fault of the folder, or of something in it."""
        file = f"{self.file}/{inside}" if inside else self.file
        self.findings.append(Finding(kind, file, figures))

    def drop(self, finding: Finding) -> None:
        """Note that a table can no longer be read, and go by it no more."""
        self.findings.append(finding)
        for name, sheet in [*self.sheets.items()]:
            if any(sealed.shown(file.path, sheet.out) == finding.file for file in sheet.files):
                del self.sheets[name]

    def look(self, sheet: UntrustedTable) -> None:
        """Read a table once, count its rows by village, and keep it if it is sound."""
        for rows in sheet.look():
            if sheet.table in BY_VILLAGE:
                self.villages.append(rows.group_by(PLACE).agg(lines=pl.len().cast(pl.Int64)))
        self.rows += sheet.rows
        self.findings += sheet.findings
        if sheet.sound:
            self.sheets[sheet.table.name] = sheet


def opened(out: Path, name: str) -> OpenedQuarter:
    """A quarter with its files held against its manifest, and its tables looked through."""
    folder = announced.folder(out, name)
    file = sealed.shown(folder, out)
    read = sealed.read(folder, out)
    claims = made_by = None
    if read.content is not None:
        try:
            claims = QuarterClaims.of(read.content)
            made_by = manifest.made_by(read.content)
        except MALFORMED:
            read.findings.append(Finding("manifest_damaged", sealed.shown(manifest.path(folder), out)))
    quarter = OpenedQuarter(name, folder, file, read.digest, claims, list(read.findings), made_by=made_by)
    if claims is not None:
        _hold(quarter, claims, out)
    return quarter


def _hold(quarter: OpenedQuarter, claims: QuarterClaims, out: Path) -> None:
    """Hold the files of a quarter to its manifest, and look through the tables that are whole."""
    if claims.quarter != quarter.name:
        quarter.found("misplaced", quarter.manifest_file)
    held = sealed.hold(quarter.folder, claims.entries, out)
    quarter.findings += held.findings
    quarter.files, quarter.bytes = len(held.whole), held.bytes
    named = {entry.name for entry in claims.entries}
    wanted = {f"{table.name}.parquet" for table in TABLES}
    rules = quarter.inside(manifest.rules(quarter.folder))
    rule_files = {name for name in named if name.startswith(f"{rules}/")}
    for absent in sorted(wanted - named):
        quarter.found("missing", absent)
    known = wanted | rule_files | {f"{SUCCESSIONS.name}.parquet", dictionary.BESIDE_TABLES}
    for stranger in sorted(held.whole.keys() - known):
        quarter.found("added", stranger)
    inside = f"{quarter.file}/{rules}/"
    quarter.rules_whole = not any(one.file.startswith(inside) for one in held.findings)
    for table in (*TABLES, SUCCESSIONS):
        entry = held.whole.get(f"{table.name}.parquet")
        if entry:
            partition = quarter.name if table.partition else None
            files = [SheetFile(quarter.folder / entry.name, entry.rows, partition)]
            version, strict = claims.schema_version, table != CORRECTIONS
            quarter.look(UntrustedTable(table, files, out, version, strict=strict))
