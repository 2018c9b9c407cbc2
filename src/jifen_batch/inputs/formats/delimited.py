"""Delimited text, as Excel, WPS and databases write it: one reader for every input.

Encoding and delimiter follow from the bytes and from the header, or from the mapping; what a cell means
is not looked at. A row that does not fit its header is told apart, never filled up.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.formats.sheet import (
    FIELDS,
    HEADER_LOOKED_FOR,
    ROW,
    Cells,
    Sheet,
    blanks_to_null,
    header_at,
)
from jifen_batch.inputs.formats.text_bytes import utf8_of
from jifen_batch.inputs.phrases import SEND_WHOLE
from jifen_batch.inputs.safety import limits
from jifen_batch.inputs.words import plain
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.mapping import FileForm

DELIMITERS = (",", ";", "\t")
LINE_ENDS = (b"\n", b"\r")
QUOTE = b'"'
BLOCK_BYTES = 1 << 24


def open_sheet(file: InputFile, form: FileForm) -> Sheet:
    """A text file's header, and its rows when they are asked for.

    Raises `InputRefusedError`: no text, no such header, wider than any of ours.
    """
    limits.check_csv(file)
    content = utf8_of(file, file.path.read_bytes(), form.encoding)
    text = _Text(file, content)
    wanted = plain(form.header_with) if form.header_with else None
    delimiter = form.delimiter or text.delimiter(form.header_row or 1, wanted)
    head = list(text.records(delimiter, max(HEADER_LOOKED_FOR, form.header_row or 1)))
    at = header_at(file, [fields for fields, _ in head], form)
    names, begins = head[at]
    limits.check_columns(file, len(names))
    body = _Body(file, content, begins, delimiter, names, at + 1)
    return Sheet(file, names, at + 1, [fields for fields, _ in head], body.cells)


@dataclass(frozen=True)
class _Text:
    """A file's text, and its first records."""

    file: InputFile
    content: bytes

    def records(self, delimiter: str, count: int) -> Iterator[tuple[list[str], int]]:
        """The first records, and for each the byte at which what follows begins."""
        stream = io.BytesIO(self.content)
        try:
            for fields in csv.reader(self._lines(stream), delimiter=delimiter):
                yield fields, stream.tell()
                count -= 1
                if not count:
                    return
        except csv.Error as error:
            raise _not_closed(self.file) from error

    def delimiter(self, header_row: int, wanted: str | None) -> str:
        """The sign that cuts the header into most cells; a comma where none does."""

        def cells(sign: str) -> int:
            count = HEADER_LOOKED_FOR if wanted is not None else header_row
            heads = [fields for fields, _ in self.records(sign, count)]
            if wanted is not None:
                return max((len(fields) for fields in heads if wanted in map(plain, fields)), default=0)
            return len(heads[-1]) if len(heads) == header_row else 0

        return max(DELIMITERS, key=cells)

    def _lines(self, stream: io.BytesIO) -> Iterator[str]:
        """Lines as text, none beyond what is taken for a header."""
        while line := stream.readline(limits.METADATA_BYTES_MAX + 1):
            limits.check_metadata(self.file, len(line))
            yield line.decode()


@dataclass(frozen=True)
class _Body:
    """What stands below a header: `content` from byte `begins` on."""

    file: InputFile
    content: bytes
    begins: int
    delimiter: str
    names: list[str]
    header_row: int

    def cells(self, places: Sequence[int], needed: int) -> Cells:
        """The cells at some places; see `Sheet`."""
        rows = _Rows(self, [*places], needed)
        if self.begins < len(self.content):
            self._check_quotes()
            rows.read()
        return rows.cells()

    def _check_quotes(self) -> None:
        """Refuse a quotation mark that opens a cell and is never closed: it would swallow all below."""
        if np.count_nonzero(np.frombuffer(self.content, np.uint8, offset=self.begins) == QUOTE[0]) % 2 == 0:
            return
        stream = io.StringIO(self.content[self.begins :].decode(), newline="")
        row = self.header_row
        try:
            for _ in csv.reader(stream, delimiter=self.delimiter, strict=True):
                row += 1
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise _not_closed(self.file, row + 1) from error

    @property
    def is_ended(self) -> bool:
        """Whether the last line has its end."""
        return self.content.endswith(LINE_ENDS)


class _Rows:
    """One pass over a body: rows of the usual number of fields at once, others one by one."""

    def __init__(self, body: _Body, places: list[int], needed: int) -> None:
        """`places` are the columns asked for; see `Sheet` for `needed`."""
        self.body, self.places, self.needed = body, places, needed
        self.width = len(body.names)
        first = len(next(csv.reader([self._first_line()], delimiter=body.delimiter), []))
        self.usual = first if needed <= first <= self.width else self.width
        self.table = pl.DataFrame(height=0)
        # Of each row that has another number of fields: its number, fields, and cells at the places.
        self.others: list[tuple[int, int, *tuple[str | None, ...]]] = []

    def _first_line(self) -> str:
        """The first line of the body."""
        content, begins = self.body.content, self.body.begins
        end = content.find(b"\n", begins)
        return content[begins : end if end >= 0 else len(content)].decode().rstrip("\r")

    def read(self) -> None:
        """Read all rows."""
        body = self.body
        every = [str(number) for number in range(self.usual)]
        asked = [str(place) for place in self.places if place < self.usual]
        source = pa.BufferReader(pa.py_buffer(memoryview(body.content)[body.begins :]))
        try:
            table = pc.read_csv(
                source,
                pc.ReadOptions(column_names=every, use_threads=False, block_size=BLOCK_BYTES),
                pc.ParseOptions(
                    delimiter=body.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=self._take,
                ),
                pc.ConvertOptions(
                    column_types=dict.fromkeys(every, pa.large_string()),
                    include_columns=asked or every[:1],
                    check_utf8=False,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            raise body.file.refuse(
                Sentence(f"has a row of more than {BLOCK_BYTES:,} bytes", f"有一行超过 {BLOCK_BYTES:,} 字节"),
                Sentence("look for a quotation mark too many in it", "请检查其中是否多了一个引号"),
            ) from error
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
        self.table = frame

    def _take(self, row: pc.InvalidRow) -> str:
        """Keep a row of another number of fields, for later."""
        fields = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=self.body.delimiter), [])
        cells = (fields[place] if place < len(fields) else None for place in self.places)
        # Blanks alone are a blank row, however many commas stand between them.
        count = len(fields) if any(map(str.strip, fields)) else self.usual
        self.others.append((row.number, count, *cells))
        return "skip"

    def cells(self) -> Cells:
        """What was read, in order, by the sheet's rows."""
        self._check_end()
        names = [str(place) for place in self.places]
        numbers = np.array([number for number, *_ in self.others], np.int64)
        usual = np.setdiff1d(np.arange(1, self.table.height + len(numbers) + 1), numbers)
        absent = [pl.lit(None, pl.String).alias(name) for name in names if name not in self.table.columns]
        table = self.table.with_columns(pl.Series(ROW, usual, dtype=pl.Int64), *absent)
        schema = {ROW: pl.Int64, FIELDS: pl.Int64, **dict.fromkeys(names, pl.String)}
        others = pl.DataFrame(self.others, schema=schema, orient="row")
        fits = pl.col(FIELDS).is_between(self.needed, self.width)
        rows = table.select(ROW, *names)
        if others.height:
            rows = pl.concat([rows, others.filter(fits).select(ROW, *names)]).sort(ROW)
        read = (
            pl.col(ROW) + self.body.header_row,
            *(blanks_to_null(pl.col(name)).alias(name) for name in names),
        )
        return Cells(rows.with_columns(read), others.filter(~fits).with_columns(read))

    def _check_end(self) -> None:
        """Refuse a file whose last line is short and has no end: the rest of it did not arrive."""
        if self.body.is_ended:
            return
        rows = self.table.height + len(self.others)
        is_other = bool(self.others) and self.others[-1][0] == rows
        # Where all rows are as short as the last one, none of them was cut.
        last = self.others[-1][1] if is_other else self.width if rows > 1 else self.usual
        if rows and last < max(n + 1 for n, name in enumerate(self.body.names) if plain(name)):
            raise self.body.file.refuse(
                Sentence(
                    f"breaks off in row {rows + self.body.header_row}: its last line is short and has no end",
                    f"在第 {rows + self.body.header_row} 行中断：最后一行不全，且没有行尾",
                ),
                SEND_WHOLE,
            )


def _not_closed(file: InputFile, row: int | None = None) -> InputRefusedError:
    where = Sentence("", "") if row is None else Sentence(f"row {row}: ", f"第 {row} 行：")
    return file.refuse(
        Sentence(
            f'{where.en}a quotation mark (") opens a cell and is never closed',
            f'{where.zh}有一个引号（"）开了头却没有结尾',
        ),
        Sentence(
            "take it out, or save the table again as CSV UTF-8", "请删去这个引号，或把表另存为 CSV UTF-8"
        ),
    )
