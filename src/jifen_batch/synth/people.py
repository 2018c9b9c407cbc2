"""The households of a town: how keen they are, whom they rent to, when they enrolled, left and came back.

Nobody here is real: a householder's name is two rare characters behind a common surname, by lot, and
is there so that whoever handles a register can show that it reaches no output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.synth.chance import Days, Flags, Numbers, Purpose, Shares, days_between, stream
from jifen_batch.synth.times import day_number
from jifen_batch.tables import HOUSEHOLDS

if TYPE_CHECKING:
    from jifen_batch.synth.places import Town

NEVER = 2**30
OF_VILLAGES = ["village_id", "town_id", "village_name", "town_name"]
GROUP_HOUSEHOLDS = 30
LETTING = "出租户"
ENROLLED_BEFORE, ENROLLED_FIRST_YEAR = 0.93, 0.99
LEAVE_SHARE_YEAR, MOVE_SHARE_YEAR, RETURN_SHARE = 0.007, 0.006, 0.35
AWAY_SHARE = 0.2
RENTING_SHARE = 0.15
STAY_MIN_DAYS = 30
MEMBER_SHARES = (0.08, 0.22, 0.28, 0.22, 0.13, 0.07)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "禾柏岑汀芷榆砚棠澄笙屿阡陌霁蘅芃"


@dataclass(frozen=True)
class People:
    """One element per household in each array, in the order of their codes.

    `village` is its first village's place in the town; `members` how many it has; `keen` from 0 to 1;
    `enrolled`, `left` and `back` are days since 1970, `left` and `back` NEVER where it stayed or stayed
    away; `back_in` is the village of the town it came back to, or the number of villages for one in the
    town before. A household that moves comes back elsewhere.
    """

    ids: pl.Series
    village: Numbers
    members: Numbers
    keen: Shares
    renting: Flags
    enrolled: Days
    left: Days
    back: Days
    back_in: Numbers

    def enrolled_on(self, household: Numbers, day: Days) -> Flags:
        """Whether each household was enrolled on its day."""
        left = self.left[household]
        return ((self.enrolled[household] <= day) & (day < left)) | (self.back[household] <= day)


def people_of(town: Town, first_year: int, years: int, seed: int) -> People:
    """The households of a town, over all years that are made."""
    rng = stream(seed, Purpose.HOUSEHOLDS, town.number)
    sizes = np.array(town.households)
    village = np.repeat(np.arange(sizes.size), sizes)
    households = village.size
    serial = np.arange(households) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    zeal = rng.uniform(-0.12, 0.12, sizes.size)
    renting = RENTING_SHARE * rng.uniform(0.4, 1.6, sizes.size)
    enrolled = _enrolment(rng, households, first_year, years)
    left, back, back_in = _departures(rng, village, enrolled, town, (first_year, years))
    return People(
        ids=_codes(town, village, serial),
        village=village,
        members=rng.choice(len(MEMBER_SHARES), households, p=MEMBER_SHARES) + 1,
        keen=np.clip(rng.beta(2.2, 1.4, households) + zeal[village], 0, 1),
        renting=rng.random(households) < renting[village],
        enrolled=enrolled,
        left=left,
        back=back,
        back_in=back_in,
    )


def register_of(town: Town, before: Town, people: People, seed: int) -> pl.DataFrame:
    """One row per spell, by household: the columns of `HOUSEHOLDS`, and `householder`.

    `before` is the town before this one, to which some move.
    """
    rng = stream(seed, Purpose.HOUSEHOLDS, town.number, 1)
    places = [*_places(town), _places(before)[0]]
    place = pl.DataFrame(places, OF_VILLAGES, orient="row")
    first = _spells(people, place, people.village, people.enrolled, people.left)
    second = _spells(people, place, people.back_in, people.back, np.full(people.left.size, NEVER))
    named = pl.Series("householder", _names(rng, people.ids.len()))
    spells = [first.with_columns(named), second.with_columns(named).filter(people.back < NEVER)]
    return pl.concat(spells).sort("household_id", "enrolled_on").select(*HOUSEHOLDS.names, "householder")


def _codes(town: Town, village: Numbers, serial: Numbers) -> pl.Series:
    codes = pl.DataFrame({"village": pl.Series(town.village_ids).gather(village), "serial": serial})
    code = pl.col("village") + pl.col("serial").cast(pl.String).str.zfill(4)
    return codes.select(household_id=code).to_series()


def _enrolment(rng: np.random.Generator, households: int, first_year: int, years: int) -> Days:
    """First days: most before the first year, some in its course, a few in any later year."""
    start, end = day_number(first_year), day_number(first_year + years)
    when = rng.random(households)
    before = days_between(rng, start - 400, start, households)
    in_first = days_between(rng, start + 30, start + 330, households)
    anywhen = days_between(rng, start + 30, end - STAY_MIN_DAYS, households)
    later = np.where(when < ENROLLED_FIRST_YEAR, in_first, anywhen)
    return np.where(when < ENROLLED_BEFORE, before, later)


def _departures(
    rng: np.random.Generator, village: Numbers, enrolled: Days, town: Town, span: tuple[int, int]
) -> tuple[Days, Days, Numbers]:
    """When each household left and came back, and to which village; few ever do."""
    first_year, years = span
    start, end = day_number(first_year), day_number(first_year + years)
    households, villages = village.size, len(town.village_ids)
    row_resolution = rng.random(households) / years
    day = days_between(rng, start + STAY_MIN_DAYS, end - 1, households)
    goes = (row_resolution < MOVE_SHARE_YEAR + LEAVE_SHARE_YEAR) & (day >= enrolled + STAY_MIN_DAYS)
    moves = goes & (row_resolution < MOVE_SHARE_YEAR)
    back = day + np.where(moves, 0, days_between(rng, 40, 300, households))
    returns = moves | (goes & (rng.random(households) < RETURN_SHARE))
    other = (village + rng.integers(1, max(villages, 2), households)) % villages
    away = (rng.random(households) < AWAY_SHARE) | (other == village)
    return (
        np.where(goes, day, NEVER).astype(np.int32),
        np.where(returns & (back < end), back, NEVER).astype(np.int32),
        np.where(moves, np.where(away, villages, other), village),
    )


def _places(town: Town) -> list[tuple[str, str, str, str]]:
    rows = zip(town.village_ids, town.village_names, strict=True)
    return [(village_id, town.town_id, name, town.name) for village_id, name in rows]


def _spells(people: People, place: pl.DataFrame, at: Numbers, first: Days, end: Days) -> pl.DataFrame:
    return place[pl.Series(at)].with_columns(
        people.ids,
        pl.Series("enrolled_on", first).cast(pl.Date),
        pl.Series("left_on", end).replace(NEVER, None).cast(pl.Int32).cast(pl.Date),
        pl.Series("kind", people.renting).replace_strict(
            {True: LETTING, False: None}, return_dtype=pl.String
        ),
        _groups(people.ids),
    )


def _groups(ids: pl.Series) -> pl.Series:
    """The group of each household: those whose codes follow each other are neighbours."""
    number = ids.str.slice(-4).cast(pl.Int32) // GROUP_HOUSEHOLDS + 1
    return number.cast(pl.String).alias("group_id") + "组"


def _names(rng: np.random.Generator, households: int) -> pl.Series:
    surname = pl.Series(list(SURNAMES)).gather(rng.integers(0, len(SURNAMES), households))
    given = pl.Series(list(GIVEN))
    first, second = (given.gather(rng.integers(0, len(GIVEN), households)) for _ in range(2))
    return surname + first + second
