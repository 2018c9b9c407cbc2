"""Days as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def day(when: date, line: Mapping[str, Any]) -> str:
    """`8 月 3 日`; with its year where that is not the scoring year of the line it is said of."""
    year = "" if when.year == line["scoring_year"] else f"{when.year} 年 "
    return f"{year}{when.month} 月 {when.day} 日"


def span(first: date, last: date | None) -> str:
    """From a day to a day, both included; open without an end."""
    return f"{first} 起" if last is None else f"{first} 至 {last}"
