"""`run --worklists`: the work lists of a night, published, refused or only rehearsed."""

# ruff: noqa: PLC0415 - most nights write none, and what makes a workbook takes long to load

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.cli import language
from jifen_batch.published import notice_folder

if TYPE_CHECKING:
    from jifen_batch.worker.draft import DraftRun

OPTION = "--worklists"


class NightLists:
    """Where the work lists of a night are wanted, if anywhere; the canonical `line` names them."""

    def __init__(self, out: Path, to: str | None, line: dict[str, object]) -> None:
        """Raises `UsageRefusedError` for a place where they cannot be, before the night."""
        self.out, self.to, self.line = out, Path(to) if to else None, line
        if self.to:
            notice_folder.check(self.to, out, OPTION)

    def of_published(self, run_id: str) -> None:
        """Write those of a published run."""
        if self.to:
            from jifen_batch.desk.worklist.page import worklists

            done = worklists(self.out, self.to, run_id, option=OPTION, language=language.written())
            self._named(done.folder)

    def of_refused(self, draft: DraftRun) -> None:
        """Write those of a night that is refused, while all its tables are there."""
        self._of_draft(draft, "NOT_PUBLISHED")

    def of_rehearsed(self, draft: DraftRun) -> None:
        """Write those of a dry run."""
        self._of_draft(draft, "REHEARSED")

    def _of_draft(self, draft: DraftRun, ended: str) -> None:
        """Write those of a night that is not published; `ended` is a name of `Ended`."""
        if self.to:
            from jifen_batch.desk.worklist import page, source

            of = source.of_draft(draft, source.Ended[ended])
            self._named(page.write(of, self.to, language=language.written()).folder)

    def _named(self, folder: Path) -> None:
        """Have the last line say where they lie."""
        self.line["worklists"] = str(folder)
