"""What text may stand in a cell, column by column, and which texts Excel would not leave as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices.printed.workbook import MAX_TEXT, safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jifen_batch.tables import Table

# Beyond letters, digits and signs of ASCII and Chinese characters, and what begins as a formula or as the
# library's formatting does: only these few texts are worth a look one by one.
WORTH_A_LOOK = r"[^\x20-\x7E\p{Han}，。；：、（）“”《》]|^ *[=+\-@]|^<r>"
# Read from a CSV as a number, which loses leading zeros and all digits beyond 15, or as a day.
SPOILT = (
    r"^ *(?:0[0-9]+|[0-9]{16,}|[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+"
    r"|[0-9]{1,4}[-/][0-9]{1,2}(?:[-/][0-9]{1,4})?) *$"
)


def safe_texts(texts: pl.Series) -> pl.Series:
    """Texts as cells may hold them (`workbook.safe`), null as it is; order kept."""
    at = (texts.str.contains(WORTH_A_LOOK) | (texts.str.len_chars() > MAX_TEXT)).arg_true()
    if at.is_empty():
        return texts
    return texts.scatter(at, [safe(text) for text in texts.gather(at)])


class ExcelEyes:
    """Looks at rows as they pass, for columns whose texts Excel takes for numbers or days in a CSV."""

    def __init__(self, table: Table) -> None:
        """Nothing seen yet."""
        self._unseen = [column.name for column in table if column.dtype == pl.String]
        self._order = table.names
        self._spoilt: set[str] = set()

    @property
    def spoilt(self) -> list[str]:
        """The columns found so far, in the table's order."""
        return [name for name in self._order if name in self._spoilt]

    def watched(self, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The same batches."""
        for batch in batches:
            if self._unseen:
                found = batch.select(pl.col(self._unseen).str.contains(SPOILT).any()).row(0, named=True)
                self._spoilt |= {name for name, seen in found.items() if seen}
                self._unseen = [name for name in self._unseen if name not in self._spoilt]
            yield batch
