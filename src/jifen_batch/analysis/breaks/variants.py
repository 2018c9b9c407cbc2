"""The rules with one thing missing from them, and older rules, side by side in one rule book.

A mistake in a system's rules is tried by giving a household's lines the numbers of other rules; the
operators run once over all trials, and do not know which is which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.kernels.rulebook import books_in_force, points_on, rule_book, rules_of
from jifen_batch.tables.rule_tables import RuleTables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.evidence import OlderRules
    from jifen_batch.kernels.rulebook import RuleBook

AS_THEY_ARE = ("as_they_are",)
UNREVERSED = ("unreversed",)
UNLIMITED = ("unlimited",)
NO_RULE = -1
NO_CAP = {"cap": None, "cap_points": None, "cap_net": False}
TELLING = ("cap", "cap_points", "cap_net", "matter_cap", "exclusive", "matter", "per", "forfeits_scope")


@dataclass(frozen=True)
class Variants:
    """All variants of the rules.

    `book` holds the rules of all; `numbers` the number of each variant by its name; `rules` the rule of
    each candidate line, by variant and line, `NO_RULE` where it has none.
    """

    book: RuleBook
    numbers: dict[tuple[str, ...], int]
    rules: npt.NDArray[np.int64]


def variants(found: Candidates, older: Sequence[OlderRules]) -> Variants:
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
    lines = found.lines["rule"].cast(pl.Int64).to_numpy()
    own = [lines] * len(named)
    for one in older:
        named["older", one.name] = one.tables
        own.append(_older_rules(found, one.tables))
    heights = np.cumsum([0, *(tables.items.height for tables in named.values())])
    rules = [
        np.where(rule == NO_RULE, NO_RULE, rule + event_row)
        for rule, event_row in zip(own, heights, strict=False)
    ]
    return Variants(
        _stacked(found.book, list(named.values()), heights),
        {name: number for number, name in enumerate(named)},
        np.stack(rules),
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


def _older_rules(found: Candidates, tables: RuleTables) -> npt.NDArray[np.int64]:
    """The rule that older books have for each line, in its place and year."""
    book = rule_book(tables, found.places)
    books = books_in_force(book, found.lines["village"], found.lines["year"])
    return rules_of(book, books, found.lines["item"]).cast(pl.Int64).fill_null(NO_RULE).to_numpy()


def _stacked(book: RuleBook, named: Sequence[RuleTables], heights: npt.NDArray[np.int64]) -> RuleBook:
    """One rule book of all; the lookups from places to rules stay those of the run's."""
    starts = [int(height) for height in heights]
    items, points, forfeits = [], [], []
    for number, (tables, start) in enumerate(zip(named, starts, strict=False)):
        items.append(tables.items.with_columns(pl.col("rule") + start, variant=pl.lit(number)))
        points.append(tables.points.with_columns(pl.col("rule") + start))
        forfeits.append(tables.forfeits.with_columns(pl.col("trigger", "forfeited") + start))
    together = pl.concat(items)
    slots = pl.col("cap").rank("dense").over("variant", "book").cast(pl.Int64) - 1
    tables = RuleTables(
        books=book.tables.books,
        scopes=book.tables.scopes,
        items=together.drop("variant").cast(dict(book.tables.items.schema)),  # type: ignore[arg-type]
        points=pl.concat(points).cast(dict(book.tables.points.schema)),  # type: ignore[arg-type]
        forfeits=pl.concat(forfeits).cast(dict(book.tables.forfeits.schema)),  # type: ignore[arg-type]
    )
    return replace(book, tables=tables, cap_slots=together.select(slots.alias("cap"))["cap"])


def differing(found: Candidates, tried: Variants, number: int) -> pl.Series:
    """Whether another variant's rule may bring other points; one boolean per candidate line."""
    base, other = (pl.Series(tried.rules[variant]) for variant in (0, number))
    none = other == NO_RULE
    days, other = found.lines["accrued_on"], other.set(none, 0)
    differs = points_on(tried.book, base, days) != points_on(tried.book, other, days)
    for column in TELLING:
        differs |= tried.book.of_rule(column, base).ne_missing(tried.book.of_rule(column, other))
    return differs | none
