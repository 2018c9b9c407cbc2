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
NO_RULE = -1
NO_CAP = {"cap": None, "cap_row": None, "cap_points": None, "cap_net": False, "cap_terms": None}


@dataclass(frozen=True)
class Variants:
    """All variants of the rules.

    `book` holds the rules of all; `numbers` the number of each variant by its name. `lines` are all candidate
    lines, those that only older books make among them: `older_only` says of which an older book alone looks
    at them, `exclusive` whether the rule of any is. `rules` is the rule of each line, by variant and line,
    `NO_RULE` where it has none; `older` says by the name of each older book which lines it may change.
    """

    book: RuleBook
    numbers: dict[tuple[str, ...], int]
    lines: pl.DataFrame
    rules: npt.NDArray[np.int64]
    older: dict[tuple[str, ...], pl.Series]


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
    }
    lines, books = with_older(found, evidence)
    base_rules = lines["rule"].cast(pl.Int64).fill_null(NO_RULE).to_numpy()
    own = [base_rules] * len(named)
    for made in books:
        named[OLDER, *made.name] = made.tables
        own.append(made.rules.cast(pl.Int64).fill_null(NO_RULE).to_numpy())
    heights = np.cumsum([0, *(tables.items.height for tables in named.values())])
    rules = [np.where(rule == NO_RULE, NO_RULE, rule + at) for rule, at in zip(own, heights, strict=False)]
    return Variants(
        _stacked(found.book, list(named.values()), heights),
        {name: number for number, name in enumerate(named)},
        lines,
        np.stack(rules),
        {made.name: made.differs for made in books},
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
