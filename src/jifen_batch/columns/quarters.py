"""Quarters by name, as 2023Q3."""

from __future__ import annotations

from datetime import date, timedelta


def last_day(quarter: str) -> date:
    """The last day of a quarter."""
    year, number = int(quarter[:4]), int(quarter[5:])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return after - timedelta(days=1)
