"""What hangs, added up from the first quarter on: lines put up and taken down, quarter after quarter.

Each announcement must be what follows from the lines of its own quarter and of those before it, whatever
its manifest says. Where a table is not as it was written, the sums that need it are left out, no others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import recount
from jifen_batch.analysis.corrections import UP, announcement, nets, standing
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.verify.checked import ALL, NONE, PART
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.kernels.successions import under_new_ids
from jifen_batch.published.untrusted_table import DamagedError
from jifen_batch.published.village_range import PLACE, of_villages
from jifen_batch.tables import LEDGER, SUMS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from jifen_batch.desk.verify.quarter import OpenedQuarter
    from jifen_batch.published.village_range import VillageRange

SUMMED = (*SUMS, "adjusted", "net")
OF_ANNOUNCEMENT = ("rows", "households", *SUMMED)
OF_LINES = ("lines", "lines_added", "lines_removed")
OF_LEDGER = ("hung_lines", "hung_points", "ledger_lines", "ledger_points")


@dataclass
class _Sums:
    """What a quarter comes to; `follows` says whether all that hung before it is known, `last` names that."""

    quarter: OpenedQuarter
    follows: bool
    last: str
    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    nets: list[pl.DataFrame] = field(default_factory=list)
    unlike: tuple[int, str] = (0, "")
    standings: tuple[int, str] = (0, "")
    unlawful: int = 0
    twice: int = 0
    astray: int = 0

    @property
    def told(self) -> tuple[str, ...]:
        """Names of the counts that were made."""
        told: tuple[str, ...] = OF_ANNOUNCEMENT if self.quarter.has(ANNOUNCEMENT) else ()
        if self.has_lines:
            told += (*OF_LINES, *OF_LEDGER) if self.follows else OF_LINES
        return told

    @property
    def has_lines(self) -> bool:
        """Whether its lines and corrections are as they were written."""
        return self.quarter.has(LINES, CORRECTIONS)

    @property
    def further(self) -> str:
        """How much of it was added up."""
        if not self.told:
            return NONE
        whole = self.has_lines and self.follows and self.quarter.has(ANNOUNCEMENT, ANNOUNCED_STANDINGS)
        return ALL if whole and self.quarter.rules_whole else PART


def add_up(quarters: list[OpenedQuarter]) -> dict[str, str]:
    """Add up all quarters, ascending, and note what does not follow in them; how much of each, by name."""
    while True:
        sums = _begun(quarters)
        try:
            _go_through(sums)
            for one in sums:
                one.standings = _unlike_standings(one)
        except DamagedError as error:
            # Read once and sound, it no longer can be read: begin again without it.
            for quarter in quarters:
                if error.finding.file.startswith(f"{quarter.file}/"):
                    quarter.drop(error.finding)
            continue
        for one in sums:
            _judge(one)
        return {one.quarter.name: one.further for one in sums}


def _begun(quarters: list[OpenedQuarter]) -> list[_Sums]:
    """Nothing added up yet; what hung is known up to the first quarter that is missing or damaged."""
    begun, lying, known = list[_Sums](), set[str](), True
    for quarter in quarters:
        named = {name for name, _ in quarter.claims.earlier} if quarter.claims else set[str]()
        known = known and named <= lying
        begun.append(_Sums(quarter, known, max(lying | named, default="")))
        known = known and quarter.has(LINES, CORRECTIONS)
        lying.add(quarter.name)
    return begun


def _go_through(sums: list[_Sums]) -> None:
    """Go through the villages of all quarters together, some at a time. Raises `DamagedError`."""
    empty = pl.DataFrame(schema={**dict.fromkeys(PLACE, pl.String), "lines": pl.Int64})
    villages = [counted for one in sums for counted in one.quarter.villages]
    for stretch in of_villages(pl.concat([empty, *villages])):
        hung = LEDGER.schema.to_frame()
        for one in sums:
            if one.quarter.has(ANNOUNCEMENT):
                _count_announcement(one, stretch)
            if one.has_lines:
                hung = _settle(one, stretch, hung)


def _settle(of: _Sums, stretch: VillageRange, hung: pl.DataFrame) -> pl.DataFrame:
    """Hold some villages of a quarter to the lines that `hung` before; the lines that hang with it.

    Where it is not known what hung before, `hung` means nothing and is given back as it is.
    """
    own, corrections = (of.quarter.sheets[table.name].read(stretch) for table in (LINES, CORRECTIONS))
    _count_lines(of, own, corrections)
    ledger = _hang(of, hung, own, corrections) if of.follows else LEDGER.schema.to_frame()
    if of.quarter.has(ANNOUNCEMENT):
        sheet = of.quarter.sheets[ANNOUNCEMENT.name]
        said = sheet.read(stretch).select(sheet.held.names)
        computed = announcement(own, corrections, nets(ledger), of.quarter.name)
        if not of.follows:
            said, computed = said.drop("year_to_date"), computed.drop("year_to_date")
        count, first = recount.unlike(said, computed, ANNOUNCEMENT.sort_keys)
        of.unlike = of.unlike[0] + count, of.unlike[1] or first
    return ledger if of.follows else hung


def _count_announcement(of: _Sums, stretch: VillageRange) -> None:
    """What some villages of an announcement come to."""
    said = of.quarter.sheets[ANNOUNCEMENT.name].read(stretch)
    of.counts.update({name: int(said[name].sum()) for name in SUMMED})
    of.counts.update(rows=said.height, households=said.select(recount.HOUSEHOLD_PLACE).n_unique())


def _count_lines(of: _Sums, own: pl.DataFrame, corrections: pl.DataFrame) -> None:
    """What can be said of a quarter's own lines and corrections by themselves."""
    quarter, change = pl.col("quarter"), pl.col("change")
    of.astray += own.filter((quarter <= of.last) | (quarter > of.quarter.name)).height
    of.astray += corrections.filter((quarter > of.last) | ~change.is_in([1, -1])).height
    assert of.quarter.claims is not None  # noqa: S101 - tables are looked at only by a manifest
    of.unlawful += recount.unlawful(own, of.quarter.claims.as_of)
    of.counts.update(
        lines=own.height,
        lines_added=corrections.filter(change > 0).height,
        lines_removed=corrections.filter(change < 0).height,
    )
    for reason, added, removed, points in (
        corrections.group_by("reason")
        .agg((change > 0).sum().alias("added"), (change < 0).sum(), (pl.col("points") * change).sum())
        .iter_rows()
    ):
        counts = {"lines_added": added, "lines_removed": removed, "points": points}
        of.reasons.setdefault(reason, Counter()).update(counts)


def _hang(of: _Sums, hung: pl.DataFrame, own: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """The lines that hang with a quarter, counted; what hung before is told by the ids of then."""
    ids = under_new_ids(hung["household_id"], of.quarter.renamed)
    hung = hung.with_columns(ids)
    put_up = own.select(*LEDGER.names, UP)
    changes = pl.concat([hung.select(*LEDGER.names, UP), put_up, corrections.select(*LEDGER.names, "change")])
    try:
        ledger = standing(changes)
    except InvariantBrokenError:
        of.astray += 1
        ledger = changes.filter(pl.col("change") > 0).select(LEDGER.names)
    of.twice += recount.twice(ledger)
    of.nets.append(recount.nets(ledger))
    of.counts.update(
        hung_lines=hung.height,
        hung_points=int(hung["points"].sum()),
        ledger_lines=ledger.height,
        ledger_points=int(ledger["points"].sum()),
    )
    return ledger


def _judge(of: _Sums) -> None:
    """Note what does not follow in a quarter whose villages were all gone through."""
    quarter, claims = of.quarter, of.quarter.claims
    if claims is None:
        return
    for table, (count, first) in ((ANNOUNCEMENT, of.unlike), (ANNOUNCED_STANDINGS, of.standings)):
        if count:
            quarter.found(table.name, f"{table.name}.parquet", rows=count, first=first)
    if of.astray:
        quarter.found("hung", f"{CORRECTIONS.name}.parquet", rows=of.astray)
    for kind, count in (("lines", of.unlawful), ("twice", of.twice)):
        if count:
            quarter.found(kind, f"{LINES.name}.parquet", rows=count)
    counted = {name: of.counts[name] for name in of.told}
    reasons = {reason: dict(counts) for reason, counts in of.reasons.items()}
    unlike_reasons = of.has_lines and reasons != claims.by_reason
    if counted != {name: claims.sums[name] for name in of.told} or unlike_reasons:
        quarter.found("announced_totals", quarter.manifest_file)


def _unlike_standings(of: _Sums) -> tuple[int, str]:
    """How many rows do not follow, and the first: nets by the lines that hang, ranks by the nets.

    Who is ranked is taken as said. Raises `DamagedError`.
    """
    if not (of.follows and of.has_lines and of.quarter.has(ANNOUNCED_STANDINGS)):
        return 0, ""
    said = of.quarter.sheets[ANNOUNCED_STANDINGS.name].whole()
    netted = pl.concat([recount.nets(LEDGER.schema.to_frame()), *of.nets])
    computed = recount.ranked(recount.with_nets(said, netted))
    held = of.quarter.sheets[ANNOUNCED_STANDINGS.name].held.names
    count, first = recount.unlike(said.select(held), computed, ANNOUNCED_STANDINGS.sort_keys)
    household_places = [*recount.HOUSEHOLD_PLACE, "scoring_year"]
    absent = netted.filter(pl.col("net") != 0).join(said, on=household_places, how="anti")
    if absent.height:
        first = first or "/".join(str(value) for value in absent.select(household_places).row(0))
    return count + absent.height, first
