"""Cells of a small input that cannot be as they are: the file is refused, by the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.tables import Table

# By column: which cells are sound, and for the others what is wrong with them and what to do.
Sound = tuple["pl.Expr", str, str]


def check(
    files: Sequence[InputFile],
    heights: Sequence[int],
    rows: pl.DataFrame,
    table: Table,
    sound: Mapping[str, Sound],
) -> None:
    """Refuse rows that lack a required cell, or of which a cell is not `sound`; one input, read whole."""
    for name in table.required:
        refuse(files, heights, rows[name].is_null(), f"column {name}", "is empty", "fill it in")
    for name, (holds, problem, remedy) in sound.items():
        refuse(files, heights, rows.select(~holds).to_series(), f"column {name}", problem, remedy)


def refuse(  # noqa: PLR0913, PLR0917 - a place and a sentence
    files: Sequence[InputFile], heights: Sequence[int], bad: pl.Series, column: str, problem: str, remedy: str
) -> None:
    """Refuse the file of the first row that is bad, if there is one; `heights` are the rows of each file."""
    found = bad.arg_true()
    if found.len():
        row = int(found[0])
        at = int(np.searchsorted(np.cumsum(heights), row, side="right"))
        number = row - sum(heights[:at]) + 1
        raise files[at].refuse(f"{column}, row {number}: {problem} ({found.len()} such)", remedy)
