"""The register as numbers: households, villages, their places, and who is enrolled when (specification 2.2).

A household place is a household at one of its places. Most households keep one household place and one spell
for ever, and for them everything is a gather; only those that return or move take the exact path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import polars as pl

from jifen_batch.columns.groups import all_alike, factorize, greatest, group_starts, least, rows_that
from jifen_batch.columns.packing import id_hashes, numbered, pack_keys
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.successions import RENAMING, under_new_ids
from jifen_batch.kernels.town_years import TownYears, changes_town, town_years

VILLAGE = ("town_id", "village_id")
OF_SPELLS = ("kind", "group_id")
Hashes = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True)
class Places:
    """The register, numbered; numbers are UInt32, by which polars gathers without a second look.

    households
        One row per household, the row number its number: `household_id`, `household_place` (its only one or
        the lowest of several), `moves` and `returns` (Boolean: several household places, several spells),
        `spell` (the row of its first one), `enrolled_on` and `left_on` of that.
    household_places
        One row per household and place, sorted by town, village, household as bytes, the row number
        the household place's number: `household_id`, `household` and `village`.
    villages
        One row per village and town, sorted by town and village, the row number its number: `town_id`,
        `village_id`. A village that changes its town has several, of which each year has one.
    spells
        One row per enrolment spell, sorted by household and `enrolled_on`: `household`, `household_place`,
        `enrolled_on`, `left_on` (null = still enrolled), `kind` and `group_id` (String, null = none; all
        null where the register does not say).
    several
        The spells of the households that have more than one, or several places, likewise, with their row
        `spell`.
    by_hash
        One row per household, sorted by `hash`, which is that of its id by `hashes`: `household`.
    renamed
        Ids that are another now (`successions.renaming`): whatever names one is of the new one.
    town_years
        The villages by year, where some change their town; else null. The places of such a village and each
        of its towns are those of the same households, in one order.
    """

    households: pl.DataFrame
    household_places: pl.DataFrame
    villages: pl.DataFrame
    spells: pl.DataFrame
    several: pl.DataFrame
    by_hash: pl.DataFrame
    hashes: Hashes
    renamed: pl.DataFrame
    town_years: TownYears | None

    @cached_property
    def household_places_of_movers(self) -> pl.DataFrame:
        """Places of households with several: `household` and `household_place`, sorted by the latter."""
        several = self.households["moves"][self.household_places["household"]]
        places = self.household_places.select_seq("household").with_row_index("household_place")
        return places.filter(several).select_seq("household", "household_place")

    @cached_property
    def first_household_places(self) -> pl.Series:
        """The first household place of each village (Int64)."""
        numbers = pl.int_range(self.villages.height, dtype=pl.UInt32, eager=True)
        return self.household_places["village"].search_sorted(numbers).cast(pl.Int64)


def number_places(
    register: pl.DataFrame, hashes: Hashes = id_hashes, renamed: pl.DataFrame | None = None
) -> Places:
    """Number the households, villages and household places of a register (one row per spell, `HOUSEHOLDS`).

    Ids of towns and villages may be Categorical. `hashes` maps ids to integers: any function gives the
    same numbers and the same resolutions of events; checksums of events are added up from it. The register
    names nobody by an id that is `renamed`.
    """
    villages, village = villages_of(register)
    ids, household = numbered(register["household_id"])
    elsewhere = _in_other_towns(villages, village, household)
    village_there = pl.concat([village, elsewhere["village"]])
    household_there = pl.concat([household, elsewhere["household"]])
    household_place, some = factorize(pack_keys([village_there, household_there]))
    household_place = household_place[: register.height]
    spells = register.select_seq(
        "enrolled_on",
        "left_on",
        *_told(register),
        household=household,
        household_place=pl.Series(household_place).cast(pl.UInt32),
    )
    spells = spells.select_seq("household", "household_place", "enrolled_on", "left_on", *OF_SPELLS)
    spells = spells[pack_keys([spells["household"], spells["enrolled_on"]]).arg_sort()]
    household_places = pl.DataFrame(
        {
            "household_id": ids[household_there[some]],
            "household": household_there[some],
            "village": village_there[some],
        }
    )
    households = _of_spells(spells)
    if elsewhere.height:
        households = households.with_columns_seq(_of_places(household_places))
    exact = households["returns"] | households["moves"]
    return Places(
        households=households.select_seq(ids, pl.all()),
        household_places=household_places,
        villages=villages,
        spells=spells,
        several=spells.drop(OF_SPELLS).with_row_index("spell").filter(exact[spells["household"]]),
        by_hash=pl.DataFrame({"hash": hashes(ids)}).with_row_index("household").sort("hash"),
        hashes=hashes,
        renamed=RENAMING.to_frame() if renamed is None else renamed,
        town_years=town_years(villages, register.select("enrolled_on", "left_on").with_columns(village)),
    )


def _in_other_towns(villages: pl.DataFrame, village: pl.Series, household: pl.Series) -> pl.DataFrame:
    """Spells (`village`, `household`) in every town that their village has had; none where none changes."""
    spells = pl.DataFrame({"village": village, "household": household})
    changing = changes_town(villages)
    if not changing.any():
        return spells.clear()
    towns = villages.with_row_index("village").filter(changing).select("village", "village_id")
    own = spells.filter(changing[village]).unique().join(towns, on="village")
    return own.select("village_id", "household").join(towns, on="village_id").select("village", "household")


def _of_places(household_places: pl.DataFrame) -> list[pl.Series]:
    """What `Places.households` says of each household's places, where some are without a spell."""
    places = household_places.select("household").with_row_index("household_place")
    of_household = places.group_by("household").agg(
        household_place=pl.col("household_place").min(), moves=pl.len() > 1
    )
    return of_household.sort("household").select("household_place", "moves").get_columns()


def _told(register: pl.DataFrame) -> list[pl.Expr]:
    """What a register says of each spell, if it does."""
    return [
        pl.col(name).cast(pl.String) if name in register.columns else pl.lit(None, pl.String).alias(name)
        for name in OF_SPELLS
    ]


def villages_of(register: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The villages of a register, as `Places` has them, and the number of each row's (UInt32)."""
    # Codes are those of all names of the process, and far apart; what they are grouped by is not.
    codes = [factorize(register[name].cast(pl.Categorical()).to_physical())[0] for name in VILLAGE]
    groups, some = factorize(pack_keys([pl.Series(code) for code in codes]))
    villages = (
        register.select_seq(VILLAGE)[pl.Series(some)].cast(pl.String).with_row_index("group").sort(VILLAGE)
    )
    number = villages["group"].arg_sort()
    return villages.select_seq(VILLAGE), number[groups].alias("village")


def _of_spells(spells: pl.DataFrame) -> pl.DataFrame:
    """What `Places.households` says of each household, but for its id."""
    begins = group_starts(spells["household"])
    lowest = pl.Series(least(spells["household_place"], begins))
    first = spells.select_seq("enrolled_on", "left_on")[pl.Series(begins)]
    return first.select_seq(
        household_place=lowest.cast(pl.UInt32),
        moves=lowest < pl.Series(greatest(spells["household_place"], begins)),
        returns=pl.Series(np.diff(begins, append=spells.height) > 1),
        spell=pl.Series(begins.astype(np.uint32)),
        enrolled_on="enrolled_on",
        left_on="left_on",
    )


def village_of(places: Places, household_places: pl.Series) -> list[pl.Series]:
    """`town_id` and `village_id` of each household place; null where the household place is."""
    villages = places.household_places["village"][household_places]
    return [places.villages[name][villages] for name in VILLAGE]


def household_numbers(ids: pl.Series, places: Places) -> pl.Series:
    """The number of each household id in the register; null where it is not in it. One UInt32 per row.

    `ids` are texts, or an Enum, of which each category is looked up once.
    """
    if isinstance(ids.dtype, pl.Enum):
        codes = ids.to_physical().cast(pl.UInt32)
        return _by_any_id(ids.dtype.categories, places)[codes].alias("household")
    return _by_any_id(ids, places).alias("household")


def _by_any_id(ids: pl.Series, places: Places) -> pl.Series:
    """The same for texts, by the ids that households have now and, where that finds none, those they had."""
    numbers = _looked_up(ids, places)
    if places.renamed.height == 0:
        return numbers
    others = rows_that(numbers.is_null() & ids.is_not_null())
    return numbers.scatter(others, _looked_up(under_new_ids(ids[others], places.renamed), places))


def _looked_up(ids: pl.Series, places: Places) -> pl.Series:
    """The same by ids of now: found by their hash among the register's sorted ones, then held to the text.

    Exact, because an id whose text is not that of the household found is looked up by its text, which
    costs as much as the whole register: only ids whose hashes collide come to that.
    """
    known = places.households["household_id"]
    if known.len() == 0:
        return all_alike(None, pl.UInt32, ids.len())
    sorted_hashes, hashes = places.by_hash["hash"], places.hashes(ids)
    at = sorted_hashes.search_sorted(hashes).clip(upper_bound=known.len() - 1)
    found = places.by_hash["household"][at]
    alike = (sorted_hashes[at] == hashes) & ids.is_not_null()
    same = alike & (known[found] == ids)
    numbers = found.set(~same, None)
    colliding = rows_that(alike & ~same)
    if colliding.len() == 0:
        return numbers
    exact = ids[colliding].cast(pl.Enum(known), strict=False).to_physical().cast(pl.UInt32)
    return numbers.scatter(colliding, exact)


def household_places_in_year(places: Places, households: pl.Series, years: pl.Series) -> pl.Series:
    """Household place of each household in a year (specification 2.2, Place); null where the household is.

    `households` are numbers, `years` any integers; one UInt32 per row. A null year has no household place.
    """
    household_places = places.households["household_place"][households]
    moves = places.households["moves"][households]
    if moves.any():
        asked = pl.DataFrame({"household": households, "year": years.cast(pl.Int32)}).filter(moves)
        household_places = household_places.scatter(
            rows_that(moves), _household_places_of_movers(places, asked)
        )
    return (household_places.set(years.is_null(), None) if years.null_count() else household_places).alias(
        "household_place"
    )


def _household_places_of_movers(places: Places, asked: pl.DataFrame) -> pl.Series:
    """Household places for rows of `household`, `year`: the exact path, over the distinct pairs only.

    Of the spells of a household: the first one enrolled in that year; else the latest begun before
    it; else the first of all. Its village is in the town that it has in that year.
    """
    begun = pl.col("enrolled_on").dt.year()
    ended = pl.col("left_on").dt.offset_by("-1d").dt.year()
    in_year = (begun <= pl.col("year")) & (ended.is_null() | (ended >= pl.col("year")))
    before = begun < pl.col("year")
    day = pl.col("enrolled_on").to_physical().cast(pl.Int64)
    best = (
        asked.unique()
        .drop_nulls()
        .join(places.several, on="household")
        .with_columns_seq(
            choice=pl.when(in_year).then(0).when(before).then(1).otherwise(2),
            nearness=pl.when(~in_year & before).then(-day).otherwise(day),
        )
        .sort("household", "year", "choice", "nearness")
        .unique(["household", "year"], keep="first", maintain_order=True)
    )
    chosen = asked.join(best, on=["household", "year"], how="left", maintain_order="left")["household_place"]
    if places.town_years is None:
        return chosen
    village = places.household_places["village"][chosen]
    then = places.town_years.in_year(village, asked["year"])
    firsts = places.first_household_places
    return (chosen.cast(pl.Int64) - firsts[village] + firsts[then]).cast(pl.UInt32)


def enrolled_on(places: Places, households: pl.Series, days: pl.Series) -> pl.Series:
    """Whether each household is enrolled on each day: in some spell, `enrolled_on` <= day < `left_on`.

    Who came before the first of these days and never left is enrolled on all of them; most households
    are such, and only the others are looked at day by day.
    """
    enrolled = all_alike(value=True, kind=pl.Boolean, height=households.len()).alias("enrolled")
    if households.len() == 0:
        return enrolled
    # Those of a part lie near each other: no part looks through the whole register.
    lowest, highest = int(households.min()), int(households.max())  # type: ignore[arg-type]
    first = places.households.select_seq("enrolled_on", "left_on", "returns")[lowest : highest + 1]
    steady = (first["enrolled_on"] <= days.min()) & first["left_on"].is_null()
    doubtful = rows_that((~steady)[households - lowest])
    household, day = households[doubtful], days[doubtful]
    begin, end, several = first[household - lowest].get_columns()
    inside = (begin <= day) & (end.is_null() | (day < end))
    if several.any():
        asked = pl.DataFrame({"household": household, "day": day}).filter(several)
        inside = inside.scatter(rows_that(several), _enrolled_in_any_spell(places, asked))
    return enrolled.scatter(doubtful, inside)


def spells_on(places: Places, households: pl.Series, days: pl.Series) -> pl.Series:
    """The row of `Places.spells` that covers each day, for households that are enrolled on it (UInt32)."""
    spells = places.households["spell"][households]
    several = places.households["returns"][households]
    if several.any():
        asked = pl.DataFrame({"household": households, "day": days}).filter(several)
        spells = spells.scatter(rows_that(several), _latest_spells(places, asked)["spell"])
    return spells


def _enrolled_in_any_spell(places: Places, asked: pl.DataFrame) -> pl.Series:
    """Enrolment for rows of `household`, `day`: the exact path for households with several spells."""
    latest = _latest_spells(places, asked)
    begun = latest["household_place"].is_not_null()
    return begun & (latest["left_on"].is_null() | (latest["day"] < latest["left_on"]))


def _latest_spells(places: Places, asked: pl.DataFrame) -> pl.DataFrame:
    """The spell last begun by each day, for rows of `household`, `day`, in their order; else null.

    Spells of a household do not overlap, so only this one can cover the day.
    """
    return (
        asked.with_row_index("row")
        .sort("day")
        .join_asof(
            places.several,
            left_on="day",
            right_on="enrolled_on",
            by="household",
            strategy="backward",
            check_sortedness=False,
        )
        .sort("row")
    )
