"""`what-if --readings`: the places where the annex is open, seen in households and points.

Each book of a folder is another reading, tried by itself beside the same books.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch import rules
from jifen_batch.analysis import impact
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.what_if.page import SCRATCH, Asked, impact_of
from jifen_batch.errors import RulesRefusedError
from jifen_batch.published import announced, manifest, publish
from jifen_batch.rules.file import read_files
from jifen_batch.sentence import Sentence
from jifen_batch.storage import disk, scratch
from jifen_batch.worker.effect import announced_effect
from jifen_batch.worker.stages import Stages, Unwatched
from jifen_batch.worker.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import FilteringBoundLogger

    from jifen_batch.rules import LoadedRules, RuleFile
    from jifen_batch.worker.stages import Progress


@dataclass(frozen=True)
class OtherReading:
    """What one reading would change.

    `sentence` is the first comment of its file: the words that are open. `figures` are those of
    `kernels.impact.totals`, and `quarters` the announced ones in which a line would change; both null
    where the book is refused beside the others, and `complaint` then says why.
    """

    name: str
    title: str | None
    sentence: str | None
    figures: dict[str, int] | None
    quarters: list[str] | None
    complaint: Sentence | None


@dataclass(frozen=True)
class Readings:
    """All readings of a folder, in order of name, held against the books of `fingerprint`."""

    fingerprint: str
    readings: list[OtherReading]


def readings(
    asked: Asked, folder: Path, log: FilteringBoundLogger, progress: Progress | None = None
) -> Readings:
    """Try every book of `folder` beside the books of `asked`, or of the current run where it names none.

    The rows are read once and scored once for each. Raises as `what_if`; a reading that is refused
    beside the others is told, and the rest is tried.
    """
    current = publish.current(asked.out)
    beside = [Path(path) for path in asked.rules] or [manifest.rules(current)]
    base, files = rules.load(beside), read_files([folder])
    quarters = announced.quarters(asked.out)
    stages = Stages(log, progress or Unwatched())
    with scratch.folder(asked.out, SCRATCH) as scratched:
        trial = Trial(current, asked.options(current), scratched, stages)
        before = trial.scored(base)
        told = []
        for file in files:
            try:
                books = rules.load([*beside, file.path])
            except RulesRefusedError as refused:
                told.append(OtherReading(file.path.stem, None, _sentence(file), None, None, _first(refused)))
                continue
            after = trial.scored(books)
            figures = impact.totals(impact_of(before, after))
            touched = announced_effect(before, after, quarters)["quarter"].to_list()
            told.append(
                OtherReading(file.path.stem, _title(books, base), _sentence(file), figures, touched, None)
            )
            if after not in {before, current}:
                disk.remove_tree(after)
    return Readings(base.fingerprint, told)


def _title(books: LoadedRules, base: LoadedRules) -> str | None:
    """Title of the book that is not among the others."""
    known = set(base.tables.books["id"])
    titles = dict(books.tables.books.select("id", "title").iter_rows())
    return next((title for book_id, title in titles.items() if book_id not in known), None)


def _sentence(file: RuleFile) -> str | None:
    """The first comment of a rule file, null without."""
    lines = file.content.decode("utf-8", "replace").splitlines()
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), None)


def _first(refused: RulesRefusedError) -> Sentence:
    """The first complaint of several, and how many there are beside it."""
    first, others = refused.complaints[0].sentence, len(refused.complaints) - 1
    if not others:
        return first
    return Sentence(f"{first.en} (and {others} more)", f"{first.zh}（另有 {others} 处）")


def as_data(found: Readings, say: Callable[[Sentence], str]) -> dict[str, Any]:
    """All readings for machines; the figures of one that is refused are null.

    `complaint` is as `say` chooses, `refusal` in both languages.
    """
    return {
        "outcome": "tried",
        "fingerprint": found.fingerprint,
        "readings": [
            {
                "reading": one.name,
                "title": one.title,
                "sentence": one.sentence,
                **(one.figures or dict.fromkeys(impact.FIGURES)),
                "quarters": one.quarters,
                "complaint": say(one.complaint) if one.complaint else None,
                "refusal": one.complaint._asdict() if one.complaint else None,
            }
            for one in found.readings
        ],
    }
