"""Who works, as two options say it together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch.cli.canonical_line import INPUTS
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.engine import address, one_core, polars_threads, short_night

if TYPE_CHECKING:
    from collections.abc import Mapping


def settled(
    workers: str, shuffle: str | None, out: str, asked_of_run: Mapping[str, Any], *, prints: bool
) -> dict[str, Any]:
    """`workers` and `shuffle` of the options of a run; to be asked before the libraries are loaded.

    Of the other options it is only asked how much there is to read, where rows must not lie, and whether it
    `prints`: papers of many villages are for all cores.
    """
    asked = address.parsed(workers)
    if asked.kind == address.HERE and shuffle is not None:
        raise WrongUsageError(
            "--shuffle is for workers on other machines: leave it out, or name them with --workers",
            "--shuffle 用于别的机器上的工作进程：请去掉，或用 --workers 写明",
        )
    asked.refuse_without(shuffle)
    if shuffle is not None:
        _refuse_within("--out", out, shuffle)
        for name in INPUTS:
            _refuse_within(f"--{name}", asked_of_run[name] or "", shuffle)
    short = short_night.is_short(name for one in INPUTS if (name := asked_of_run[one]))
    polars_threads.settle(asked.cores, short=short)
    if short and not prints and workers == address.HERE:
        one_core.stay()
    return {"workers": workers, "shuffle": Path(shuffle) if shuffle is not None else None}


def _refuse_within(option: str, folder: str, shuffle: str) -> None:
    """Refuse a shuffle folder in that of another option: of a killed run rows would lie there."""
    if folder and Path(shuffle).resolve().is_relative_to(Path(folder).resolve()):
        raise WrongUsageError(
            f"--shuffle {shuffle} lies in the folder of {option}; name one of its own",
            f"--shuffle {shuffle} 在 {option} 的文件夹里；请另写一个专用的文件夹",
        )
