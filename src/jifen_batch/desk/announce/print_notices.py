"""The villages' printed notices of a quarter: from what hangs, or from what would hang, papers a village.

The register gives householders' names, which leave this module masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import clock
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.announce.noticed_villages import NoticedVillages
from jifen_batch.desk.announce.village_papers import PDF, XLSX, VillagePapers
from jifen_batch.engine.ahead import Ahead
from jifen_batch.inputs import householders
from jifen_batch.inputs.mapping import load_all
from jifen_batch.notices import words
from jifen_batch.notices.printed import pages
from jifen_batch.notices.printed.code import short_code
from jifen_batch.notices.printed.document import Document, Page
from jifen_batch.notices.printed.settings import TownSettings
from jifen_batch.notices.printed.typeset import typesetter
from jifen_batch.notices.printed.workbook import workbook
from jifen_batch.published import notice_folder
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.desk.announce.printed_quarter import PrintedQuarter
    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.notices.printed.document import Cell
    from jifen_batch.published.notice_folder import FileNames

INDEX = "目录"
TOWN = TownSettings()
INDEX_HEADERS = ["文件", "镇", "村", "村名", "公告户数", "本季净积分", "核对码"]
# What of a quarter's manifest stands on papers: of a county all of it would be as long as they are.
TOLD = ("quarter", "as_of", "run_id", "with_earlier", "replaces")


@dataclass(frozen=True)
class Wanted:
    """Where the notices are to go, and the register that names householders; null where none is given.

    `mappings` are files that say how foreign sheets read, the register's among them where it needs one.
    `settings` are the town's own, `formats` which kinds of files are written (`village_papers.FORMATS`),
    `fonts` a folder with fonts for PDF; `watch` is told how many villages are done of how many,
    `tell` what the register's folder holds beside and was not read.
    """

    folder: Path
    households: str | None
    mappings: tuple[str, ...] = ()
    settings: TownSettings = TOWN
    formats: tuple[str, ...] = (XLSX,)
    fonts: str | None = None
    watch: Callable[[int, int], None] | None = None
    tell: Callable[[Iterable[InputRemark]], None] | None = None


class Printer:
    """Writes the notices of a quarter that stands on some ground, once everything is there."""

    def __init__(self, on: AnnounceContext, wanted: Wanted, as_of: date) -> None:
        """Read who the householders were on a day.

        Raises `InputRefusedError`, and `UsageRefusedError` where PDF is wanted and cannot be made here.
        """
        self.on, self.wanted, self.printed_on = on, wanted, clock.today()
        if PDF in wanted.formats:
            typesetter(wanted.fonts)
        self._names = pl.DataFrame(schema={"household_id": pl.String, "householder": pl.String})
        if wanted.households is not None:
            self._names = householders.read(
                wanted.households, as_of, load_all(wanted.mappings).get(householders.ROLE), wanted.tell
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
        with notice_folder.fresh(self.wanted.folder) as folder:
            with Ahead() as ahead:
                for place, village in villages:
                    papers = self._papers(place[1], village, quarter)
                    work = self._work(files, place[1], papers)
                    ahead.do(work, lambda made: _put(folder, made))
                    households = village.board["household_id"].n_unique()
                    unnamed += households - len(village.masks)
                    net, name = int(village.board["net"].sum()), f"{work.called}.{self.wanted.formats[0]}"
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
            {name: quarter.content[name] for name in TOLD if name in quarter.content},
            self.wanted.settings.of(village_id),
            self.printed_on,
            code=short_code(digest) if digest else "",
            digest=f"{self.on.quarter} {village_id} {digest}" if digest else "",
            draft=quarter.draft,
        )

    def _work(self, files: FileNames, village_id: str, papers: pages.Papers) -> VillagePapers:
        """A village's papers to be made, under names that no other has."""
        called = (self.on.quarter, papers.village.heading, village_id)
        name = files.of(*called, pages.DRAFT_NAME if papers.draft else pages.NOTICE)
        beside = files.of(*called, pages.BOOKLET)
        return VillagePapers(papers, self.wanted.formats, self.wanted.fonts, name, beside)


def _put(folder: Path, made: dict[str, bytes]) -> None:
    """Write files. Raises `DiskError`."""
    for name, content in made.items():
        disk.write_bytes(folder / name, content)
