"""A process of its own for everything that is measured: seconds from start to end, and its own peak.

Whoever starts a process should hold little memory itself: Linux counts the memory of who starts a process
as the least that process has held, so a large one would spoil every peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
SEARCHED = (ROOT / "tests", ROOT / "benchmarks", ROOT / "benchmarks" / "peers")


@dataclass(frozen=True)
class Ended:
    """A process that ended well: from start to end in seconds, most memory held, what it printed."""

    seconds: float
    peak_bytes: int
    printed: str

    @property
    def said(self) -> dict[str, Any]:
        """The JSON that it printed."""
        said: dict[str, Any] = json.loads(self.printed)
        return said


def python(*words: object, code: int = 0) -> Ended:
    """Start our Python without settings from outside, wait for it, and take its own peak from the system.

    It must end with this exit code.
    """
    command = [sys.executable, *map(str, words)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, SEARCHED))
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        assert process.returncode == code, (
            f"{command} ended with {process.returncode}: {stderr.read().decode()}"
        )
        stdout.seek(0)
        return Ended(seconds, usage.ru_maxrss * PEAK_UNIT, stdout.read().decode())


def jifen(command: str, options: dict[str, object], *flags: str, code: int = 0) -> Ended:
    """One command of the package, options by their names; a list gives its option several times."""
    words: list[object] = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{name}", one]
    return python("-m", "jifen_batch", command, *words, *flags, code=code)


def synth(households: int, years: int, seed: int, out: Path) -> None:
    """The inputs of so many households."""
    jifen("synth", {"households": households, "years": years, "seed": seed, "out": out})


def medians_of(rounds: Sequence[Ended]) -> float:
    """The median of their seconds."""
    ordered = sorted(one.seconds for one in rounds)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
