"""The villages' printed notices of a quarter: from what hangs, or from what would hang, papers a village.

The register gives householders' names, which leave this module masked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import clock
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.announce.ahead import Ahead
from jifen_batch.desk.announce.noticed_villages import NoticedVillages
from jifen_batch.inputs import householders
from jifen_batch.inputs.mapping import load_all
from jifen_batch.notices import words
from jifen_batch.notices.printed import pages
from jifen_batch.notices.printed.code import short_code
from jifen_batch.notices.printed.document import Document, Page
from jifen_batch.notices.printed.settings import TownSettings
from jifen_batch.notices.printed.typeset import Typesetter
from jifen_batch.notices.printed.workbook import workbook
from jifen_batch.published import notice_folder
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.printed_quarter import PrintedQuarter
    from jifen_batch.notices.printed.document import Cell
    from jifen_batch.published.notice_folder import FileNames

XLSX, PDF = "xlsx", "pdf"
FORMATS = (XLSX, PDF)
INDEX = "目录"
TOWN = TownSettings()
INDEX_HEADERS = ["文件", "镇", "村", "村名", "公告户数", "本季净积分", "核对码"]


@dataclass(frozen=True)
class Wanted:
    """Where the notices are to go, and the register that names householders; null where none is given.

    `mappings` are files that say how foreign sheets read, the register's among them where it needs one.
    `settings` are the town's own, `formats` which kinds of files are written (`FORMATS`), `fonts` a folder
    with fonts for PDF; `watch` is told how many villages are done of how many.
    """

    folder: Path
    households: str | None
    mappings: tuple[str, ...] = ()
    settings: TownSettings = TOWN
    formats: tuple[str, ...] = (XLSX,)
    fonts: str | None = None
    watch: Callable[[int, int], None] | None = None


class Printer:
    """Writes the notices of a quarter that stands on some ground, once everything is there."""

    def __init__(self, on: AnnounceContext, wanted: Wanted, as_of: date) -> None:
        """Read who the householders were on a day.

        Raises `InputRefusedError`, and `UsageRefusedError` where PDF is wanted and cannot be made here.
        """
        self.on, self.wanted, self.printed_on = on, wanted, clock.today()
        self._typesetter = Typesetter(wanted.fonts) if PDF in wanted.formats else None
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
        villages = NoticedVillages(self.on, quarter, self._names)
        files = notice_folder.FileNames()
        # A pass of its own over what is announced, for whoever watches.
        expected = len(villages) if self.wanted.watch else 0
        with notice_folder.fresh(self.wanted.folder) as folder, Ahead() as ahead:
            for place, village in villages:
                papers = self._papers(place[1], village, quarter)
                name = self._write(partial(self._put, ahead, folder), files, place[1], papers)
                households = village.board["household_id"].n_unique()
                unnamed += households - len(village.masks)
                net = int(village.board["net"].sum())
                listed.append([name, *place, village.heading, households, net, papers.code or None])
                if self.wanted.watch:
                    self.wanted.watch(len(listed), expected)
            title = f"{words.quarter(self.on.quarter).zh}积分公告{INDEX}{pages.mark(draft=quarter.draft)}"
            index = Document(INDEX, title, [Page(INDEX, title, [], INDEX_HEADERS, listed, [])])
            disk.write_bytes(folder / notice_folder.INDEX, workbook(index, self.printed_on))
        return {"folder": str(self.wanted.folder), "villages": len(listed), "unnamed": unnamed}

    def _papers(self, village_id: str, village: pages.Village, quarter: PrintedQuarter) -> pages.Papers:
        """The papers of a village."""
        digest = quarter.digest
        return pages.Papers(
            village,
            quarter.content,
            self.wanted.settings.of(village_id),
            self.printed_on,
            code=short_code(digest) if digest else "",
            digest=f"{self.on.quarter} {village_id} {digest}" if digest else "",
            draft=quarter.draft,
        )

    def _write(
        self,
        put: Callable[[str, Document, str], None],
        files: FileNames,
        village_id: str,
        papers: pages.Papers,
    ) -> str:
        """Write a village's papers, and give back the name of its notice."""
        called = (self.on.quarter, papers.village.heading, village_id)
        notice = papers.notice()
        name = files.of(*called, pages.DRAFT_NAME if papers.draft else notice.name)
        beside = files.of(*called, pages.BOOKLET)
        for ending in self.wanted.formats:
            put(name, notice, ending)
            booklet = papers.booklet(grouped=ending == PDF)
            if booklet:
                put(beside, booklet, ending)
        return f"{name}.{self.wanted.formats[0]}"

    def _put(self, ahead: Ahead, folder: Path, name: str, document: Document, ending: str) -> None:
        """Write a paper as a file of a kind; setting a PDF is left to other threads."""
        path, setter = folder / f"{name}.{ending}", self._typesetter
        if ending == PDF and setter:
            ahead.do(lambda: disk.write_bytes(path, setter.pdf(document, self.printed_on)))
        else:
            disk.write_bytes(path, workbook(document, self.printed_on))
