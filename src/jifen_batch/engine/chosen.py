"""Which engine a run has: what `--workers` says, and where it leaves that open, what is there to use.

Threads share the register and the rows in memory, and start in no time, but wait for each other: the
interpreter lets one of them go on at a time. From so many cores on, processes are faster though each loads
the libraries anew, and only where there is work for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.engine import address, memory
from jifen_batch.engine.here import Here
from jifen_batch.inputs.safety import room

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.engine.crew import Engine
    from jifen_batch.inputs.files import InputFile

CORES_FOR_PROCESSES = 4
# About two million rows: below, the threads are done before processes have begun.
BYTES_FOR_PROCESSES = 16 << 20


def engine(
    workers: str, shuffle: Path | None, folder: Path, files: Sequence[InputFile], memory_bytes: int | None
) -> Engine:
    """The engine for some event files; what it must put aside lies below `folder` or the shuffle folder.

    Raises `UsageRefusedError`, `WorkersUnfitError` and `WorkersLostError`.
    """
    asked = address.parsed(workers)
    if asked.kind != address.HERE:
        from jifen_batch.engine import cluster  # noqa: PLC0415 - what a cluster needs is loaded for one only

        return cluster.crew(asked, shuffle, folder, files)
    cores = asked.cores or room.processors()
    count = memory.workers_at_once(memory_bytes, cores)
    if min(cores, count) < CORES_FOR_PROCESSES or sum(one.size for one in files) < BYTES_FOR_PROCESSES:
        return Here(folder, memory_bytes, cores)
    from jifen_batch.engine.crew import Crew  # noqa: PLC0415 - a village starts none
    from jifen_batch.engine.processes import Processes  # noqa: PLC0415 - likewise

    return Crew(Processes(count), folder)
