"""What a worker of dask does for us: it hands orders to processes of its own, and is never in danger itself.

No library that reads is loaded for that, so that a worker which waits holds little memory.
"""

from __future__ import annotations

from jifen_batch.engine.processes import Children

_CHILDREN = Children()


def carried_out(order: bytes) -> bytes:
    """The answer to an order, by a process of the worker that this runs in."""
    return _CHILDREN.answer(order)


async def let_go() -> None:
    """End the processes of this worker that have no work. Dask waits for all but what is `async`."""
    _CHILDREN.end_waiting()
