"""Numbers turned back into names, without a text a row.

A part's lines name a few thousand households and a few dozen items, each many times over. So the names
that a part's numbers span become the categories of an Enum, and what is made for each row is its code:
exact, because categories are the names themselves, in the order of their bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import all_alike, distinct_sorted, places_among, rows_that, without_nulls
from jifen_batch.columns.packing import numbered
from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from jifen_batch.kernels.places import Places


def named(names: pl.Series, numbers: pl.Series) -> pl.Series:
    """The name of each number: what gathering gives, as an Enum that sorts by its names' bytes.

    `names` holds the name of every number, null where it has none; a null number has no name.
    """
    lowest = numbers.min()
    if lowest is None:
        return names.clear().extend_constant(None, numbers.len())
    first = int(lowest)  # type: ignore[arg-type]
    spanned = names[first : int(numbers.max()) + 1]  # type: ignore[arg-type]
    codes = spanned.cast(pl.Enum(without_nulls(spanned).unique().sort()))
    return codes[numbers - first]


@dataclass(frozen=True)
class HouseholdPlaceNames:
    """The ids of the places from the `first` on, one row a place: `town_id`, `village_id`, `household_id`.

    They are Enums of the ids of these household places.
    """

    first: int
    ids: pl.DataFrame

    def of(self, household_places: pl.Series) -> list[pl.Series]:
        """The three ids of each household place."""
        return self.ids[household_places - self.first].get_columns()


def household_place_names(places: Places, household_places: pl.Series) -> HouseholdPlaceNames:
    """The names of the household places that these span; looked up once for all tables of a part."""
    first = end = 0
    if household_places.len():
        first, end = int(household_places.min()), int(household_places.max()) + 1  # type: ignore[arg-type]
    spanned = pl.int_range(first, end, dtype=pl.UInt32, eager=True)
    village = places.household_places["village"][spanned]
    ids = [named(places.villages[name], village) for name in ("town_id", "village_id")]
    return HouseholdPlaceNames(
        first, pl.DataFrame([*ids, named(places.household_places["household_id"], spanned)])
    )


def with_own_names(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows of which these columns, where Categorical, are Enums of the names that occur in them.

    A Categorical knows all names of the process, in the order in which they came up; what is made here
    depends on the rows alone.
    """
    return rows.with_columns_seq(_own(rows[name]) for name in columns if rows.schema[name] == pl.Categorical)


def _own(column: pl.Series) -> pl.Series:
    """A Categorical as an Enum of its own names."""
    return of_names(column, lambda names: names.cast(pl.Enum(names.sort())))


def numbers_of(ids: pl.Series) -> pl.Series:
    """A number for each id (Int64), equal just where the ids are; null where there is none."""
    if isinstance(ids.dtype, pl.Enum):
        return ids.to_physical().cast(pl.Int64)
    _, numbers = numbered(without_nulls(ids))
    none = all_alike(None, pl.Int64, ids.len())
    return none.scatter(rows_that(ids.is_not_null()), numbers).alias(ids.name)


def of_names(column: pl.Series, asked: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What is said of each row's name: of a Categorical a name is looked at once, and a row is a gather.

    `asked` says it of names; null where a row has none. Exact, because a code stands for one name; it costs
    a count for every code up to the greatest. Texts are asked one by one.
    """
    if column.dtype == pl.String:
        return asked(column).alias(column.name)
    codes = column.to_physical()
    occurring = distinct_sorted(without_nulls(codes))
    said = asked(pl.Series(occurring, dtype=codes.dtype).cat.to(pl.Categorical()).cast(pl.String))
    if not len(occurring):
        return said.extend_constant(None, column.len()).alias(column.name)
    return said[places_among(occurring, int(occurring[-1]) + 1)][codes].alias(column.name)
