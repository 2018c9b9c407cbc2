"""The one line of the log that ends every run, and the figures for monitoring that go with it."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import exits, language
from jifen_batch.cli import metrics as monitoring
from jifen_batch.errors import DiskError, JifenError
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.scheme.metrics import RUN
from jifen_batch.scheme.outcomes import DRY_RUN, FAILED, FIGURES, HELD_BACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INPUTS = ("events", "households", "villages", "redemptions", "successions", "objections", "prices")


@contextmanager
def canonical_line(
    parameters: Mapping[str, Any],
    as_json: bool,  # noqa: FBT001 - as every command's last words
    began: float,
) -> Iterator[dict[str, object]]:
    """Inside, a run, begun then, works and fills the line's figures; it is logged last, however it ends.

    What it says is written to the file for monitoring too, where `parameters` name one; that it cannot be
    is an end like any other, for a night that monitoring does not see is one that nobody will miss.
    """
    from jifen_batch.cli import logs

    line: dict[str, object] = dict.fromkeys(("outcome", *FIGURES))
    metrics: str | None = None
    code = 0
    try:
        metrics = _checked_metrics(parameters)
        yield line
    except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
        line["outcome"] = line["outcome"] or FAILED
        sentence = exits.verdict(error)[1]
        line |= {"error": language.here(sentence), "sentence": sentence._asdict()}
        line.update(error.figures if isinstance(error, JifenError) else {})
        code = exits.settle(error, as_json=as_json)
    exits.decided()
    line["seconds"] = round(time.monotonic() - began, 3)
    line.setdefault("peak_memory_bytes", _peak_memory_bytes())
    if line["outcome"] == HELD_BACK:
        code = int(ExitCode.HELD_BACK)
    if line["outcome"] == DRY_RUN:
        code = code or int(str(line["would_end"]))
    if metrics:
        seconds = time.monotonic() - began
        try:
            monitoring.write(metrics, RUN, line, seconds, code)
        except DiskError as error:
            code = code or exits.settle(error, as_json=False)
    say = logs.logger().error if code else logs.logger().info
    say("run", **line, exit_code=code)
    if code:
        raise click.exceptions.Exit(code)


def _checked_metrics(parameters: Mapping[str, Any]) -> str | None:
    """The file for monitoring, once it is known to stand where it may. Raises `UsageRefusedError`."""
    metrics: str | None = parameters["metrics"]
    if metrics:
        inputs = [parameters[name] for name in INPUTS]
        others = [*inputs, *parameters["rules"], *parameters["mapping"]]
        monitoring.check(metrics, RUN, parameters["out"], others)
    return metrics


def _peak_memory_bytes() -> int:
    """The most memory that this process, or any one it started, has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) * unit
