"""What a public notice bundles, so that no figure gives away an item which it may not name.

A figure gives an item away where only that item can have moved it: the points of its category, the sum of the
deductions. What is bundled follows from the rule books alone, never from what happened: that something is
bundled tells nothing. Source: specification 2.3, `notice`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.notice_rows import OPENNESS
from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jifen_batch.tables.rule_tables import RuleTables

GAINS, LOSES, TAKES_BACK = "gains", "loses", "takes_back"
ENOUGH = 2


@dataclass(frozen=True)
class Disclosure:
    """How far the figures of a village are told apart.

    together
        Categories that share one figure with all hidden points: none, or at least two where there are two.
    unlisted
        Further categories whose items are not told apart.
    in_parts
        Whether gains, deductions and what is taken back may stand apart.
    """

    together: frozenset[str]
    unlisted: frozenset[str]
    in_parts: bool


OPEN = Disclosure(frozenset(), frozenset(), in_parts=True)


def disclosure(tables: Iterable[RuleTables], applied: Collection[str]) -> Disclosure:
    """What the books `applied` (their ids), as they were and as they are (`tables`), let a notice tell apart.

    Categories with a hidden item go together, and so does one that names its only item of a kind which may
    not be named (`notice = "category"`): the only one that brings points, that loses some, or that takes
    some back. Further categories join them, those of the fewest items first, until for each of these kinds a
    second item may have moved the sum; where none can, gains and losses are not told apart either.
    """
    listed = [_effects(one, applied) for one in tables]
    grouped = pl.concat(listed).group_by("category", "effect", "code")
    effects = grouped.agg(pl.col("closed", "hidden").max())
    closed = effects.filter(pl.col("closed") > 0)
    if closed.is_empty():
        return OPEN
    everything = (
        effects.group_by("category").agg(pl.col("code").n_unique()).sort("code", "category")["category"]
    )
    alone = {name for name in everything if _alone(effects, [name])}
    together = alone | {*closed.filter(pl.col("hidden") > 0)["category"]}
    rest = [name for name in everything if name not in together]
    while rest and together and (_alone(effects, together) or len(together) < ENOUGH):
        together.add(rest.pop(0))
    unlisted = {name for name in rest if _alone(effects.filter(pl.col("closed") > 0), [name])}
    return Disclosure(frozenset(together), frozenset(unlisted), in_parts=not _alone(effects, everything))


def _alone(effects: pl.DataFrame, categories: Collection[str]) -> bool:
    """Whether an item that may not be named is the only one of these categories to have some effect."""
    kinds = effects.filter(pl.col("category").is_in([*categories])).group_by("effect")
    items = kinds.agg(pl.col("code").n_unique(), pl.col("closed").max())
    return bool(((items["closed"] > 0) & (items["code"] < ENOUGH)).any())


def _effects(tables: RuleTables, applied: Collection[str]) -> pl.DataFrame:
    """What items can do to a category: `category`, `effect`, the item's `code`, `closed` and `hidden`.

    What an item takes back is felt in the categories of the items that it forfeits. Unordered.
    """
    books = tables.books.filter(pl.col("id").is_in([*applied])).select("book")
    items = tables.items.join(books, on="book", how="semi")
    level = pl.col("notice").replace_strict(OPENNESS, return_dtype=pl.Int64)
    items = items.select(
        "rule",
        "code",
        "category",
        closed=(level > OPENNESS["item"]).cast(pl.Int8),
        hidden=(level >= OPENNESS["hidden"]).cast(pl.Int8),
    )
    moves = tables.points.filter(pl.col("points") != 0).select(
        "rule", effect=pl.when(pl.col("points") > 0).then(pl.lit(GAINS)).otherwise(pl.lit(LOSES))
    )
    own = items.join(moves.unique(), on="rule", how="inner", validate="1:m")
    taken = tables.forfeits.select(rule="trigger", of="forfeited")
    taken = taken.join(items, on="rule", how="inner", validate="m:1").drop("category")
    taken = taken.join(items.select("category", of="rule"), on="of", how="inner", validate="m:1")
    # That a trigger is hidden does not hide the category of what it takes back.
    taken = taken.with_columns(effect=pl.lit(TAKES_BACK), hidden=pl.lit(0, pl.Int8))
    columns = ("category", "effect", "code", "closed", "hidden")
    return pl.concat([own.select(columns), taken.select(columns).unique()])
