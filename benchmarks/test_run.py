"""The whole nightly command against the floor, size by size; each time stands beside what it came to.

No time is judged here, for a time says as much of the machine as of the program. What must hold: every
repeat gives the same tables to the byte, and the floor read and wrote the very rows that the run did.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_benchmark.fixture import BenchmarkFixture

ROOT = Path(__file__).parents[1]
FLOOR = Path(__file__).with_name("floor.py")
RULES = ROOT / "configs" / "rules" / "baoshan-2023.toml"
AS_OF = "2024-12-31"
MIB = 1 << 20
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
DIGEST_DIGITS = 12
# All rounds of the largest size; the tests' own limit is for tests.
LIMIT_SECONDS = 7200


@dataclass(frozen=True)
class Ended:
    """A process that ended well: from start to end in seconds, most memory held, JSON it printed."""

    seconds: float
    peak_bytes: int
    said: dict[str, Any]

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the run that it published."""
        manifest: dict[str, Any] = self.said["manifest"]
        return manifest


@pytest.mark.timeout(LIMIT_SECONDS)
def test_run_against_the_floor(
    benchmark: BenchmarkFixture,
    pytestconfig: pytest.Config,
    county: Callable[[int], Path],
    tell: Callable[[str, dict[str, Any]], None],
    households: int,
) -> None:
    """Run and floor take turns, after one run that warms the files and gives the floor its tables."""
    inputs = county(households)
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder:
        out = Path(folder)
        first = _run(inputs, out / "first")
        floors: list[Ended] = []
        runs: list[Ended] = []

        def before() -> None:
            floors.append(_floor(inputs, out / "first", out))

        def once() -> None:
            runs.append(_run(inputs, out / f"round-{len(runs)}"))

        rounds = pytestconfig.getoption("--rounds")
        benchmark.pedantic(once, setup=before, rounds=rounds)  # type: ignore[no-untyped-call] # it has none

    digest = _digest(first.manifest)
    assert {_digest(run.manifest) for run in runs} == {digest}, "a repeat gave other tables"
    for floor in floors:
        assert floor.said["read_rows"] == first.manifest["accounting"]["rows"]
        assert floor.said["written_rows"] == sum(one["rows"] or 0 for one in first.manifest["outputs"])
    row = _row(households, runs, floors) | {"digest": digest[:DIGEST_DIGITS]}
    assert math.isfinite(row["ratio"])
    stages = _stages(runs)
    benchmark.extra_info.update(row, digest=digest, stages=stages)
    tell(f"The whole command (rounds: {rounds}, medians)", row)
    tell("Its stages, median seconds", {"households": households, **stages})


def _run(inputs: Path, out: Path) -> Ended:
    """One nightly run, from the start of the process to its end; its tables are left in `out`."""
    command = [sys.executable, "-m", "jifen_batch", "run", "--json"]
    options: dict[str, str | Path] = {
        "--events": inputs / "events",
        "--households": inputs / "households.parquet",
        "--villages": inputs / "villages.parquet",
        "--rules": RULES,
        "--as-of": AS_OF,
        "--out": out,
    }
    ended = _ended([*command, *(word for option in options.items() for word in option)])
    assert ended.said["outcome"] == "published"
    return ended


def _floor(inputs: Path, published: Path, out: Path) -> Ended:
    """The floor of the same work, in a process of its own."""
    with tempfile.TemporaryDirectory(dir=out) as folder:
        return _ended([sys.executable, FLOOR, inputs / "events", published / "current", folder])


def _ended(command: Sequence[str | Path]) -> Ended:
    """Start a process without settings from outside, wait for it, and take its own peak from the system."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}
    with tempfile.TemporaryFile() as stdout:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{command} ended with {process.returncode}"
        stdout.seek(0)
        return Ended(seconds, usage.ru_maxrss * PEAK_UNIT, json.load(stdout))


def _digest(manifest: dict[str, Any]) -> str:
    """What a run came to: its control totals and the bytes of every file of it but the manifest."""
    files = sorted((file["name"], file["sha256"]) for file in manifest["outputs"])
    return hashlib.sha256(json.dumps([manifest["control_totals"], files]).encode()).hexdigest()


def _row(households: int, runs: Sequence[Ended], floors: Sequence[Ended]) -> dict[str, Any]:
    """One line of the table: times are medians, the peak is the highest of all runs."""
    manifest = runs[0].manifest
    rows, wall = manifest["accounting"]["rows"], median(run.seconds for run in runs)
    floor = median(floor.said["seconds"] for floor in floors)
    return {
        "households": households,
        "event rows": rows,
        "ledger lines": manifest["control_totals"]["lines"],
        "wall s": wall,
        "floor s": floor,
        "ratio": wall / floor,
        "rows/s": round(rows / wall),
        "peak MiB": round(max(run.peak_bytes for run in runs) / MIB),
    }


def _stages(runs: Sequence[Ended]) -> dict[str, float]:
    """Median seconds of each stage by the runs' own account, and of what lies outside: start and commit."""
    by_run = [{one["stage"]: one["seconds"] for one in run.manifest["timings"]} for run in runs]
    outside = median(run.seconds - sum(stages.values()) for run, stages in zip(runs, by_run, strict=True))
    return {stage: median(stages[stage] for stages in by_run) for stage in by_run[0]} | {"rest": outside}
