"""What is done anywhere: tasks that read files and leave files, and know no log, no clock and no network.

A task works in a folder of its own attempt below the folder of the job, and gives it its name when all in it
is written. So a task may be killed, be done twice, or come late: one attempt stands, whichever was first, and
they are all the same.
"""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import handed_over
from jifen_batch.engine.cross_household import suspect, with_home
from jifen_batch.engine.job_folder import attempt
from jifen_batch.engine.placed_rows import ReadEvents, no_rows, read_piece
from jifen_batch.engine.scored_part import write_part
from jifen_batch.errors import WorkersUnfitError
from jifen_batch.inputs.files import stamp
from jifen_batch.inputs.row_buffer.buffer import RowBuffer
from jifen_batch.inputs.row_buffer.disk_ranges import DiskRange, spill
from jifen_batch.kernels.resolve import cross_household_hashes, resolve_cross_household

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.pieces import Piece, SheetFile, SheetPiece
    from jifen_batch.scoring import Tally

HASHES, RESOLUTIONS = "hashes.arrow", "resolutions.arrow"


@dataclass(frozen=True)
class Runs:
    """What a piece left: `read` beside the rows, the `ranges` of its rows, and files of their `hashes`."""

    read: ReadEvents
    ranges: list[DiskRange]
    hashes: list[Path]


@dataclass(frozen=True)
class Put:
    """Read a piece, and leave its rows sorted by household place, and their hashes sorted."""

    job: Path
    number: int
    piece: Piece | SheetPiece | SheetFile
    places_and_book: Path

    @property
    def name(self) -> str:
        """By which it is told, and its files lie."""
        return f"put-{self.number:06}"

    def do(self) -> Runs:
        """Raises `InputRefusedError`, `WorkersUnfitError` and `DiskError`."""
        places, book = handed_over.load(self.places_and_book)
        ranges: list[DiskRange] = []
        hashes: list[Path] = []
        for file in self.piece.input_files:
            _refuse_another(file)
        with attempt(self.job, self.name) as (fresh, final):

            def put(number: int, rows: pl.DataFrame) -> None:
                if rows.height:
                    made = spill([rows], fresh / f"rows-{number}.arrow")
                    ranges.extend(replace(one, path=final / one.path.name) for one in made)
                    hashes.append(final / f"{number}-{HASHES}")
                    _write_hashes(rows, fresh / hashes[-1].name)

            read = read_piece(self.piece, places, book, put)
            for file in self.piece.input_files:
                _refuse_another(file)
        return Runs(read, ranges, hashes)


@dataclass(frozen=True)
class Look:
    """Which of some hashes stand with several households."""

    job: Path
    number: int
    hashes: range
    files: list[Path]

    @property
    def name(self) -> str:
        """By which it is told, and its files lie."""
        return f"look-{self.number:06}"

    def do(self) -> Path | None:
        """The file of those hashes; null where there are none, as nearly always. Raises `DiskError`."""
        rows = pl.concat([_hashes_among(path, self.hashes) for path in self.files])
        found = cross_household_hashes(rows)
        if not found.len():
            return None
        with attempt(self.job, self.name) as (fresh, final):
            handed_over.write_frame(found.to_frame(), fresh / HASHES)
        return final / HASHES


@dataclass(frozen=True)
class Fetch:
    """Resolve the rows of some hashes, wherever they lie."""

    job: Path
    number: int
    hashes: Path
    ranges: list[DiskRange]
    places_and_book: Path
    as_of: date

    @property
    def name(self) -> str:
        """By which it is told, and its files lie."""
        return f"fetch-{self.number:06}"

    def do(self) -> Path:
        """The file of the resolutions. Raises `DiskError`."""
        places, _ = handed_over.load(self.places_and_book)
        hashes = handed_over.read_frame(self.hashes)["id_hash"]
        rows = RowBuffer.of(self.ranges).where(suspect(hashes), "id_hash", "copy")
        with attempt(self.job, self.name) as (fresh, final):
            handed_over.write_frame(resolve_cross_household(rows, self.as_of, places), fresh / RESOLUTIONS)
        return final / RESOLUTIONS


@dataclass(frozen=True)
class Scored:
    """What a part left: its `tally`, and its tables by their names below `folder`, with their bytes."""

    tally: Tally
    folder: Path
    files: dict[str, int]


@dataclass(frozen=True)
class Part:
    """Score the rows of some household places, and write their tables."""

    job: Path
    number: int
    household_places: range
    ranges: list[DiskRange]
    given: Path

    @property
    def name(self) -> str:
        """By which it is told, and its files lie; the same rows may be scored under other books."""
        return f"{self.given.name}-part-{self.number:06}"

    def do(self) -> Scored:
        """Raises `DiskError`, and `InvariantBrokenError` for a table that is not what is declared."""
        given = handed_over.load(self.given)
        rows = RowBuffer.of(self.ranges)

        def take() -> pl.DataFrame:
            return rows.take(self.household_places) if self.ranges else no_rows(given.terms.places)

        with attempt(self.job, self.name) as (fresh, final):
            tally = write_part(take, self.number, self.household_places, given, fresh)
            files = {
                path.relative_to(fresh).as_posix(): path.stat().st_size
                for path in sorted(fresh.rglob("*"))
                if path.is_file()
            }
        return Scored(tally, final, files)


Task = Put | Look | Fetch | Part


def _refuse_another(file: InputFile) -> None:
    """Refuse a file that is not, on this machine, the one that was found. Raises `WorkersUnfitError`."""
    host = os.uname().nodename
    try:
        now = stamp(file.path)
    except OSError as error:
        why = errno.errorcode.get(error.errno or 0, "?")
        raise WorkersUnfitError(
            f"{file.role}: {file.place}: cannot be seen on {host} ({why}); the inputs must lie under one "
            "path on every machine that works: mount the folder there",
            f"{file.role}：{file.place}：在 {host} 上看不到（{why}）；输入在每台工作的机器上都要在同一路径："
            "请在那里挂载该文件夹",
        ) from None
    if file.stamp not in {None, now}:
        raise WorkersUnfitError(
            f"{file.role}: {file.place}: is another file on {host}, or was changed while it was read; have "
            "all machines see the same folder, and run again when it is complete",
            f"{file.role}：{file.place}：在 {host} 上是另一个文件，或读取时被改动；"
            "请让各台机器看到同一个文件夹，待文件完整后重新执行",
        )


def _write_hashes(rows: pl.DataFrame, path: Path) -> None:
    """Leave the hashes of rows sorted, each with its home: whoever looks for some finds them side by side."""
    own = with_home(rows.select("id_hash", "copy", "household_place", "household"))
    handed_over.write_frame(own.select("id_hash", pl.col("home").cast(pl.Int64)).sort("id_hash"), path)


def _hashes_among(path: Path, hashes: range) -> pl.DataFrame:
    """`id_hash` and `home` of those hashes of a file that are among some."""
    rows = handed_over.read_frame(path)
    ends = np.array([hashes.start, hashes.stop - 1], dtype=np.uint64)
    values = rows["id_hash"].to_numpy()
    begin = int(np.searchsorted(values, ends[0], side="left"))
    stop = int(np.searchsorted(values, ends[1], side="right"))
    return rows[begin:stop]
