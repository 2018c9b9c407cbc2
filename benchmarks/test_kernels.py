"""The kernels by stage on a made-up county, in the order of their calls (`kernel_seconds.py`)."""

from __future__ import annotations

import tempfile
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from entrants import AS_OF, BENCHMARKS, RULES
from process import python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

LIMIT_SECONDS = 7200


@pytest.mark.timeout(LIMIT_SECONDS)
def test_kernels_by_stage(
    benchmark: BenchmarkFixture,
    pytestconfig: pytest.Config,
    county: Callable[[int], Path],
    tell: Callable[[str, dict[str, Any]], None],
    households: int,
) -> None:
    """A run a round under the watch; medians of each kernel's seconds, parts added up."""
    inputs = county(households)
    files = (inputs / "events", inputs / "households.parquet", inputs / "villages.parquet")
    said: list[dict[str, Any]] = []

    def once() -> None:
        with tempfile.TemporaryDirectory(prefix="jifen-bench-") as out:
            said.append(python(BENCHMARKS / "kernel_seconds.py", *files, RULES, AS_OF, out).said)

    benchmark.pedantic(once, rounds=pytestconfig.getoption("--rounds"))  # type: ignore[no-untyped-call]
    first = said[0]
    assert all(one["calls"] == first["calls"] for one in said), "a repeat called other kernels"
    assert sum(first["seconds"].values()) > 0
    title = f"Kernels by stage, {households:,} households, {first['rows']:,} rows (parts added up)"
    stages = {name: median(one["seconds"][name] for one in said) for name in first["seconds"]}
    benchmark.extra_info.update(stages)
    for name, seconds in stages.items():
        row = {"kernel": name, "calls": first["calls"][name], "seconds": seconds}
        tell(title, row | {"ns a row": round(seconds / first["rows"] * 1e9)})
