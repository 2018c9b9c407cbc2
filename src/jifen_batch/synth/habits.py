"""What households do month by month: pledges, monthly confirmations, yearly items, volunteering.

A deed is one thing that a household did, before anybody wrote it down. One row each, in no order that
matters: `household` (its place in `People`), `item`, `day` (since 1970), and where it has them `until`
(day), `member` (serial), `quantity`, `matter_id`; null else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.synth.chance import Days, Numbers, Purpose, days_between, stream
from jifen_batch.synth.items import COVENANT, ITEM, PLEDGES, RENTAL, VOLUNTEERING, YARD, YEARLY
from jifen_batch.synth.times import ACTIVITIES_MONTH, MONTHS

if TYPE_CHECKING:
    from jifen_batch.synth.chance import Flags, Shares
    from jifen_batch.synth.items import Yearly
    from jifen_batch.synth.people import People
    from jifen_batch.synth.places import Town
    from jifen_batch.synth.times import Year

SEASON = np.array([0.5, 0.6, 1.5, 1.1, 1.1, 1.0, 0.8, 0.7, 1.0, 1.2, 1.1, 1.2])
HOLIDAYS = np.array([0.97, 0.9, 1.0, 1.0, 1.0, 1.0, 0.97, 0.97, 1.0, 1.0, 1.0, 1.0])
VOLUNTEERING_MONTH = 1.4
ZEAL_SPREAD = 0.9
ACTIVITY_SHARE = 0.4
RENEWED_IN_JANUARY = 0.86
SECOND_PLEDGE_SHARE = 0.36
UNTIL_SHARE = 0.07
TWO_TIMES_SHARE = 0.04


def habits(town: Town, people: People, year: Year, seed: int) -> pl.DataFrame:
    """Deeds of a year that most households have a share in."""
    rng = stream(seed, Purpose.HABITS, town.number, year.number)
    everybody = np.ones(people.village.size, dtype=bool)
    keen = 0.36 + 0.62 * people.keen
    deeds = [_pledges(rng, people, year, item) for item in PLEDGES]
    deeds += [_confirmed(rng, people, year, (item, everybody, keen)) for item in (COVENANT, YARD)]
    deeds += [_confirmed(rng, people, year, (item, people.renting, 0.7 + 0.3 * keen)) for item in RENTAL]
    deeds += [_yearly(rng, people, year, habit) for habit in YEARLY]
    deeds.append(_volunteering(rng, town, people, year))
    return pl.concat(deeds, how="diagonal")


def deeds_of(item: str, household: Numbers, day: Days, **more: pl.Series) -> pl.DataFrame:
    """Deeds of one item, one row per element; `more` gives the columns that only some items have."""
    return pl.DataFrame(
        {
            "household": pl.Series(household, dtype=pl.Int32),
            "item": pl.repeat(item, household.size, dtype=ITEM, eager=True),
            "day": pl.Series(day, dtype=pl.Int32),
            **more,
        }
    )


def members_of(rng: np.random.Generator, people: People, household: Numbers) -> pl.Series:
    """One member of each household, by lot; a serial number from 1."""
    return pl.Series("member", 1 + rng.integers(0, people.members[household]), dtype=pl.Int8)


def may_have(people: People, whose: str) -> Flags:
    """Which households an item is open to: all, renting, or letting none."""
    return {
        "all": np.ones(people.renting.size, dtype=bool),
        "renting": people.renting,
        "letting none": ~people.renting,
    }[whose]


def _pledges(rng: np.random.Generator, people: People, year: Year, item: str) -> pl.DataFrame:
    """Most pledge in January; some later, some for a time only, some once more by another member."""
    household = np.flatnonzero(rng.random(people.keen.size) < 0.9 + 0.1 * people.keen)
    again = household[rng.random(household.size) < SECOND_PLEDGE_SHARE]
    household = np.concatenate([household, again])
    january = rng.random(household.size) < RENEWED_IN_JANUARY
    day = year.first + np.where(
        january,
        days_between(rng, 0, 24, household.size),
        days_between(rng, 25, 363, household.size),
    )
    # Whoever enrols in the year's course pledges then.
    arrival = people.enrolled[household] + days_between(rng, 0, 9, household.size)
    day = np.minimum(np.maximum(day, arrival), year.last)
    until = np.minimum(day + days_between(rng, 20, 240, household.size), year.last)
    for_a_time = pl.Series(rng.random(household.size) < UNTIL_SHARE)
    return deeds_of(
        item,
        household,
        day,
        until=pl.Series(until, dtype=pl.Int32).set(~for_a_time, None),
        member=members_of(rng, people, household),
    )


def _confirmed(
    rng: np.random.Generator, people: People, year: Year, habit: tuple[str, Flags, Shares]
) -> pl.DataFrame:
    """A month that the village confirmed on its inspection, for the households that held to the item."""
    item, open_to, share = habit
    held = rng.random((MONTHS, people.keen.size)) < HOLIDAYS[:, None] * (share * open_to)[None, :]
    month, household = np.nonzero(held)
    return deeds_of(item, household, year.inspections(people.village[household], month))


def _yearly(rng: np.random.Generator, people: People, year: Year, habit: Yearly) -> pl.DataFrame:
    """One deed a year for a share of the households; the keener, the likelier."""
    share = np.clip(habit.share * (0.6 + 0.65 * people.keen), 0, 1) * may_have(people, habit.whose)
    household = np.flatnonzero(rng.random(share.size) < share)
    first, last = year.month_starts[habit.months[0] - 1], year.month_starts[habit.months[1]] - 1
    day = days_between(rng, int(first), int(last), household.size)
    if not habit.personal:
        return deeds_of(habit.code, household, day)
    return deeds_of(habit.code, household, day, member=members_of(rng, people, household))


def _volunteering(rng: np.random.Generator, town: Town, people: People, year: Year) -> pl.DataFrame:
    """Times in each month, more in March; part of them at an activity of the village, which is a matter."""
    # A few families do most of it, as everywhere: those reach the cap. The mean of the lot is 1.
    zeal = people.keen * rng.lognormal(-(ZEAL_SPREAD**2) / 2, ZEAL_SPREAD, people.keen.size)
    times = rng.poisson(VOLUNTEERING_MONTH * SEASON[:, None] * zeal[None, :])
    month = np.repeat(np.arange(MONTHS), times.sum(axis=1))
    household = np.concatenate([np.repeat(np.arange(people.keen.size), of_month) for of_month in times])
    week = rng.integers(0, ACTIVITIES_MONTH, household.size)
    anywhen = year.month_starts[month] + rng.integers(0, 28, household.size, dtype=np.int32)
    joins = rng.random(household.size) < ACTIVITY_SHARE
    village = people.village[household]
    several = pl.Series(rng.random(household.size) < TWO_TIMES_SHARE)
    return deeds_of(
        VOLUNTEERING,
        household,
        np.where(joins, year.activities(village, month, week), anywhen),
        member=members_of(rng, people, household),
        quantity=pl.repeat(2, household.size, dtype=pl.Int16, eager=True).set(~several, None),
        matter_id=_activities(town, year)
        .gather((village * MONTHS + month) * ACTIVITIES_MONTH + week)
        .set(pl.Series(~joins), None),
    )


def _activities(town: Town, year: Year) -> pl.Series:
    """Ids of the activities, by village, month and week."""
    return pl.Series(
        [
            f"{village}-A{month[2:4]}{month[5:7]}{week + 1}"
            for village in town.village_ids
            for month in year.month_names()[:MONTHS]
            for week in range(ACTIVITIES_MONTH)
        ]
    )
