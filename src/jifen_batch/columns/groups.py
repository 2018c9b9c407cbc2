"""Sums over sorted groups, and which numbers occur, without a window function or a hash table.

Rows of a group stand side by side. Then a group's sum is one `reduceat`, and its running sum is the
running sum of all less what had come before the group began; both are exact for whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from jifen_batch.columns.packing import close_together, id_keys, pack_keys, value_span

if TYPE_CHECKING:
    import numpy.typing as npt
    from polars._typing import PolarsDataType

DIGIT_BITS = 16


def radix_argsort(numbers: pl.Series) -> npt.NDArray[np.uint32]:
    """Row numbers in the order of signed whole numbers without nulls; ties as they are.

    Sorted by 16 bits at a time, the lowest first: so short numbers are sorted by counting, a pass over the
    rows, and each pass keeps what the one before has made.
    """
    order = np.arange(numbers.len(), dtype=np.uint32)
    if numbers.len() == 0:
        return order
    lowest, highest = int(numbers.min()), int(numbers.max())  # type: ignore[arg-type]
    # Above the lowest all fit into 64 bits without a sign, also where the difference wraps.
    above = (numbers.cast(pl.Int64).to_numpy() - np.int64(lowest)).view(np.uint64)
    for shift in range(0, (highest - lowest).bit_length(), DIGIT_BITS):
        digits = (above >> np.uint64(shift)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def rows_that(flags: pl.Series) -> pl.Series:
    """The numbers of the rows that have a flag, ascending (UInt32); null is none.

    Row numbers are filtered, which is done sixteen at a time; looking for each flag is not.
    """
    return pl.int_range(flags.len(), dtype=pl.UInt32, eager=True).filter(flags).alias("row")


def without_nulls(column: pl.Series) -> pl.Series:
    """The same without its nulls; itself where it has none, which is known without looking."""
    return column.drop_nulls() if column.null_count() else column


def all_alike(value: object, kind: PolarsDataType, height: int) -> pl.Series:
    """A column of one value."""
    return pl.Series([value], dtype=kind).new_from_index(0, height)


def is_member(numbers: pl.Series, some: pl.Series) -> pl.Series:
    """Whether each number is one of some; small and not negative, without nulls."""
    flags = np.zeros(max(int(part.max() or 0) for part in (numbers, some)) + 1, dtype=np.bool_)  # type: ignore[arg-type]
    flags[some.to_numpy()] = True
    return pl.Series(flags[numbers.to_numpy()])


def id_keys_within(groups: pl.Series, ids: pl.Series) -> pl.Series:
    """A number for each id (Int64) that sorts, among the rows of a group, as the bytes of their ids do.

    Who feeds events numbers them as they come, so that where groups ascend most are in order already, and
    there a row's place is its key. Exact, because each row is held against the one before it, and groups with
    a row out of order are sorted by their ids.
    """
    if not groups.is_sorted():
        return id_keys(ids)
    keys = np.arange(ids.len())
    behind = (ids < ids.shift(1)) & (groups == groups.shift(1))
    if behind.any():
        few = rows_that(is_member(groups - groups[0], groups.filter(behind) - groups[0]))
        keys[few[pack_keys([groups[few], id_keys(ids[few])]).arg_sort()].to_numpy()] = few.to_numpy()
    return pl.Series("key", keys)


def group_starts(*keys: pl.Series) -> npt.NDArray[np.int64]:
    """Positions at which a new group begins, in keys whose equal values stand side by side."""
    if keys[0].len() == 0:
        return np.empty(0, dtype=np.int64)
    begins = np.zeros(keys[0].len(), dtype=np.bool_)
    begins[0] = True
    for key in keys:
        values = key.to_numpy()
        begins[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(begins)


def sums(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The sum of each group."""
    return np.add.reduceat(values.to_numpy().astype(np.int64), begins) if len(begins) else begins


def least(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The lowest value of each group."""
    return np.minimum.reduceat(values.to_numpy().astype(np.int64), begins) if len(begins) else begins


def greatest(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The highest value of each group."""
    return np.maximum.reduceat(values.to_numpy().astype(np.int64), begins) if len(begins) else begins


def factorize(keys: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The group of each row, numbered by ascending key, and one row of each group; rows in any order.

    Keys that lie close together have a place each, so that nothing is sorted or hashed.
    """
    if not close_together(keys):
        _, some, groups = np.unique(keys.to_numpy(), return_index=True, return_inverse=True)
        return groups, some
    places = (keys - keys.min()).cast(pl.Int64).to_numpy()
    occurs = np.zeros(value_span(keys), dtype=np.bool_)
    occurs[places] = True
    occurring = np.flatnonzero(occurs)
    numbers = np.empty(len(occurs), dtype=np.int64)
    numbers[occurring] = np.arange(len(occurring))
    groups = numbers[places]
    some = np.empty(len(occurring), dtype=np.int64)
    some[groups] = np.arange(len(places))
    return groups, some


def added(values: pl.Series, groups: npt.NDArray[np.int64], count: int) -> pl.Series:
    """The sum of each of `count` groups; whole numbers, no nulls."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups, values.cast(pl.Int64).to_numpy())
    return pl.Series(values.name, sums)


def spread(of_groups: npt.NDArray[Any], begins: npt.NDArray[np.int64], height: int) -> pl.Series:
    """What is said of each group, for each of its rows; the last group ends at `height`."""
    return pl.Series(np.repeat(of_groups, np.diff(begins, append=height)))


def group_cumsum(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The running sum within each row's group."""
    total = np.cumsum(values.to_numpy(), dtype=np.int64)
    if len(begins) == 0:
        return total
    before = np.concatenate(([0], total[begins[1:] - 1]))
    result: npt.NDArray[np.int64] = total - np.repeat(before, np.diff(begins, append=len(total)))
    return result


def uncumsum(sums: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """What each row adds to the sum before it in its group: running sums taken apart."""
    before = np.empty_like(sums)
    before[1:] = sums[:-1]
    before[begins] = 0
    return sums - before


def lowest_so_far(values: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The lowest value of each row's group up to that row.

    Each round looks twice as far back as the one before, so that a group of a thousand takes ten.
    """
    place = np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))
    lowest, back = values.copy(), 1
    rows = np.flatnonzero(place >= back)
    while len(rows):
        lowest[rows] = np.minimum(lowest[rows], lowest[rows - back])
        back *= 2
        rows = rows[place[rows] >= back]
    return lowest


def lowest_from_here(values: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The lowest value of each row's group from that row on."""
    ends = np.append(begins[1:], len(values)) if len(begins) else begins
    return lowest_so_far(values[::-1], (len(values) - ends)[::-1])[::-1]


def distinct_sorted(numbers: pl.Series) -> npt.NDArray[np.int64]:
    """Which numbers occur, each once, ascending; they are small and not negative, without nulls.

    Counting them takes half as long as to set a flag for each.
    """
    return np.flatnonzero(np.bincount(numbers.to_numpy()))


def places_among(some: npt.NDArray[np.int64], room: int) -> pl.Series:
    """Of each number below `room` its place among some, which ascend (UInt32); 0 where it is none of them."""
    places = np.zeros(room, dtype=np.uint32)
    places[some] = np.arange(len(some))
    return pl.Series("place", places)
