"""`run --worklists`: the work lists of a night, published, refused or only rehearsed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.desk.worklist import page, source
from jifen_batch.desk.worklist.source import Ended
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
            self._named(page.worklists(self.out, self.to, run_id, option=OPTION))

    def of_refused(self, draft: DraftRun) -> None:
        """Write those of a night that is refused, while all its tables are there."""
        if self.to:
            self._named(page.write(source.of_draft(draft, Ended.NOT_PUBLISHED), self.to))

    def of_rehearsed(self, draft: DraftRun) -> None:
        """Write those of a dry run."""
        if self.to:
            self._named(page.write(source.of_draft(draft, Ended.REHEARSED), self.to))

    def _named(self, written: page.Written) -> None:
        """Have the last line say where they lie."""
        self.line["worklists"] = str(written.folder)
