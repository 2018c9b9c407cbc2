"""A quarter to print, as it hangs or as it would hang: the allow-list of what a notice reads of it.

Figures come from the announced quarter alone, never from the current run, so that a notice can be printed
again as it hangs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis import notice_figures
from jifen_batch.analysis.corrections import ACCOUNT, PARTS
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.announce import decisions
from jifen_batch.published import announced, identity
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.totals import Settled
    from jifen_batch.rules import LoadedRules

# What is read of a quarter, file by file: the allow-list that all columns of a notice come from.
READ = {
    ANNOUNCEMENT.name: (*ACCOUNT, *PARTS, "net"),
    LINES.name: notice_figures.OF_LINES,
    CORRECTIONS.name: notice_figures.OF_CORRECTIONS,
    ANNOUNCED_STANDINGS.name: (*notice_figures.HOUSE, "net", *notice_figures.OF_PLACE),
}


@dataclass(frozen=True)
class PrintedQuarter:
    """A quarter to print: its manifest, its tables, the rule books by which it may name items.

    `renamed` are the ids that have become others by then, `newly_renamed` those that no earlier quarter
    told of (`successions.renaming`); `under_review` the households with disputed lines in it. `digest` is
    that of its manifest, empty for a `draft`, which does not hang yet.
    """

    content: Mapping[str, Any]
    rows: pl.LazyFrame
    lines: pl.LazyFrame
    corrections: pl.LazyFrame
    standings: pl.LazyFrame
    books: tuple[LoadedRules, LoadedRules]
    renamed: pl.DataFrame
    newly_renamed: pl.DataFrame
    under_review: list[str]
    digest: str

    @property
    def draft(self) -> bool:
        """Whether it does not hang yet."""
        return not self.digest


def hung(on: AnnounceContext, content: dict[str, Any], books: LoadedRules) -> PrintedQuarter:
    """A quarter as it hangs, with its manifest's content and the rule books that hang beside it."""
    rows, lines, corrections, standings = (
        announced.scan(on.out, table, [on.quarter]).select(READ[table.name])
        for table in (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)
    )
    before = on.rules_before if on.earlier else books
    renamed = identity.renamed_by_quarter(on.folder, content)
    newly = on.not_yet_told(renamed)
    return PrintedQuarter(
        *(content, rows, lines, corrections, standings, (before, books), renamed, newly),
        decisions.under_review(content.get(decisions.ACCEPTED[decisions.DISPUTED])),
        digest=announced.manifest_digest(on.out, on.quarter),
    )


class NoticeDraft:
    """A quarter that does not hang yet, gathered while it is settled."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._kept: dict[str, list[pl.DataFrame]] = {
            table.name: [table.schema.to_frame().select(READ[table.name])]
            for table in (ANNOUNCEMENT, LINES, CORRECTIONS)
        }

    def add(self, now: Settled) -> None:
        """Add some villages."""
        for name, frames in self._kept.items():
            frames.append(now.tables[name].select(READ[name]))

    def quarter(
        self,
        on: AnnounceContext,
        content: Mapping[str, Any],
        standings: pl.DataFrame,
        under_review: list[str],
    ) -> PrintedQuarter:
        """The quarter as it would hang."""
        rows, lines, corrections = (pl.concat(frames).lazy() for frames in self._kept.values())
        books = (on.rules_before, on.rules)
        ranks = standings.lazy().select(READ[ANNOUNCED_STANDINGS.name])
        return PrintedQuarter(
            *(content, rows, lines, corrections, ranks, books, on.renamed, on.newly_renamed, under_review),
            digest="",
        )
