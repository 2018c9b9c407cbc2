"""The days of a village: a few years, an as-of date, and crowded days on which most things happen."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from villages.chance import likely

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True)
class Season:
    years: range
    as_of: date
    crowded: tuple[date, ...]

    def any_day(self, rng: Random) -> date:
        first, last = date(self.years[0], 1, 1), date(self.years[-1], 12, 31)
        return first + timedelta(days=rng.randint(0, (last - first).days))

    def day(self, rng: Random) -> date:
        return rng.choice(self.crowded) if likely(rng, 0.7) else self.any_day(rng)


def edge(rng: Random, years: range) -> date:
    """A day at the edge of a month, a quarter or a year, or 29 February."""
    year = rng.choice(years)
    month = rng.choice((1, 2, 2, 3, 4, 6, 7, 9, 10, 12, 12))
    last = calendar.monthrange(year, month)[1]
    return date(year, month, rng.choice((1, 2, 14, last - 1, last, last)))


def season(rng: Random) -> Season:
    length = rng.choice((1, 2, 2, 3))
    first = rng.choice((2000, 2100 - length)) if likely(rng, 0.05) else rng.randint(2021, 2024)
    years = range(first, first + length)
    crowded = tuple(edge(rng, years) for _ in range(rng.randint(2, 7)))
    whole = Season(years, date.max, crowded)
    late = date(years[-1], 12, 31) + timedelta(days=rng.randint(-20, 90))
    as_of = late if likely(rng, 0.65) else whole.day(rng)
    return Season(years, as_of, crowded)
