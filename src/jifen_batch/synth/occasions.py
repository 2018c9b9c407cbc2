"""What happens to few: honours, banquets, absences, failed checks, accidents, offences.

Rows are deeds, as in `habits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.synth.chance import Purpose, days_between, stream
from jifen_batch.synth.habits import deeds_of, may_have, members_of
from jifen_batch.synth.items import BANQUET, BREACH, FAMILIES, HONOURS, INCIDENTS, ITEM, TIERS
from jifen_batch.synth.times import Year

if TYPE_CHECKING:
    from jifen_batch.synth.chance import Numbers
    from jifen_batch.synth.items import Incident
    from jifen_batch.synth.people import People
    from jifen_batch.synth.places import Town

HONOUR_SHARE = 0.012
TIER_SHARES = (0.84, 0.13, 0.03)
AGAIN_SHARE, AGAIN_NEXT_YEAR_SHARE = 0.3, 0.12
HIGHER_SHARE = 0.8
HONOUR_MATTER_SHARE = 0.35
BANQUET_SHARE, BREACH_SHARE = 0.06, 0.05
TWICE_SHARE = 0.05


def occasions(town: Town, people: People, year: Year, seed: int) -> pl.DataFrame:
    """Deeds of a year that come to few households."""
    rng = stream(seed, Purpose.OCCASIONS, town.number, year.number)
    # Last year's honours are drawn again as they were then: some are raised to a higher tier now.
    honours = [_honours(town, people, of_year, seed) for of_year in (Year.of(year.number - 1), year)]
    won = pl.concat(honours).filter(pl.col("day").is_between(year.first, year.last))
    happened = [_incident(rng, people, year, incident) for incident in INCIDENTS]
    return pl.concat([won, _banquets(rng, people, year), *happened], how="diagonal")


def _honours(town: Town, people: People, year: Year, seed: int) -> pl.DataFrame:
    """Honours first won in this year, and those won again: mostly a tier higher, some only next year."""
    rng = stream(seed, Purpose.HONOURS, town.number, year.number)
    chance = rng.random((len(FAMILIES), people.keen.size))
    family, household = np.nonzero(chance < 2 * HONOUR_SHARE * people.keen[None, :])
    tier = rng.choice(len(TIERS), household.size, p=TIER_SHARES)
    day = days_between(rng, year.first, year.last, household.size)
    later = days_between(rng, 20, 300, household.size)
    row_resolution = rng.random(household.size)
    rise = (rng.random(household.size) < HIGHER_SHARE).astype(np.int64)
    next_year = row_resolution < AGAIN_NEXT_YEAR_SHARE
    again_day = np.where(next_year, year.last + later, np.minimum(day + later, year.last))
    # Only a matter of its own ties an honour to one of another year.
    named = next_year | (rng.random(household.size) < HONOUR_MATTER_SHARE)
    won = pl.DataFrame({"family": family, "tier": tier, "household": household, "day": day}).with_columns(
        members_of(rng, people, household),
        matter_id=matters_of(people, household, f"-H{year.number % 100:02d}").set(pl.Series(~named), None),
    )
    again = won.with_columns(tier=pl.col("tier") + pl.Series(rise), day=pl.Series(again_day, dtype=pl.Int32))
    follows = pl.Series((row_resolution < AGAIN_SHARE) & (tier + rise < len(TIERS)))
    return _named_honours(pl.concat([won, again.filter(follows)]))


def _named_honours(won: pl.DataFrame) -> pl.DataFrame:
    """The deeds, with the item of each one's family and tier; a matter is of one family."""
    number = won["family"] * len(TIERS) + won["tier"]
    initial = pl.Series([family[0] for family in FAMILIES]).gather(won["family"])
    return won.select(
        pl.col("household").cast(pl.Int32),
        pl.Series("item", HONOURS, dtype=ITEM).gather(number),
        "day",
        "member",
        pl.col("matter_id") + initial,
    )


def _banquets(rng: np.random.Generator, people: People, year: Year) -> pl.DataFrame:
    """Banquets, each a matter, and the breaches found at some of them."""
    household = np.flatnonzero(rng.random(people.keen.size) < BANQUET_SHARE)
    day = days_between(rng, year.first, year.last, household.size)
    matter = matters_of(people, household, f"-B{year.number % 100:02d}")
    breach = rng.random(household.size) < BREACH_SHARE
    held = deeds_of(BANQUET, household, day, matter_id=matter)
    found = deeds_of(BREACH, household[breach], day[breach], matter_id=matter.filter(breach))
    return pl.concat([held, found])


def _incident(rng: np.random.Generator, people: People, year: Year, incident: Incident) -> pl.DataFrame:
    """Times that it befell each household; the less keen, the likelier. One row in twenty counts twice."""
    expected = incident.times_year * (1.6 - people.keen) * may_have(people, incident.whose)
    household = np.repeat(np.arange(people.keen.size), rng.poisson(expected))
    day = days_between(rng, year.first, year.last, household.size)
    twice = pl.Series(rng.random(household.size) < TWICE_SHARE)
    quantity = pl.repeat(2, household.size, dtype=pl.Int16, eager=True).set(~twice, None)
    return deeds_of(incident.code, household, day, quantity=quantity)


def matters_of(people: People, household: Numbers, mark: str) -> pl.Series:
    """A matter of the household's own: its code and a mark."""
    return (people.ids.gather(household) + mark).alias("matter_id")
