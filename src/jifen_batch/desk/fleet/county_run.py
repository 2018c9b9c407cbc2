"""One county's night, as a process of its own: what it came to, in a few figures."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from jifen_batch import own_process
from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jifen_batch.desk.fleet.counties import County

PROGRAM = "jifen_batch.cli.process.of_fleet"
# A variable would serve every county at once, its output folder above all.
VARIABLES, KEPT = "JIFEN_", "JIFEN_DEBUG"
SIGNALLED = 128


@dataclass(frozen=True)
class End:
    """How a county's run ended; figures are null where it did not come to them.

    `points` are those of all lines; `error` is the sentence that stopped it, null where nothing did.
    """

    name: str
    exit_code: int
    seconds: float
    outcome: str | None = None
    run_id: str | None = None
    folder: str | None = None
    rows: int | None = None
    lines: int | None = None
    points: int | None = None
    rejects: int | None = None
    error: str | None = None

    @property
    def settled(self) -> bool:
        """Whether it published, so that the night need not be worked again."""
        return self.exit_code in {ExitCode.DONE, ExitCode.HELD_BACK}

    def as_bytes(self) -> bytes:
        """As it is kept."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()


def run(
    county: County, as_of: str, language: str, started: Callable[[subprocess.Popen[bytes]], object]
) -> tuple[End, bytes]:
    """Work a county's night as of a day; how it ended, and its log. `started` is handed the process."""
    began = time.monotonic()
    words = ["run", "--config", str(county.config), "--as-of", as_of, "--language", language, "--json"]
    environment = {
        name: value for name, value in os.environ.items() if name == KEPT or not name.startswith(VARIABLES)
    }
    process = subprocess.Popen(  # noqa: S603 - ourselves
        own_process.command(PROGRAM, str(os.getpid()), *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment,
    )
    started(process)
    said, log = process.communicate()
    code = process.returncode if process.returncode >= 0 else SIGNALLED - process.returncode
    return _end(county.name, code, round(time.monotonic() - began, 3), said), log


def read(path: Path) -> End | None:
    """An end that was kept; null where there is none, or none that can be read."""
    try:
        return End(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _end(name: str, code: int, seconds: float, said: bytes) -> End:
    """An end, by what the run printed for machines."""
    try:
        told = json.loads(said)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    figures = _figures(told["manifest"]) if "manifest" in told else {}
    named = {key: told.get(key) for key in ("outcome", "run_id", "folder", "error")}
    return End(name, code, seconds, **named, **figures)


def _figures(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a run's manifest says of how much it was."""
    return {
        "rows": manifest["accounting"]["rows"],
        "rejects": manifest["accounting"]["rejected"],
        "lines": manifest["control_totals"]["lines"],
        "points": manifest["control_totals"]["points"],
    }
