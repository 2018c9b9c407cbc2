"""Days as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month(number: int) -> Sentence:
    """A month of the year, from 1."""
    return Sentence(MONTHS[number - 1], f"{number} 月份")


def day(when: date, line: Mapping[str, Any]) -> Sentence:
    """`8 月 3 日`; with its year where that is not the scoring year of the line it is said of."""
    other = when.year != line["scoring_year"]
    return Sentence(
        f"{when.day} {MONTHS[when.month - 1]}{f' {when.year}' if other else ''}",
        f"{f'{when.year} 年 ' if other else ''}{when.month} 月 {when.day} 日",
    )


def span(first: date, last: date | None) -> Sentence:
    """From a day to a day, both included; open without an end."""
    if last is None:
        return Sentence(f"from {first} on", f"{first} 起")
    return Sentence(f"{first} to {last}", f"{first} 至 {last}")
