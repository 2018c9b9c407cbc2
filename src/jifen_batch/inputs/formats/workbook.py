"""Workbooks (XLSX): a sheet's cells as Excel shows them, read in a process of their own."""

from __future__ import annotations

import json
import signal
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch import own_process
from jifen_batch.inputs.files import stamp
from jifen_batch.inputs.formats import formulas
from jifen_batch.inputs.formats.sheet import (
    FIELDS,
    HEADER_LOOKED_FOR,
    NOT_SAVED,
    ROW,
    Cells,
    Sheet,
    blanks_to_null,
    header_at,
)
from jifen_batch.inputs.phrases import AS_PARQUET, ONLY_NEEDED
from jifen_batch.inputs.safety import limits, packing, room
from jifen_batch.inputs.safety.workbook_child import COLUMNS_MAX, ERRORS, Said
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.mapping import FileForm

SHEET_BYTES_MAX = 256 << 20
SHEET_SECONDS_MAX = 300
SEEN = ("", "visible")


def sheet_names(file: InputFile) -> dict[str, bool]:
    """The sheets of a workbook, in order, and whether each is to be seen; a chart is no sheet.

    Raises `InputRefusedError`: damaged, or too large.
    """
    listed, charts = _listed(file)
    return {name: state in SEEN for name, link, state in listed if link not in charts}


def begins_with_chart(file: InputFile) -> bool:
    """Whether the first of all is a chart. Raises as `sheet_names`."""
    listed, charts = _listed(file)
    return any(link in charts for _, link, _ in listed[:1])


def _listed(file: InputFile) -> tuple[list[tuple[str, str, str]], frozenset[str]]:
    """Everything that a workbook lists (`formulas.sheet_tags`), and the links of what is a chart."""
    try:
        _weigh(file)
        listed, links = (_part(file, name) for name in (formulas.CONTENTS, formulas.LINKS))
    except packing.BadPackingError as error:
        raise _no_workbook(file) from error
    return formulas.sheet_tags(listed), formulas.charts(links)


def _part(file: InputFile, name: str) -> bytes:
    """What a workbook says of itself, by the part's name. Raises `BadPackingError`."""
    return packing.part(file.path, name, limits.METADATA_BYTES_MAX)


def open_sheet(file: InputFile, form: FileForm) -> Sheet:
    """A workbook's sheet. Raises `InputRefusedError`: damaged, too large, no such header or sheet."""
    size = file.path.stat().st_size
    if size > SHEET_BYTES_MAX:
        raise file.refuse(
            Sentence(f"is larger than {SHEET_BYTES_MAX:,} bytes", f"超过 {SHEET_BYTES_MAX:,} 字节"),
            AS_PARQUET,
        )
    rows, errors = _read(file)
    unsaved, from_1904 = _asked(file)
    head = [
        [cell or "" for cell in row] for row in rows.head(max(HEADER_LOOKED_FOR, form.header_row or 1)).rows()
    ]
    at = header_at(file, head, form)
    below = rows.slice(at + 1).with_row_index(ROW, at + 2).with_columns(pl.col(ROW).cast(pl.Int64))

    def cells(places: Sequence[int], needed: int) -> Cells:  # noqa: ARG001 - a sheet's rows are all as long
        names = [str(place) for place in places]
        broken = [
            pl.coalesce(_words_in(errors, place), blanks_to_null(pl.col(name))).alias(name)
            for place, name in zip(places, names, strict=True)
        ]
        taken = below.select(ROW, *broken)
        # A row of which nothing else is filled in is one that waits for somebody.
        filled = pl.any_horizontal(pl.col(names).is_not_null())
        taken = taken.with_columns(
            pl.when(filled & _in_rows(unsaved, place) & pl.col(name).is_null())
            .then(pl.lit(NOT_SAVED))
            .otherwise(name)
            .alias(name)
            for place, name in zip(places, names, strict=True)
        )
        return Cells(taken, taken.clear().with_columns(pl.lit(0, pl.Int64).alias(FIELDS)))

    return Sheet(file, head[at], at + 1, head, cells, from_1904=from_1904)


def _words_in(errors: Sequence[tuple[int, int, str]], place: int) -> pl.Expr:
    """What Excel shows for the formulas at a place that came to no value; null elsewhere."""
    words = {row + 1: word for row, column, word in errors if column == place}
    return pl.col(ROW).replace_strict(words, default=None, return_dtype=pl.String)


def _in_rows(cells: Sequence[tuple[int, int]], place: int) -> pl.Expr:
    """Whether a row has one of these cells, rows and columns from 0, at a place."""
    return pl.col(ROW).is_in([row + 1 for row, column in cells if column == place])


def _asked(file: InputFile) -> tuple[list[tuple[int, int]], bool]:
    """Formulas without a value (`formulas.without_value`), and whether days count from 1904.

    Raises `InputRefusedError` for a damaged file.
    """
    try:
        from_1904 = formulas.counts_from_1904(_part(file, formulas.CONTENTS))
        return formulas.without_value(file.path, file.sheet), from_1904
    except packing.BadPackingError as error:
        raise _no_workbook(file) from error


def _read(file: InputFile) -> tuple[pl.DataFrame, list[tuple[int, int, str]]]:
    """All cells of a sheet, and row, column (both from 0) and word of formulas that came to no value."""
    try:
        _weigh(file)
        _check(file.path, file.stamp or stamp(file.path))
    except packing.BadPackingError as error:
        raise _no_workbook(file) from error
    words = (str(file.path),) if file.sheet is None else (str(file.path), file.sheet)
    command = own_process.command("jifen_batch.inputs.safety.workbook_child", *words)
    try:
        # The child reads one file and writes to a pipe; its words on stderr may quote cells.
        done = subprocess.run(command, capture_output=True, timeout=SHEET_SECONDS_MAX, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise file.refuse(
            Sentence(f"takes more than {SHEET_SECONDS_MAX} s to read", f"读取超过 {SHEET_SECONDS_MAX} 秒"),
            AS_PARQUET,
        ) from error
    if done.returncode == Said.NO_SUCH_SHEET:
        raise file.refuse(
            Sentence("has no sheet of the name that the mapping gives", "没有对照表所写名称的工作表"),
            Sentence("correct [file] sheets there", "请改正对照表中 [file] 的 sheets"),
        )
    if done.returncode == Said.TOO_WIDE:
        raise file.refuse(
            Sentence(f"has more than {COLUMNS_MAX} columns", f"超过 {COLUMNS_MAX} 列"), ONLY_NEEDED
        )
    if done.returncode == -signal.SIGKILL:
        raise file.refuse(room.READER_KILLED, room.ROOM_FOR_READER)
    if done.returncode != Said.READ:
        raise _no_workbook(file)
    with pa.ipc.open_stream(done.stdout) as stream:
        arrow = stream.read_all()
    rows = pl.from_arrow(arrow)
    assert isinstance(rows, pl.DataFrame)  # noqa: S101 - a table gives a frame
    errors = json.loads((arrow.schema.metadata or {}).get(ERRORS, b"[]"))
    return rows, [(row, column, word) for row, column, word in errors]


@lru_cache
def _check(path: Path, at: tuple[int, int]) -> None:  # noqa: ARG001 - of a file that is another by now
    """Hold a workbook as it is against its checksums: once, however many of its sheets are read.

    Raises `BadPackingError`, `OSError`.
    """
    packing.check(path)


def _weigh(file: InputFile) -> None:
    """Hold what a workbook claims to unpack to against the limits: before anything else is said of it."""
    limits.FileClaims().add(file, rows=0, unpacked=packing.unpacked_bytes(file.path))


def _no_workbook(file: InputFile) -> InputRefusedError:
    return file.refuse(
        Sentence(
            "cannot be read as XLSX: it is damaged, locked, of another format, or has cells far apart",
            "无法按 XLSX 读取：文件损坏、被锁定、是别的格式，或单元格相距太远",
        ),
        Sentence("copy the table into a new workbook, and save that", "请把表格复制到新的工作簿后保存"),
    )
