"""What a day tells is the same, asked once for each day of a span or row by row."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.columns.calendar import month_ends, month_number, of_days, quarter_number

NEAR = st.dates(date(2023, 12, 20), date(2024, 1, 10))
ANY = st.dates(date.min, date.max)


@pytest.mark.parametrize(
    ("asked", "by_hand"),
    [
        (quarter_number, lambda day: day.year * 4 + (day.month - 1) // 3),
        (month_number, lambda day: (day.year - 2000) * 12 + day.month - 1),
    ],
    ids=["its quarter", "its month"],
)
@pytest.mark.parametrize("days", [NEAR, ANY], ids=["a short span", "ages apart"])
@given(data=st.data())
def test_days_tell_what_each_of_them_would(days, asked, by_hand, data):
    drawn = data.draw(st.lists(st.one_of(st.none(), days), max_size=60))
    told = of_days(pl.Series("posted_on", drawn, dtype=pl.Date), asked)
    expected = [day and by_hand(day) for day in drawn]
    assert told.equals(pl.Series("posted_on", expected, dtype=pl.Int32))
    assert told.name == "posted_on"


def test_months_end_on_their_last_days():
    ends = month_ends()
    assert (ends.len(), ends[0], ends[-1]) == (1200, date(2000, 1, 31), date(2099, 12, 31))
    assert ends[(2024 - 2000) * 12 + 1] == date(2024, 2, 29)
