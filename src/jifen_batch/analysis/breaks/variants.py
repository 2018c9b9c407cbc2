"""The rules with one thing missing from them, and older rules, side by side in one rule book.

A mistake in a system's rules is tried by giving a household's lines the numbers of other rules; the
operators run once over all trials, and do not know which is which.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.analysis.breaks.older import with_older
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.cap_table import PERIOD_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.evidence import Evidence
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.tables.rule_tables import RuleTables

AS_THEY_ARE = ("as_they_are",)
UNREVERSED = ("unreversed",)
UNLIMITED = ("unlimited",)
OLDER = "older"
PERIOD, FLOOR = "period", "floor"
FLOORLESS = (FLOOR, "*")
NO_RULE = -1
NO_CAP = {"cap": None, "cap_row": None, "cap_points": None, "cap_net": False, "cap_terms": None}


@dataclass(frozen=True)
class Variants:
    """All variants of the rules.

    `book` holds the rules of all; `numbers` the number of each variant by its name. `lines` are all candidate
    lines, those that only older books make among them: `older_only` says of which an older book alone looks
    at them, `exclusive` whether the rule of any is. `older` says by the name of each older book which lines
    it may change. `rules` holds the rule of each line in the run's books, and a row more for each older book;
    `books` is the row there of each variant, `starts` its first rule in `book`.
    """

    book: RuleBook
    numbers: dict[tuple[str, ...], int]
    lines: pl.DataFrame
    rules: npt.NDArray[np.int64]
    books: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    older: dict[tuple[str, ...], pl.Series]

    def rules_of(self, numbers: pl.Series, lines: pl.Series) -> pl.Series:
        """The rule of each line under the variant of each number; `NO_RULE` where it has none."""
        at = numbers.to_numpy()
        rule = self.rules[self.books[at], lines.to_numpy()]
        return pl.Series("rule", np.where(rule == NO_RULE, NO_RULE, rule + self.starts[at]))


def variants(found: Candidates, evidence: Evidence) -> Variants:
    """The variants that any trial may need."""
    base = found.book.tables
    no_matter_cap = pl.lit(None, dtype=pl.Int64)
    named = {
        AS_THEY_ARE: base,
        UNREVERSED: base,
        UNLIMITED: _but(base, per=pl.lit("event")),
        **_without(base, "cap", NO_CAP),
        **_without(base, "exclusive", {"exclusive": None}),
        ("matter_cap", "*"): _but(base, matter_cap=no_matter_cap),
        ("limit", "*"): _but(_without(base, "cap", NO_CAP)["cap", "*"], matter_cap=no_matter_cap),
        **_without_forfeits(base),
        **_of_other_periods(base),
        **_without_floors(base),
    }
    lines, older = with_older(found, evidence)
    books = [0] * len(named) + list(range(1, len(older) + 1))
    named |= {(OLDER, *made.name): made.tables for made in older}
    rules = [rule.cast(pl.Int64).fill_null(NO_RULE) for rule in (lines["rule"], *(m.rules for m in older))]
    starts = np.cumsum([0, *(tables.items.height for tables in named.values())])
    return Variants(
        _stacked(found.book, list(named.values()), starts),
        {name: number for number, name in enumerate(named)},
        lines,
        np.stack([rule.to_numpy() for rule in rules]),
        np.array(books),
        starts,
        {made.name: made.differs for made in older},
    )


def _but(tables: RuleTables, **changed: pl.Expr) -> RuleTables:
    """The same rules with some columns changed."""
    return replace(tables, items=tables.items.with_columns(**changed))


def _without(
    tables: RuleTables, column: str, blank: Mapping[str, object]
) -> dict[tuple[str, ...], RuleTables]:
    """The rules without each value of a column in turn, and without all of them (`*`)."""
    names = tables.items[column].drop_nulls().unique().sort().to_list()
    kinds = tables.items.schema
    gone = {name: pl.lit(value, dtype=kinds[name]) for name, value in blank.items()}
    named: dict[tuple[str, ...], RuleTables] = {}
    for value in [*names, "*"]:
        hit = (pl.col(column) == value) if value != "*" else pl.lit(value=True)
        changed = {name: pl.when(hit).then(empty).otherwise(name) for name, empty in gone.items()}
        named[column, value] = _but(tables, **changed)
    return named


def _without_forfeits(tables: RuleTables) -> dict[tuple[str, ...], RuleTables]:
    """The rules without what each item forfeits in turn, and without any forfeiture (`*`)."""
    codes = tables.items.filter(pl.col("forfeits_scope").is_not_null())["code"].unique().sort().to_list()
    named: dict[tuple[str, ...], RuleTables] = {}
    for code in [*codes, "*"]:
        hit = (pl.col("code") == code) if code != "*" else pl.lit(value=True)
        triggers = tables.items.filter(hit)["rule"]
        kept = tables.forfeits.filter(~pl.col("trigger").is_in(triggers.implode()))
        scope = pl.when(~hit).then("forfeits_scope")
        named["forfeits", code] = replace(_but(tables, forfeits_scope=scope), forfeits=kept)
    return named


def _of_other_periods(tables: RuleTables) -> dict[tuple[str, ...], RuleTables]:
    """The rules with each cap counted by another period, which some cap of that name has not."""
    known = tables.caps.select("name", "period").unique().sort("name", "period")
    named: dict[tuple[str, ...], RuleTables] = {}
    for name, periods in known.group_by("name", maintain_order=True).agg("period").iter_rows():
        for other in PERIOD_MONTHS:
            if periods != [other]:
                period = pl.when(pl.col("name") == name).then(pl.lit(other)).otherwise("period")
                named[PERIOD, name, other] = replace(tables, caps=tables.caps.with_columns(period=period))
    return named


def _without_floors(tables: RuleTables) -> dict[tuple[str, ...], RuleTables]:
    """The rules without the floor of each cap in turn, and without any (`FLOORLESS`)."""
    names = tables.caps.filter(pl.col("floor").is_not_null())["name"].unique().sort()
    named: dict[tuple[str, ...], RuleTables] = {}
    for name in [*names, "*"]:
        kept = (pl.col("name") != name) if name != "*" else pl.lit(value=False)
        floors = tables.caps.with_columns(floor=pl.when(kept).then("floor"))
        named[FLOOR, name] = replace(tables, caps=floors)
    return named


def _stacked(book: RuleBook, named: Sequence[RuleTables], heights: npt.NDArray[np.int64]) -> RuleBook:
    """One rule book of all; the lookups from places to rules stay those of the run's."""
    starts = [int(height) for height in heights]
    caps_at = [0, *(int(at) for at in np.cumsum([tables.caps.height for tables in named]))]
    stacked: dict[str, list[pl.DataFrame]] = {}
    for tables, start, at in zip(named, starts, caps_at, strict=False):
        moved = {
            "items": tables.items.with_columns(pl.col("rule") + start, pl.col("cap_row") + at),
            "points": tables.points.with_columns(pl.col("rule") + start),
            "forfeits": tables.forfeits.with_columns(pl.col("trigger", "forfeited") + start),
            "kinds": tables.kinds.with_columns(pl.col("rule") + start),
            "caps": tables.caps.with_columns(pl.col("within") + at),
            "cap_points": tables.cap_points.with_columns(pl.col("cap") + at),
        }
        for name, frame in moved.items():
            kinds = dict(getattr(book.tables, name).schema)
            stacked.setdefault(name, []).append(frame.cast(kinds))
    together = {name: pl.concat(frames) for name, frames in stacked.items()}
    return replace(book, tables=replace(book.tables, **together))
