"""Households by number: exact for any text, null for strangers."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jifen_batch.kernels.places import household_numbers, number_places
from jifen_batch.tables import HOUSEHOLDS


def register(*ids):
    spell = {"village_id": "v", "town_id": "t", "enrolled_on": date(2023, 1, 1)}
    return pl.DataFrame([{"household_id": one, **spell} for one in ids], schema=HOUSEHOLDS.schema)


@pytest.mark.parametrize(
    ("known", "asked", "numbers"),
    [
        (["b", "a", "户 3", "b"], ["b", "a", "户 3", "a"], [1, 0, 2, 0]),
        (["a"], ["A", "a ", "", None, "a\0"], [None] * 5),
        ([], ["a"], [None]),
        (["a"], [], []),
    ],
    ids=["known", "strangers", "no register", "no rows"],
)
def test_households_have_the_number_of_their_place_among_all(known, asked, numbers):
    found = household_numbers(pl.Series(asked, dtype=pl.String), number_places(register(*known)))
    assert found.dtype == pl.UInt32
    assert found.to_list() == numbers
