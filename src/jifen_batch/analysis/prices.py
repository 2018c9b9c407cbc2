"""Redemptions held against the price list 价目: what cost another number of points, or is not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.item_names import plain
from jifen_batch.tables.wallets import DONE, MISPRICED

if TYPE_CHECKING:
    from datetime import date

# The nearer list wins: a village's before its town's before that of all.
LEVELS = (["goods", "village_id"], ["goods", "town_id"], ["goods"])


def mispriced(
    redemptions: pl.DataFrame, prices: pl.DataFrame, register: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """The redemptions (`MISPRICED`) done up to the as-of date whose points are not the price of that day.

    The price is that of where the household lived on the day, in force on it; goods that no price is for,
    or that nobody wrote down, are listed with a null price. Goods compare after NFKC and trimming. Changes
    no point: an account is by what was spent.
    """
    done = redemptions.filter((pl.col("status") == DONE) & (pl.col("redeemed_on") <= as_of))
    done = _placed(done, register).with_columns(written="goods", goods=plain(pl.col("goods")))
    listed = prices.with_columns(goods=plain(pl.col("goods")), price="points").sort("effective_on")
    found = [_price(done, listed, keys) for keys in LEVELS]
    done = done.with_columns(price=pl.select(pl.coalesce(found)).to_series())
    off = done.filter(pl.col("points").ne_missing(pl.col("price"))).with_columns(goods="written")
    return off.select(MISPRICED.names).cast(MISPRICED.schema).sort(MISPRICED.sort_keys)


def _placed(done: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Redemptions with the town and village of the latest spell begun by their day; null without one."""
    spells = register.select(
        pl.col("household_id", "town_id", "village_id").cast(pl.String), "enrolled_on"
    ).sort("enrolled_on")
    return done.sort("redeemed_on").join_asof(
        spells,
        left_on="redeemed_on",
        right_on="enrolled_on",
        by="household_id",
        check_sortedness=False,
    )


def _price(done: pl.DataFrame, listed: pl.DataFrame, keys: list[str]) -> pl.Series:
    """The price of each redemption (rows by day) by the lists that are for just such a place."""
    place = {"town_id", "village_id"}
    here = pl.all_horizontal(
        [pl.col(name).is_not_null() if name in keys else pl.col(name).is_null() for name in sorted(place)]
    )
    own = listed.filter(here).select(*keys, "effective_on", "price")
    rows = done.select("redeemed_on", *keys).join_asof(
        own, left_on="redeemed_on", right_on="effective_on", by=keys, check_sortedness=False
    )
    return rows["price"]
