"""Folders in which another program keeps versions of a table: Delta, Hudi, Iceberg, Paimon (specification 2).

Which of their files hold live rows only their log says; all of them read together would bring deleted
rows back.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from jifen_batch.errors import InputRefusedError
from jifen_batch.sentence import Sentence, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_Path = TypeVar("_Path", bound=PurePath)
EXPORT = Sentence(
    "export them as Parquet into another folder, and name that",
    "请把有效的行导出为 Parquet，放进另一个文件夹，并指定那个文件夹",
)
MARKERS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
HUDI_PARTITION = ".hoodie_partition_metadata"
# Folders of everyday names, and what lies in such a table's.
BY_FILES = {"metadata": ("*.metadata.json*", "Iceberg"), "schema": ("schema-[0-9]*", "Paimon")}
# Between a table's own folder and one of its files lie partitions, Iceberg's `data`, Paimon's buckets.
ON_THE_WAY = re.compile(r"data|bucket-\d+|.*=.*", re.DOTALL)


def refuse(folder: Path, role: str) -> None:
    """Refuse a folder that is such a table's own, or a partition of one. Raises `InputRefusedError`."""
    for one in up_to_its_table(folder, folder.absolute().parents):
        if kind := _kind(one, [name for name in (*MARKERS, *BY_FILES) if (one / name).is_dir()]):
            raise _refused(one, role, kind)


def up_to_its_table(folder: _Path, above: Iterable[_Path]) -> Iterator[_Path]:
    """A folder and those above, up to the first that is no partition of a table: only that may be its own."""
    for one in (folder, *above):
        yield one
        if not ON_THE_WAY.fullmatch(one.name):
            return


def refuse_below(folder: Path, folders: Sequence[str], role: str) -> None:
    """The same of a folder below one that has been looked at, by the `folders` in it."""
    if kind := _kind(folder, folders):
        raise _refused(folder, role, kind)


def _refused(folder: Path, role: str, kind: str) -> InputRefusedError:
    problem = Sentence(
        f"is {'an' if kind == 'Iceberg' else 'a'} {kind} table, and only its log says which rows are live",
        f"是 {kind} 表，哪些行有效只有它的日志知道",
    )
    where = Sentence(f"{role}: {folder.name or folder}", f"{role}：{folder.name or folder}")
    return InputRefusedError(*refusal(where, problem, EXPORT))


def _kind(folder: Path, folders: Sequence[str]) -> str | None:
    """What kind of table a folder is by the folders in it; null for none."""
    for marker, kind in MARKERS.items():
        if marker in folders:
            return kind
    if (folder / HUDI_PARTITION).is_file():
        return MARKERS[".hoodie"]
    kinds = (
        kind
        for name, (files, kind) in BY_FILES.items()
        if name in folders and any((folder / name).glob(files))
    )
    return next(kinds, None)
