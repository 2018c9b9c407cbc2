"""A night up to the step at which it is published: worked, and held against what there was.

Where its tables are written is the caller's: below the output folder by who publishes them, elsewhere by
who only wants to know.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch import rules
from jifen_batch.dataclass import dataclass
from jifen_batch.engine.release import or_clear
from jifen_batch.inputs import remark, respelt_events
from jifen_batch.published import announced, damage, publish
from jifen_batch.scheme.outcomes import HELD_BACK, KEPT, PUBLISHED, UNCHANGED
from jifen_batch.worker import as_of, draft, edits, guard, intake, too_many_rejects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.errors import JifenError
    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.edits import Edit
    from jifen_batch.worker.intake import Sources
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Stages

ROWS = "rows"
IN_MANIFEST = {remark.PASSED_OVER: "passed_over", remark.MAY_BE_WRONG: "warnings"}


@dataclass(frozen=True)
class Night:
    """What a night came to: the run to publish, and what of the rules it holds back (null = nothing).

    `options` have their day; `hung` are the manifests of the quarters that hang, by quarter;
    `becomes_current` is false of a look at a day before the current run's.
    """

    options: RunOptions
    hung: dict[str, dict[str, Any]]
    drafted: DraftRun
    held_back: dict[str, Any] | None
    becomes_current: bool

    @property
    def outcome(self) -> str:
        """How it ends where nothing refuses it."""
        if self.held_back:
            return HELD_BACK
        fresh = PUBLISHED if self.becomes_current else KEPT
        return UNCHANGED if self.drafted.published else fresh


def work(options: RunOptions, below: Path, stages: Stages) -> Night:
    """Read and score everything; the tables are written `below` a folder. Raises what refuses the inputs."""
    options, becomes_current = as_of.settle(options)
    hung = announced.uncut(options.out)
    with stages.stage("rules"):
        books = rules.load([Path(path) for path in options.rules])
        edit = edits.unaccepted(books, options)
    sources = intake.find_told(options, stages)
    drafted, held_back = _draft(sources, books, edit, options, below, stages)
    return Night(options, hung, drafted, held_back, becomes_current)


def refusals(night: Night, stages: Stages, kept: Path | None) -> Iterator[JifenError]:
    """Why the night must not be published: what is missing or taken back, then too many rejects.

    `kept` is where the rejects will lie, null = nowhere.
    """
    _tell(night, stages, remark.PASSED_OVER, [*announced.beside(night.options.out)])
    _tell(night, stages, remark.MAY_BE_WRONG, _events_twice(night.drafted))
    with stages.stage("loss"), damage.named_among_kept(night.options.out):
        lost, remarks = guard.held_against(
            night.drafted,
            night.options,
            night.hung,
            night.held_back,
            becomes_current=night.becomes_current,
        )
    if lost:
        yield lost
    _tell(night, stages, remark.MAY_BE_WRONG, remarks)
    rejected = too_many_rejects.refusal(night.drafted, night.options, night.held_back, kept)
    if rejected:
        yield rejected


def _tell(night: Night, stages: Stages, event: str, remarks: Sequence[InputRemark]) -> None:
    """What is passed over or may be wrong, for the log and the manifest; a published run's stays as it is."""
    remark.tell(stages.log, event, remarks)
    if not night.drafted.published:
        night.drafted.content[IN_MANIFEST[event]] += [one.as_data() for one in remarks]


def _events_twice(drafted: DraftRun) -> list[InputRemark]:
    """What is said of events that stand twice under ids of two spellings; a published run has said it."""
    if drafted.taken is None:
        return []
    found = respelt_events.together([one.respelt_events for one in drafted.tallies])
    return [*respelt_events.remarks(found, drafted.taken.files)]


def _draft(  # noqa: PLR0913, PLR0917 - what a night is made of
    sources: Sources,
    books: LoadedRules,
    edit: Edit | None,
    options: RunOptions,
    below: Path,
    stages: Stages,
) -> tuple[DraftRun, dict[str, Any] | None]:
    """The run to publish, written and checked, and what of the rules it holds back."""
    drafted = draft.find(sources, books, options)
    if drafted and not edit:
        return drafted, None
    # An edit is written under the accepted books and under the edited ones.
    runs = 2 if edit else 1
    publish.check_space(below, runs * publish.estimate(sum(one.size for one in sources.digests)))
    taken = intake.read(sources, books, options, publish.aside(below, ROWS), stages)
    with or_clear(taken.engine):
        remark.tell(stages.log, remark.MAY_BE_WRONG, taken.warnings)
        drafted = drafted or draft.write(sources, books, taken, options, below, stages)
        accepted = edit and (
            draft.find(sources, edit.accepted, options)
            or draft.write(sources, edit.accepted, taken.under(edit.accepted), options, below, stages)
        )
    taken.engine.clear()
    if not edit or not accepted:
        return drafted, None
    with stages.stage("effect"):
        held_back = edit.held_back(accepted.folder, drafted.folder)
    if held_back:
        held_back["rejects"] = drafted.content["accounting"]["rejected"]
    chosen, other = (accepted, drafted) if held_back else (drafted, accepted)
    other.discard()
    return chosen, held_back
