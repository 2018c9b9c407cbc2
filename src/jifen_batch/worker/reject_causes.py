"""Whole columns that are behind the rejects of a night, and what to do where the rows come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.detail import plain
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import MISSING_FIELD, UNKNOWN_ITEM, UNKNOWN_STATUS
from jifen_batch.sentence import THEN, Sentence, joined
from jifen_batch.tables import REJECTS
from jifen_batch.worker import empty_cells, respelt_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.respelt_cells import RespeltCells

# What is fewer of the rejects than one in ten is no column, and told row by row.
FEWEST = 0.1


@dataclass(frozen=True)
class RejectCauses:
    """Rows of rejects by what is behind them: `empty` required columns, columns that are `respelt`.

    `by_name` is how many rows have the name of an item for its code, `other_words` how many have a word of
    the source's own for a status, `others` the rest.
    """

    empty: list[dict[str, Any]]
    respelt: list[RespeltCells]
    by_name: int
    other_words: int
    others: int

    @property
    def remedy(self) -> Sentence:
        """What to do where the rows come from."""
        said = [*self._said()]
        if not said:
            return Sentence("correct these rows at their source", "请在来源处更正这些行")
        if self.others:
            said.append(Sentence("correct the others at their source", "其他行请在来源处更正"))
        return joined(said, THEN)

    def _said(self) -> Iterator[Sentence]:
        if self.empty:
            some, again = empty_cells.named(self.empty), empty_cells.EXPORT_AGAIN
            yield Sentence(f"{some.en}; {again.en}", f"{some.zh}，{again.zh}")
        for one in self.respelt:
            yield from one.sentences
        if self.by_name:
            yield Sentence(
                f"{self.by_name:,} row(s) have the name of an item in the column item: write its code, or "
                "items_by_name = true under [file] of a --mapping for the events",
                f"{self.by_name:,} 行的 item 列写的是事项名称：请改写代码，"
                "或在事项的 --mapping 中 [file] 下写 items_by_name = true",
            )
        if self.other_words:
            yield Sentence(
                f"{self.other_words:,} row(s) have words of their own in the column status: say under "
                "[values.status] of a --mapping for the events which status each is",
                f"{self.other_words:,} 行的 status 列用的是别的词："
                "请在事项的 --mapping 中 [values.status] 下写明各是哪种状态",
            )


def found(drafted: DraftRun, most: Mapping[str, int]) -> RejectCauses:
    """What is behind the rejects of a draft; `most` are the most frequent reasons, the most first."""
    rejected = drafted.content["accounting"]["rejected"]
    # Where most rows lack a cell, it is a column that was exported blank, and no row is wrong by itself.
    first = next(iter(most), None)
    empty = empty_cells.counted(drafted.folder) if first == MISSING_FIELD.name else []
    respelt = [one for one in respelt_cells.found(drafted) if one.rows >= FEWEST * rejected]
    told = {one.column: one.rows for one in respelt}
    by_name = _by_name(drafted) if UNKNOWN_ITEM.name in most else 0
    words = most[UNKNOWN_STATUS.name] - told.get("status", 0) if first == UNKNOWN_STATUS.name else 0
    by_name, words = (rows if rows >= FEWEST * rejected else 0 for rows in (by_name, words))
    others = rejected - most.get(MISSING_FIELD.name, 0) * bool(empty) - sum(told.values()) - by_name - words
    return RejectCauses(empty, respelt, by_name, words, others)


def _by_name(drafted: DraftRun) -> int:
    """How many rows have the name of an item where its code should be."""
    names = drafted.books.tables.items.select(name=plain(pl.col("name"))).unique()
    rows = runs.scan(drafted.folder, REJECTS).filter(pl.col("reason") == UNKNOWN_ITEM.name)
    named = rows.select(name=plain(pl.col("item").cast(pl.String))).join(names.lazy(), on="name", how="semi")
    return int(named.select(pl.len()).collect(engine="streaming").item())
