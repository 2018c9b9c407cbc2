"""What monitoring learns of a command that ended: which figures, under which names (`--metrics FILE`)."""

# ruff: noqa: PLC0415 - what writes files is imported when a file is asked for, so that help is quick

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch import clock
from jifen_batch.cli import exits
from jifen_batch.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jifen_batch.storage.textfile import Gauge

RUN, RECONCILE = "run", "reconcile"
OUTCOMES = ("published", "kept", "unchanged", "held_back", "failed")
SUCCEEDED = {
    RUN: ((ExitCode.DONE, ExitCode.HELD_BACK), "a run was published, or found to be published already"),
    RECONCILE: ((ExitCode.DONE, ExitCode.DECISION), "balances were held against a statement"),
}
FIGURES = {
    RUN: {
        "rows": "Event rows read.",
        "lines": "Lines of the ledger.",
        "rejects": "Rows rejected.",
        "peak_memory_bytes": "The most memory that was held.",
    },
    RECONCILE: {
        "open_breaks": "Breaks that nobody has accepted.",
        "breaks": "Breaks, accepted ones too.",
        "keys": "Keys that were matched.",
    },
}
ENDS_IN = ".prom"


def check(path: str, out: str, inputs: Iterable[str | None]) -> None:
    """Refuse a place where the file must not stand, before the work. Raises `UsageRefusedError`."""
    from jifen_batch.published import side_file

    side_file.check("--metrics", Path(path), Path(out), inputs, ENDS_IN)


def write(path: str, command: str, figures: Mapping[str, object], seconds: float, code: int) -> None:
    """Write how a command ended; figures that it did not come to are left out. Raises `DiskError`."""
    from jifen_batch.storage import textfile

    now = round(clock.now().timestamp(), 3)
    success = f"{command}_last_success_timestamp_seconds"
    ends, means = SUCCEEDED[command]
    last = now if code in ends else textfile.former(Path(path), success)
    gauges = [
        textfile.Gauge(success, f"Unix time at which {means} last.", last),
        textfile.Gauge(f"{command}_last_end_timestamp_seconds", "Unix time at which it last ended.", now),
        textfile.Gauge(f"{command}_duration_seconds", "How long it took.", round(seconds, 3)),
        textfile.Gauge(f"{command}_exit_code", "How it ended; 0 is well.", code),
        *_figures(command, figures),
    ]
    textfile.write(Path(path), command, gauges)


@contextmanager
def reported(path: str | None, command: str, began: float) -> Iterator[dict[str, object]]:
    """Inside, a command, begun then, works and fills in its figures; they are written however it ends."""
    figures = dict[str, object]()
    code = int(ExitCode.DONE)
    try:
        yield figures
    except click.exceptions.Exit as end:
        code = end.exit_code
        raise
    except BaseException as error:
        code = exits.verdict(error)[0]
        raise
    finally:
        if path:
            write(path, command, figures, time.monotonic() - began, code)


def _figures(command: str, figures: Mapping[str, object]) -> Iterator[Gauge]:
    """What the command came to."""
    from jifen_batch.storage.textfile import Gauge

    for name, means in FIGURES[command].items():
        value = figures.get(name)
        yield Gauge(f"{command}_{name}", means, value if isinstance(value, int) else None)
    if command == RUN:
        outcome = figures.get("outcome")
        yield Gauge(
            "run_held_back", "1 while edited rule books wait to be accepted.", int(outcome == "held_back")
        )
        samples = {one: int(one == outcome) for one in OUTCOMES}
        yield Gauge("run_outcome", "1 for the way in which it ended.", samples, "outcome")
