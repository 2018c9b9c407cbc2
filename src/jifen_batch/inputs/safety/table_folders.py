"""Folders in which another program keeps versions of a table: Delta, Hudi, Iceberg (specification 2).

Which of their files hold live rows only their log says; all of them read together would bring deleted
rows back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.errors import InputRefusedError
from jifen_batch.sentence import Sentence, refusal

if TYPE_CHECKING:
    from pathlib import Path

EXPORT = Sentence(
    "export them as Parquet into another folder, and name that",
    "请把有效的行导出为 Parquet，放进另一个文件夹，并指定那个文件夹",
)
MARKERS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
ICEBERG, ICEBERG_FILES = "metadata", "*.metadata.json"
# Between a table's own folder and one of its files lie partitions, and Iceberg's `data`.
ON_THE_WAY = "data"


def refuse(folder: Path, role: str) -> None:
    """Refuse a folder that is such a table's own, or a partition of one. Raises `InputRefusedError`."""
    for one in (folder, *folder.absolute().parents):
        if kind := _kind(one):
            problem = Sentence(
                f"is a {kind} table, and only its log says which rows are live",
                f"是 {kind} 表，哪些行有效只有它的日志知道",
            )
            where = Sentence(f"{role}: {one.name or one}", f"{role}：{one.name or one}")
            raise InputRefusedError(*refusal(where, problem, EXPORT))
        if "=" not in one.name and one.name != ON_THE_WAY:
            return


def _kind(folder: Path) -> str | None:
    """What kind of table a folder is by what lies in it; null for none."""
    for marker, kind in MARKERS.items():
        if (folder / marker).is_dir():
            return kind
    return "Iceberg" if any((folder / ICEBERG).glob(ICEBERG_FILES)) else None
