"""A fleet: one run a county, so many at once, resumable; the county is the unit, nothing is shared.

Its folder keeps how each county ended (`ends/`) and what each said (`logs/`). The same command on the same
folder goes on where it was stopped: what has published is not worked again, what was refused is.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Any

from jifen_batch import clock
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.export import table_csv
from jifen_batch.desk.fleet import counties, county_run, shared_ids
from jifen_batch.errors import UsageRefusedError
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import polars as pl

    from jifen_batch.desk.fleet.counties import County
    from jifen_batch.desk.fleet.county_run import End

ENDS, LOGS, ABOUT, SHARED = "ends", "logs", "fleet.json", "shared-ids.csv"
BEGUN = ".fleet-"
# Of several ends the first of these is the fleet's; before them all, that one was stopped by a signal.
WORST_FIRST = (
    ExitCode.INTERNAL,
    ExitCode.DISK,
    ExitCode.USAGE,
    ExitCode.REFUSED,
    ExitCode.LOSS,
    ExitCode.TOO_MANY_REJECTS,
    ExitCode.LOCKED,
    ExitCode.HELD_BACK,
    ExitCode.DONE,
)


@dataclass(frozen=True)
class Fleet:
    """How a fleet ended: each county in the order of the list, those of a former call, and shared ids.

    `before` are the names of counties that had published before this call; `shared` as `shared_ids.find`.
    """

    as_of: str
    ends: list[End]
    before: frozenset[str]
    shared: pl.DataFrame

    @property
    def exit_code(self) -> int:
        """The worst of all ends."""
        return worst([end.exit_code for end in self.ends])

    def total(self, figure: str) -> int:
        """The sum of a figure over all counties that came to it."""
        return sum(getattr(end, figure) or 0 for end in self.ends)


def worst(codes: list[int]) -> int:
    """The worst of some exit codes."""
    known = {int(code): place for place, code in enumerate(WORST_FIRST)}
    return min(codes, key=lambda code: known.get(code, -1))


def run(  # noqa: PLR0913 - what one is asked for
    listed: Path,
    folder: Path,
    *,
    at_once: int,
    as_of: date | None,
    language: str,
    watch: Callable[[int, int], None] | None = None,
) -> Fleet:
    """Run all counties of a list that have not published; `watch` is told how many of them have ended.

    Raises `UsageRefusedError` where the folder is of another day, `CountiesRefusedError`, `LockedError` where
    another fleet is at work in it, and `DiskError`.
    """
    fleet = counties.read(listed)
    with publish.lock(folder):
        day = _day(folder, as_of)
        for name in (ENDS, LOGS):
            disk.make_folder(folder / name)
        kept = {one.name: county_run.read(_end_of(folder, one.name)) for one in fleet}
        settled = {name: end for name, end in kept.items() if end and end.settled}
        todo = [one for one in fleet if one.name not in settled]
        ended = _worked(todo, folder, day, at_once, language, watch)
        ends = [settled.get(one.name) or ended[one.name] for one in fleet]
        shared = shared_ids.find({end.name: end.folder for end in ends if end.settled and end.folder})
        _write(folder / SHARED, table_csv.sheet(shared))
    return Fleet(day, ends, frozenset(settled), shared)


def _day(folder: Path, as_of: date | None) -> str:
    """The day that a folder's fleet is as of; written down by the first that works in it."""
    path = folder / ABOUT
    if path.exists():
        with disk.failures("read", path):
            day = str(json.loads(path.read_bytes())["as_of"])
        if as_of and as_of.isoformat() != day:
            raise UsageRefusedError(
                f"--to {folder}: is of the fleet as of {day}; name another folder for another day",
                f"--to {folder}：是截至 {day} 那次的文件夹；另一天请另选文件夹",
            )
        return day
    day = (as_of or clock.today()).isoformat()
    _write(path, (json.dumps({"as_of": day}) + "\n").encode())
    return day


def _worked(  # noqa: PLR0913, PLR0917 - what one is asked for
    todo: list[County],
    folder: Path,
    day: str,
    at_once: int,
    language: str,
    watch: Callable[[int, int], None] | None,
) -> dict[str, End]:
    """Work these counties, so many at once; each end and log is kept as it comes."""
    alive: set[subprocess.Popen[bytes]] = set()
    stopped = threading.Event()

    def started(process: subprocess.Popen[bytes]) -> None:
        alive.add(process)
        if stopped.is_set():
            process.terminate()

    def work(county: County) -> End:
        end, log = county_run.run(county, day, language, started)
        _write(folder / LOGS / f"{county.name}.log", log)
        _write(_end_of(folder, county.name), end.as_bytes())
        return end

    ended: dict[str, End] = {}
    pool = ThreadPoolExecutor(at_once)
    try:
        for done in as_completed([pool.submit(work, county) for county in todo]):
            end = done.result()
            ended[end.name] = end
            if watch:
                watch(len(ended), len(todo))
    except BaseException:
        # Each says of itself how it ended, and what it published is whole.
        stopped.set()
        for process in [*alive]:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return ended


def _end_of(folder: Path, name: str) -> Path:
    """Where a county's end is kept."""
    return folder / ENDS / f"{name}.json"


def _write(path: Path, content: bytes) -> None:
    """Write a file in place of what stood there."""
    with scratch.replacing(path, BEGUN) as fresh:
        disk.write_bytes(fresh, content)


def as_data(fleet: Fleet, first: int) -> dict[str, Any]:
    """What came of a fleet, for machines; the `first` of the shared ids."""
    figures = ("rows", "lines", "points", "rejects")
    return {
        "outcome": "done" if fleet.exit_code == ExitCode.DONE else "incomplete",
        "exit_code": fleet.exit_code,
        "as_of": fleet.as_of,
        "counties": [vars(end) | {"before": end.name in fleet.before} for end in fleet.ends],
        "totals": {figure: fleet.total(figure) for figure in figures},
        "shared_ids": {"count": fleet.shared.height, "first": fleet.shared.head(first).to_dicts()},
    }
