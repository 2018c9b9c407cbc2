"""The short form: how we stand to the floor and the peers, as ratios, for they say less of the machine.

All take turns in every round; a ratio is taken within a round, and the median of the rounds is told.
Whether one has fallen is judged by `baseline.json`, which `margin.py` records.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median

from entrants import County, digest
from process import synth

BASELINE = Path(__file__).with_name("baseline.json")
HOUSEHOLDS, ROUNDS, SEED = 10_000, 3, 20230426
OVER_FLOOR, DUCKDB, POLARS = "us / floor", "DuckDB / us", "plain Polars / us"
PEERS = {DUCKDB: "DuckDB SQL", POLARS: "plain Polars"}
# Of the first, more is worse; of the others, less.
WORSE = {OVER_FLOOR: 1, DUCKDB: -1, POLARS: -1}
# Nothing within a quarter of the median is called a fall, however quiet the machine of the recording was.
LEAST_SHARE = 0.25


def make(folder: Path) -> County:
    """The county that ratios are measured on."""
    synth(HOUSEHOLDS, 1, SEED, folder)
    county = County(folder)
    county.prepare()
    return county


def measure(county: County) -> dict[str, float]:
    """The ratios of one short form; peers must say what we say."""
    rounds: dict[str, list[float]] = {name: [] for name in WORSE}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        out = Path(name)
        county.run(out / "first")  # warms the files, and gives the floor its tables
        ours = digest(out / "first" / "current")
        for number in range(ROUNDS):
            with tempfile.TemporaryDirectory(dir=out) as again:
                wall = county.run(Path(again)).seconds
            with tempfile.TemporaryDirectory(dir=out) as again:
                rounds[OVER_FLOOR].append(wall / county.floor(out / "first", Path(again))["seconds"])
            for ratio, peer in PEERS.items():
                with tempfile.TemporaryDirectory(dir=out) as theirs:
                    rounds[ratio].append(county.peer(peer, Path(theirs)).seconds / wall)
                    assert number or digest(Path(theirs)) == ours, f"{peer} says something else"
    return {name: median(values) for name, values in rounds.items()}


def limit(name: str, runs: list[float]) -> float:
    """Where a fall begins: twice as far from the median as the worst of these runs, or a quarter of it."""
    middle = median(runs)
    worst = max(WORSE[name] * (value - middle) for value in runs)
    return middle + WORSE[name] * max(2 * worst, LEAST_SHARE * middle)


def fallen(name: str, value: float, runs: list[float]) -> bool:
    """Whether a ratio lies beyond the limit."""
    return WORSE[name] * (value - limit(name, runs)) > 0


def better(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    """The better of two measurements of each ratio."""
    return {name: min(first[name], second[name], key=lambda value: WORSE[name] * value) for name in first}


def baseline() -> dict[str, list[float]]:
    """The recorded runs of each ratio."""
    recorded: dict[str, list[float]] = json.loads(BASELINE.read_text("utf-8"))["runs"]
    return recorded
