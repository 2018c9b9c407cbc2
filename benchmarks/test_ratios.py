"""The short form that runs with every change: no ratio may fall clearly beyond noise (`ratios.py`)."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

import ratios

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT_SECONDS = 1800


@pytest.mark.timeout(LIMIT_SECONDS)
def test_no_ratio_has_fallen_clearly_beyond_noise(
    tmp_path: Path, tell: Callable[[str, dict[str, Any]], None]
) -> None:
    """One short form against the recorded ones; a fall is believed when it is seen twice."""
    recorded = ratios.baseline()
    counties = ratios.make(tmp_path)
    measured = ratios.measure(counties)
    if any(ratios.fallen(name, value, recorded[name]) for name, value in measured.items()):
        measured = ratios.better(measured, ratios.measure(counties))
    for name, value in measured.items():
        runs = recorded[name]
        row = {"ratio": name, "now": value, "baseline": median(runs), "limit": ratios.limit(name, runs)}
        tell("Ratios of the short form", row)
    fallen = [name for name, value in measured.items() if ratios.fallen(name, value, recorded[name])]
    assert not fallen, f"{fallen} fell beyond the limit: see the table; on another machine, make bench-margin"


def test_a_fall_is_told_from_noise() -> None:
    """Of us over the floor more is worse, of a peer over us less; noise is what the recorded runs had."""
    quiet, noisy = [4.0] * 20, [4.0] * 19 + [5.0]
    assert not ratios.fallen(ratios.OVER_FLOOR, 4.9, quiet)
    assert ratios.fallen(ratios.OVER_FLOOR, 5.1, quiet)
    assert not ratios.fallen(ratios.OVER_FLOOR, 5.9, noisy)
    assert ratios.fallen(ratios.OVER_FLOOR, 6.1, noisy)
    assert ratios.fallen(ratios.DUCKDB, 2.9, quiet)
    assert not ratios.fallen(ratios.DUCKDB, 9.0, quiet)


def test_of_two_measurements_the_better_counts() -> None:
    """Less over the floor, more for a peer over us."""
    first = {ratios.OVER_FLOOR: 4.0, ratios.DUCKDB: 5.0, ratios.POLARS: 6.0}
    second = {ratios.OVER_FLOOR: 3.0, ratios.DUCKDB: 4.0, ratios.POLARS: 7.0}
    assert ratios.better(first, second) == {ratios.OVER_FLOOR: 3.0, ratios.DUCKDB: 5.0, ratios.POLARS: 7.0}
