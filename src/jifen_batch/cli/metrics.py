"""What monitoring learns of a command that ended: which figures, under which names (`--metrics FILE`).

A gauge per name, in base units, one file a command: each writes the whole of its own.
"""

# ruff: noqa: PLC0415 - what writes files is imported when a file is asked for, so that help is quick

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch import clock
from jifen_batch.cli import exits
from jifen_batch.errors import ExitCode, UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import CollectorRegistry

PREFIX = "jifen_batch_"
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


def check(path: str, command: str, out: str, inputs: Iterable[str | None]) -> None:
    """Refuse a place where the file must not stand, before the work. Raises `UsageRefusedError`."""
    from jifen_batch.published import side_file
    from jifen_batch.storage import textfile

    side_file.check("--metrics", Path(path), Path(out), inputs, ENDS_IN)
    names = textfile.former(Path(path))
    for other in SUCCEEDED:
        if other != command and any(name.startswith(f"{PREFIX}{other}_") for name in names):
            raise UsageRefusedError(
                f"--metrics: {path} holds the figures of {other}, and each command writes the whole of its "
                f"file: name another file for {command}"
            )


def write(path: str, command: str, figures: Mapping[str, object], seconds: float, code: int) -> None:
    """Write how a command ended; figures that it did not come to are left out. Raises `DiskError`."""
    from prometheus_client import CollectorRegistry

    from jifen_batch.storage import textfile

    now = round(clock.now().timestamp(), 3)
    success = f"{command}_last_success_timestamp_seconds"
    ends, means = SUCCEEDED[command]
    last = now if code in ends else textfile.former(Path(path)).get(f"{PREFIX}{success}")
    registry = CollectorRegistry()
    _gauge(registry, success, f"Unix time at which {means} last.", last)
    _gauge(registry, f"{command}_last_end_timestamp_seconds", "Unix time at which it last ended.", now)
    _gauge(registry, f"{command}_duration_seconds", "How long it took.", round(seconds, 3))
    _gauge(registry, f"{command}_exit_code", "How it ended; 0 is well.", code)
    for name, means in FIGURES[command].items():
        _gauge(registry, f"{command}_{name}", means, figures.get(name))
    if command == RUN:
        _outcome(registry, figures.get("outcome"))
    textfile.write(Path(path), registry)


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


def _gauge(registry: CollectorRegistry, name: str, means: str, value: object) -> None:
    """One name and its value; no name where there is no value."""
    from prometheus_client import Gauge

    if isinstance(value, int | float):
        Gauge(f"{PREFIX}{name}", means, registry=registry).set(value)


def _outcome(registry: CollectorRegistry, outcome: object) -> None:
    """How a run ended, as a flag and as one sample for each way."""
    from prometheus_client import Gauge

    held_back = int(outcome == "held_back")
    _gauge(registry, "run_held_back", "1 while edited rule books wait to be accepted.", held_back)
    gauge = Gauge(f"{PREFIX}run_outcome", "1 for the way in which it ended.", ["outcome"], registry=registry)
    for one in OUTCOMES:
        gauge.labels(one).set(int(one == outcome))
