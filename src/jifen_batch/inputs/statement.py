"""Another system's figures, out of whatever it could export (specification 5, `reconcile`).

Headers and words are read as the mapping file says. A cell that does not fit refuses the whole
statement: half a statement would only show breaks that are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import mapped_table
from jifen_batch.inputs.files import PARQUET, InputFile, find_files
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.inputs.wording import READINGS
from jifen_batch.tables.reconciled import GRAIN
from jifen_batch.tables.statement import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping as Words

    from jifen_batch.inputs.mapped_table import Foreign
    from jifen_batch.inputs.mapping import Mapping

ROLE = STATEMENT.name
ROWS_MAX = 50_000_000
WORDS_MAX = 10_000
POINTS_MAX = 10**15
# Sums of anything shown here, ours and theirs, stay below 2^63.
ALL_POINTS_MAX = 10**18
WHOLE_FORM = r"^[+-]?[0-9]+(\.0+)?$"
THOUSANDS_FORM = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.0+)?$"
DIGITS_MAX = 18


@dataclass(frozen=True)
class Known:
    """What our books know: categories and item codes; a statement may name no other."""

    categories: frozenset[str]
    items: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """What the other system says: `rows` in the columns of `STATEMENT` that it has; from how many files."""

    rows: pl.DataFrame
    files: int

    @property
    def keys(self) -> list[str]:
        """What a row is about: household, scoring year, and of category, item and quarter those it has."""
        return ["household_id", "scoring_year", *(name for name in GRAIN if name in self.rows.columns)]


def read(location: str, mapping: Mapping, known: Known) -> Statement:
    """A statement of one file, or of a folder or glob of them.

    Rows stay as many as they are: a key twice is for matching to tell. No cell is null. Raises
    `InputRefusedError` with the file, the column and the row of the first cell that does not fit.
    """
    files = _files(location)
    _check_rows(files)
    parts = [_read(file, mapping, known) for file in files]
    for file, part in zip(files, parts, strict=True):
        if part.columns != parts[0].columns:
            raise file.refuse(
                f"has other columns than {files[0].name}", "let all files of a statement have the same"
            )
    rows = pl.concat(parts)
    if rows.height == 0:
        raise InputRefusedError(f"{ROLE}: {location}: has no row; check the file, its sheet and header_row")
    together = rows["points"].abs().cast(pl.Int128).sum()
    if together > ALL_POINTS_MAX:
        raise InputRefusedError(f"{ROLE}: {location}: its points together exceed 10^18; check the column")
    return Statement(rows, len(files))


def _files(location: str) -> list[InputFile]:
    """The files of a statement; a workbook is a file by itself."""
    path = Path(location)
    suffix = path.suffix.lower()
    if suffix not in {".xlsx", ".xls", ".xlsm", ".et", ".ods"} or not path.is_file():
        return find_files(location, ROLE)
    file = InputFile(ROLE, path, path.name, (path.stat().st_size, path.stat().st_mtime_ns))
    if suffix != ".xlsx":
        raise file.refuse(f"is a workbook of the form {suffix}", "save it as .xlsx or CSV UTF-8")
    return [file]


def _check_rows(files: list[InputFile]) -> None:
    """Refuse more rows than anybody keeps accounts for, before they are read."""
    rows = 0
    for file in files:
        if file.path.suffix.lower() == ".xlsx" or file.format != PARQUET:
            continue
        with reading_now.on([file]):
            rows += survey.describe(file).rows or 0
        if rows > ROWS_MAX:
            raise file.refuse(f"the statement has more than {ROWS_MAX:,} rows", "send it in several parts")


def _read(file: InputFile, mapping: Mapping, known: Known) -> pl.DataFrame:
    """One file's rows as ours."""
    given = mapped_table.read(file, mapping, STATEMENT)
    columns = [name for name in STATEMENT.names if name in given.rows.columns]
    for name in columns:
        empty = given.rows[name].is_null()
        if empty.any():
            raise given.refuse(
                name,
                empty,
                "is empty",
                "fill it in (of merged cells each; or name it in fill_down under [file] of --mapping), "
                "or leave lines of totals out by skip_rows_where",
            )
    columns_read = {
        "household_id": lambda: _translated(
            given.rows["household_id"], mapping.words.get("household_id", {})
        ),
        "scoring_year": lambda: _worded(given, "scoring_year", mapping, None).cast(pl.Int32),
        "points": lambda: _points(given, mapping),
        "category": lambda: _worded(given, "category", mapping, known.categories),
        "item": lambda: _worded(given, "item", mapping, known.items),
        "quarter": lambda: _worded(given, "quarter", mapping, None),
    }
    return pl.DataFrame([columns_read[name]().alias(name) for name in columns])


def _translated(cells: pl.Series, words: Words[str, str]) -> pl.Series:
    """Cells with their words replaced by ours; others as they are."""
    if not words:
        return cells
    theirs = pl.select(mapped_table.words(pl.lit(cells))).to_series()
    ours = theirs.replace_strict(words, default=None, return_dtype=pl.String)
    return ours.zip_with(ours.is_not_null(), cells)


def _worded(given: Foreign, column: str, mapping: Mapping, known: frozenset[str] | None) -> pl.Series:
    """A column of few different words, each as ours: by the mapping, as one of those known, or as read."""
    cells = given.rows[column].cast(pl.String)
    different = cells.unique()
    if different.len() > WORDS_MAX:
        raise given.file.refuse(
            f"column {given.headers.get(column, column)} has more than {WORDS_MAX:,} different values",
            "check that it is the right column",
        )
    ours = _translated(different, mapping.words.get(column, {}))
    if known is None:
        reading = READINGS[column]
        meant = [reading.read(word) for word in ours]
        problem, remedy = (
            f"is no {column}",
            f"write it as {'2023' if column == 'scoring_year' else '2023Q3'}, ",
        )
    else:
        meant = [word if word in known else None for word in ours]
        problem, remedy = f"names no {column} of our books", ""
    read = cells.replace_strict(different, pl.Series(meant, dtype=pl.String), return_dtype=pl.String)
    if read.has_nulls():
        raise given.refuse(
            column,
            read.is_null(),
            f"{problem}, {meant.count(None)} different in all",
            f"{remedy}add what it means under [values.{column}] of --mapping",
        )
    return read


def _points(given: Foreign, mapping: Mapping) -> pl.Series:
    """Points as whole numbers within bounds."""
    cells = given.rows["points"]
    if cells.dtype == pl.String:
        cells = _whole(given, _translated(cells, mapping.words.get("points", {})), mapping)
    beyond = ~cells.is_between(-POINTS_MAX, POINTS_MAX)
    if beyond.any():
        raise given.refuse("points", beyond, "is beyond 10^15 either way", "check the number")
    return cells


def _whole(given: Foreign, cells: pl.Series, mapping: Mapping) -> pl.Series:
    """Whole numbers of text cells, a leading sign and `.0` at the end allowed; too long ones as too large."""
    texts = cells.str.strip_chars()
    if mapping.file.thousands_commas:
        parted = texts.str.contains(THOUSANDS_FORM)
        texts = texts.str.replace_all(",", "", literal=True).zip_with(parted, texts)
    wrong = ~texts.str.contains(WHOLE_FORM)
    if wrong.any():
        commas = (
            "" if mapping.file.thousands_commas else ", or set thousands_commas under [file] of --mapping"
        )
        raise given.refuse("points", wrong, "is no whole number", f"write it as 1234{commas}")
    digits = texts.str.strip_prefix("+").str.replace(r"\.0+$", "")
    return digits.cast(pl.Int64, strict=False).fill_null(POINTS_MAX + 1)
