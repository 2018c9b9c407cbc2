"""What differs between the rules of the two sides, for each pair of rules that lines were made by.

There are few such pairs, whatever the number of lines: fields are compared there and joined back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.attribution.pairs import AFTER, BEFORE, SIDES, differs
from jifen_batch.analysis.rule_facts import rule_facts
from jifen_batch.scheme.operators import CAP, FORFEITURE, MATTER_CAP, ONCE, TIER
from jifen_batch.scheme.rule_field import ACCRUAL
from jifen_batch.scheme.rule_fields import deciding
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from jifen_batch.analysis.attribution.side import Side
    from jifen_batch.tables.rule_tables import RuleTables

# The columns of a rule that decide what becomes of a line at each step (specification 3.2 and 3.3).
ASPECTS = {step: deciding(step) for step in (ACCRUAL, ONCE, TIER, MATTER_CAP, CAP, FORFEITURE)}
# A forfeited line looks the same whatever it had used of a cap, and so does the first line of a tier
# group that its item has only just joined: where these fields were edited, lines that did not change
# may weigh on others. The points of a cap are edited for all that are under it.
_UNSEEN = {
    "cap": tuple(column for column in (*ASPECTS[CAP], *ASPECTS[MATTER_CAP]) if column != "cap_points"),
    "exclusive": ASPECTS[TIER],
}
_GOVERNED = [f"{name}_{side}" for side in SIDES for name in ("governed", "code")]
_PLACE = ("town_id", "village_id", "scoring_year")


def with_edits(pairs: pl.DataFrame, before: Side, after: Side) -> pl.DataFrame:
    """Pairs with what differs between their rules.

    Adds a Boolean for each of `ASPECTS`, as `cap_edited`; `other_book` (another book governs the line),
    `book` (the one that does, of the later side where there is one); `cap_before`, `cap_after`,
    `exclusive_before`, `exclusive_after` (names of the year cap and the tier group, null without) and
    `cap_points_before`, `cap_points_after`; `cap_touched` and `exclusive_touched` (an item of that cap or
    group was edited in a way that its own lines need not show); `clause` of the item. Where a line stands
    on one side only, the other's rule is that of its item in the book in force there. What a side's books
    do not know differs in nothing.
    """
    pairs = _governed(_governed(pairs, BEFORE, AFTER, before), AFTER, BEFORE, after)
    rules = pairs.select(_GOVERNED).unique()
    for name, side in ((BEFORE, before), (AFTER, after)):
        facts = rule_facts(side.books)
        facts = facts.rename({column: f"{column}_{name}" for column in facts.columns})
        rules = rules.join(facts, on=[f"governed_{name}", f"code_{name}"], how="left")
    known = pl.all_horizontal(pl.col(f"rule_{side}").is_not_null() for side in SIDES)
    unseen = _unseen(before.books, after.books)
    rules = rules.select(
        *_GOVERNED,
        *(
            (known & pl.any_horizontal(map(differs, fields))).alias(f"{a}_edited")
            for a, fields in ASPECTS.items()
        ),
        *(f"{name}_{side}" for name in (*_UNSEEN, "cap_points") for side in SIDES),
        *(_either_among(names, name).alias(f"{name}_touched") for name, names in unseen.items()),
        clause=pl.coalesce("clause_after", "clause_before"),
    )
    pairs = pairs.join(rules, on=_GOVERNED, how="left", nulls_equal=True, maintain_order="left")
    return pairs.with_columns(
        other_book=differs("governed").fill_null(value=False),
        book=pl.coalesce("governed_after", "governed_before"),
    )


def _governed(pairs: pl.DataFrame, name: str, other: str, side: Side) -> pl.DataFrame:
    """Pairs with the book and the item's code that a side holds for them: `governed_…`, `code_…`."""
    places = [pl.col(f"{column}_{other}").alias(column) for column in _PLACE[:2]]
    absent = pairs.filter(pl.col("side") == other).select(*places, "scoring_year").unique()
    in_force = _books_in_force(absent, side.books).rename(
        {"town_id": f"town_id_{other}", "village_id": f"village_id_{other}"}
    )
    keys = [f"town_id_{other}", f"village_id_{other}", "scoring_year"]
    return (
        pairs.join(in_force, on=keys, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(f"book_{name}", pl.when(pl.col("side") == other).then("in_force")).alias(
                f"governed_{name}"
            ),
            pl.coalesce(f"item_{name}", f"item_{other}").alias(f"code_{name}"),
        )
        .drop("in_force")
    )


def _books_in_force(places: pl.DataFrame, books: RuleTables) -> pl.DataFrame:
    """Places and years with `in_force`, the id of the book that governs there; null = none (2.3, Layers)."""
    ids = books.books.select("book", "id")
    found = places
    levels = ((LEVEL_VILLAGE, "village_id"), (LEVEL_TOWN, "town_id"), (LEVEL_BASE, None))
    for level, place in levels:
        scopes = books.scopes.filter(pl.col("level") == level).join(ids, on="book")
        keys = ["scoring_year"]
        if place:
            scopes, keys = scopes.rename({"place_id": place}), ["scoring_year", place]
        scopes = scopes.select(*keys, pl.col("id").alias(f"of_{level}"))
        found = found.join(scopes, on=keys, how="left")
    return found.select(*_PLACE, in_force=pl.coalesce(f"of_{level}" for level, _ in levels))


def _either_among(names: pl.Series, column: str) -> pl.Expr:
    """Whether the name on either side is among these."""
    either = [pl.col(f"{column}_{side}").is_in(names.implode()).fill_null(value=False) for side in SIDES]
    return pl.any_horizontal(either)


def _unseen(before: RuleTables, after: RuleTables) -> dict[str, pl.Series]:
    """Names of caps (`cap`) and tier groups (`exclusive`) of which some item was edited unseen."""
    both = rule_facts(before).join(rule_facts(after), on=["governed", "code"], suffix="_now")
    edited = {
        name: both.filter(pl.any_horizontal(pl.col(f).ne_missing(pl.col(f"{f}_now")) for f in fields))
        for name, fields in _UNSEEN.items()
    }
    return {
        name: pl.concat([items[name], items[f"{name}_now"].rename(name)]).drop_nulls().unique()
        for name, items in edited.items()
    }
