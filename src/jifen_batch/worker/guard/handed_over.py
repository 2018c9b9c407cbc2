"""Columns and inputs that the last run was handed with values in them, and this one without.

An export that drops a column is read without a fault, and scores a pledge to December or a household that
has left; redemptions that are gone can be spent again. So each run writes down what it was handed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.analysis.loss import LOST_OF_HUNDRED
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HANDED_OVER, ROWS = "handed_over", "rows"
# No point hangs on these: that they are gone is told, and the night goes on.
ONLY_COUNTED = ("villages",)


def find(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is not handed over any more: `role`, `column` (or `ROWS`), how many there `was` and `is`.

    Both are manifests, `before` that of the run that this one comes after. Of a column: cells with a value,
    and none is left; of an input: rows, and more than one in twenty is gone.
    """
    return [one for one in _less(before, now) if one["role"] not in ONLY_COUNTED]


def remarks(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[InputRemark]:
    """The same of inputs that only coverage hangs on."""
    for one in _less(before, now):
        if one["role"] in ONLY_COUNTED:
            role, was, left = one["role"], one["was"], one["is"]
            yield InputRemark(
                role,
                role,
                Sentence(
                    f"{was - left:,} of {was:,} rows that the last run had are missing: coverage leaves "
                    "those villages out; hand them over again",
                    f"上次运行有 {was:,} 行，现少了 {was - left:,} 行，覆盖率不含这些村；请重新提供",
                ),
            )


def _less(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is less than it was, of any input."""
    had, has = (content.get(HANDED_OVER, {}) for content in (before, now))
    return [
        {"role": role, "column": column, "was": was, "is": left}
        for role, columns in had.items()
        for column, was in columns.items()
        if _is_gone(column, was, left := has.get(role, {}).get(column, 0))
    ]


def _is_gone(column: str, was: int, left: int) -> bool:
    """Whether so little is left that somebody has to say that it is meant."""
    return (was - left) * 100 > was * LOST_OF_HUNDRED if column == ROWS else was > 0 and left == 0
