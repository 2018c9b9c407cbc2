"""How many threads polars starts, settled before it is loaded.

A night is thousands of short steps, each of which polars hands to threads of its own and waits for. With
one such thread there is none to choose, wake and wait for: a village's run takes a tenth less of the
processors' time, and so does a town's on two cores, where parts that are scored at the same time keep the
other core at work. The tables are the same.
"""

from __future__ import annotations

import os

from jifen_batch.inputs.safety import room

# Polars starts so many threads when it is loaded, however many processors there are.
VARIABLE = "POLARS_MAX_THREADS"
# From so many on, a lone step that uses them all gains more than the handing over costs.
CORES_FOR_MANY = 4


def settle(cores: int | None, *, short: bool) -> None:
    """Have polars start one thread where that is faster, else one for each of the `cores`, null = all.

    Whoever set the variable is heeded: they know why.
    """
    if (cores or room.processors()) < CORES_FOR_MANY or short:
        os.environ.setdefault(VARIABLE, "1")
    elif cores is not None:
        os.environ.setdefault(VARIABLE, str(cores))
