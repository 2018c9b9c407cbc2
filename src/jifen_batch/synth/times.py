"""The calendar of a village: months, inspections, activities, and the meetings that approve.

Days are whole numbers since 1970-01-01, months are counted from January of the year that is made.
Every meeting's day follows from the village and the month alone, so that a meeting in January is the
same one whether this year's or last year's events wait for it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from jifen_batch.synth.chance import Days, Numbers

MONTHS = 12
MONTHS_AHEAD = 8
ACTIVITIES_MONTH = 4
EPOCH = date(1970, 1, 1).toordinal()


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """Days since 1970-01-01."""
    return date(year, month, day).toordinal() - EPOCH


@dataclass(frozen=True)
class Year:
    """A year that is made: the first days of its months and of some of the months after."""

    number: int
    month_starts: Days

    @classmethod
    def of(cls, year: int) -> Year:
        """The year of this number."""
        months = [divmod(month, MONTHS) for month in range(MONTHS + MONTHS_AHEAD)]
        starts = [day_number(year + years, month + 1) for years, month in months]
        return cls(year, np.array(starts, dtype=np.int32))

    @property
    def first(self) -> int:
        """1 January."""
        return int(self.month_starts[0])

    @property
    def last(self) -> int:
        """31 December."""
        return int(self.month_starts[MONTHS]) - 1

    def month_of(self, day: Days) -> Numbers:
        """Months of these days, 0 = January."""
        return np.searchsorted(self.month_starts, day, side="right") - 1

    def month_names(self) -> list[str]:
        """Each month as 2023-01."""
        months = [divmod(month, MONTHS) for month in range(self.month_starts.size)]
        return [f"{self.number + years}-{month + 1:02d}" for years, month in months]

    def meetings(self, village: Numbers, month: Numbers) -> Days:
        """Days of the villages' meetings: one a month, between the 3rd and the 10th."""
        turn = (5 * (self.number * MONTHS + month) + 3 * village) % 8
        return (self.month_starts[month] + 2 + turn).astype(np.int32)

    def inspections(self, village: Numbers, month: Numbers) -> Days:
        """Days on which the villages confirm a month: one a month, between the 18th and the 26th."""
        return (self.month_starts[month] + 17 + (7 * month + village) % 9).astype(np.int32)

    def activities(self, village: Numbers, month: Numbers, week: Numbers) -> Days:
        """Days of the villages' volunteer activities: one in each of four weeks."""
        return (self.month_starts[month] + 7 * week + (month + 2 * village + week) % 7).astype(np.int32)
