"""The ledgers of two runs read side by side, in pieces that memory holds.

Both are sorted by town, village and household, so that whole villages can be held against each other
without the rest. Files that are the same to the byte are never decoded.
"""

from __future__ import annotations

import filecmp
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LINES_AT_ONCE = 1 << 19
PLACE = ("town_id", "village_id")


def years(*folders: Path) -> list[int]:
    """Scoring years in which any of these runs has lines, ascending."""
    key = f"{LEDGER.partition}="
    named = (path.name for folder in folders for path in (folder / LEDGER.name).glob(f"{key}*"))
    return sorted({int(name.removeprefix(key)) for name in named})


def pieces(before: Path, after: Path, year: int) -> Iterator[tuple[pl.LazyFrame, pl.LazyFrame]]:
    """Lines of a scoring year of both runs, some whole villages at a time, in their order.

    A piece has about `LINES_AT_ONCE` lines of the two together, or one village's. Lines that stand in
    both runs may be left out on both sides.
    """
    sides = [_files(folder, year) for folder in (before, after)]
    same = {name for name in sides[0].keys() & sides[1].keys() if _same(sides[0][name], sides[1][name])}
    files = [[path for name, path in side.items() if name not in same] for side in sides]
    held = [_held(of_side) for of_side in files]
    together = pl.concat(held).group_by(PLACE).agg(pl.col("lines").sum()).sort(PLACE)
    piece = (pl.col("lines").cum_sum() - pl.col("lines")) // LINES_AT_ONCE
    for villages in together.with_columns(piece=piece).partition_by("piece", maintain_order=True):
        yield (_lines(files[0], held[0], villages, year), _lines(files[1], held[1], villages, year))


def _files(folder: Path, year: int) -> dict[str, Path]:
    """The files of a run's ledger of a year, by name."""
    found = (folder / LEDGER.name / f"{LEDGER.partition}={year}").glob("*.parquet")
    return {path.name: path for path in sorted(found)}


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    return one.stat().st_size == other.stat().st_size and filecmp.cmp(one, other, shallow=False)


def _held(files: Sequence[Path]) -> pl.DataFrame:
    """Which villages each file holds: a row per village and file, with `file`, its number, and `lines`."""
    schema = pl.Schema({**dict.fromkeys(PLACE, pl.String()), "lines": pl.Int64(), "file": pl.Int64()})
    counts = [
        pl.scan_parquet(path, glob=False)
        .group_by(PLACE)
        .agg(lines=pl.len().cast(pl.Int64))
        .with_columns(file=pl.lit(number, pl.Int64))
        for number, path in enumerate(files)
    ]
    return pl.concat([schema.to_frame(), *pl.collect_all(counts, engine="streaming")])


def _lines(files: Sequence[Path], held: pl.DataFrame, villages: pl.DataFrame, year: int) -> pl.LazyFrame:
    """The lines of these villages in some files."""
    numbers = held.join(villages, on=PLACE, how="semi")["file"].unique().sort()
    if not numbers.len():
        return LEDGER.schema.to_frame().lazy()
    wanted = pl.col("village_id").is_in(villages["village_id"].implode())
    lines = pl.scan_parquet([files[number] for number in numbers], glob=False).filter(wanted)
    return lines.with_columns(pl.lit(year, pl.Int32).alias("scoring_year")).select(LEDGER.names)
