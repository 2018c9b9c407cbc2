"""What the oracle says of the villages on which faults are looked for: of each once, for all faults.

Nothing here imports a kernel, so that it stays what it is while kernels are imported broken.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import oracle
import villages

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def village(seed: int) -> villages.Village:
    """The random village of a seed."""
    return villages.make(seed)


@cache
def _scored(seed: int) -> dict[str, list[dict[str, object]]]:
    return oracle.score(village(seed))


@cache
def unreadable(seed: int) -> bool:
    """Whether it has rows that nobody can read."""
    return any(row["reason"] == "unreadable_row" for row in _scored(seed)["rejects"])


@cache
def table(seed: int, name: str, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The rows of a table as sorted texts, as far as these columns go."""
    return shown(_scored(seed)[name], columns)


def shown(rows: Iterable[dict[str, object]], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows as sorted texts, as far as these columns go."""
    return sorted(tuple(repr(row[name]) for name in columns) for row in rows)
