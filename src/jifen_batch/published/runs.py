"""Published runs read back: which there are, and the rows of their tables (specification 4).

A reader resolves a run once, and reads one folder that never changes from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.errors import InputRefusedError
from jifen_batch.published import at_hand, manifest, publish
from jifen_batch.published import read as published_files
from jifen_batch.sentence import Sentence
from jifen_batch.tables import REGISTER

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from jifen_batch.tables import Table

FEWEST_DIGITS = 4
SEVERAL_RUNS = Sentence("is the beginning of several runs", "是几次运行共有的开头")
NO_RUN = Sentence("is no published run", "不是已发布的运行")


def find(out: Path, named: str) -> Path:
    """The folder of a published run: `current`, a run's id, or the beginning of one that no other shares.

    Raises `InputRefusedError` where no run, or more than one, is meant.
    """
    if named == publish.CURRENT:
        return publish.current(out)
    runs = publish.published(out) if len(named) >= FEWEST_DIGITS else []
    meant = [run for run in runs if run.name.startswith(named)]
    if len(meant) != 1:
        problem = SEVERAL_RUNS if meant else NO_RUN
        raise InputRefusedError(
            f"{out}: {named!r} {problem.en}; name one as the folders in {publish.RUNS}/ do, or `current`",
            f"{out}：{named!r} {problem.zh}；请按 {publish.RUNS}/ 中的文件夹名写出一次运行，或写 `current`",
        )
    return at_hand.whole(meant[0].resolve())


def scan(folder: Path, table: Table) -> pl.LazyFrame:
    """Rows of a table in a run's folder, in its order, with the column that its path carries."""
    return published_files.scan(sorted((at_hand.whole(folder) / table.name).rglob("*.parquet")), table)


def read(folder: Path, table: Table) -> pl.DataFrame:
    """The same, read."""
    return scan(folder, table).collect()


def village_names(run: Path) -> dict[str, str]:
    """Village names by id, from a run's register, else from its list of villages; who has none is missing."""
    beside = publish.read_manifest(run).get("village_names", {}) if manifest.path(run).exists() else {}
    named = scan(run, REGISTER).select("village_id", "village_name").drop_nulls()
    first = named.unique("village_id", keep="first", maintain_order=True)
    return beside | dict(first.collect().iter_rows())
