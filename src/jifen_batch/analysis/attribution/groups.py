"""Lines that weigh on each other: under one item, one year cap, one tier group of a household.

What an operator leaves of a line depends on the lines before it; so a line may change because another
did. The first changed line of a group is what set off the others.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.attribution.pairs import SIDES, differs

# Exclusive tiers span the scoring years; everything else stays within one.
GROUPS = {
    "item": ("household_id", "scoring_year", "item"),
    "cap": ("household_id", "scoring_year", "cap"),
    "exclusive": ("household_id", "exclusive"),
}
_ORDER = ("first_posted", "accrued_on", "event_id")


def weighs() -> pl.Expr:
    """Whether a changed line may weigh on others: more than a label of it changed."""
    figures = ("gross", "points", "disposition")
    return (
        pl.col("side").is_not_null()
        | pl.col("revised")
        | pl.col("other_book")
        | pl.any_horizontal(map(differs, figures))
    )


def with_first_changed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of lines that are not reversed, with the first of each group they lie in that weighs.

    Adds for each of `GROUPS`, as for `cap`: `cap_first` (its event, in posting order; null where none is in
    the group) and `cap_leads` (no other line of the group that weighs comes first).
    """
    pairs = pairs.with_row_index("row")
    heavy = pairs.filter(weighs())
    for name, keys in GROUPS.items():
        of_sides = [
            heavy.select("row", *keys[:-1], *_ORDER, pl.col(f"{name}_{side}").alias(name)) for side in SIDES
        ]
        members = pl.concat(of_sides).drop_nulls(name).unique(["row", name]).sort(_ORDER)
        led = members.group_by(keys).agg(first=pl.col("event_id").first(), first_row=pl.col("row").first())
        # A line of two groups was revised, or its rule edited: that says enough of it.
        own = pairs.select(
            "row", *keys[:-1], pl.coalesce(f"{name}_{side}" for side in SIDES[::-1]).alias(name)
        )
        found = own.join(led, on=keys, how="left", maintain_order="left")
        leads = (found["first_row"] == found["row"]).fill_null(value=True)
        pairs = pairs.with_columns(
            found["first"].alias(f"{name}_first"),
            leads.alias(f"{name}_leads"),
        )
    return pairs.drop("row")
