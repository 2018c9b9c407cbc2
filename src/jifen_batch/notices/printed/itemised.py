"""The booklet 积分事项 as people read it: what the points of a household were for, in one row."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from jifen_batch.notices.printed.document import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.notices.printed.document import Cell

# How often, and for how many points, stands with the item on one line.
TOGETHER = "\N{NO-BREAK SPACE}"


def by_household(items: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows of the booklet, a household and year each: its categories, with their items and points."""
    rows: list[list[Cell]] = []
    for who, own in groupby(items, key=lambda row: tuple(row[:3])):
        told = []
        for category, kinds in groupby(own, key=itemgetter(3)):
            named = "，".join(
                f"{name or DASH}{f'{TOGETHER}{lines}笔' if lines else ''}{TOGETHER}{points:+,}"
                for *_, name, lines, points in kinds
            )
            told.append(f"【{category}】{named}")
        rows.append([*who, " ".join(told)])
    return rows
