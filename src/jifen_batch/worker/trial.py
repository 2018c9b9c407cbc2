"""The same rows scored under one set of rule books after another, and nothing published.

What is tried is written below a folder that goes away again: the tables of a part, and the standings.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from jifen_batch import program, rules
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.published import manifest, publish
from jifen_batch.published.parquet_form import write_table
from jifen_batch.scoring import conclude
from jifen_batch.tables import STANDINGS
from jifen_batch.worker import intake, writing

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.intake import Intake, Sources
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Stages

ROLES_SCORED = ("events", "households", "successions")


class Trial:
    """Inputs, and the current run that other books are held against; `accepted` are that run's books."""

    def __init__(self, current: Path, options: RunOptions, scratch: Path, stages: Stages) -> None:
        """Find the inputs; they are read when something must be scored. Raises `InputRefusedError`."""
        self.current, self.options, self.scratch, self.stages = current, options, scratch, stages
        with stages.stage("rules"):
            self.accepted = rules.load([manifest.rules(current)])
        self.sources: Sources = intake.find_told(options, stages)

    def scored(self, books: LoadedRules) -> Path:
        """A folder with the tables of these rows under some books.

        The current run's own where it was made of this very work. Raises `InvariantBrokenError` where a law
        of specification 3.4 does not hold.
        """
        accepted = books.fingerprint == self.accepted.fingerprint
        if accepted and _made_of(self._content, self.sources, self.options):
            return self.current
        folder = self.scratch / books.fingerprint
        if folder.exists():
            return folder
        needed = publish.estimate(sum(one.size for one in self.sources.digests))
        publish.check_space(self.options.out, needed)
        taken = self._taken.under(books)
        with self.stages.stage("score") as timing:
            tallies = writing.write_parts(taken, folder, self.stages)
            timing["rows"] = taken.rows
        broken = sorted({law for part in tallies for law in part.broken_invariants})
        if broken:
            laws = "; ".join(broken)
            raise InvariantBrokenError(
                f"the result breaks its own laws ({laws}): report this",
                f"结果不满足自身的规律（{laws}）；这是程序的错误，请报告",
            )
        with self.stages.stage("conclude"):
            standings = conclude(tallies, taken.villages, taken.terms).standings
            write_table(standings, STANDINGS, folder, 0)
        return folder

    @property
    def other_inputs(self) -> list[str]:
        """Files of the inputs, by role and name, that the current run did not read."""
        read = {one["sha256"] for one in self._content["inputs"]}
        return [f"{one.role} {one.name}" for one in self.sources.digests if one.sha256 not in read]

    @cached_property
    def _content(self) -> dict[str, Any]:
        """The current run's manifest."""
        return publish.read_manifest(self.current)

    @cached_property
    def _taken(self) -> Intake:
        """The rows, read once."""
        return intake.read(self.sources, self.accepted, self.options, self.scratch / "rows", self.stages)


def _made_of(manifest: dict[str, Any], sources: Sources, options: RunOptions) -> bool:
    """Whether a run was made of these events and this register, as of that day, by this very program."""
    read, found = (
        {(one["role"], one["name"], one["sha256"]) for one in ours if one["role"] in ROLES_SCORED}
        for ours in (manifest["inputs"], [vars(digest) for digest in sources.digests])
    )
    return (
        read == found
        and manifest["options"].items() >= options.that_change_results().items()
        and manifest["versions"].get("code") == program.code()
    )
