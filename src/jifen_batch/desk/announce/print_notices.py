"""The villages' printed notices of a quarter: from what hangs, or from what would hang, a workbook a village.

Figures come from the announced quarter alone, never from the current run, so that a notice can be printed
again as it hangs. The register gives householders' names, which leave this module masked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import notice_figures, notice_rows
from jifen_batch.analysis.corrections import ACCOUNT, PARTS
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.announce import decisions
from jifen_batch.inputs import householders
from jifen_batch.inputs.mapping import load_all
from jifen_batch.kernels.successions import NEW
from jifen_batch.notices import words
from jifen_batch.notices.printed import masking, pages
from jifen_batch.notices.printed.workbook import workbook
from jifen_batch.published import announced, identity, manifest, notice_folder, publish, runs, village_range
from jifen_batch.storage import disk
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.totals import Settled
    from jifen_batch.notices.printed.pages import Cell
    from jifen_batch.tables.rule_tables import RuleTables

PLACE = ("town_id", "village_id")
# What is read of a quarter, file by file: the allow-list that all columns of a notice come from.
READ = {
    ANNOUNCEMENT.name: (*ACCOUNT, *PARTS, "net"),
    LINES.name: notice_figures.OF_LINES,
    CORRECTIONS.name: notice_figures.OF_CORRECTIONS,
    ANNOUNCED_STANDINGS.name: (*notice_figures.HOUSE, "net", "rank"),
}
INDEX_HEADERS = ["文件", "镇", "村", "村名", "公告户数", "本季净积分"]


@dataclass(frozen=True)
class Wanted:
    """Where the notices are to go, and the register that names householders; null where none is given.

    `mappings` are files that say how foreign sheets read, the register's among them where it needs one.
    """

    folder: Path
    households: str | None
    mappings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedQuarter:
    """A quarter to print: its manifest, its tables, the rule books by which it may name items.

    `renamed` are the ids that have become others by then, `newly_renamed` those that no earlier quarter
    told of (`successions.renaming`); `under_review` the households with disputed lines in it. `draft`: it
    does not hang yet.
    """

    content: Mapping[str, Any]
    rows: pl.LazyFrame
    lines: pl.LazyFrame
    corrections: pl.LazyFrame
    standings: pl.LazyFrame
    books: tuple[RuleTables, RuleTables]
    renamed: pl.DataFrame
    newly_renamed: pl.DataFrame
    under_review: list[str]
    draft: bool


def hung(on: AnnounceContext) -> PrintedQuarter:
    """A quarter as it hangs, with the rule books that hang beside it."""
    rows, lines, corrections, standings = (
        announced.scan(on.out, table, [on.quarter]).select(READ[table.name])
        for table in (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)
    )
    books = rules.load([manifest.rules(on.folder)]).tables
    before = on.books_before if on.earlier else books
    content = publish.read_manifest(on.folder)
    renamed = identity.renamed_by_quarter(on.folder, content)
    newly = on.not_yet_told(renamed)
    return PrintedQuarter(
        *(content, rows, lines, corrections, standings, (before, books), renamed, newly),
        decisions.under_review(content.get(decisions.ACCEPTED[decisions.DISPUTED])),
        draft=False,
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
        books = (on.books_before, on.books)
        ranks = standings.lazy().select(READ[ANNOUNCED_STANDINGS.name])
        return PrintedQuarter(
            *(content, rows, lines, corrections, ranks, books, on.renamed, on.newly_renamed, under_review),
            draft=True,
        )


class Printer:
    """Writes the notices of a quarter that stands on some ground, once everything is there."""

    def __init__(self, on: AnnounceContext, wanted: Wanted, as_of: date) -> None:
        """Read who the householders were on a day. Raises `InputRefusedError`."""
        self.on, self.wanted = on, wanted
        self._names = pl.DataFrame(schema={"household_id": pl.String, "householder": pl.String})
        if wanted.households is not None:
            self._names = householders.read(
                wanted.households, as_of, load_all(wanted.mappings).get(householders.ROLE)
            )

    def write(self, quarter: PrintedQuarter) -> dict[str, Any]:
        """Write the notices, and an index of them; `folder`, how many `villages`, and `unnamed`.

        `unnamed`: households of these notices of which nobody is known. Raises `DiskError`; then no folder
        is left.
        """
        listed: list[list[Cell]] = []
        unnamed = 0
        made_on = date.fromisoformat(quarter.content["as_of"])
        with notice_folder.fresh(self.wanted.folder) as folder:
            for number, (place, village) in enumerate(_villages(self.on, quarter, self._names), 1):
                name = notice_folder.name_of(number)
                told = pages.pages(village, quarter.content, draft=quarter.draft)
                disk.write_bytes(folder / name, workbook(told, made_on, draft=quarter.draft))
                households = village.board["household_id"].n_unique()
                unnamed += households - len(village.masks)
                listed.append([name, *place, village.heading, households, int(village.board["net"].sum())])
            title = f"{words.quarter(self.on.quarter)}积分公告目录{pages.mark(draft=quarter.draft)}"
            index = pages.Page("目录", title, [], INDEX_HEADERS, listed, [])
            disk.write_bytes(folder / notice_folder.INDEX, workbook([index], made_on, draft=quarter.draft))
        return {"folder": str(self.wanted.folder), "villages": len(listed), "unnamed": unnamed}


def _villages(
    on: AnnounceContext, quarter: PrintedQuarter, names: pl.DataFrame
) -> Iterator[tuple[tuple[str, str], pages.Village]]:
    """Every village with somebody to list, in the order of towns and villages, some read at a time."""
    naming, called = notice_rows.naming(*quarter.books), runs.village_names(on.run)
    sources = {book["id"]: f"{book['title']}（{book['source']}）" for book in quarter.content["books"]}
    earlier = announced.scan(on.out, ANNOUNCEMENT, on.earlier, quarter.renamed).select(*ACCOUNT, "net")
    tables = (quarter.rows, quarter.lines, quarter.corrections, quarter.standings)
    for stretch in village_range.cut(tables):
        read = pl.collect_all([table.filter(stretch.holds) for table in (*tables, earlier)])
        frames = _frames(read, naming, int(on.quarter[:4]))
        applied = read[1].select(*PLACE, "book").unique().sort("book")
        parts = {
            name: frame.partition_by(PLACE, as_dict=True)
            for name, frame in (frames | {"books": applied}).items()
        }
        for place in sorted(parts["board"]):
            own = {name: parts[name].get(place, frame.clear()) for name, frame in frames.items()}
            heads = own["board"].select("household_id").unique().join(names, on="household_id", how="inner")
            books = parts["books"].get(place, applied.clear())["book"]
            on_board = {*own["board"]["household_id"]}
            here = pl.col(NEW).is_in(own["board"]["household_id"].unique().implode())
            yield (
                place,
                pages.Village(
                    heading=called.get(place[1], place[1]),
                    masks=masking.masks(dict(heads.iter_rows())),
                    sources=[sources.get(book, book) for book in books],
                    renamed=quarter.newly_renamed.filter(here),
                    under_review=[one for one in quarter.under_review if one in on_board],
                    **own,
                ),
            )


def _frames(read: Sequence[pl.DataFrame], naming: pl.DataFrame, year: int) -> dict[str, pl.DataFrame]:
    """The frames of `pages.Village` by name, of all villages that were read."""
    rows, lines, corrections, standings, before = read
    reasons = notice_figures.why(corrections, naming)
    return {
        "board": notice_figures.board(rows, standings, year),
        "by_category": notice_figures.by_category(lines, naming),
        "by_item": notice_figures.by_item(lines, naming),
        "by_quarter": notice_figures.by_quarter(lines),
        "corrected": notice_figures.corrected(rows, before, reasons),
        "why": reasons,
    }
