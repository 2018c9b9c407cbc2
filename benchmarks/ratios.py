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
# A village, a small town, and a town large enough for the floor: there start-up is most, here the work.
HOUSEHOLDS, ROUNDS, SEED = (200, 2_000, 10_000), 3, 20230426
OVER_FLOOR, DUCKDB, POLARS = "us / floor", "DuckDB / us", "plain Polars / us"
PEERS = {DUCKDB: "DuckDB SQL", POLARS: "plain Polars"}


def at(ratio: str, households: int) -> str:
    """The name of a ratio at a size; at the largest it is known by itself."""
    return ratio if households == HOUSEHOLDS[-1] else f"{ratio}, {households:,} households"


# Of the floor's, more is worse; of the others, less.
WORSE = {OVER_FLOOR: 1} | {at(ratio, households): -1 for households in HOUSEHOLDS for ratio in PEERS}
# Nothing within a quarter of the median is called a fall, however quiet the machine of the recording was.
LEAST_SHARE = 0.25


def make(folder: Path) -> dict[int, County]:
    """The counties that ratios are measured on, by their households."""
    counties = {households: County(folder / str(households)) for households in HOUSEHOLDS}
    for households, county in counties.items():
        synth(households, 1, SEED, county.inputs)
        county.prepare()
    return counties


def measure(counties: dict[int, County]) -> dict[str, float]:
    """The ratios of one short form; peers must say what we say."""
    return {
        at(ratio, households): value
        for households, county in counties.items()
        for ratio, value in _measure(county, with_floor=households == HOUSEHOLDS[-1]).items()
    }


def _measure(county: County, *, with_floor: bool) -> dict[str, float]:
    """The ratios of one county."""
    rounds: dict[str, list[float]] = {name: [] for name in ([OVER_FLOOR] if with_floor else []) + [*PEERS]}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        out = Path(name)
        county.run(out / "first")  # warms the files, and gives the floor its tables
        ours = digest(out / "first" / "current")
        for number in range(ROUNDS):
            with tempfile.TemporaryDirectory(dir=out) as again:
                wall = county.run(Path(again)).seconds
            if with_floor:
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
