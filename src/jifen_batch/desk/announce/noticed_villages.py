"""What a quarter's notices say, village by village, some of them read at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import disclosure, notice_figures, notice_rows
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.kernels.successions import NEW
from jifen_batch.notices.printed import masking, pages
from jifen_batch.published import announced, runs, village_range
from jifen_batch.rules.diff import changes
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.printed_quarter import PrintedQuarter

PLACE = ("town_id", "village_id")

Place = tuple[str, str]


class NoticedVillages:
    """The villages of a quarter, with the householders' `names` (`household_id`, `householder`)."""

    def __init__(self, on: AnnounceContext, quarter: PrintedQuarter, names: pl.DataFrame) -> None:
        """What is the same for all villages."""
        self.on, self.quarter, self.names = on, quarter, names
        self._tables = [one.tables for one in quarter.books]
        self._naming = notice_rows.naming(*self._tables)
        self._called = runs.village_names(on.run)
        self._sources = {one["id"]: f"{one['title']}（{one['source']}）" for one in quarter.content["books"]}
        self._changes = changes(*quarter.books)
        # Thousands of villages have a handful of books.
        self._disclosure = lru_cache(lambda applied: disclosure.disclosure(self._tables, applied))

    def __len__(self) -> int:
        """How many villages have somebody to list, at most."""
        tables = (self.quarter.rows, self.quarter.standings)
        places = pl.concat([table.select(PLACE).unique() for table in tables]).unique()
        return places.collect(engine="streaming").height

    def __iter__(self) -> Iterator[tuple[Place, pages.Village]]:
        """Every village with somebody to list, in the order of towns and villages."""
        on, quarter = self.on, self.quarter
        earlier = announced.scan(on.out, ANNOUNCEMENT, on.earlier, quarter.renamed).select(*ACCOUNT, "net")
        before = announced.scan(on.out, ANNOUNCED_STANDINGS, on.earlier[-1:], quarter.renamed)
        before = before.select(*notice_figures.HOUSE, "rank")
        tables = (quarter.rows, quarter.lines, quarter.corrections, quarter.standings)
        for stretch in village_range.cut(tables):
            read = pl.collect_all([table.filter(stretch.holds) for table in (*tables, earlier, before)])
            yield from self._some(read)

    def _some(self, read: Sequence[pl.DataFrame]) -> Iterator[tuple[Place, pages.Village]]:
        """The villages of some rows."""
        frames = _frames(read, self._naming, int(self.on.quarter[:4]))
        applied = pl.concat([rows.select(*PLACE, "book") for rows in read[1:3]]).unique().sort("book")
        of_lines = read[1].select(*PLACE, "book").unique().sort("book")
        everything = frames | {"applied": applied, "sources": of_lines}
        parts = {name: frame.partition_by(PLACE, as_dict=True) for name, frame in everything.items()}
        for place in sorted(parts["board"]):
            own = {name: parts[name].get(place, frame.clear()) for name, frame in everything.items()}
            yield place, self._village(place[1], own)

    def _village(self, village: str, own: dict[str, pl.DataFrame]) -> pages.Village:
        """One village of its own frames."""
        listed = own["board"].select("household_id").unique()
        heads = listed.join(self.names, on="household_id", how="inner")
        here = {*listed["household_id"]}
        applied, sources = own.pop("applied")["book"], own.pop("sources")["book"]
        return pages.Village(
            heading=self._called.get(village, village),
            masks=masking.masks(dict(heads.iter_rows())),
            sources=[self._sources.get(book, book) for book in sources],
            renamed=self.quarter.newly_renamed.filter(pl.col(NEW).is_in(listed["household_id"].implode())),
            under_review=[one for one in self.quarter.under_review if one in here],
            disclosure=self._disclosure(tuple(applied)),
            changes=self._changes,
            **own,
        )


def _frames(read: Sequence[pl.DataFrame], naming: pl.DataFrame, year: int) -> dict[str, pl.DataFrame]:
    """The frames of `pages.Village` by name, of all villages that were read."""
    rows, lines, corrections, standings, earlier, before = read
    reasons = notice_figures.why(corrections, naming)
    return {
        "board": notice_figures.board(rows, standings, before, year),
        "by_category": notice_figures.by_category(lines, naming),
        "by_item": notice_figures.by_item(lines, naming),
        "by_quarter": notice_figures.by_quarter(lines),
        "corrected": notice_figures.corrected(rows, earlier, reasons),
        "why": reasons,
    }
