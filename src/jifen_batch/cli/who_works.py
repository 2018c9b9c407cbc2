"""Who works, as two options say it together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.engine import address, polars_threads


def settled(workers: str, shuffle: str | None, events: str) -> dict[str, Any]:
    """`workers` and `shuffle` of the options of a run; to be asked before the libraries are loaded.

    Of the `events` it is only asked how much there is to read.
    """
    asked = address.parsed(workers)
    if asked.kind == address.HERE and shuffle is not None:
        raise WrongUsageError(
            "--shuffle is for workers on other machines: leave it out, or name them with --workers",
            "--shuffle 用于别的机器上的工作进程：请去掉，或用 --workers 写明",
        )
    asked.refuse_without(shuffle)
    polars_threads.settle(asked.cores, events)
    return {"workers": workers, "shuffle": Path(shuffle) if shuffle is not None else None}
