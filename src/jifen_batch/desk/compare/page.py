"""`compare`: what changed between two published runs, for whom, and which rule did it (specification 5).

Files that are the same in both are passed over. The rest of the ledgers is gone through some whole
villages at a time; households that lived in several villages come last, for each must be seen whole.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import impact
from jifen_batch.analysis.attributed import BY_CAUSE, BY_HOUSEHOLD, BY_ITEM, BY_VILLAGE, sums, together
from jifen_batch.analysis.attribution import Side, attribute
from jifen_batch.analysis.attribution.side import REJECTS_READ, UNPOSTED_READ
from jifen_batch.analysis.changes import ADDED, REMOVED, changed_lines
from jifen_batch.dataclass import dataclass
from jifen_batch.published import identity, manifest, runs, side_file, village_range
from jifen_batch.published.differing import Opened, differing, same_files
from jifen_batch.rules.diff import changes as rule_changes
from jifen_batch.tables import LEDGER, REGISTER, REJECTS, STANDINGS, UNPOSTED
from jifen_batch.tables.compared import ATTRIBUTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.rules.diff import Change
    from jifen_batch.tables import Table

HOUSEHOLDS_AT_ONCE = 20_000
UNATTRIBUTED = "unattributed"


@dataclass(frozen=True)
class Compared:
    """What changed from one published run to another.

    `identical`: every file of both is the same, and all else is empty. `rules` are the changes of the rule
    books. `by_cause`, `by_village` and `by_item` add up the changed lines (`analysis.attributed.sums`),
    most points moved first. `impact` has the standings of both side by side (`IMPACT`), `most_affected`
    the households whose points move most, `reasons` what moved them, and `names` what villages and items
    are called, by id and code.
    """

    before: Opened
    after: Opened
    identical: bool
    rules: list[Change]
    by_cause: pl.DataFrame
    by_village: pl.DataFrame
    by_item: pl.DataFrame
    impact: pl.DataFrame
    most_affected: pl.DataFrame
    reasons: pl.DataFrame
    names: dict[str, str]

    @property
    def difference(self) -> int:
        """Points of all lines after less those before, as the two manifests say."""
        points = [int(side.content["control_totals"]["points"]) for side in (self.before, self.after)]
        return points[1] - points[0]

    @property
    def attributed(self) -> int:
        """Points of the difference that have a cause."""
        known = self.by_cause.filter(pl.col("cause") != UNATTRIBUTED)
        return int(known.select(pl.col("points_up") + pl.col("points_down")).sum().item())

    @property
    def unattributed(self) -> int:
        """What is left of the difference; 0 unless this account has a gap."""
        return self.difference - self.attributed

    @property
    def lines_unattributed(self) -> int:
        """Changed lines for which no cause was found, whatever they bring."""
        return int(self.by_cause.filter(pl.col("cause") == UNATTRIBUTED)["lines"].sum())


@dataclass(frozen=True)
class _Piece:
    """The changed lines of some whole households, and where the rows of their events may lie."""

    changes: pl.DataFrame
    rows_in: pl.Expr


@dataclass(frozen=True)
class _Run:
    """A run with its books loaded, as one side of the comparison."""

    opened: Opened
    books: LoadedRules

    @classmethod
    def of(cls, opened: Opened) -> _Run:
        return cls(opened, rules.load([manifest.rules(opened.folder)]))

    def side(self, piece: _Piece, absent: int) -> Side:
        """What lies behind its lines of a piece; `absent` is the change of lines that it may not have."""
        events = piece.changes.filter(pl.col("change") == absent)["event_id"].unique()
        unposted, rejects = (
            self._rows(table, columns, events, piece.rows_in)
            for table, columns in ((UNPOSTED, UNPOSTED_READ), (REJECTS, REJECTS_READ))
        )
        as_of = date.fromisoformat(self.opened.content["as_of"])
        return Side(self.books.tables, as_of, unposted, rejects)

    def _rows(
        self, table: Table, columns: tuple[str, ...], events: pl.Series, rows_in: pl.Expr
    ) -> pl.DataFrame:
        """The rows of these events in a table of events without a line."""
        rows = runs.scan(self.opened.folder, table).filter(rows_in).select(columns)
        return rows.filter(pl.col("event_id").is_in(events.implode())).collect()


def compare(out: Path, named: tuple[str, str], top: int, lines: Path | None = None) -> Compared:
    """Hold the second named run against the first; `lines` is where every changed line is to be written.

    Runs are named as for `runs.find`. `top` counts the households in `most_affected`. Raises
    `InputRefusedError` for a run that is not there or not as its manifest says, `UsageRefusedError` for a
    place where `lines` must not stand, `DiskError`.
    """
    if lines:
        side_file.check("--lines", lines, out)
    before, after = (Opened.at(runs.find(out, name)) for name in named)
    sides = (_Run.of(before), _Run.of(after))
    renamed = identity.renamed_by_run(after.folder, after.content)
    effect = impact.impact(*_standings(before, after, renamed))
    most = impact.most_affected(effect, top)
    found: dict[tuple[str, ...], list[pl.DataFrame]] = {
        by: [_nothing(by)] for by in (BY_CAUSE, BY_VILLAGE, BY_ITEM, BY_HOUSEHOLD)
    }
    with side_file.changed_lines(lines) if lines else nullcontext() as sheet:
        for piece in _pieces(before, after, renamed):
            told = attribute(piece.changes, sides[0].side(piece, ADDED), sides[1].side(piece, REMOVED))
            for by in (BY_CAUSE, BY_VILLAGE, BY_ITEM):
                found[by].append(sums(told, by))
            shown = told.filter(pl.col("household_id").is_in(most["household_id"].implode()))
            found[BY_HOUSEHOLD].append(sums(shown, BY_HOUSEHOLD))
            if sheet:
                sheet.add(told)
    return Compared(
        before=before,
        after=after,
        identical=same_files(before, after),
        rules=rule_changes(sides[0].books, sides[1].books),
        by_cause=together(found[BY_CAUSE], BY_CAUSE),
        by_village=together(found[BY_VILLAGE], BY_VILLAGE),
        by_item=together(found[BY_ITEM], BY_ITEM),
        impact=effect,
        most_affected=most,
        reasons=together(found[BY_HOUSEHOLD], BY_HOUSEHOLD),
        names=_names(sides[0]) | _names(sides[1]),
    )


def _nothing(by: tuple[str, ...]) -> pl.DataFrame:
    """The sums of no line at all."""
    return sums(ATTRIBUTED.schema.to_frame(), by)


def _standings(before: Opened, after: Opened, renamed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The standings of both runs, by the ids of the later one; of two that became one, their sum."""
    was, now = differing(before, after, STANDINGS)
    was = identity.of_now(was, renamed)
    if renamed.height:
        keys = ["town_id", "village_id", "household_id", "scoring_year"]
        was = was.group_by(keys).agg(pl.col("net").sum(), pl.exclude(*keys, "net").first())
    return was.select(STANDINGS.names).collect(), now.collect()


def _pieces(before: Opened, after: Opened, renamed: pl.DataFrame) -> Iterator[_Piece]:
    """Changed lines, some whole villages at a time, then households that lived in several.

    Lines of before are told by the ids of after.
    """
    was, now = differing(before, after, LEDGER)
    ledgers = (identity.of_now(was, renamed), now)
    columns = LEDGER.of_version(min(before.version, after.version)).names
    movers = _movers(before, after, renamed)
    moves = pl.col("household_id").is_in(movers.implode())
    for stretch in village_range.cut(ledgers):
        held = pl.collect_all([ledger.filter(stretch.holds) for ledger in ledgers])
        settled = [lines.filter(~moves) for lines in held]
        # A row without a date has no place, though its household has one.
        yield _Piece(
            changed_lines(settled[0], settled[1], columns), stretch.holds | pl.col("village_id").is_null()
        )
    for begin in range(0, movers.len(), HOUSEHOLDS_AT_ONCE):
        some = pl.col("household_id").is_in(movers[begin : begin + HOUSEHOLDS_AT_ONCE].implode())
        held = pl.collect_all([ledger.filter(some) for ledger in ledgers])
        yield _Piece(changed_lines(held[0], held[1], columns), pl.lit(value=True))


def _movers(before: Opened, after: Opened, renamed: pl.DataFrame) -> pl.Series:
    """Households that lived in several villages by the two registers together, sorted."""
    household_places = [
        identity.of_now(runs.scan(side.folder, REGISTER), renamed).select(
            "household_id", *village_range.PLACE
        )
        for side in (before, after)
    ]
    places = pl.concat(household_places).unique().group_by("household_id").len(name="places")
    several = places.filter(pl.col("places") > 1).select("household_id")
    return several.collect(engine="streaming")["household_id"].sort()


def _names(side: _Run) -> dict[str, str]:
    """What a run calls its villages, by id, and its items, by code; villages without a name are missing."""
    items = side.books.tables.items.select("code", "name").iter_rows()
    return dict(items) | runs.village_names(side.opened.folder)
