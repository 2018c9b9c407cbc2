"""Cells of tables that hold something before against the same after: `compare` and `what-if` show both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices.grid import NOTHING
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROWS = Sentence("row(s)", "行")


def called(code: str | None, names: Mapping[str, str]) -> Sentence | str | None:
    """A village or an item by its name and code; a cap, a book and what has no name as it is."""
    if code is None or code not in names:
        return code
    return Sentence(f"{names[code]} ({code})", f"{names[code]}（{code}）")


def village(one: Mapping[str, Any], names: Mapping[str, str]) -> Sentence | str | None:
    """The village of a row, by name and id."""
    return called(str(one["village_id"]), names)


def was_and_is(one: Mapping[str, Any], figure: str) -> str:
    """What a figure, or a grade, of a row was and is: 12 → 9; a dash where there was or is none."""
    sides = (one[f"{figure}_{side}"] for side in ("before", "after"))
    return " → ".join(
        "—" if side is None else f"{side:,}" if isinstance(side, int) else side for side in sides
    )


def left_out(rows: Sequence[object], shown: int, what: Sentence = ROWS) -> Sentence:
    """How many rows a table leaves out; nothing where it leaves out none."""
    left = len(rows) - shown
    if left <= 0:
        return NOTHING
    return Sentence(
        f"{left} more {what.en} not listed: see --json", f"另有 {left} {what.zh}未列出，见 --json"
    )
