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
from jifen_batch.errors import UsageRefusedError
from jifen_batch.scheme import outcomes
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.scheme.metrics import HELD_BACK, MONITORED, OUTCOME, Metric
from jifen_batch.scheme.word import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import CollectorRegistry

PREFIX = "jifen_batch_"
ENDS_IN = ".prom"


def check(path: str, command: str, out: str, inputs: Iterable[str | None]) -> None:
    """Refuse a place where the file must not stand, before the work. Raises `UsageRefusedError`."""
    from jifen_batch.published import side_file
    from jifen_batch.storage import textfile

    side_file.check("--metrics", Path(path), Path(out), inputs, ENDS_IN)
    names = textfile.former(Path(path))
    for other in MONITORED:
        if other != command and any(name.startswith(f"{PREFIX}{other}_") for name in names):
            raise UsageRefusedError(
                f"--metrics: {path} holds the figures of {other}, and each command writes the whole of its "
                f"file: name another file for {command}",
                f"--metrics：{path} 存的是 {other} 的数字，而每个命令都整份改写自己的文件：请给 {command} "
                "另写一个文件",
            )


def write(path: str, command: str, figures: Mapping[str, object], seconds: float, code: int) -> None:
    """Write how a command ended; figures that it did not come to are left out. Raises `DiskError`."""
    from prometheus_client import CollectorRegistry

    from jifen_batch.storage import textfile

    now = round(clock.now().timestamp(), 3)
    said = MONITORED[command]
    success = f"{PREFIX}{command}_{said.last_success.name}"
    told: dict[Metric, object] = {
        said.last_success: now if code in said.success else textfile.former(Path(path)).get(success),
        said.last_end: now,
        said.duration: round(seconds, 3),
        said.exit_code: code,
        **{one: figures.get(one.name) for one in said.figures},
    }
    registry = CollectorRegistry()
    for one, value in told.items():
        _gauge(registry, command, one, value)
    if said.further:
        _outcome(registry, command, figures.get("outcome"))
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


def _gauge(registry: CollectorRegistry, command: str, one: Metric, value: object) -> None:
    """One name and its value; no name where there is no value."""
    from prometheus_client import Gauge

    if isinstance(value, int | float):
        Gauge(f"{PREFIX}{command}_{one.name}", one.help, registry=registry).set(value)


def _outcome(registry: CollectorRegistry, command: str, outcome: object) -> None:
    """How a run ended, as a flag and as one sample for each way."""
    from prometheus_client import Gauge

    _gauge(registry, command, HELD_BACK, int(outcome == outcomes.HELD_BACK))
    gauge = Gauge(f"{PREFIX}{command}_{OUTCOME.name}", OUTCOME.help, ["outcome"], registry=registry)
    for name in names(outcomes.RUN_OUTCOMES):
        gauge.labels(name).set(int(name == outcome))
