"""A quarter frozen: written whole beside the announced ones, and named last (specification 4, `announced/`).

The same protocol as publishing a run: a fresh temporary folder, synced, read back, its manifest last,
renamed in one step. A quarter that hangs is never written over. The output folder must be held.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import InputRefusedError, InvariantBrokenError
from jifen_batch.inputs.files import hash_file
from jifen_batch.published import announced, manifest, publish
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from pathlib import Path


def begin(out: Path, quarter: str) -> Path:
    """A fresh folder to write a quarter into."""
    if not announced.NAMED.fullmatch(announced.folder(out, quarter).name):
        raise InvariantBrokenError(
            "a quarter is no such quarter; this is a fault of the program", "季度的写法不合规；这是程序的错误"
        )
    disk.make_lasting_folder(out / announced.ANNOUNCED)
    folder = out / announced.ANNOUNCED / f"{publish.TEMPORARY}{quarter}"
    disk.make_folder(folder / manifest.ABOUT)
    return folder


def copy_rules(run: Path, folder: Path) -> None:
    """Put the rule files of a run beside what they came to."""
    to, of = manifest.about(folder), manifest.about(run)
    for path in sorted(manifest.rules(run).rglob("*")):
        if path.is_file():
            copy = to / path.relative_to(of)
            disk.make_folder(copy.parent)
            with disk.failures("read", path):
                content = path.read_bytes()
            disk.write_bytes(copy, content)


def commit(out: Path, folder: Path, quarter: str, rows: dict[str, int], content: dict[str, Any]) -> Path:
    """Announce a written quarter with this manifest, to which its files are added; its folder.

    Raises `InvariantBrokenError` where a file does not hold the `rows` that were written to it, and
    `InputRefusedError` where something stands in the quarter's place.
    """
    seal(folder, rows, content)
    return hang(out, folder, quarter)


def seal(folder: Path, rows: dict[str, int], content: dict[str, Any]) -> str:
    """Make a written quarter ready for its name; SHA-256 of its manifest. Raises `InvariantBrokenError`."""
    files = manifest.of_outputs(folder)
    held = {file["name"]: file["rows"] for file in files if file["rows"] is not None}
    if held != rows:
        raise InvariantBrokenError(
            f"{folder}: not all rows were written; nothing was announced: report this",
            f"{folder}：没有写全所有的行；没有公告任何内容；这是程序的错误，请报告",
        )
    publish.seal(folder, files, {**content, "files": files})
    return hash_file(manifest.path(folder))[1]


def hang(out: Path, folder: Path, quarter: str) -> Path:
    """Give a sealed quarter its name; its folder. Raises `InputRefusedError` where something stands there."""
    final = announced.folder(out, quarter)
    _refuse_stranger(final)
    disk.rename(folder, final)
    return final


def _refuse_stranger(final: Path) -> None:
    """Raise `InputRefusedError` where something stands in a quarter's place."""
    if os.path.lexists(final):
        raise InputRefusedError(
            f"{final}: is there already, but is no announced quarter; move it away",
            f"{final}：已经存在，却不是已公告的季度；请移走它",
        )
