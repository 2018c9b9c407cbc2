"""Ends of months and years, and the quarter of a day."""

from __future__ import annotations

import calendar
from datetime import date


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends(year: int) -> list[date]:
    return [month_end(date(year, month, 1)) for month in range(1, 13)]


def quarter_of(day: date) -> str:
    return f"{day.year:04d}Q{(day.month + 2) // 3}"


def half_of(day: date) -> str:
    return f"{day.year:04d}H{1 if day.month <= 6 else 2}"


def period_name(day: date, period: str) -> str:
    """The calendar month, quarter, half or year that a day lies in."""
    names = {"month": f"{day:%Y-%m}", "quarter": quarter_of(day), "half": half_of(day), "year": f"{day:%Y}"}
    return names[period]


def quarter_end(quarter: str) -> date:
    return month_end(date(int(quarter[:4]), int(quarter[5]) * 3, 1))


def quarters_between(first: str, last: str) -> list[str]:
    years = range(int(first[:4]), int(last[:4]) + 1)
    every = [f"{year:04d}Q{number}" for year in years for number in range(1, 5)]
    return [quarter for quarter in every if first <= quarter <= last]
