"""The fixture village with its feed as one file: what a night of it is asked, and its copies."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from jifen_batch.kernels import parts
from jifen_batch.worker import RunOptions

ROOT = Path(__file__).parents[1]
ROWS_PER_PART = 5


def in_parts(patch):
    """Have a ledger of several files a year, as a county has."""
    patch.setattr(parts.cut, "__defaults__", (ROWS_PER_PART,))


def village_in(folder):
    """What a night of it is asked; its feed and its output lie in a fresh folder."""
    folder.mkdir()
    files = sorted((ROOT / "fixtures" / "events").glob("*.csv"))
    pl.concat([pl.read_csv(file, infer_schema=False) for file in files]).write_csv(folder / "events.csv")
    return RunOptions(
        events=str(folder / "events.csv"),
        households=str(ROOT / "fixtures" / "households.csv"),
        rules=(str(ROOT / "configs" / "rules" / "baoshan-2023.toml"), str(ROOT / "fixtures" / "rules")),
        out=folder / "out",
        as_of=date(2024, 7, 20),
    )


def copied(options, to):
    """The same in another folder, with what was published."""
    folder = shutil.copytree(options.out.parent, to, symlinks=True)
    return replace(options, events=str(folder / "events.csv"), out=folder / "out")
