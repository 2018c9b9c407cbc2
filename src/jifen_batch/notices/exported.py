"""What `export` says of the file that it has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.notices.table_words import TABLES, header
from jifen_batch.notices.words import printable
from jifen_batch.scheme.word import in_words
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def sentences(table: str, to: Path, rows: int, spoilt: Sequence[str], *, beyond: bool) -> Iterator[Sentence]:
    """Where it lies and how long it is; then what Excel would do to it."""
    called, where = in_words(table, TABLES[table]), printable(to)
    yield Sentence(
        f"{called.en}  {rows:,} row(s)  {where}", f"{called.zh} {table}  {rows:,} 行 row(s)  {where}"
    )
    if spoilt:
        english = (
            f"Beware: opened in Excel, ids in {', '.join(spoilt)} are taken for numbers or days; "
            "write an .xlsx file instead."
        )
        named = "、".join(map(header, spoilt))
        yield Sentence(
            english,
            f"注意：用 Excel 直接打开，{named} 里的编号会被当成数字或日期；请导出为 .xlsx。\n{english}",
        )
    if beyond:
        english = "Beware: Excel shows 1,048,576 rows and leaves the rest out; --village writes one village."
        yield Sentence(
            english,
            "注意：Excel 一张表最多显示 1,048,576 行，多出的行不会显示；可用 --village 一村一村地导出。\n"
            f"{english}",
        )
