"""When a wallet's points lapse, for a pencil."""

from datetime import date

import polars as pl
import pytest

from jifen_batch.analysis.lapses import lapses
from jifen_batch.analysis.point_lots import NEVER

FIRST, SECOND = date(2024, 3, 31), date(2025, 3, 31)


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        # Of 60 and 40 nothing is spent; then what lapses first is spent first.
        (100, [(FIRST, 60), (SECOND, 40)]),
        (70, [(FIRST, 30), (SECOND, 40)]),
        (40, [(SECOND, 40)]),
        (10, [(SECOND, 10)]),
        (0, []),
        # More than its own lots hold came with a wallet that was merged into it.
        (105, [(FIRST, 60), (SECOND, 40), (None, 5)]),
    ],
)
def test_what_lapses_first_is_spent_first(available, expected):
    lots = pl.DataFrame({"day": [SECOND, FIRST, FIRST], "points": [40, 50, 10]})
    assert lapses(lots, available).rows() == expected


def test_points_that_never_lapse_have_no_day():
    lots = pl.DataFrame({"day": [NEVER, FIRST], "points": [40, 60]})
    assert lapses(lots, 90).rows() == [(FIRST, 50), (None, 40)]
