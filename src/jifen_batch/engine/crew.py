"""A run's work as tasks for others: put every piece, look for ids of several households, score every part.

Workers only ever leave files in the folder of the job, where all of them see it; what is published is taken
in from there by this process, and by nobody else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from jifen_batch.engine import handed_over, job_folder, orders
from jifen_batch.engine.cross_household import (
    CROSS_HOUSEHOLD_IDS_AT_ONCE,
    HASHES_AT_ONCE,
    hash_ranges,
    load_of,
)
from jifen_batch.engine.placed_rows import ReadEvents
from jifen_batch.engine.release import or_clear
from jifen_batch.engine.tasks import Fetch, Look, Part, Put
from jifen_batch.errors import DiskError
from jifen_batch.inputs.files import check_unchanged
from jifen_batch.inputs.pieces import pieces
from jifen_batch.inputs.row_buffer.buffer import RowBuffer
from jifen_batch.kernels.household_places import UNPLACED
from jifen_batch.kernels.resolve import NO_CROSS_HOUSEHOLD_IDS
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from jifen_batch.engine.scored_part import ForAllParts
    from jifen_batch.engine.tasks import Runs, Scored, Task
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.row_buffer.disk_ranges import DiskRange
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.scoring import Tally


class Hands(Protocol):
    """Whoever carries out orders; `count` is how many at a time."""

    count: int

    def answers(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The answers to tasks (`orders`), in their order. Raises `WorkersLostError`."""

    def close(self) -> None:
        """There is no more work."""


class Engine(Protocol):
    """Where the rows of a run are put and scored."""

    def read(self, files: Sequence[InputFile], places: Places, book: RuleBook) -> ReadEvents:
        """Put the rows of all event files at their places. Raises `InputRefusedError` and `DiskError`."""

    def load(self, places: Places) -> npt.NDArray[np.int64]:
        """How many rows lie at each household place."""

    def cross_household_ids(self, places: Places, as_of: date) -> pl.DataFrame:
        """Resolutions of rows whose event ids several households have, by `source`."""

    def write_parts(
        self, parts: Sequence[range], given: ForAllParts, folder: Path, done: Callable[[int], None]
    ) -> list[Tally]:
        """Score and write all parts below a folder; what each came to, in their order."""

    def clear(self) -> None:
        """Let go of all rows, and remove what lies on the disk."""


class Crew:
    """The rows of a run, put and scored by others, who see `job`, a fresh folder."""

    def __init__(self, hands: Hands, job: Path) -> None:
        """The folder is made when the work begins."""
        self.hands, self.job = hands, job
        self._runs: list[Runs] = []
        self._saved = handed_over.Saved(job)
        self._scored = 0

    def read(self, files: Sequence[InputFile], places: Places, book: RuleBook) -> ReadEvents:
        """Put the rows of all event files at their places. Raises `InputRefusedError` and `DiskError`."""
        with or_clear(self):
            disk.make_folder(self.job)
            # Workers are called from other folders than this process.
            files = [replace(file, path=file.path.absolute()) for file in files]
            self._terms = self._saved.save("places-and-book", (places, book))
            puts = (Put(self.job, at, piece, self._terms) for at, piece in enumerate(pieces(files)))
            self._runs = list(self._done(puts))
            check_unchanged(files)
        return ReadEvents.together(one.read for one in self._runs)

    def load(self, places: Places) -> npt.NDArray[np.int64]:
        """How many rows lie at each household place."""
        with or_clear(self):
            return load_of(RowBuffer.of(self._ranges), places)

    def cross_household_ids(self, places: Places, as_of: date) -> pl.DataFrame:  # noqa: ARG002 - as saved
        """Resolutions of rows whose event ids several households have, by `source`."""
        files = [path for one in self._runs for path in one.hashes]
        if not files:
            return NO_CROSS_HOUSEHOLD_IDS
        with or_clear(self):
            rows = sum(one.read.rows for one in self._runs)
            few = -(-rows // HASHES_AT_ONCE)
            ranges = hash_ranges(max(few, min(self.hands.count, len(files))))
            looks = (Look(self.job, at, some, files) for at, some in enumerate(ranges))
            found = [path for path in self._done(looks) if path is not None]
            fetched = self._done(self._fetches(found, as_of))
            return pl.concat([NO_CROSS_HOUSEHOLD_IDS, *map(handed_over.read_frame, fetched)])

    def _fetches(self, found: Sequence[Path], as_of: date) -> Iterator[Fetch]:
        """The tasks that resolve the rows of suspicious hashes, some hashes at a time."""
        if not found:
            return
        hashes = pl.concat([handed_over.read_frame(path) for path in found])
        for at, some in enumerate(hashes.iter_slices(CROSS_HOUSEHOLD_IDS_AT_ONCE)):
            path = self.job / f"suspects-{at:06}.arrow"
            handed_over.write_frame(some, path)
            yield Fetch(self.job, at, path, self._ranges, self._terms, as_of)

    def write_parts(
        self, parts: Sequence[range], given: ForAllParts, folder: Path, done: Callable[[int], None]
    ) -> list[Tally]:
        """Score and write all parts; what each came to, in their order."""
        with or_clear(self):
            saved = self._saved.save(f"given-{self._scored}", given)
            self._scored += 1
            tasks = (Part(self.job, at, part, self._near(part), saved) for at, part in enumerate(parts))
            tallies = []
            for scored in self._done(tasks):
                _take_in(scored, folder)
                tallies.append(scored.tally)
                done(len(tallies))
            return tallies

    def clear(self) -> None:
        """Let go of all rows and workers, and remove what lies on the disk."""
        self.hands.close()
        job_folder.sweep(self.job)

    @property
    def _ranges(self) -> list[DiskRange]:
        """What lies on the disk of all pieces, in their order."""
        return [some for one in self._runs for some in one.ranges]

    def _near(self, household_places: range) -> list[DiskRange]:
        """Those that may hold rows of some household places; the first part's rows may have none."""
        first = household_places.start or UNPLACED
        near = [
            one
            for one in self._ranges
            if one.household_places.start < household_places.stop and one.household_places.stop > first
        ]
        return near or self._ranges[:1]

    def _done(self, tasks: Iterable[Task]) -> Iterator[Any]:
        """What tasks give, in their order. Raises what any of them was refused by."""
        return map(orders.answered, self.hands.answers(tasks))


def _take_in(scored: Scored, folder: Path) -> None:
    """Bring the tables of a part to where they are published from. Raises `DiskError`."""
    for name, size in scored.files.items():
        path, to = scored.folder / name, folder / name
        disk.make_folder(to.parent)
        with disk.failures("read", path):
            seen = path.stat().st_size
        if seen != size:
            problem = Sentence(
                f"has {seen:,} bytes here, and had {size:,} where it was written",
                f"在这里有 {seen:,} 字节，写入时有 {size:,} 字节",
            )
            remedy = Sentence("see to the shared folder, and run again", "请检查共享文件夹，再重新执行")
            raise DiskError(*refusal(str(path), problem, remedy))
        disk.take_in(path, to)
        disk.hasten(to)
