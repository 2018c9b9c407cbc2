"""What other rule books do to the same rows: lines that change, and households that gain and lose."""

from __future__ import annotations

import polars as pl

from jifen_batch.tables import LEDGER
from jifen_batch.tables.impact import (
    ANNOUNCED_EFFECT,
    FIRST_TEN,
    GRADES_MOVED,
    IMPACT,
    MOST_AFFECTED,
    ROWS_MOVED,
    VILLAGE_IMPACT,
)

# The others say how a line came about, and do not hang on the board. What is left tells any two lines of
# a ledger apart: household, event, month and whether it is a reversal are a line's key (specification 4).
ON_THE_BOARD = [name for name in LEDGER.names if name not in {"book", "cap_used", "cause"}]
FIRST = 10
ENTERS, LEAVES = "enters", "leaves"
FIGURES = (
    *("households", "points_up", "points_down"),
    *("ranks_changed", "first_ten_changed", "grades_changed"),
)
ACCOUNT = ("quarter", "household_id", "scoring_year", "category")


def sums_by_quarter(changed: pl.DataFrame) -> pl.DataFrame:
    """Changed lines added up by `quarter`: `ANNOUNCED_EFFECT` but for `households`.

    Gains and losses are told apart by household, scoring year and category.
    """
    moved = pl.col("points") * pl.col("change")
    accounts = changed.group_by(ACCOUNT).agg(
        lines_added=(pl.col("change") > 0).sum().cast(pl.Int64),
        lines_removed=(pl.col("change") < 0).sum().cast(pl.Int64),
        points=moved.sum(),
    )
    return accounts.group_by("quarter").agg(
        pl.col("lines_added", "lines_removed").sum(),
        points_up=pl.col("points").clip(lower_bound=0).sum(),
        points_down=pl.col("points").clip(upper_bound=0).sum(),
    )


def effect(sums: pl.DataFrame, households: pl.DataFrame) -> pl.DataFrame:
    """`ANNOUNCED_EFFECT` from the sums of all pieces and the households (`quarter`, `household_id`) in them.

    A household that is in several pieces counts once.
    """
    counts = households.unique().group_by("quarter").agg(households=pl.len().cast(pl.Int64))
    figures = pl.col("lines_added", "lines_removed", "points_up", "points_down").sum()
    rows = sums.group_by("quarter").agg(figures).join(counts, on="quarter", how="left", validate="1:1")
    return rows.sort("quarter").select(ANNOUNCED_EFFECT.names)


def impact(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """`IMPACT` of two standings (`STANDINGS`): a row for every household and scoring year of either.

    Where one side has no line in a year at all, its households have 0 points there, and no rank.
    """
    keys = list(IMPACT.sort_keys)
    sides = [
        side.select(*keys, *(pl.col(what).alias(f"{what}_{name}") for what in ("net", "rank", "grade")))
        for name, side in (("before", before), ("after", after))
    ]
    rows = sides[0].join(sides[1], on=keys, how="full", coalesce=True, validate="1:1")
    rows = rows.with_columns(pl.col("net_before", "net_after").fill_null(0))
    rows = rows.with_columns(difference=pl.col("net_after") - pl.col("net_before"))
    return rows.sort(keys).select(IMPACT.names)


def by_village(rows: pl.DataFrame) -> pl.DataFrame:
    """`VILLAGE_IMPACT`: `IMPACT` added up, a row per village and scoring year, unchanged ones too."""
    gain = pl.col("difference").filter(pl.col("difference") > 0)
    loss = pl.col("difference").filter(pl.col("difference") < 0)
    sums = rows.group_by("town_id", "village_id", "scoring_year").agg(
        households=pl.len(),
        gaining=gain.len(),
        losing=loss.len(),
        points_up=gain.sum(),
        points_down=loss.sum(),
        gain_median=_tenth(gain, 5),
        gain_90th=_tenth(gain, 9),
        gain_max=_tenth(gain, 10),
        loss_median=-_tenth(-loss, 5),
        loss_90th=-_tenth(-loss, 9),
        loss_max=-_tenth(-loss, 10),
        ranks_changed=rank_changed().sum(),
        first_ten_changed=(_enters() & ~_was_in()).sum(),
    )
    return sums.cast(VILLAGE_IMPACT.schema).sort(VILLAGE_IMPACT.sort_keys).select(VILLAGE_IMPACT.names)


def by_year(villages: pl.DataFrame) -> pl.DataFrame:
    """`VILLAGE_IMPACT` added up over all villages: a row per scoring year, but for the quantiles."""
    counts = pl.col(
        "households", "gaining", "losing", "points_up", "points_down", "ranks_changed", "first_ten_changed"
    )
    return villages.group_by("scoring_year").agg(counts.sum()).sort("scoring_year")


def _tenth(points: pl.Expr, tenths: int) -> pl.Expr:
    """The lower quantile of so many tenths, in whole points; null where there are none."""
    last = points.len().cast(pl.Int64) - 1
    return points.sort().get(last * tenths // 10, null_on_oob=True)


def rank_changed() -> pl.Expr:
    """Whether a row of `IMPACT` has another rank than before; to have none is one of its own."""
    return pl.col("rank_before").ne_missing(pl.col("rank_after"))


def grade_changed() -> pl.Expr:
    """Whether a row of `IMPACT` has another grade than before; to have none is one of its own."""
    return pl.col("grade_before").ne_missing(pl.col("grade_after"))


def grades_moved(rows: pl.DataFrame) -> pl.DataFrame:
    """`GRADES_MOVED`: the rows of `IMPACT` that gain, lose or change their grade."""
    return rows.filter(grade_changed()).sort(GRADES_MOVED.sort_keys)


def _was_in() -> pl.Expr:
    """Whether a household was among the first ten; ties at the end are all in."""
    return (pl.col("rank_before") <= FIRST).fill_null(value=False)


def _enters() -> pl.Expr:
    """Whether it is among them now."""
    return (pl.col("rank_after") <= FIRST).fill_null(value=False)


def first_ten(rows: pl.DataFrame) -> pl.DataFrame:
    """`FIRST_TEN`: the rows of `IMPACT` that enter or leave the first ten of their village and year."""
    change = pl.when(_enters()).then(pl.lit(ENTERS)).otherwise(pl.lit(LEAVES))
    moved = rows.filter(_enters() != _was_in()).with_columns(change=change)
    return moved.sort(FIRST_TEN.sort_keys).select(FIRST_TEN.names)


def most_affected(rows: pl.DataFrame, first: int) -> pl.DataFrame:
    """`MOST_AFFECTED`: the households whose points move most, over all years; ties by id.

    Place and ranks are those of the household's last year. One that gains in a year what it loses in
    another has moved.
    """
    households = (
        rows.filter(pl.col("household_id").is_in(_moving(rows).implode()))
        .sort("household_id", "scoring_year")
        .group_by("household_id", maintain_order=True)
        .agg(
            pl.col("net_before", "net_after", "difference").sum(),
            pl.col("town_id", "village_id", "rank_before", "rank_after").last(),
            moved=pl.col("difference").abs().sum(),
        )
    )
    most = households.sort("moved", "household_id", descending=[True, False]).head(first)
    return most.select(MOST_AFFECTED.names)


def _moving(rows: pl.DataFrame) -> pl.Series:
    """Households with other points than before in some year."""
    return rows.filter(pl.col("difference") != 0)["household_id"].unique()


def totals(rows: pl.DataFrame) -> dict[str, int]:
    """`IMPACT` in a few `FIGURES`.

    `households` of which the points of some year change, `points_up` and `points_down` over households
    and years, `ranks_changed` and `grades_changed` likewise, `first_ten_changed`: how many enter the first
    ten.
    """
    difference = pl.col("difference")
    figures = rows.select(
        points_up=difference.clip(lower_bound=0).sum(),
        points_down=difference.clip(upper_bound=0).sum(),
        ranks_changed=rank_changed().sum(),
        first_ten_changed=(_enters() & ~_was_in()).sum(),
        grades_changed=grade_changed().sum(),
    )
    return {"households": _moving(rows).len(), **figures.row(0, named=True)}


def rows_moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """`ROWS_MOVED`: how many rows come to another outcome than before, by item.

    Both have one row per event row: `row` (what identifies it), `item`, `outcome`.
    """
    keys = ["row", "item", "outcome"]
    newly = after.join(before, on=keys, how="anti", nulls_equal=True)
    no_longer = before.join(after, on=keys, how="anti", nulls_equal=True)
    rows = pl.concat(
        [
            newly.select("item", "outcome", newly=pl.lit(1, pl.Int64), no_longer=pl.lit(0, pl.Int64)),
            no_longer.select("item", "outcome", newly=pl.lit(0, pl.Int64), no_longer=pl.lit(1, pl.Int64)),
        ]
    )
    counts = rows.group_by("item", "outcome").agg(pl.col("newly", "no_longer").sum())
    return counts.sort(ROWS_MOVED.sort_keys).select(ROWS_MOVED.names)
