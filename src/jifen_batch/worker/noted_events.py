"""Whose events had a line in the last published run, by numbers, in one file beside the runs.

The next night asks for them first, and they were tallied while that run was scored. The file says nothing
that the run's ledger does not: it is named by no manifest and is no part of a run, and where it is missing,
damaged, of other files than the ledger's, or numbered otherwise, the ledger is read.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from jifen_batch.columns.packing import ID_SEED
from jifen_batch.kernels.posted_events import PostedEvents
from jifen_batch.published import publish
from jifen_batch.published.differing import Opened
from jifen_batch.published.parquet_form import file_name
from jifen_batch.storage import disk
from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.intake import Intake

# Two ids of one number would hide one event that is lost, once in some billions of runs.
NUMBERS = {"household": pl.col("household_id").hash(), "event": pl.col("event_id").hash(ID_SEED)}
# The file is held whole; of a county's more events the ledger is read, some villages at a time.
EVENTS_AT_MOST = 1 << 24
FRESH = "posted-events"
FORM = 1
# In the order in which they stand in the file, and so that each begins at a multiple of its size.
KINDS = {"household": np.dtype("<u8"), "lines": np.dtype("<i8"), "event": np.dtype("<u8")}
SEAL_BYTES = hashlib.sha256().digest_size
LENGTH = np.dtype("<u8")
SAMPLE = pl.DataFrame({"household_id": ["", "a", "户-0001"], "event_id": ["", "b", "x" * 100]})


def numbers_of_households(taken: Intake) -> pl.Series:
    """The number of each household place (`NUMBERS`)."""
    ids = taken.terms.places.household_places["household_id"].cast(pl.String)
    return ids.to_frame("household_id").select_seq(NUMBERS["household"]).to_series()


def numbered(posted: PostedEvents, number: pl.Series) -> PostedEvents:
    """Events by `household_place`, by `household`: the `number` of each place."""
    household = number[posted.owners["household_place"]].alias("household")
    return PostedEvents(posted.owners.select_seq(household, "lines"), posted.events)


def write(out: Path, drafted: DraftRun) -> Path | None:
    """Note the events of a run that is about to be published, in a file that `settle` gives its place.

    Null where nobody tallied them, or they are too many: the next night reads the ledger. Raises `DiskError`.
    """
    if drafted.taken is None or not drafted.taken.terms.follows:
        return None
    if sum(one.posted_events.events.len() for one in drafted.tallies if one.posted_events) > EVENTS_AT_MOST:
        return None
    pieces = _pieces(drafted, drafted.taken)
    seal = hashlib.sha256()
    for one in pieces:
        seal.update(one)
    fresh = publish.aside(out, FRESH)
    disk.write_pieces(fresh, [seal.digest(), *pieces])
    return fresh


def settle(out: Path, fresh: Path | None) -> None:
    """Have what `write` gave, null = nothing, replace what the run before left. Raises `DiskError`."""
    if fresh:
        disk.rename(fresh, out / publish.NOTED_EVENTS)
    else:
        disk.remove_tree(out / publish.NOTED_EVENTS)


def _pieces(drafted: DraftRun, taken: Intake) -> list[bytes]:
    """What stands in the file after its seal: the length of its header, the header, and the columns."""
    number = numbers_of_households(taken)
    tallied = {name: numbered(posted, number) for name, posted in _by_file(drafted)}
    files = Opened(drafted.folder, drafted.content).files(LEDGER)
    # A file of nothing but grants, which nobody reports, has no event.
    lengths = {name: (one.owners.height, one.events.len()) for name, one in tallied.items()}
    held = {name: [file["sha256"], *lengths.get(name, (0, 0))] for name, file in files.items()}
    own = [tallied[name] for name in held if name in tallied]
    columns = {
        "household": [one.owners["household"] for one in own],
        "lines": [one.owners["lines"] for one in own],
        "event": [one.events for one in own],
    }
    header = json.dumps({"form": _form(), "files": held}).encode()
    header += b" " * (-len(header) % LENGTH.itemsize)
    arrays = [
        column.to_numpy().astype(kind, copy=False) for name, kind in KINDS.items() for column in columns[name]
    ]
    return [np.array(len(header), LENGTH).tobytes(), header, *(one.tobytes() for one in arrays)]


def read(before: Path, names: Collection[str]) -> PostedEvents | None:
    """The events of some files of the ledger of a run, by `household`; null where that has to be read itself.

    It counts where it is whole, numbered as now, and of these very files by the run's manifest.
    """
    try:
        content = (before.parent.parent / publish.NOTED_EVENTS).read_bytes()
    except OSError:
        return None
    rest = memoryview(content)[SEAL_BYTES:]
    if hashlib.sha256(rest).digest() != content[:SEAL_BYTES]:
        return None
    # What is sealed is as it was written: by this program, or by one that numbered otherwise.
    begin = LENGTH.itemsize + int.from_bytes(rest[: LENGTH.itemsize], "little")
    header = json.loads(bytes(rest[LENGTH.itemsize : begin]))
    if header["form"] != _form():
        return None
    files = Opened.at(before).files(LEDGER)
    held: dict[str, tuple[str, int, int]] = header["files"]
    if any(name not in held or name not in files or held[name][0] != files[name]["sha256"] for name in names):
        return None
    owners, events = [held[name][1] for name in held], [held[name][2] for name in held]
    columns, at = [], begin
    for (name, kind), lengths in zip(KINDS.items(), (owners, owners, events), strict=True):
        every = np.frombuffer(rest, kind, sum(lengths), at)
        stretches = np.split(every, np.cumsum(lengths)[:-1])
        own = [one for file, one in zip(held, stretches, strict=True) if file in names]
        columns.append(pl.Series(name, own[0] if len(own) == 1 else np.concatenate([every[:0], *own])))
        at += every.nbytes
    return PostedEvents(pl.DataFrame(columns[:2]), columns[2])


def _form() -> list[Any]:
    """What files must agree in to be held against each other: their form, and what ids become as numbers."""
    return [FORM, pl.__version__, *map(list, SAMPLE.select(**NUMBERS).rows())]


def _by_file(drafted: DraftRun) -> Iterator[tuple[str, PostedEvents]]:
    """What was tallied of each file of the ledger that has events, with its name."""
    for part, tally in enumerate(drafted.tallies):
        posted = tally.posted_events
        if posted is not None:
            for year in posted.owners["year"].unique().sort():
                yield file_name(LEDGER, part, year), posted.where(posted.owners["year"] == year)
