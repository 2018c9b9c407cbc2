"""How many threads polars starts, settled before it is loaded.

A night is thousands of short steps, each of which polars hands to threads of its own and waits for. With
one such thread there is none to choose, wake and wait for: a village's run takes a tenth less of the
processors' time, and so does a town's on two cores, where parts that are scored at the same time keep the
other core at work. The tables are the same.
"""

from __future__ import annotations

import os
from pathlib import Path

from jifen_batch.inputs.safety import room

# Polars starts so many threads when it is loaded, however many processors there are.
VARIABLE = "POLARS_MAX_THREADS"
# From so many on, a lone step that uses them all gains more than the handing over costs.
CORES_FOR_MANY = 4
# Some two hundred thousand rows of Parquet: one part, which has no other beside it.
FEW_BYTES = 2 << 20


def settle(cores: int | None, events: str) -> None:
    """Have polars start one thread where that is faster, else one for each of the `cores`, null = all.

    Whoever set the variable is heeded: they know why.
    """
    if (cores or room.processors()) < CORES_FOR_MANY or _are_few(Path(events)):
        os.environ.setdefault(VARIABLE, "1")
    elif cores is not None:
        os.environ.setdefault(VARIABLE, str(cores))


def _are_few(events: Path) -> bool:
    """Whether there is little to read; what cannot be looked into, or is a pattern, may be much."""
    try:
        if not events.is_dir():
            return events.stat().st_size < FEW_BYTES
        left = FEW_BYTES
        for folder, _, names in os.walk(events):
            for name in names:
                left -= (Path(folder) / name).stat().st_size
                if left <= 0:
                    return False
    except OSError:
        return False
    return True
