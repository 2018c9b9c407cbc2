"""The announced quarters checked again: files, their chain, and every sum from the first quarter on.

What hangs is a sum of lines put up and taken down; each announcement must be what follows from the lines
of its own quarter and of those before it, whatever its manifest says.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import __version__, rules
from jifen_batch.desk.verify.checked import Checked
from jifen_batch.desk.verify.claims import MALFORMED
from jifen_batch.errors import JifenError, LawBrokenError
from jifen_batch.kernels import recount
from jifen_batch.kernels.correct import UP, announcement, nets, standing
from jifen_batch.store import announced, manifest, sealed
from jifen_batch.store.finding import Finding
from jifen_batch.store.freeze import RULES
from jifen_batch.store.sealed import Entry
from jifen_batch.store.sheet import DamagedError, Sheet, SheetFile
from jifen_batch.store.stretches import PLACE, of_villages
from jifen_batch.tables import LEDGER
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.store.stretches import Stretch

TABLES = (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)
BY_VILLAGE = (ANNOUNCEMENT, LINES, CORRECTIONS)
# Faults that leave every table as it was announced.
NOT_IN_THE_WAY = {"manifest_changed", "chain", "misplaced"}
SUMMED = ("awarded", "deducted", "reversed", "adjusted", "net")


@dataclass(frozen=True)
class Claims:
    """What the manifest of a quarter claims, as far as its tables can tell; see `desk.account`."""

    quarter: str
    as_of: date
    version: str
    books: list[dict[str, Any]]
    entries: list[Entry]
    earlier: list[tuple[str, str]]
    sums: dict[str, int]
    by_reason: dict[str, dict[str, int]]

    @classmethod
    def of(cls, content: dict[str, Any]) -> Claims:
        """The claims of a manifest. Raises one of `MALFORMED` where it is not one."""
        own, adjusted, totals = content["own"], content["adjusted"], content["control_totals"]
        sums = {
            "rows": content["rows"],
            "households": content["households"],
            **{name: own[name] for name in ("lines", "awarded", "deducted", "reversed")},
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
class _Quarter:
    """An announced quarter while it is checked; `claims` is null where there are none to go by."""

    name: str
    folder: Path
    file: str
    digest: str
    claims: Claims | None
    findings: list[Finding]
    sheets: dict[str, Sheet] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    nets: list[pl.DataFrame] = field(default_factory=list)
    villages: list[pl.DataFrame] = field(default_factory=list)
    unlike: tuple[int, str] = (0, "")
    unlawful: int = 0
    twice: int = 0
    astray: int = 0

    @property
    def whole(self) -> bool:
        """Whether its tables can be added up."""
        damaged = any(one.kind not in NOT_IN_THE_WAY for one in self.findings)
        return self.claims is not None and not damaged

    def look(self, sheet: Sheet) -> None:
        """Read a table once, and count its rows by village."""
        self.sheets[sheet.table.name] = sheet
        for rows in sheet.look():
            if sheet.table in BY_VILLAGE:
                self.villages.append(rows.group_by(PLACE).agg(lines=pl.len().cast(pl.Int64)))
        self.findings += sheet.findings

    def found(self, kind: str, inside: str = "", **figures: object) -> None:
        """Note a fault of the folder, or of something in it."""
        file = f"{self.file}/{inside}" if inside else self.file
        self.findings.append(Finding(kind, file, figures))


def check_quarters(out: Path) -> list[Checked]:
    """Check all quarters that hang, ascending; nothing is added up where one of them is not whole."""
    place = out / announced.ANNOUNCED
    names = sorted(
        match[1] for path in place.glob("quarter=*") if (match := announced.NAMED.fullmatch(path.name))
    )
    quarters = [_opened(out, name) for name in names]
    _check_chain(quarters)
    further = all(quarter.whole for quarter in quarters) and not _gaps(quarters)
    if further:
        try:
            _add_up(quarters)
            for quarter in quarters:
                _judge(quarter)
        except DamagedError as error:
            quarters[0].findings.append(error.finding)
    return [
        Checked(
            quarter.name,
            quarter.findings,
            quarter.files,
            quarter.bytes,
            sum(sheet.rows for sheet in quarter.sheets.values()),
            further,
            quarter.digest,
        )
        for quarter in quarters
    ]


def _opened(out: Path, name: str) -> _Quarter:
    """A quarter with its files held against its manifest, and its tables looked through."""
    folder = announced.folder(out, name)
    file = sealed.shown(folder, out)
    read = sealed.read(folder, out)
    claims = None
    if read.content is not None:
        try:
            claims = Claims.of(read.content)
        except MALFORMED:
            read.findings.append(Finding("manifest_damaged", f"{file}/{manifest.NAME}"))
    quarter = _Quarter(name, folder, file, read.digest, claims, list(read.findings))
    if claims is None:
        return quarter
    if claims.quarter != name:
        quarter.found("misplaced", manifest.NAME)
    held = sealed.hold(folder, claims.entries, out)
    quarter.findings += held.findings
    quarter.files, quarter.bytes = len(held.whole), held.bytes
    wanted = {f"{table.name}.parquet" for table in TABLES}
    for absent in sorted(wanted - {entry.name for entry in claims.entries}):
        quarter.found("missing", absent)
    for stranger in sorted(held.whole.keys() - wanted):
        if not stranger.startswith(f"{RULES}/"):
            quarter.found("added", stranger)
    for table in TABLES:
        entry = held.whole.get(f"{table.name}.parquet")
        if entry:
            files = [SheetFile(folder / entry.name, entry.rows, name if table.partition else None)]
            quarter.look(Sheet(table, files, out, strict=table != CORRECTIONS))
    return quarter


def _check_chain(quarters: list[_Quarter]) -> None:
    """Each quarter names all before it, by the digests of their manifests, and is as of no earlier day."""
    before: list[_Quarter] = []
    for quarter in quarters:
        if quarter.claims is not None:
            lying = {one.name: one.digest for one in before}
            named = dict(quarter.claims.earlier)
            for name in sorted({*lying, *named}):
                if lying.get(name) != named.get(name):
                    file = f"{announced.ANNOUNCED}/quarter={name}/{manifest.NAME}"
                    quarter.findings.append(Finding("chain", file, {"quarter": quarter.name}))
            days = [one.claims.as_of for one in before if one.claims]
            if days and quarter.claims.as_of < max(days):
                quarter.found("misplaced", manifest.NAME)
        before.append(quarter)


def _gaps(quarters: list[_Quarter]) -> set[str]:
    """Quarters that others were announced after, and that are not there."""
    named = {name for quarter in quarters if quarter.claims for name, _ in quarter.claims.earlier}
    return named - {quarter.name for quarter in quarters}


def _add_up(quarters: list[_Quarter]) -> None:
    """Go through the villages of all quarters together, some at a time. Raises `DamagedError`."""
    empty = pl.DataFrame(schema={**dict.fromkeys(PLACE, pl.String), "lines": pl.Int64})
    villages = [counted for quarter in quarters for counted in quarter.villages]
    for stretch in of_villages(pl.concat([empty, *villages])):
        hung, last = LEDGER.schema.to_frame(), ""
        for quarter in quarters:
            hung = _settle(quarter, stretch, hung, last)
            last = quarter.name


def _settle(quarter: _Quarter, stretch: Stretch, hung: pl.DataFrame, last: str) -> pl.DataFrame:
    """Hold some villages of a quarter to the lines that `hung` before; the lines that hang with it."""
    said, own, corrections = (quarter.sheets[table.name].read(stretch) for table in BY_VILLAGE)
    put_up = own.select(*LEDGER.names, UP)
    changes = pl.concat([hung.select(*LEDGER.names, UP), put_up, corrections.select(*LEDGER.names, "change")])
    try:
        ledger = standing(changes)
    except LawBrokenError:
        quarter.astray += 1
        ledger = changes.filter(pl.col("change") > 0).select(LEDGER.names)
    computed = announcement(own, corrections, nets(ledger), quarter.name)
    count, first = recount.unlike(said, computed, ANNOUNCEMENT.sort_keys)
    quarter.unlike = quarter.unlike[0] + count, quarter.unlike[1] or first
    own_quarter, change = pl.col("quarter"), pl.col("change")
    quarter.astray += own.filter((own_quarter <= last) | (own_quarter > quarter.name)).height
    quarter.astray += corrections.filter((own_quarter > last) | ~change.is_in([1, -1])).height
    assert quarter.claims is not None  # noqa: S101 - only whole quarters come here
    quarter.unlawful += recount.unlawful(own, quarter.claims.as_of)
    quarter.twice += recount.twice(ledger)
    quarter.nets.append(recount.nets(ledger))
    quarter.sums.update({name: int(said[name].sum()) for name in SUMMED})
    quarter.sums.update(
        rows=said.height,
        households=said.select(recount.SEAT).n_unique(),
        lines=own.height,
        lines_added=corrections.filter(change > 0).height,
        lines_removed=corrections.filter(change < 0).height,
        hung_lines=hung.height,
        hung_points=int(hung["points"].sum()),
        ledger_lines=ledger.height,
        ledger_points=int(ledger["points"].sum()),
    )
    for reason, added, removed, points in (
        corrections.group_by("reason")
        .agg((change > 0).sum().alias("added"), (change < 0).sum(), (pl.col("points") * change).sum())
        .iter_rows()
    ):
        counts = {"lines_added": added, "lines_removed": removed, "points": points}
        quarter.reasons.setdefault(reason, Counter()).update(counts)
    return ledger


def _judge(quarter: _Quarter) -> None:
    """The findings of a quarter whose villages were all added up."""
    claims = quarter.claims
    assert claims is not None  # noqa: S101 - only whole quarters come here
    if quarter.unlike[0]:
        quarter.found(
            "announcement", f"{ANNOUNCEMENT.name}.parquet", rows=quarter.unlike[0], first=quarter.unlike[1]
        )
    if quarter.astray:
        quarter.found("hung", f"{CORRECTIONS.name}.parquet", rows=quarter.astray)
    for kind, count in (("lines", quarter.unlawful), ("twice", quarter.twice)):
        if count:
            quarter.found(kind, f"{LINES.name}.parquet", rows=count)
    counted = {name: quarter.sums[name] for name in claims.sums}
    reasons = {reason: dict(counts) for reason, counts in quarter.reasons.items()}
    if counted != claims.sums or reasons != claims.by_reason:
        quarter.found("announced_totals", manifest.NAME)
    _check_standings(quarter)
    _check_rules(quarter, claims)


def _check_standings(quarter: _Quarter) -> None:
    """Nets by the lines that hang, ranks by the nets; who is ranked is taken as said."""
    said = quarter.sheets[ANNOUNCED_STANDINGS.name].whole()
    netted = pl.concat([recount.nets(LEDGER.schema.to_frame()), *quarter.nets])
    computed = recount.ranked(recount.with_nets(said, netted))
    count, first = recount.unlike(said, computed, ANNOUNCED_STANDINGS.sort_keys)
    seats = [*recount.SEAT, "scoring_year"]
    absent = netted.filter(pl.col("net") != 0).join(said, on=seats, how="anti")
    if count or absent.height:
        first = first or "/".join(str(value) for value in absent.select(seats).row(0))
        quarter.found(
            "standings", f"{ANNOUNCED_STANDINGS.name}.parquet", rows=count + absent.height, first=first
        )


def _check_rules(quarter: _Quarter, claims: Claims) -> None:
    """Books by the rule files that hang; another version's books may be compiled otherwise."""
    if claims.version != __version__:
        return
    try:
        books = rules.load([quarter.folder / RULES]).tables.books.drop("book").to_dicts()
    except JifenError:
        books = []
    if books != claims.books:
        quarter.found("rules", RULES)
