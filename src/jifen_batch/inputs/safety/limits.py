"""How much an input may claim to hold, and what is said of one that claims more (the bombs).

A few kilobytes can stand for fifty gigabytes of text or for thirty million rows, so a file's size bounds
nothing. What is checked here is what its own headers say, before anything is unpacked; all limits are far
beyond the feed of a city for a year (2.6 million households, 100 million events).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.inputs.phrases import AS_PARQUET, ONLY_NEEDED
from jifen_batch.sentence import Sentence

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

SUSPECT = Sentence(
    "have it checked where it was written, and written again", "请在导出它的地方查明原因，重新导出"
)


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
            raise file.refuse(
                Sentence(f"the input has more than {ROWS_MAX:,} rows", f"这项输入超过 {ROWS_MAX:,} 行"),
                # The page lies with the others: `jifen-batch docs` says where.
                Sentence(
                    "run county by county, as engineer/province of the pages says (`jifen-batch docs`)",
                    "请按县分别运行，见说明书 engineer/province（`jifen-batch docs`）",
                ),
            )
        if self.rows > max(ROWS_UNQUESTIONED, ROWS_PER_BYTE_MAX * self.size):
            raise file.refuse(
                Sentence(
                    f"claims more than {ROWS_PER_BYTE_MAX} rows for each of its bytes, {rows:,} in all",
                    f"自称每字节超过 {ROWS_PER_BYTE_MAX} 行，共 {rows:,} 行",
                ),
                SUSPECT,
            )
        if self.unpacked > max(UNPACKED_BYTES_UNQUESTIONED, UNPACKED_PER_BYTE_MAX * self.size):
            raise file.refuse(
                Sentence(
                    f"unpacks to more than {UNPACKED_PER_BYTE_MAX} times its size, {unpacked:,} bytes",
                    f"解压后超过自身大小的 {UNPACKED_PER_BYTE_MAX} 倍，达 {unpacked:,} 字节",
                ),
                SUSPECT,
            )
        if self.text > max(TEXT_BYTES_UNQUESTIONED, TEXT_PER_BYTE_MAX * self.size):
            raise file.refuse(
                Sentence(
                    f"holds texts of up to {TEXT_PER_BYTE_MAX:,} times its size, {text:,} bytes",
                    f"所含文字可达自身大小的 {TEXT_PER_BYTE_MAX:,} 倍，即 {text:,} 字节",
                ),
                SUSPECT,
            )


def check_files(files: Sequence[InputFile]) -> None:
    """Refuse more files than anybody looks after. Raises `InputRefusedError`, as all here do."""
    if len(files) > FILES_MAX:
        raise files[0].refuse(
            Sentence(
                f"is one of more than {FILES_MAX:,} files ({len(files):,})",
                f"所在的输入超过 {FILES_MAX:,} 个文件（{len(files):,} 个）",
            ),
            Sentence("put more rows into each file", "请让每个文件多放一些行"),
        )


def check_metadata(file: InputFile, size: int) -> None:
    """Refuse a description of itself, `size` bytes, that would take long to understand."""
    if size > METADATA_BYTES_MAX:
        raise file.refuse(
            Sentence(
                f"describes itself with more than {METADATA_BYTES_MAX:,} bytes ({size:,})",
                f"自身的描述超过 {METADATA_BYTES_MAX:,} 字节（{size:,}）",
            ),
            Sentence("write it with fewer columns and row groups", "请减少列和行组，重新导出"),
        )


def check_columns(file: InputFile, columns: int) -> None:
    """Refuse a table that is wider than any of ours by far."""
    if columns > COLUMNS_MAX:
        raise file.refuse(
            Sentence(
                f"has more than {COLUMNS_MAX:,} columns ({columns:,})",
                f"超过 {COLUMNS_MAX:,} 列（{columns:,}）",
            ),
            ONLY_NEEDED,
        )


def check_row_groups(file: InputFile, groups: int) -> None:
    """Refuse a file in too many pieces, called row groups in Parquet and batches in IPC."""
    if groups > ROW_GROUPS_MAX:
        raise file.refuse(
            Sentence(
                f"has more than {ROW_GROUPS_MAX:,} row groups ({groups:,})",
                f"超过 {ROW_GROUPS_MAX:,} 个行组（{groups:,}）",
            ),
            Sentence("write more rows into each", "请让每个行组多放一些行"),
        )


def check_nesting(file: InputFile, name: str, kind: pa.DataType) -> None:
    """Refuse a type that holds others deeper than anybody needs; libraries that go down there crash."""
    depth, within = 0, [kind]
    while within:
        if depth > NESTING_MAX:
            raise file.refuse(
                Sentence(
                    f"column {_shown(name)} is nested deeper than {NESTING_MAX} levels",
                    f"{_shown(name)} 列的嵌套超过 {NESTING_MAX} 层",
                ),
                Sentence("leave that column out", "请去掉这一列"),
            )
        within = [one.field(at).type for one in within for at in range(one.num_fields)]
        depth += 1


def check_csv(file: InputFile) -> None:
    """Refuse a CSV file that is none of the small ones."""
    if file.size > CSV_BYTES_MAX:
        raise too_much_csv(file, file.size)


def too_much_csv(file: InputFile, size: int) -> InputRefusedError:
    """The complaint about a text of so many bytes."""
    problem = Sentence(
        f"is CSV of more than {CSV_BYTES_MAX:,} bytes ({size:,})",
        f"是超过 {CSV_BYTES_MAX:,} 字节的 CSV（{size:,}）",
    )
    return file.refuse(problem, AS_PARQUET)


def too_long(file: InputFile, column: str) -> InputRefusedError:
    """The complaint about a text in a column; which row holds it is not known yet."""
    return file.refuse(
        Sentence(
            f"column {column} holds a text of more than {STRING_BYTES_MAX:,} bytes",
            f"{column} 列有超过 {STRING_BYTES_MAX:,} 字节的文字",
        ),
        Sentence("correct the column", "请改正这一列"),
    )


def too_large_a_page(file: InputFile, column: str) -> InputRefusedError:
    """The complaint about a page of a column."""
    problem = Sentence(
        f"column {column} has a page of more than {PAGE_BYTES_MAX:,} bytes",
        f"{column} 列有超过 {PAGE_BYTES_MAX:,} 字节的数据页",
    )
    return file.refuse(problem, SUSPECT)


def too_many_pages(file: InputFile) -> InputRefusedError:
    """The complaint about a file cut into too small pages."""
    problem = Sentence(f"has more than {PAGES_MAX:,} pages", f"超过 {PAGES_MAX:,} 个数据页")
    return file.refuse(problem, Sentence("write larger pages", "请用较大的数据页导出"))


def _shown(name: str) -> str:
    """A column's name, however long, as one word of a sentence."""
    return repr(name[:60])
