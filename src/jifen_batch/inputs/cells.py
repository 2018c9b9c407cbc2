"""Cells of a small input that cannot be as they are: the file is refused, with all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.phrases import FILL_IN, IS_EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from jifen_batch.inputs.read_table import TableRows
    from jifen_batch.sentence import Sentence
    from jifen_batch.tables import Table

# By column: which cells are sound, and for the others what is wrong with them and what to do.
Sound = tuple["pl.Expr", "Sentence", "Sentence"]


def check(read: TableRows, table: Table, sound: Mapping[str, Sound]) -> None:
    """Refuse rows that lack a required cell, or of which a cell is not `sound`; one input, read whole."""
    faults = Faults()
    for name in table.required:
        read.tell(faults, read.rows[name].is_null(), name, IS_EMPTY, FILL_IN)
    for name, (holds, problem, remedy) in sound.items():
        read.tell(faults, read.rows.select(~holds).to_series(), name, problem, remedy)
    faults.refuse()
