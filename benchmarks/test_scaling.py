"""How cost grows: with events, and hopefully not with books or villages; what starting and a small run cost.

No time is judged here. Each test is one command of its own, told on the page on benchmarking.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from entrants import BENCHMARKS, County
from process import Ended, jifen, python, synth

if TYPE_CHECKING:
    from collections.abc import Callable

Tell = "Callable[[str, dict[str, Any]], None]"
MIB = 1 << 20
MANY = 1000
BUDGET = "2GiB"
HOUSEHOLDS_OF_VILLAGE = 285
STARTS = 9
LIMIT_SECONDS = 14400

pytestmark = pytest.mark.timeout(LIMIT_SECONDS)


def again(county: County, **options: object) -> Ended:
    """One run into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as out:
        return county.run(Path(out), **options)


def row(rounds: list[Ended], **named: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of a table
    """What so many runs of the same say: medians of the time, the highest peak."""
    manifest = rounds[0].said["manifest"]
    wall, rows = median(one.seconds for one in rounds), manifest["accounting"]["rows"]
    return named | {
        "event rows": rows,
        "ledger lines": manifest["control_totals"]["lines"],
        "wall s": wall,
        "rows/s": round(rows / wall),
        "peak MiB": round(max(one.peak_bytes for one in rounds) / MIB),
    }


def test_growth(pytestconfig: pytest.Config, tell: Tell) -> None:
    """Ten times the events, and how many times the time; inputs of one size at a time."""
    before = None
    for size in map(int, pytestconfig.getoption("--growth").split(",")):
        with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder:
            synth(size, 1, 20230426, Path(folder) / "inputs")
            county = County(Path(folder) / "inputs")
            rounds = [again(county) for _ in range(pytestconfig.getoption("--rounds"))]
        told = row(rounds, households=size)
        told["times the events"] = told["event rows"] / before["event rows"] if before else None
        told["times the time"] = told["wall s"] / before["wall s"] if before else None
        tell("Growth", told)
        before = told


def remade(inputs: Path, out: Path, villages: int, books: int) -> tuple[County, dict[str, object]]:
    """The county and the options that put its events into other villages under other books."""
    python(BENCHMARKS / "remade.py", inputs, out, villages, books)
    places = {name: out / f"{name}.parquet" for name in ("households", "villages")}
    return County(inputs), places | {"rules": out / "rules"}


@pytest.mark.parametrize(
    ("title", "few", "many"),
    [
        pytest.param("Local books, 1,000 villages", (MANY, 1), (MANY, MANY), id="books"),
        pytest.param("Villages, one book", (1, 0), (MANY, 0), id="villages"),
    ],
)
def test_cost_beside_events(  # noqa: PLR0913, PLR0917 - fixtures, and what is compared
    pytestconfig: pytest.Config,
    county: Callable[[int], Path],
    tell: Tell,
    tmp_path: Path,
    households: int,
    title: str,
    few: tuple[int, int],
    many: tuple[int, int],
) -> None:
    """The same events in the same rounds, with little and with a lot of what should not matter.

    The runs stay until all are made, as a night's stays until the next: a file system without a journal
    gives no file the place of one that was removed in the last minutes, and searches past a thousand of
    them for every new one.
    """
    if households < MANY:
        pytest.skip(f"{MANY:,} villages need as many households")
    kinds = {kind: remade(county(households), tmp_path / str(kind), *kind) for kind in (few, many)}
    ended: dict[tuple[int, int], list[Ended]] = {kind: [] for kind in kinds}
    for number in range(pytestconfig.getoption("--rounds")):
        for kind, (asked, options) in kinds.items():
            ended[kind].append(asked.run(tmp_path / str(kind) / f"run-{number}", **options))
    lines = {one.said["manifest"]["control_totals"]["lines"] for rounds in ended.values() for one in rounds}
    assert len(lines) == 1, "the same events left other lines"
    least = median(one.seconds for one in ended[few])
    for kind, rounds in ended.items():
        told = row(rounds, households=households, villages=kind[0], **{"local books": kind[1]})
        tell(title, told | {"to the first": told["wall s"] / least})


def test_start(tell: Tell, county: Callable[[int], Path]) -> None:
    """What it takes to start, and a run of one village."""
    village = County(county(HOUSEHOLDS_OF_VILLAGE))
    starts = [python("-m", "jifen_batch", "--help").seconds for _ in range(STARTS)]
    runs = [again(village) for _ in range(STARTS)]
    rows = runs[0].said["manifest"]["accounting"]["rows"]
    for what, seconds in (("--help", starts), (f"run, {rows:,} rows", [one.seconds for one in runs])):
        told = {
            "command": what,
            "median s": median(seconds),
            "fastest s": min(seconds),
            "slowest s": max(seconds),
        }
        tell(f"Starting ({STARTS} rounds)", told)


def test_memory(
    pytestconfig: pytest.Config, county: Callable[[int], Path], tell: Tell, households: int
) -> None:
    """A budget against none: the same bytes, so much memory, so much slower."""
    if "--memory" not in jifen("run", {}, "--help").printed:
        pytest.skip("this version has no --memory")
    asked = County(county(households))
    ended: dict[str, list[Ended]] = {"unbounded": [], BUDGET: []}
    for _ in range(pytestconfig.getoption("--rounds")):
        ended["unbounded"].append(again(asked))
        ended[BUDGET].append(again(asked, memory=BUDGET))
    outputs = [one.said["manifest"]["outputs"] for rounds in ended.values() for one in rounds]
    files = [sorted((file["name"], file["sha256"]) for file in one) for one in outputs]
    assert all(one == files[0] for one in files), "the budget changed a byte"
    free = median(one.seconds for one in ended["unbounded"])
    for memory, rounds in ended.items():
        told = row(rounds, households=households, memory=memory)
        tell("Memory", told | {"to unbounded": told["wall s"] / free})
