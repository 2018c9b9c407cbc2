"""Cells of tables that hold something before against the same after: `compare` and `what-if` show both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def called(code: str | None, names: Mapping[str, str]) -> str | None:
    """A village or an item by its name and code; a cap, a book and what has no name as it is."""
    return f"{names[code]}（{code}）" if code is not None and code in names else code


def village(one: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    """The village of a row, by name and id."""
    return called(str(one["village_id"]), names)


def was_and_is(one: Mapping[str, Any], figure: str) -> str:
    """What a figure, or a grade, of a row was and is: 12 → 9; a dash where there was or is none."""
    sides = (one[f"{figure}_{side}"] for side in ("before", "after"))
    return " → ".join(
        "—" if side is None else f"{side:,}" if isinstance(side, int) else side for side in sides
    )


def left_out(rows: Sequence[object], shown: int, what: str = "行") -> str:
    """How many rows a table leaves out."""
    return f"另有 {len(rows) - shown} {what}未列出，见 --json" if len(rows) > shown else ""
