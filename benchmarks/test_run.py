"""The whole nightly command against the floor and its peers, size by size, in one run.

No time is judged here, for a time says as much of the machine as of the program. What must hold: every
repeat gives the same tables to the byte, the floor read and wrote the very rows that the run did, and
every peer's tables say what the worker's say, cell by cell, in every round.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from entrants import FLOOR, OURS, PEERS, County, digest, in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_benchmark.fixture import BenchmarkFixture

    from process import Ended

MIB = 1 << 20
DIGEST_DIGITS = 12
# All rounds of the largest size; the tests' own limit is for tests.
LIMIT_SECONDS = 7200
# Of such a size a round takes minutes, and differs less from the next: there are at most so many.
LARGE, ROUNDS_OF_LARGE = 100_000, 3
# The largest county that a peer is asked for, in households. Row by row takes the square of a village; the
# other two hold all lines in memory several times over, 1.7 and 1.9 GB for 20,000 households.
LARGEST = {"row by row": 200, "DuckDB SQL": 200_000, "plain Polars": 200_000}


@pytest.mark.timeout(LIMIT_SECONDS)
def test_run_against_the_floor_and_its_peers(  # noqa: PLR0913, PLR0917 - they are fixtures
    benchmark: BenchmarkFixture,
    pytestconfig: pytest.Config,
    county: Callable[[int], Path],
    tell: Callable[[str, dict[str, Any]], None],
    record: Callable[[dict[str, Any]], None],
    households: int,
) -> None:
    """All take turns, after one run that warms the files and gives the floor its tables."""
    asked = County(county(households))
    asked.prepare()
    peers = [name for name in PEERS if households <= LARGEST[name]]
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder:
        out = Path(folder)
        first = asked.run(out / "first").said["manifest"]
        ours = digest(out / "first" / "current")
        floors: list[dict[str, Any]] = []
        ended: dict[str, list[Ended]] = defaultdict(list)

        def other(name: str) -> None:
            with tempfile.TemporaryDirectory(dir=out) as theirs:
                if name == FLOOR:
                    floors.append(asked.floor(out / "first", Path(theirs)))
                    return
                ended[name].append(asked.peer(name, Path(theirs)))
                assert digest(Path(theirs)) == ours, f"{name} says something else: its time is worth nothing"

        def once() -> None:
            with tempfile.TemporaryDirectory(dir=out) as again:
                ended[OURS].append(asked.run(Path(again)))

        rounds = pytestconfig.getoption("--rounds")
        if households >= LARGE:
            rounds = min(rounds, ROUNDS_OF_LARGE)
        order = itertools.chain.from_iterable(in_turn([FLOOR, OURS, *peers], rounds))

        def until_us() -> None:
            for name in itertools.takewhile(lambda name: name != OURS, order):
                other(name)

        benchmark.pedantic(once, setup=until_us, rounds=rounds)  # type: ignore[no-untyped-call] # it has none
        for name in order:
            other(name)

    manifests = [one.said["manifest"] for one in ended[OURS]]
    assert {_bytes(manifest) for manifest in manifests} == {_bytes(first)}, "a repeat gave other tables"
    for floor in floors:
        assert floor["read_rows"] == first["accounting"]["rows"]
        assert floor["written_rows"] == sum(one["rows"] or 0 for one in first["outputs"])
    told = hashlib.sha256(json.dumps(ours).encode()).hexdigest()[:DIGEST_DIGITS]
    for row in _rows(households, first, floors, ended):
        record(row | {"rounds": rounds, "digest": told})
        tell(f"The whole command, the floor and the peers (rounds: {rounds}, medians)", _shown(row, told))
    stages = _stages(ended[OURS])
    benchmark.extra_info.update(digest=told, stages=stages)
    tell("Its stages, median seconds", {"households": households, **stages})


def _rows(
    households: int,
    manifest: dict[str, Any],
    floors: Sequence[dict[str, Any]],
    ended: dict[str, list[Ended]],
) -> list[dict[str, Any]]:
    """A result a competitor: seconds are medians of the rounds, the peak is the highest of them."""
    floor = median(one["seconds"] for one in floors)
    wall = {name: median(one.seconds for one in ended[name]) for name in (OURS, *PEERS) if name in ended}
    peak = {name: max(one.peak_bytes for one in rounds) for name, rounds in ended.items()}
    size = {
        "households": households,
        "events": manifest["accounting"]["rows"],
        "lines": manifest["control_totals"]["lines"],
    }
    seconds_of = {FLOOR: floor} | wall
    return [
        {
            **size,
            "who": who,
            "seconds": seconds,
            "to_floor": seconds / floor,
            "to_us": seconds / wall[OURS],
            "peak_bytes": peak.get(who),
        }
        for who, seconds in seconds_of.items()
    ]


def _shown(row: dict[str, Any], told: str) -> dict[str, Any]:
    """A result as the table has it."""
    return {
        "households": row["households"],
        "event rows": row["events"],
        "ledger lines": row["lines"],
        "who": row["who"],
        "wall s": row["seconds"],
        "to the floor": row["to_floor"],
        "to us": row["to_us"],
        "rows/s": round(row["events"] / row["seconds"]),
        "peak MiB": row["peak_bytes"] and round(row["peak_bytes"] / MIB),
        "digest": "the run's files" if row["who"] == FLOOR else f"{told} ok",
    }


def _bytes(manifest: dict[str, Any]) -> str:
    """What a run came to: its control totals and the bytes of every file of it but the manifest."""
    files = sorted((file["name"], file["sha256"]) for file in manifest["outputs"])
    return json.dumps([manifest["control_totals"], files])


def _stages(runs: Sequence[Ended]) -> dict[str, float]:
    """Median seconds of each stage by the runs' own account, and of what lies outside: start and commit."""
    by_run = [{one["stage"]: one["seconds"] for one in run.said["manifest"]["timings"]} for run in runs]
    outside = median(run.seconds - sum(stages.values()) for run, stages in zip(runs, by_run, strict=True))
    return {stage: median(stages[stage] for stages in by_run) for stage in by_run[0]} | {"rest": outside}
