"""Edited rule books that would change what hangs on the board: held back until somebody has seen it.

One clerk's edit must neither stop the night for everybody nor rewrite an announced quarter. The last
accepted books are those of the current run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch import rules
from jifen_batch.dataclass import dataclass
from jifen_batch.published import announced, manifest, publish
from jifen_batch.rules.file import read_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.rules import LoadedRules, RuleFile
    from jifen_batch.worker.options import RunOptions


@dataclass(frozen=True)
class Edit:
    """Books that differ from the `accepted` ones while `quarters` (ascending) are announced.

    `early`: the run is as of a day before the last announcement, so that what hangs is not all there to
    be changed, and what an edit does to it cannot be seen.
    """

    books: LoadedRules
    accepted: LoadedRules
    quarters: list[str]
    early: bool

    def held_back(self, under_accepted: Path, under_edited: Path) -> dict[str, Any] | None:
        """What is held back, and why, if it would change an announced quarter, or might; else null.

        The folders hold the same rows scored under either. `accept_rules`: the fingerprint that lets
        the edit through; `books`: ids of those added, edited or taken away; `edits`: a sentence for each
        change in them, `edits_en` the same in English; `quarters`: as `announced_effect` tells them; `early`
        as above. Who scored the rows under either adds `rejects`, how many of them the edited books reject.
        """
        # Few nights have an edit to tell of.
        from jifen_batch.notices import rule_changes  # noqa: PLC0415
        from jifen_batch.rules.diff import changes  # noqa: PLC0415
        from jifen_batch.worker.effect import announced_effect  # noqa: PLC0415

        effect = announced_effect(under_accepted, under_edited, self.quarters)
        if not (effect.height or self.early):
            return None
        edited, accepted = (
            set(loaded.tables.books.select("id", "fingerprint").iter_rows())
            for loaded in (self.books, self.accepted)
        )
        edits = rule_changes.sentences(changes(self.accepted, self.books))
        return {
            "accept_rules": self.books.fingerprint,
            "books": sorted({book_id for book_id, _ in edited ^ accepted}),
            "edits": [one.zh for one in edits],
            "edits_en": [one.en for one in edits],
            "quarters": effect.to_dicts(),
            "early": self.early,
        }


def unaccepted(books: LoadedRules, options: RunOptions) -> Edit | None:
    """The edit that these books are, if nobody has accepted it and it could change an announced quarter."""
    quarters = announced.quarters(options.out)
    if not quarters or options.accept_rules == books.fingerprint:
        return None
    # Where all runs are gone, what hangs still says under which books it was hung.
    before = publish.last_accepted(options.out) or announced.folder(options.out, quarters[-1])
    if not manifest.rules(before).is_dir():
        return None
    # Nearly every night: then nothing is compiled twice.
    if _texts(read_files([manifest.rules(before)])) == _texts(books.files):
        return None
    accepted = rules.load([manifest.rules(before)])
    if accepted.fingerprint == books.fingerprint:
        return None
    last = publish.read_manifest(announced.folder(options.out, quarters[-1]))
    return Edit(books, accepted, quarters, early=options.day.isoformat() < last.get("as_of", ""))


def _texts(files: Sequence[RuleFile]) -> list[bytes]:
    """What rule files hold, whatever their names and their order."""
    return sorted(file.content for file in files)
