"""Groups and their sums are what counting one by one gives, close together or far apart."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.columns.groups import added, factorize, group_cumsum, group_starts, radix_argsort, uncumsum

ROWS = st.lists(st.tuples(st.integers(-3, 4), st.integers(-(10**16), 10**16)), max_size=30)


@pytest.mark.parametrize("apart", [1, 2**15, 2**40, 2**60], ids=lambda apart: f"{apart.bit_length()} bits")
@given(st.lists(st.integers(-8, 7), max_size=30))
def test_rows_of_any_width_come_in_order_and_ties_as_they_are(apart, numbers):
    numbers = [number * apart for number in numbers]
    order = radix_argsort(pl.Series(numbers, dtype=pl.Int64)).tolist()
    assert order == sorted(range(len(numbers)), key=lambda row: numbers[row])


@pytest.mark.parametrize("apart", [1, 10**15], ids=["close together", "far apart"])
@given(rows=ROWS)
def test_every_row_has_its_group_and_every_group_its_sum(apart, rows):
    keys = pl.Series([key * apart for key, _ in rows], dtype=pl.Int64)
    groups, some = factorize(keys)
    present = sorted(set(keys))
    assert [present[group] for group in groups] == keys.to_list()
    assert [keys[row] for row in some.tolist()] == present
    sums = added(pl.Series("points", [value for _, value in rows], dtype=pl.Int64), groups, len(some))
    expected = [sum(value for key, value in rows if key * apart == one) for one in present]
    assert sums.equals(pl.Series("points", expected, dtype=pl.Int64))


@given(rows=ROWS)
def test_running_sums_taken_apart_are_what_was_added(rows):
    rows = sorted(rows, key=lambda row: row[0])
    begins = group_starts(pl.Series([key for key, _ in rows], dtype=pl.Int64))
    points = pl.Series([value for _, value in rows], dtype=pl.Int64)
    sums = group_cumsum(points, begins)
    assert sums.tolist() == [
        sum(value for other, value in rows[: row + 1] if other == key) for row, (key, _) in enumerate(rows)
    ]
    assert uncumsum(sums, begins).tolist() == points.to_list()
