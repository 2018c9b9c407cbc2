"""What is worth a look in a published run: standings, the last announcement, where the files lie."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.columns.quarters import last_day
from jifen_batch.notices import announcement, participation, standings
from jifen_batch.notices.grid import Lines
from jifen_batch.notices.words import printable
from jifen_batch.published import runs
from jifen_batch.sentence import Sentence, lines
from jifen_batch.tables import ANNOUNCEMENTS, PARTICIPATION, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jifen_batch.notices.grid import Part

MAX_VILLAGES = 12


def highlights(folder: Path, manifest: Mapping[str, Any], first: int) -> Iterator[Part]:
    """The first households of each village's latest standings and last announcement, and the files."""
    ranked = runs.read(folder, STANDINGS)
    names = runs.village_names(folder)
    yield from standings.top(ranked, names, first, MAX_VILLAGES)
    quarters = [path.name.removeprefix("quarter=") for path in (folder / "announcements").glob("quarter=*")]
    if quarters:
        as_of, grace_days = date.fromisoformat(manifest["as_of"]), manifest["options"]["grace_days"]
        quarter = last_complete(sorted(quarters), as_of, grace_days)
        announced = runs.scan(folder, ANNOUNCEMENTS).filter(pl.col("quarter") == quarter).collect()
        yield from announcement.tables(announced, names, quarter, first, MAX_VILLAGES)
        yield participation.table(runs.read(folder, PARTICIPATION), names, quarter, MAX_VILLAGES)
    left_out = ranked["village_id"].n_unique() - MAX_VILLAGES
    if left_out > 0:
        yield Lines(
            Sentence(
                f"{left_out} more village(s) not listed: see the folder",
                f"另有 {left_out} 个村未列出，见结果目录",
            )
        )
    yield _files(folder)


def last_complete(quarters: list[str], as_of: date, grace_days: int) -> str:
    """The last of these quarters (ascending) that can be announced by then, else the last of all."""
    complete = [quarter for quarter in quarters if last_day(quarter) + timedelta(days=grace_days) <= as_of]
    return (complete or quarters)[-1]


def _files(folder: Path) -> Part:
    """Each table of the run, with how many files and bytes it has."""
    shown = printable(folder)
    listed: list[Sentence | str] = [Sentence(f"Files in {shown}", f"结果文件 {shown}")]
    for entry in sorted(folder.iterdir()):
        files = [path for path in entry.rglob("*") if path.is_file()] if entry.is_dir() else [entry]
        size = sum(path.stat().st_size for path in files)
        name = f"{entry.name}/" if entry.is_dir() else entry.name
        listed.append(f"  {name:<16}{len(files):>6} file(s){size:>16,} bytes")
    return Lines(lines(listed), folded=False)
