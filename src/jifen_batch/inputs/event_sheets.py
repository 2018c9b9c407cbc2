"""Events out of text: a row that cannot be read is one reject, not the district's night (specification 2).

Such a row takes part in nothing else; a file of which most rows are such is another table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.column_types import as_read
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.formats.sheet import FIELDS, NOT_SAVED, ROW
from jifen_batch.inputs.read_table import with_path_columns
from jifen_batch.inputs.sheet_cells import read_cells
from jifen_batch.inputs.text_forms import NO_VALUE, TOO_NARROW, form_of
from jifen_batch.scheme.reject_details import (
    CELL,
    FAILED,
    HEADER,
    HIDDEN_CELL,
    IN_ROW,
    MISFIT,
    UNSAVED_CELL,
)
from jifen_batch.sentence import THEN, Sentence
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.inputs.sheet_cells import SheetCells
    from jifen_batch.inputs.sheet_rows import SheetLayout

SHOWN_CHARACTERS = 40
# Whose cells are never shown, and what may be somebody's number wherever it stands.
NEVER_SHOWN = ("member_id",)
PERSONAL = r"\p{Nd}{11,}"
UNSEEN = r"[\p{C}\p{Z}&&[^ ]]"
UNREADABLE = pl.Schema({**as_read(EVENTS), ROW: pl.Int64(), "detail": pl.String()})


@dataclass(frozen=True)
class EventSheet:
    """The rows of a sheet of events: `@row` and the columns of `EVENTS`; quantity is Int64.

    `unreadable` are those that cannot be read, likewise, with a sentence in `detail`: null where they
    cannot, and everywhere in a row that does not fit the header.
    """

    rows: pl.DataFrame
    unreadable: pl.DataFrame


def read_sheet(layout: SheetLayout) -> EventSheet:
    """The events of a sheet.

    Raises `InputRefusedError` for a file that cannot be read, or of which most of the rows cannot.
    """
    wanted = as_read(EVENTS)
    cells = read_cells(layout, wanted)
    rows = with_path_columns(cells.rows, layout.file, wanted, layout.found)
    wrong = pl.concat([_of_cells(cells), _of_rows(cells)])
    told = wrong.group_by(ROW, maintain_order=True).agg(detail=pl.col("detail").str.join(THEN.zh))
    told = told.with_columns(detail=pl.format(IN_ROW.zh, ROW, "detail"))
    count = rows.height + cells.misfits.height
    if 2 * told.height > count:
        faults = Faults()
        faults.add(
            layout.file.refuse(
                Sentence(
                    f"{told.height:,} of its {count:,} rows cannot be read",
                    f"其中 {told.height:,} 行无法读取，共 {count:,} 行",
                ),
                Sentence(
                    "see whether these are the right header and columns; --mapping may name others",
                    "请核对表头和各列是否正确，可用 --mapping 写明",
                ),
            )
        )
        cells.add_faults(faults)
        faults.refuse()
    unreadable = told.join(rows, on=ROW, how="left", maintain_order="left").sort(ROW)
    return EventSheet(
        rows.filter(~pl.col(ROW).is_in(told[ROW].implode())), unreadable.select(UNREADABLE.names())
    )


def _of_cells(cells: SheetCells) -> pl.DataFrame:
    """What is said of each cell that cannot be read: `@row` and `detail`."""
    said = []
    for column in cells.unreadable["column"].unique(maintain_order=True):
        theirs = cells.header(column)
        named = pl.lit(column if theirs == column else HEADER.zh.format(theirs, column))
        text, form = pl.col("text"), form_of(cells.rows.schema[column])
        failed = text.str.contains(NO_VALUE) & ~text.str.contains(TOO_NARROW)
        wrong = pl.when(failed).then(pl.lit(FAILED.zh)).otherwise(pl.lit(form.reject.zh))
        cell = (
            pl.format(HIDDEN_CELL.zh, named)
            if column in NEVER_SHOWN
            else pl.format(CELL.zh, named, _shown(text))
        )
        sentence = (
            pl.when(text == NOT_SAVED)
            .then(pl.format(UNSAVED_CELL.zh, named))
            .otherwise(pl.concat_str(cell, wrong))
        )
        found = cells.unreadable.filter(pl.col("column") == column)
        said.append(found.select(ROW, sentence.alias("detail")))
    return pl.concat(said) if said else pl.DataFrame(schema={ROW: pl.Int64, "detail": pl.String})


def _shown(text: pl.Expr) -> pl.Expr:
    """The beginning of a cell, without what steers a terminal and what may be a person's number."""
    masked = text.str.replace_all(UNSEEN, " ").str.replace_all(PERSONAL, "…")
    short = masked.str.len_chars() <= SHOWN_CHARACTERS
    return pl.when(short).then(masked).otherwise(masked.str.slice(0, SHOWN_CHARACTERS - 1) + pl.lit("…"))


def _of_rows(cells: SheetCells) -> pl.DataFrame:
    """What is said of each row with another number of fields: `@row` and `detail`."""
    sentence = pl.format(MISFIT.zh, FIELDS, pl.lit(len(cells.layout.sheet.names)))
    return cells.misfits.select(ROW, sentence.alias("detail"))
