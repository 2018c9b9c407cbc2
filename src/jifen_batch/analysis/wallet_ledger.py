"""What the wallets of all households are made of, in numbers: announced points and spending."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import point_lots
from jifen_batch.columns.groups import all_alike, distinct_sorted, rows_that
from jifen_batch.columns.packing import pack_keys
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.places import household_numbers, household_places_in_year
from jifen_batch.kernels.rulebook import books_in_force
from jifen_batch.kernels.successions import followed, under_new_ids
from jifen_batch.tables.wallets import DONE

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook


@dataclass(frozen=True)
class Accounts:
    """The accounts of all households as of a day; who the register does not know has a number of its own.

    holders
        One row per household with announced points or redemptions, by number: `household` (the number),
        `household_id`, `household_place` (its place on the as-of date; null = unknown to the register).
    announcements
        One row per announced quarter, ascending: `quarter`, `day` (from which its points can be spent).
    increments
        One row per `household`, `scoring_year` and `announced` (row of the announcement), sorted by
        these: `points`, `day`, `valid_until`. What a merged household had is its heir's, in rows of its own.
    spends
        One row per redemption that is done: `household`, `points`, `day`.
    """

    holders: pl.DataFrame
    announcements: pl.DataFrame
    increments: pl.DataFrame
    spends: pl.DataFrame
    as_of: date

    def of(self, households: pl.Series) -> Accounts:
        """The same with these households alone."""
        own = pl.col("household").is_in(households.implode())
        return replace(
            self,
            holders=self.holders.filter(own),
            increments=self.increments.filter(own),
            spends=self.spends.filter(own),
        )


def accounts(  # noqa: PLR0913, PLR0917 - two tables, the announcements behind one, and the terms
    announced: pl.DataFrame,
    announcements: pl.DataFrame,
    redemptions: pl.DataFrame,
    merged: pl.DataFrame,
    places: Places,
    book: RuleBook,
    as_of: date,
) -> Accounts:
    """The accounts as of a day: what is announced or redeemed later does not exist yet.

    `announced` has `household_id`, `scoring_year`, `announced` (row of `announcements`) and `points`, one
    row each; `announcements` has `quarter` and `as_of`, ascending; `redemptions` as the specification's.
    Announced points can be spent from the as-of date of their announcement on. `merged` are the wallets
    that have passed to others (`successions.merges`): from then on one account, whose lots lapse as those
    of the household that was given the points.
    """
    days = announcements.select("quarter", day=pl.col("as_of").cum_max()).filter(pl.col("day") <= as_of)
    announced = announced.filter(pl.col("announced") < days.height)
    redeemed = redemptions.filter(pl.col("redeemed_on") <= as_of)
    ids = pl.concat([announced["household_id"], redeemed["household_id"]])
    everybody, households = _numbered(under_new_ids(ids, followed(merged)), places)
    of_announced, of_redeemed = households.head(announced.height), households.tail(redeemed.height)
    increments = announced.drop("household_id").with_columns(
        household=of_announced,
        earned_by=household_numbers(announced["household_id"], places),
        day=days["day"][announced["announced"]],
    )
    order = pack_keys([increments[key] for key in ("household", "scoring_year", "announced")]).arg_sort()
    increments = increments[order]
    increments = increments.with_columns(_expires(increments, places, book))
    holding = pl.Series("household", distinct_sorted(households)).cast(pl.UInt32)
    this_year = all_alike(as_of.year, pl.Int32, holding.len())
    return Accounts(
        holders=pl.DataFrame(
            {
                "household": holding,
                "household_id": everybody[holding],
                "household_place": household_places_in_year(places, _registered(holding, places), this_year),
            }
        ),
        announcements=days,
        increments=increments.with_columns(point_lots.valid_until(increments)).drop("expires", "earned_by"),
        spends=redeemed.select(of_redeemed, "points", "status", day="redeemed_on")
        .filter(pl.col("status") == DONE)
        .drop("status"),
        as_of=as_of,
    )


def _numbered(ids: pl.Series, places: Places) -> tuple[pl.Series, pl.Series]:
    """The ids of all numbers, and each row's: the register's own, and behind them those it does not know."""
    known = places.households["household_id"]
    households = household_numbers(ids, places)
    unknown = households.is_null()
    if not unknown.any():
        return known, households
    strangers = ids.filter(unknown).unique().sort()
    behind = strangers.search_sorted(ids.filter(unknown)).cast(pl.UInt32) + known.len()
    return pl.concat([known, strangers]), households.scatter(rows_that(unknown), behind)


def _registered(households: pl.Series, places: Places) -> pl.Series:
    """The numbers that are the register's; null for the others."""
    return households.set(households >= places.households.height, None)


def _expires(increments: pl.DataFrame, places: Places, book: RuleBook) -> pl.Series:
    """When points lapse by the book in force at the household's place in each scoring year."""
    years = increments["scoring_year"]
    household_places = household_places_in_year(places, increments["earned_by"], years)
    villages = places.household_places["village"][household_places]
    return book.tables.books["expires"][books_in_force(book, villages, years)].alias("expires")
