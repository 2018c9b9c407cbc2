"""A village's papers as files: its notice, and the booklet beside it where there is something to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.notices.printed.typeset import typesetter
from jifen_batch.notices.printed.workbook import workbook

if TYPE_CHECKING:
    from jifen_batch.notices.printed.document import Document
    from jifen_batch.notices.printed.pages import Papers

XLSX, PDF = "xlsx", "pdf"
FORMATS = (XLSX, PDF)


@dataclass(frozen=True)
class VillagePapers:
    """The papers of a village (`engine.orders.Work`), in `formats`; `fonts` is a folder with fonts for PDF.

    `called` is the name of the notice's file, `beside` that of the booklet's, both without ending.
    """

    papers: Papers
    formats: tuple[str, ...]
    fonts: str | None
    called: str
    beside: str

    @property
    def name(self) -> str:
        """By which it is told."""
        return self.called

    def do(self) -> dict[str, bytes]:
        """The content of each file by its name."""
        made = {}
        notice = self.papers.notice()
        for ending in self.formats:
            made[f"{self.called}.{ending}"] = self._file(notice, ending)
            booklet = self.papers.booklet(grouped=ending == PDF)
            if booklet:
                made[f"{self.beside}.{ending}"] = self._file(booklet, ending)
        return made

    def _file(self, document: Document, ending: str) -> bytes:
        """A paper as a file of a kind."""
        if ending == PDF:
            return typesetter(self.fonts).pdf(document, self.papers.printed_on)
        return workbook(document, self.papers.printed_on)
