"""A sheet's rows in the columns of one of our inputs, still as text: what its mapping says is done here.

Their headers become our columns and their words ours; what one cell says for those below, and what the
file does not say because it is always the same, stands in every row. What texts mean is read later.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import headers
from jifen_batch.inputs.column_types import as_read, can_be_read, found_name, wanted_name
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.files import CSV, WORKBOOK
from jifen_batch.inputs.formats import delimited, typed_sheet, workbook
from jifen_batch.inputs.formats.sheet import FIELDS, ROW
from jifen_batch.inputs.headers import NO_MAPPING
from jifen_batch.inputs.mapping import AND_MORE
from jifen_batch.inputs.phrases import IN_THAT_TYPE, KEEP_ONE, another_type
from jifen_batch.inputs.safety import reading_now
from jifen_batch.inputs.text_forms import Habits, parsed
from jifen_batch.inputs.words import plain, plain_cells
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping as Words

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.formats.sheet import Sheet
    from jifen_batch.inputs.mapping import FileForm, Mapping
    from jifen_batch.tables import Table

KEY_DIGITS = 24
BETWEEN = "\x1f"


@dataclass(frozen=True)
class SheetLayout:
    """A sheet opened for a table: where each of our columns stands, by place from 0.

    `wide` are the places of columns whose headers are values, and which of ours each is; `skip` those of
    columns that say which rows to leave out, and `keyed` those that an id is made of and no column of ours.
    """

    sheet: Sheet
    table: Table
    found: dict[str, int]
    wide: dict[int, str]
    others: dict[str, int]

    @property
    def file(self) -> InputFile:
        """The file that it is of."""
        return self.sheet.file

    @property
    def mapping(self) -> Mapping:
        """How it reads."""
        return self.file.mapping or NO_MAPPING

    @property
    def headers(self) -> dict[str, str]:
        """Their header of each of our columns that has one."""
        return {column: self.sheet.names[place] for column, place in self.found.items()}


@dataclass(frozen=True)
class SheetRows:
    """The rows of a sheet that are none of those to skip, and not blank: `@row` and our columns as text.

    `misfits` are its rows with another number of fields (`Cells`).
    """

    layout: SheetLayout
    rows: pl.DataFrame
    misfits: pl.DataFrame


def open_sheet(file: InputFile) -> Sheet:
    """A file's header, and its rows when asked for. Raises `InputRefusedError`."""
    form = (file.mapping or NO_MAPPING).file
    with reading_now.on([file]):
        if file.format == WORKBOOK:
            return workbook.open_sheet(file, form)
        return delimited.open_sheet(file, form) if file.format == CSV else typed_sheet.open_sheet(file)


def layout_of(file: InputFile, table: Table, values: Words[str, frozenset[str]] | None = None) -> SheetLayout:
    """Where the columns of a table stand in a file.

    `values` are the words that a column may hold, where they are known: a wide table's headers are held
    against them. Raises `InputRefusedError` with all faults of the header.
    """
    sheet = open_sheet(file)
    mapping, names = file.mapping or NO_MAPPING, [headers.compared(file, name) for name in sheet.names]
    faults = Faults()
    for fault in headers.faults(file, sheet.names, table):
        faults.add(fault)
    found: dict[str, int] = {}
    wide = _wide(mapping, names, values or {})
    near = headers.nearly(file, sheet.names, table)
    given = {*near, *mapping.constants, *mapping.file.key, *_unpivoted(mapping.file, table)}
    absent: dict[str, pl.DataType] = {}
    for column in table.names:
        with faults.kept():
            place = _place(file, names, column, mapping)
            if place is not None:
                found[column] = place
                _check_type(sheet, column, place, as_read(table)[column])
            elif column not in {*given, *file.hive} and (
                column in table.required or column in mapping.headers
            ):
                absent[column] = as_read(table)[column]
    if absent:
        faults.add(headers.missing(file, sheet.names, absent))
    if faults and absent and (title := headers.no_header(sheet, table)):
        raise title
    if mapping.file.wide and not wide:
        faults.add(headers.not_wide(file, mapping.file.wide.columns))
    others, unknown = _others(mapping, names, table)
    # What is missing as a column is told once.
    told = {header for column in absent for header in mapping.headers.get(column, [])}
    for header in sorted(unknown.keys() - told):
        faults.add(headers.no_such_header(file, header, unknown[header]))
    faults.refuse()
    return SheetLayout(sheet, table, found, wide, others)


def _others(mapping: Mapping, names: list[str], table: Table) -> tuple[dict[str, int], dict[str, str]]:
    """Where the headers stand that only the mapping names, and those that are nowhere with the key's name."""
    named = _named_beside(mapping, table)
    there = {header: names.index(header) for header in named if header in names}
    return there, {header: said for header, said in named.items() if header not in names}


def _place(file: InputFile, names: list[str], column: str, mapping: Mapping) -> int | None:
    """Where one of our columns stands; null where it does not."""
    wanted = [header for header in mapping.headers.get(column, [column]) if header in names]
    if column in mapping.constants:
        if column in names:
            raise file.refuse(
                Sentence(
                    f"has a column {column}, and the mapping has a constant for it",
                    f"已有 {column} 列，对照表又给它写了固定值",
                ),
                Sentence(
                    "take it out of [constants] of --mapping, or the column out of the file",
                    "请从 --mapping 的 [constants] 中删去它，或从文件中删去这一列",
                ),
            )
        return None
    if column in mapping.file.key:
        return None
    if len(wanted) > 1:
        raise file.refuse(
            Sentence(
                f"has several headers for {column}: {', '.join(wanted)}",
                f"{column} 有几个表头：{'、'.join(wanted)}",
            ),
            KEEP_ONE,
        )
    return names.index(wanted[0]) if wanted else None


def _check_type(sheet: Sheet, column: str, place: int, wanted: pl.DataType) -> None:
    """Refuse a typed file's column where text is wanted and no text is."""
    if wanted == pl.String and sheet.types and not can_be_read(sheet.types[place], wanted):
        found = found_name(sheet.types[place])
        raise sheet.file.refuse(another_type(column, found, wanted_name(wanted)), IN_THAT_TYPE)


def _unpivoted(form: FileForm, table: Table) -> list[str]:
    """The columns that a wide table has in its headers and in its cells."""
    if form.wide is None:
        return []
    whole = [
        column.name for column in table if column.dtype.is_integer() and column.name != form.wide.columns
    ]
    return [form.wide.columns, form.wide.cells or whole[-1]]


def _wide(mapping: Mapping, names: list[str], values: Words[str, frozenset[str]]) -> dict[int, str]:
    """The places of a wide table's value columns, and which value of ours each is."""
    if mapping.file.wide is None:
        return {}
    column = mapping.file.wide.columns
    words, known = mapping.words.get(column, {}), values.get(column, frozenset())
    return {
        place: words.get(name, name)
        for place, name in enumerate(names)
        if name and (name in words or name in known)
    }


def _named_beside(mapping: Mapping, table: Table) -> dict[str, str]:
    """The headers that are no column of ours and asked for all the same, and which key names each."""
    ours = {*table.names, *mapping.headers}
    named = dict.fromkeys(mapping.skip, "skip_rows_where")
    named |= {
        plain(header): "key"
        for headers_ in mapping.file.key.values()
        for header in headers_
        if header not in ours
    }
    return named


def rows_of(layout: SheetLayout) -> SheetRows:
    """The rows of a sheet in our columns. Raises `InputRefusedError`."""
    places = sorted({*layout.found.values(), *layout.wide, *layout.others.values()})
    needed = max([*layout.found.values(), *layout.wide], default=-1) + 1
    with reading_now.on([layout.file]):
        cells = layout.sheet.read(places, needed)
    rows, misfits = (_without_skipped(layout, one) for one in (cells.rows, cells.misfits))
    ours = {str(place) for place in (*layout.found.values(), *layout.wide)}
    rows = (
        rows.filter(~pl.all_horizontal(pl.col(place).is_null() for place in sorted(ours))) if ours else rows
    )
    rows = rows.rename({str(place): _beside(header) for header, place in layout.others.items()})
    # A header may be one of ours and asked for beside, too.
    own = [pl.col(_name_at(layout, place)).alias(column) for column, place in layout.found.items()]
    kept = [pl.col(_beside(header)) for header in layout.others]
    rows = rows.select(ROW, *own, *kept, *(pl.col(str(place)) for place in layout.wide))
    rows = _filled(rows, layout)
    return SheetRows(layout, rows, misfits.select(ROW, FIELDS))


def _beside(header: str) -> str:
    """The name of a column that is none of ours."""
    return f"@{header}"


def _name_at(layout: SheetLayout, place: int) -> str:
    """What the column at a place is called among the rows."""
    beside = next((header for header, other in layout.others.items() if other == place), None)
    return str(place) if beside is None else _beside(beside)


def _filled(rows: pl.DataFrame, layout: SheetLayout) -> pl.DataFrame:
    """Rows with what the mapping adds: cells from above, constants, values of headers, words, ids."""
    mapping = layout.mapping
    down = [column for column in mapping.file.fill_down if column in layout.found]
    rows = rows.with_columns(
        pl.col(down).forward_fill(),
        *(pl.lit(value).alias(column) for column, value in mapping.constants.items()),
    )
    if layout.wide:
        rows = _long(rows, layout)
    words = {column: said for column, said in mapping.words.items() if column in rows.columns}
    keyed = _keys(rows, layout) if mapping.file.key else []
    rows = rows.with_columns(translated(rows[column], said) for column, said in words.items())
    rows = rows.with_columns(keyed)
    return rows.select(ROW, *(name for name in layout.table.names if name in rows.columns))


def _without_skipped(layout: SheetLayout, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows but those that the mapping leaves out, such as totals."""
    skipped = []
    for header, said in layout.mapping.skip.items():
        cells = plain_cells(pl.col(str(layout.others[header])))
        whole = [word for word in said if not word.endswith(AND_MORE)]
        begun = [word.removesuffix(AND_MORE) for word in said if word.endswith(AND_MORE)]
        skipped += [cells.is_in(whole), *(cells.str.starts_with(word) for word in begun)]
    return rows.filter(~pl.any_horizontal(skipped).fill_null(value=False)) if skipped else rows


def _long(rows: pl.DataFrame, layout: SheetLayout) -> pl.DataFrame:
    """A wide table's rows, one for each cell that is not blank, in the order of rows, then columns."""
    column, cell = _unpivoted(layout.mapping.file, layout.table)
    parts = [
        rows.drop(*(str(other) for other in layout.wide)).with_columns(
            rows[str(place)].alias(cell), pl.lit(value).alias(column), pl.lit(place).alias("@place")
        )
        for place, value in layout.wide.items()
    ]
    return pl.concat(parts).filter(pl.col(cell).is_not_null()).sort(ROW, "@place").drop("@place")


def translated(cells: pl.Series, words: Words[str, str]) -> pl.Series:
    """Cells with their words replaced by ours; others as they are."""
    theirs = pl.select(plain_cells(pl.lit(cells))).to_series()
    ours = theirs.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
    return ours.zip_with(ours.is_not_null(), cells).alias(cells.name)


def _keys(rows: pl.DataFrame, layout: SheetLayout) -> list[pl.Series]:
    """Ids made of the texts of some columns: the same for the same texts, and telling nothing of them.

    A day counts as the day that it is, however it is written, and a word as it is compared.
    """
    table, mapping = as_read(layout.table), layout.mapping
    keys = []
    for column, named in mapping.file.key.items():
        parts = [
            _key_part(rows, _column_named(name, rows, mapping), table, from_1904=layout.sheet.from_1904)
            for name in named
        ]
        texts = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=BETWEEN, ignore_nulls=False))
        hashed = [hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS] for text in texts.to_series()]
        keys.append(pl.Series(column, hashed, dtype=pl.String))
    return keys


def _column_named(name: str, rows: pl.DataFrame, mapping: Mapping) -> str:
    """The column of the rows that the mapping names, by our name or by their header."""
    if name in rows.columns:
        return name
    ours = (column for column, theirs in mapping.headers.items() if plain(name) in theirs)
    return next((column for column in ours if column in rows.columns), _beside(plain(name)))


def _key_part(rows: pl.DataFrame, column: str, table: pl.Schema, *, from_1904: bool) -> pl.Series:
    """One column's share in an id; a blank cell's is empty."""
    cells = rows[column].alias(f"{column}")
    text = pl.select(plain_cells(pl.lit(cells)).fill_null("")).to_series()
    kind = table.get(column)
    if kind is None or kind == pl.String:
        return text.alias(column)
    return parsed(cells, kind, Habits(from_1904=from_1904)).cast(pl.String).fill_null(text).alias(column)


# What people write behind a number unasked.
OWN_UNITS = {"points": ["分"]}


def habits_of(layout: SheetLayout, column: str) -> Habits:
    """How whoever filled in the sheet writes a column."""
    units, form = layout.mapping.units.get(column, OWN_UNITS.get(column, [])), layout.mapping.file
    return Habits(units, form.thousands_commas, form.cut_times, layout.sheet.from_1904)
