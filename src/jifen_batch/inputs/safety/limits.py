"""How much an input may claim to hold, and what is said of one that claims more (the bombs).

A few kilobytes can stand for fifty gigabytes of text or for thirty million rows, so a file's size bounds
nothing. What is checked here is what its own headers say, before anything is unpacked; all limits are far
beyond the feed of a city for a year (2.6 million households, 100 million events).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile

FILES_MAX = 100_000
ROWS_MAX = 2_000_000_000
COLUMNS_MAX = 10_000
NESTING_MAX = 16
ROW_GROUPS_MAX = 50_000
# Of a file's description of itself: the footer of Parquet and IPC, the header of CSV.
METADATA_BYTES_MAX = 1 << 24
CSV_BYTES_MAX = 1 << 30
STRING_BYTES_MAX = 4_096
PAGE_BYTES_MAX = 1 << 28
PAGES_MAX = 1_000_000
# An honest event takes several bytes, and honest pages shrink to a tenth. Below the second figures nobody
# asks; both hold for all files of an input together, for a bomb may come in many small ones.
ROWS_PER_BYTE_MAX, ROWS_UNQUESTIONED = 4, 1_000_000
UNPACKED_PER_BYTE_MAX, UNPACKED_BYTES_UNQUESTIONED = 100, 1 << 28
# Texts of a dictionary, as long as its longest for every row: what reading might make of them.
TEXT_PER_BYTE_MAX, TEXT_BYTES_UNQUESTIONED = 1_000, 1 << 30

SUSPECT = "have it checked where it was written, and written again"


class FileClaims:
    """What the files of an input say that they hold; each is refused that takes them beyond a limit."""

    def __init__(self) -> None:
        """Nothing is claimed yet."""
        self.size = self.rows = self.unpacked = self.text = 0

    def add(self, file: InputFile, *, rows: int, unpacked: int = 0, text: int = 0) -> None:
        """Take a file's claims in; `unpacked` and `text` are bytes. Raises `InputRefusedError`.

        Files come in their order, and the size of those before stands for a later one, too.
        """
        self.size += file.size
        self.rows += rows
        self.unpacked += unpacked
        self.text += text
        if self.rows > ROWS_MAX:
            raise file.refuse(f"the input has more than {ROWS_MAX:,} rows", "hand it over in parts")
        if self.rows > max(ROWS_UNQUESTIONED, ROWS_PER_BYTE_MAX * self.size):
            raise file.refuse(
                f"claims more than {ROWS_PER_BYTE_MAX} rows for each of its bytes, {rows:,} in all", SUSPECT
            )
        if self.unpacked > max(UNPACKED_BYTES_UNQUESTIONED, UNPACKED_PER_BYTE_MAX * self.size):
            raise file.refuse(
                f"unpacks to more than {UNPACKED_PER_BYTE_MAX} times its size, {unpacked:,} bytes", SUSPECT
            )
        if self.text > max(TEXT_BYTES_UNQUESTIONED, TEXT_PER_BYTE_MAX * self.size):
            raise file.refuse(
                f"holds texts of up to {TEXT_PER_BYTE_MAX:,} times its size, {text:,} bytes", SUSPECT
            )


def check_files(files: Sequence[InputFile]) -> None:
    """Refuse more files than anybody looks after. Raises `InputRefusedError`, as all here do."""
    if len(files) > FILES_MAX:
        raise files[0].refuse(
            f"is one of more than {FILES_MAX:,} files ({len(files):,})", "put more rows into each file"
        )


def check_metadata(file: InputFile, size: int) -> None:
    """Refuse a description of itself, `size` bytes, that would take long to understand."""
    if size > METADATA_BYTES_MAX:
        raise file.refuse(
            f"describes itself with more than {METADATA_BYTES_MAX:,} bytes ({size:,})",
            "write it with fewer columns and row groups",
        )


def check_columns(file: InputFile, columns: int) -> None:
    """Refuse a table that is wider than any of ours by far."""
    if columns > COLUMNS_MAX:
        raise file.refuse(
            f"has more than {COLUMNS_MAX:,} columns ({columns:,})", "send only the columns that are needed"
        )


def check_row_groups(file: InputFile, groups: int) -> None:
    """Refuse a file in too many pieces, called row groups in Parquet and batches in IPC."""
    if groups > ROW_GROUPS_MAX:
        raise file.refuse(
            f"has more than {ROW_GROUPS_MAX:,} row groups ({groups:,})", "write more rows into each"
        )


def check_nesting(file: InputFile, name: str, kind: pa.DataType) -> None:
    """Refuse a type that holds others deeper than anybody needs; libraries that go down there crash."""
    depth, within = 0, [kind]
    while within:
        if depth > NESTING_MAX:
            raise file.refuse(
                f"column {_shown(name)} is nested deeper than {NESTING_MAX} levels", "leave that column out"
            )
        within = [one.field(at).type for one in within for at in range(one.num_fields)]
        depth += 1


def check_csv(file: InputFile) -> None:
    """Refuse a CSV file that is none of the small ones."""
    if file.size > CSV_BYTES_MAX:
        raise too_much_csv(file, file.size)


def too_much_csv(file: InputFile, size: int) -> InputRefusedError:
    """The complaint about a text of so many bytes."""
    return file.refuse(f"is CSV of more than {CSV_BYTES_MAX:,} bytes ({size:,})", "send it as Parquet")


def too_long(file: InputFile, column: str) -> InputRefusedError:
    """The complaint about a text in a column; which row holds it is not known yet."""
    return file.refuse(
        f"column {column} holds a text of more than {STRING_BYTES_MAX:,} bytes", "correct the column"
    )


def too_large_a_page(file: InputFile, column: str) -> InputRefusedError:
    """The complaint about a page of a column."""
    return file.refuse(f"column {column} has a page of more than {PAGE_BYTES_MAX:,} bytes", SUSPECT)


def too_many_pages(file: InputFile) -> InputRefusedError:
    """The complaint about a file cut into too small pages."""
    return file.refuse(f"has more than {PAGES_MAX:,} pages", "write larger pages")


def _shown(name: str) -> str:
    """A column's name, however long, as one word of a sentence."""
    return repr(name[:60])
