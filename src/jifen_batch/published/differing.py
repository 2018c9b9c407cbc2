"""The files in which two published runs differ; what is the same in both, nobody needs to read."""

from __future__ import annotations

import filecmp
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.published import announced, at_hand, publish, read
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import polars as pl

    from jifen_batch.tables import Table

REMEDY = Sentence("compare another run, or run again", "请比较另一次运行，或重新执行 run")


@dataclass(frozen=True)
class Opened:
    """A published run: its `folder` and its manifest, `content`."""

    folder: Path
    content: dict[str, Any]

    @classmethod
    def at(cls, folder: Path) -> Opened:
        """The run in a folder. Raises `InputRefusedError` where its manifest is missing or damaged."""
        return cls(folder, publish.read_manifest(folder))

    @property
    def version(self) -> int:
        """The version of the tables that it is of."""
        return int(self.content[read.KEY])

    def files(self, table: Table) -> dict[str, Mapping[str, Any]]:
        """What the manifest says of the files of a table, by name."""
        inside = f"{table.name}/"
        return {file["name"]: file for file in self.content["outputs"] if file["name"].startswith(inside)}


def differing(before: Opened, after: Opened, table: Table) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The rows of a table on both sides, but for files that are the same in both.

    What is left is as its manifest says, else `InputRefusedError`.
    """
    files = before.files(table), after.files(table)
    same = {name for name, file in files[0].items() if _held(file) == _held(files[1].get(name))}
    scans = []
    for side, named in zip((before, after), files, strict=True):
        own = [file for name, file in named.items() if name not in same]
        announced.check_files(side.folder, own, REMEDY)
        scans.append(scan(side.folder, [file["name"] for file in own], table))
    return scans[0], scans[1]


def unlike(before: Path, after: Path, table: Table) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The rows of a table in two folders, but for files that are the same in both to the byte.

    For runs of which no manifest is written yet.
    """
    names = names_unlike(before, after, table)
    return scan(before, names[0], table), scan(after, names[1], table)


def names_unlike(before: Path, after: Path, table: Table) -> tuple[set[str], set[str]]:
    """The names of those files of a table in two folders that are not the same in both to the byte."""
    names = [
        {
            path.relative_to(folder).as_posix()
            for path in (at_hand.whole(folder) / table.name).rglob("*.parquet")
        }
        for folder in (before, after)
    ]
    same = {name for name in names[0] & names[1] if filecmp.cmp(before / name, after / name, shallow=False)}
    return names[0] - same, names[1] - same


def same_files(before: Opened, after: Opened) -> bool:
    """Whether both runs hold the same files with the same content."""
    held = [{file["name"]: _held(file) for file in side.content["outputs"]} for side in (before, after)]
    return held[0] == held[1]


def _held(file: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """What tells a file's content."""
    return (file["size"], file["sha256"]) if file else None


def scan(folder: Path, names: Collection[str], table: Table) -> pl.LazyFrame:
    """Rows of these files of a table, with the column that their path carries."""
    return read.scan([folder / name for name in sorted(names)], table)
