"""Wallets: what announced points, spending and lapses leave each household (specification 4, `wallets/`).

A wallet is an account: what is announced later makes good what was owed before. What is still owed is
told apart by what made it so, and never stands as a negative that nobody asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import point_lots
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.places import village_of
from jifen_batch.tables.wallets import WALLETS

if TYPE_CHECKING:
    from jifen_batch.analysis.wallet_ledger import Accounts
    from jifen_batch.kernels.places import Places


@dataclass(frozen=True)
class Wallets:
    """`rows` as `WALLETS`; `taken_back`: `points` by `household_id` and the `quarter` that took them back."""

    rows: pl.DataFrame
    taken_back: pl.DataFrame


def wallets(of: Accounts, places: Places) -> Wallets:
    """The wallets: one row per household with announced points or redemptions."""
    closing = _closing(of)
    made = owed_since(of.of(closing["household"].filter(closing["owed_for_spending"] > 0)))
    taken_back = pl.col("announced").is_not_null()
    of_household = made.group_by("household").agg(
        taken_back=pl.col("points").filter(taken_back).sum(),
        uncovered=pl.col("points").filter(~taken_back).sum(),
        last=pl.col("announced").max(),
    )
    announced = of.increments.group_by("household").agg(announced=pl.col("points").sum())
    quarters = of.announcements["quarter"]
    rows = (
        of.holders.join(closing, on="household", maintain_order="left")
        .join(announced, on="household", how="left", maintain_order="left")
        .join(of_household, on="household", how="left", maintain_order="left")
        .with_columns(pl.col("announced", "taken_back", "uncovered").fill_null(0))
    )
    rows = rows.with_columns(
        *village_of(places, rows["household_place"]),
        not_spendable=pl.lit(0, dtype=pl.Int64),
        available=pl.col("position").clip(lower_bound=0),
        below_zero=(-pl.col("idle")).clip(lower_bound=0),
        taken_back_in=quarters.gather(rows["last"]),
    )
    by_quarter = made.filter(taken_back).join(of.holders, on="household", maintain_order="left")
    return Wallets(
        rows.sort(WALLETS.sort_keys, nulls_last=False).select(WALLETS.names),
        by_quarter.select("household_id", quarters.gather(by_quarter["announced"]), "points"),
    )


def with_not_spendable(made: Wallets, withheld: pl.DataFrame) -> Wallets:
    """Wallets that tell what was announced beside; `withheld`: `not_spendable` points by `household_id`."""
    rows = made.rows.drop("not_spendable").join(
        withheld, on="household_id", how="left", maintain_order="left", validate="1:1"
    )
    beside = pl.col("not_spendable").fill_null(0)
    rows = rows.with_columns(beside, announced=pl.col("announced") + beside)
    return Wallets(rows.select(WALLETS.names), made.taken_back)


def _closing(of: Accounts) -> pl.DataFrame:
    """Every household's account at the end of the as-of date, one row each (`lots.run_through`)."""
    held, deducted = point_lots.settle(of.increments)
    probes = of.holders.select("household", day=pl.lit(of.as_of), step=pl.lit(point_lots.CLOSED))
    rows = point_lots.run_through(held, deducted, of.spends, probes)
    return rows.filter(pl.col("step") == point_lots.CLOSED).with_columns(owed_for_spending())


def owed_for_spending() -> pl.Expr:
    """Points that would not be owed had nothing been spent."""
    owed = (-pl.col("position")).clip(lower_bound=0) - (-pl.col("idle")).clip(lower_bound=0)
    return owed.alias("owed_for_spending")


def owed_since(of: Accounts) -> pl.DataFrame:
    """What made each household owe spent points that are still owed.

    One row per `household` and cause: `announced`, the announcement that took them back, or null for
    spending that was not covered on its day; `points` > 0. What came last to be owed is made good first.
    It is looked at as it was known then: after each announcement, and each day of spending that followed.
    """
    days = of.announcements["day"]
    seen = [_owed_under(of, known) for known in range(days.len() + 1)]
    owed = pl.concat(seen).sort("household", "known", maintain_order=True)
    still = pl.col("owed_for_spending").reverse().cum_min().reverse().over("household")
    owed = owed.with_columns(still=still)
    before = pl.col("still").shift(1).over("household").fill_null(0)
    return (
        owed.with_columns(points=pl.col("still") - before)
        .filter(pl.col("points") > 0)
        .group_by("household", "announced")
        .agg(pl.col("points").sum())
        .sort("household", "announced")
    )


def _owed_under(of: Accounts, known: int) -> pl.DataFrame:
    """Owed for spending from the last of the first `known` announcements until the next, in order of time."""
    days = of.announcements["day"]
    begin = pl.lit(days[known - 1] if known else point_lots.BEFORE_ALL)
    spends = of.spends
    if known < days.len():
        spends = spends.filter(pl.col("day") < days[known])
    held, deducted = point_lots.settle(of.increments.filter(pl.col("announced") < known))
    probes = of.holders.select("household", day=begin, step=pl.lit(point_lots.ANNOUNCED))
    rows = point_lots.run_through(held, deducted, spends, probes if known else probes.clear())
    just_announced = pl.col("step") == point_lots.ANNOUNCED
    rows = rows.filter(just_announced | (pl.col("day") >= begin))
    return rows.select(
        "household",
        owed_for_spending(),
        known=pl.lit(known),
        announced=pl.when(just_announced).then(known - 1),
    )


def broken_invariants(of: Accounts, made: Wallets) -> list[str]:
    """Names of the laws that these wallets break; an empty list is the aim."""
    rows = made.rows
    counted = WALLETS.schema.items()
    gifts = [
        name for name, kind in counted if kind == pl.Int64() and name not in {"announced", "not_spendable"}
    ]
    balance = pl.col("announced") - pl.col("lapsed") - pl.col("spent")
    told = pl.col("available") - pl.col("taken_back") - pl.col("uncovered") - pl.col("below_zero")
    owed = pl.col("taken_back") + pl.col("uncovered")
    laws = {
        "a wallet balances": rows.filter(balance != told).is_empty(),
        "no column of a wallet is below 0": rows.filter(pl.min_horizontal(gifts) < 0).is_empty(),
        "nobody owes for spending more than was spent": rows.filter(owed > pl.col("spent")).is_empty(),
        "who owes has nothing to spend": rows.filter(
            (owed + pl.col("below_zero") > 0) & (pl.col("available") > 0)
        ).is_empty(),
        "wallets hold what was announced": rows["announced"].sum() == of.increments["points"].sum(),
        "wallets hold what was spent": rows["spent"].sum() == of.spends["points"].sum(),
        "what was taken back has its announcements": rows["taken_back"].sum()
        == made.taken_back["points"].sum(),
    }
    return [law for law, holds in laws.items() if not holds]
