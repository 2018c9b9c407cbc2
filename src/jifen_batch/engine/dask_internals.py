"""What is run inside a scheduler or a worker of dask, and reads what dask keeps to itself there."""

from __future__ import annotations

import asyncio
import time
from typing import Any

# In which every worker that lives is heard of.
BEATS_SECONDS = 2.0


async def without_those_that_hang(dask_scheduler: Any, seconds: float) -> int:  # noqa: ANN401 - dask ships no types
    """On the scheduler: let go of workers that have not been heard of for so long; how many are left.

    What they were at is given to others. One that comes back later does harm to nobody: what it leaves is
    the same, or is nobody's.
    """

    def silent() -> list[str]:
        return [name for name, one in dask_scheduler.workers.items() if time.time() - one.last_seen > seconds]

    if silent():
        # Where this machine itself stood still, they have not been listened to.
        await asyncio.sleep(BEATS_SECONDS)
    for name in silent():
        await dask_scheduler.remove_worker(name, stimulus_id=f"jifen-silent-{time.time()}", close=False)
    return len(dask_scheduler.workers)


def scheduler_listens(dask_scheduler: Any) -> list[str]:  # noqa: ANN401 - dask ships no types
    """On the scheduler: the hosts at which it listens."""
    return _listens(dask_scheduler)


def worker_listens(dask_worker: Any) -> list[str]:  # noqa: ANN401 - dask ships no types
    """On a worker: the hosts at which it listens."""
    return _listens(dask_worker)


def _listens(server: Any) -> list[str]:  # noqa: ANN401 - dask ships no types
    """The hosts at which a scheduler or worker takes orders."""
    from distributed.comm import get_address_host  # noqa: PLC0415 - on workers, where it is loaded

    return [get_address_host(one.listen_address) for one in server.listeners]
