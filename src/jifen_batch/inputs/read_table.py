"""A table out of its files, whatever form each of them has (specification 2).

Every file is asked what columns it has, and a wrong one is named before anything of it is read. Only the
columns that the specification knows are read, and brought to one form.
"""

# ruff: noqa: PLC0415 - what reads sheets takes long to load, and most nights read none

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import headers, spoilt_ids, stand_ins
from jifen_batch.inputs.column_types import as_read, can_be_read, found_name, wanted_name
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.files import IPC, InputFile, check_unchanged
from jifen_batch.inputs.formats import arrow_rows
from jifen_batch.inputs.formats.sheet import ROW
from jifen_batch.inputs.normal_form import UnreadableCellsError, normalised
from jifen_batch.inputs.phrases import IN_THAT_TYPE, another_type, in_column
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.inputs.safety.limits import FileClaims
from jifen_batch.inputs.text_forms import form_of, parsed
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.sheet_rows import SheetLayout
    from jifen_batch.inputs.stand_ins import Lack
    from jifen_batch.tables import Table


@dataclass(frozen=True)
class Layout:
    """What a typed file says of itself: `types` of the table's columns that it has, and its rows.

    `in_path` are columns that the folders on its way carry, whether it has them or not, `others` its columns
    that are none of the table's. `rows` is null where only reading tells.
    """

    file: InputFile
    types: dict[str, pa.DataType]
    in_path: dict[str, str | None]
    others: tuple[str, ...]
    rows: int | None

    @property
    def columns(self) -> list[str]:
        """The table's columns that the file has, in its own order."""
        return list(self.types)

    def texts_of(self, names: Sequence[str]) -> list[str]:
        """Those of the columns that the file has, with something in them."""
        return [name for name in names if name in self.types and not pa.types.is_null(self.types[name])]


@dataclass(frozen=True)
class TableRows:
    """The rows of all files of an input, in order, and where each of them stands.

    `rows` are in the table's columns. Of each file `numbers` are its rows' numbers as whoever opens the
    file counts them: in a sheet the sheet's own, else from 1; `lacks` are the columns that files have not
    (`lacks_of`).
    """

    rows: pl.DataFrame
    files: list[InputFile]
    numbers: list[pl.Series]
    lacks: list[Lack]

    def refuse(self, wrong: pl.Series, column: str, problem: Sentence, remedy: Sentence) -> None:
        """Raise `InputRefusedError` if any row is marked, for all files that have one; null is not."""
        faults = Faults()
        self.tell(faults, wrong, column, problem, remedy)
        faults.refuse()

    def tell(
        self, faults: Faults, wrong: pl.Series, column: str, problem: Sentence, remedy: Sentence
    ) -> None:
        """Add a complaint for each file that has rows which are marked; null is not."""
        begin = 0
        for file, numbers in zip(self.files, self.numbers, strict=True):
            of_file = wrong.slice(begin, numbers.len())
            begin += numbers.len()
            if of_file.any():
                faults.add(file.refuse(in_column(column, numbers.filter(of_file), problem), remedy))


def read_table(files: Sequence[InputFile], table: Table, coded: Sequence[str] = ()) -> TableRows:
    """The rows of all files in order.

    One row per row of a file, in the table's columns and order. Whole numbers are Int64, so that one out
    of range can still be told; `coded` texts, which repeat, are Categorical; other types are the table's.
    "" is null, and so is a column that a file lacks, unless a Hive folder on its way carries it. Raises
    `InputRefusedError` with all faults: a file, its column, what was found, what is wanted; also for a
    file that was changed while it was read.
    """
    wanted = pl.Schema(as_read(table) | dict.fromkeys(coded, pl.Categorical()))
    faults = Faults()
    parts: list[tuple[pl.DataFrame, pl.Series]] = []
    lacks: list[Lack] = []
    for layout in list(layouts(files, table)):
        with faults.kept():
            parts.append(_read_whole(layout, wanted))
            lacks += lacks_of(layout, table)
    faults.refuse()
    check_unchanged(files)
    rows = pl.concat([frame for frame, _ in parts]) if parts else pl.DataFrame(schema=wanted)
    return TableRows(rows, [*files], [numbers for _, numbers in parts], lacks)


def layouts(files: Sequence[InputFile], table: Table) -> Iterator[Layout | SheetLayout]:
    """What each file says of itself, if its columns read as the table's; asked one after the other.

    Raises `InputRefusedError` with the faults of all files; after the first there are no more layouts.
    """
    wanted, claims, faults = as_read(table), FileClaims(), Faults()
    for file in files:
        layout: Layout | SheetLayout | None = None
        with faults.kept(), reading_now.on([file]):
            layout = _sheet(file, table) if file.is_text else _layout(file, table, wanted, claims)
        if layout and not faults:
            yield layout
    faults.refuse()


def lacks_of(layout: Layout | SheetLayout, table: Table) -> Iterator[Lack]:
    """Columns that neither a file nor its path has nor its mapping gives: the column, the file, a stand-in.

    That is the file's header that may stand for it, null where none does.
    """
    if isinstance(layout, Layout):
        has, others = {*layout.types, *layout.in_path}, layout.others
    else:
        has = {*layout.found, *layout.file.hive, *layout.mapping.constants, *layout.mapping.file.key}
        read = {*layout.headers.values(), *layout.others}
        others = tuple(
            name for at, name in enumerate(layout.sheet.names) if name not in read and at not in layout.wide
        )
    absent = tuple(name for name in table.names if name not in has)
    may_stand = stand_ins.find(others, absent)
    yield from ((name, layout.file.place, may_stand.get(name)) for name in absent)


def _sheet(file: InputFile, table: Table) -> SheetLayout:
    """A sheet's layout."""
    from jifen_batch.inputs.sheet_rows import layout_of

    return layout_of(file, table)


def _layout(file: InputFile, table: Table, wanted: pl.Schema, claims: FileClaims) -> Layout:
    """A file's layout, if its columns can be read as the table's, and what it claims can be true."""
    described = survey.describe(file)
    names = described.names
    faults = Faults()
    near = headers.nearly(file, names, table)
    for fault in headers.faults(file, names, table):
        faults.add(fault)
    types = {name: kind for name, kind in zip(names, described.types, strict=True) if name in wanted}
    in_path = {name: text for name, text in file.hive.items() if name in wanted}
    here = {*types, *in_path, *near}
    if absent := {name: wanted[name] for name in table.required if name not in here}:
        faults.add(headers.missing(file, names, absent))
    for name, kind in types.items():
        if not can_be_read(kind, wanted[name]):
            faults.add(
                file.refuse(another_type(name, found_name(kind), wanted_name(wanted[name])), IN_THAT_TYPE)
            )
    faults.refuse()
    survey.weigh(file, described, types, claims)
    others = tuple(name for name in names if name not in wanted)
    return Layout(file, types, in_path, others, described.rows)


def _read_whole(layout: Layout | SheetLayout, wanted: pl.Schema) -> tuple[pl.DataFrame, pl.Series]:
    """Rows of one file in the wanted columns and types, and the number of each."""
    if not isinstance(layout, Layout):
        from jifen_batch.inputs.sheet_cells import read_cells

        cells = read_cells(layout, wanted)
        cells.faults().refuse()
        rows = with_path_columns(cells.rows.drop(ROW), layout.file, wanted, layout.found)
        return rows, cells.rows[ROW]
    with reading_now.on([layout.file], layout.columns):
        raw = _raw(layout, [name for name, kind in wanted.items() if kind == pl.Categorical])
        try:
            rows = in_form(raw, layout, wanted)
        except UnreadableCellsError as cells_:
            raise misread(cells_, layout.file, cells_.row + 1) from cells_
    spoilt_ids.refuse(layout.file, rows)
    return rows, pl.int_range(1, rows.height + 1, eager=True)


def _raw(layout: Layout, coded: Sequence[str]) -> pl.DataFrame:
    """Rows of one file as they are, only the table's columns; of a CSV file as text."""
    if layout.file.format == IPC:
        return framed(arrow_rows.ipc_rows(layout.file, layout.columns))
    batches = list(arrow_rows.parquet_rows(layout.file, layout.columns, layout.texts_of(coded)))
    return (
        framed(pa.concat_tables(batches).unify_dictionaries())
        if batches
        else pl.DataFrame(schema=dict.fromkeys(layout.columns, pl.Null))
    )


def framed(rows: pa.Table) -> pl.DataFrame:
    """Rows of a file in memory; those of a file without columns are counted all the same."""
    if not rows.num_columns:
        return pl.DataFrame(height=rows.num_rows)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame


def in_form(raw: pl.DataFrame, layout: Layout, wanted: pl.Schema) -> pl.DataFrame:
    """Rows of a file as they are, brought to the wanted columns and types. Raises `UnreadableCellsError`."""
    return with_path_columns(normalised(raw, wanted), layout.file, wanted, layout.types)


def with_path_columns(
    rows: pl.DataFrame, file: InputFile, wanted: pl.Schema, own: Container[str] = ()
) -> pl.DataFrame:
    """Rows with the columns that the folders on the file's way carry.

    Raises `InputRefusedError` for a folder's value that cannot be read, or that a column which is the
    file's `own` contradicts.
    """
    for name, text in file.hive.items():
        if name not in wanted:
            continue
        given = pl.Series(name, [text], dtype=pl.String)
        read = parsed(given, wanted[name])
        if text is not None and read[0] is None:
            form = form_of(wanted[name])
            raise file.refuse(
                Sentence(
                    f"column {name} in its path {form.problem.en}", f"路径中的 {name} {form.problem.zh}"
                ),
                Sentence(f"rename the folder: {form.remedy.en}", f"请给文件夹改名：{form.remedy.zh}"),
            )
        carried = read.cast(wanted[name]).new_from_index(0, rows.height)
        if name not in own:
            rows = rows.with_columns(carried)
            continue
        differing = (rows[name].cast(read.dtype).ne_missing(read.new_from_index(0, rows.height))).arg_true()
        if differing.len():
            raise file.refuse(
                Sentence(
                    f"column {name}, row {differing[0] + 1}: is not what the folder {name}=… on its way "
                    f"says ({differing.len()} such)",
                    f"{name} 列第 {differing[0] + 1} 行：与所在文件夹 {name}=… 不符"
                    f"（共 {differing.len()} 处）",
                ),
                Sentence(
                    "put the file into the right folder, or take the wrong one of the two away",
                    "请把文件放进正确的文件夹，或去掉两者中错的一个",
                ),
            )
    return rows


def misread(cells: UnreadableCellsError, file: InputFile, row: int) -> InputRefusedError:
    """The complaint about cells, the first of which stands in this row of the file, counted from 1."""
    return file.refuse(
        Sentence(
            f"column {cells.column}, row {row}: is {cells.found.en}, wanted is {cells.wanted.en} "
            f"({cells.count} such)",
            f"{cells.column} 列第 {row} 行：是{cells.found.zh}，应为{cells.wanted.zh}（共 {cells.count} 处）",
        ),
        Sentence("write the column in that form", "请按这一写法重新导出该列"),
    )
