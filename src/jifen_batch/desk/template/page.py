"""`template` as a page: load the books, choose, make the workbook, and put it and its mappings down."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch import clock, rules
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.template import mapping_file, workbook
from jifen_batch.desk.template.choices import choices
from jifen_batch.desk.template.sheets import SHEETS
from jifen_batch.errors import UsageRefusedError
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.desk.template.choices import Asked

ENDING = ".xlsx"
SCRATCH = ".template-"


@dataclass(frozen=True)
class Made:
    """What was made: the files, the workbook first; by which book and year; and what reads them."""

    files: list[Path]
    book: str
    year: int
    items: int
    command: str


def template(asked: Asked) -> Made:
    """Make the workbook and, beside it, a mapping file for each of its sheets.

    Raises `UsageRefusedError` where one of them is there already (it may be filled in), or no book covers
    the place and year; `RulesRefusedError`, `DiskError`.
    """
    mappings = {filled.role: asked.to.with_suffix(f".{filled.role}.toml") for filled in SHEETS}
    _check(asked.to, [asked.to, *mappings.values()])
    loaded = rules.load([Path(path) for path in asked.rules])
    today = clock.today()
    chosen = choices(loaded.tables, asked, today.year)
    command = _command(asked, mappings)
    contents = {
        mappings[filled.role]: mapping_file.text(filled, asked.to.name, chosen.codes, asked.language).encode()
        for filled in SHEETS
    }
    contents[asked.to] = workbook.blank(chosen, today, command, asked.language)
    for path, content in contents.items():
        with scratch.replacing(path, SCRATCH) as fresh:
            disk.write_bytes(fresh, content)
    return Made([asked.to, *mappings.values()], chosen.book, chosen.year, len(chosen.rows), command)


def _check(to: Path, files: Sequence[Path]) -> None:
    """Refuse places where the files cannot be put down."""
    if to.suffix != ENDING:
        raise UsageRefusedError(
            f"--to {to}: is no name of a workbook; let it end in {ENDING}",
            f"--to {to}：不是工作簿的文件名；请以 {ENDING} 结尾",
        )
    if not to.absolute().parent.is_dir():
        raise UsageRefusedError(
            f"--to {to}: {to.parent} is no folder; make it, or name another",
            f"--to {to}：{to.parent} 不是目录；请先建立，或换一个",
        )
    for path in files:
        if path.exists() or path.is_symlink():
            raise UsageRefusedError(
                f"--to {to}: {path} is there already, and may be filled in; name another file",
                f"--to {to}：{path} 已经有了，可能已填过；请换一个文件名",
            )


def _command(asked: Asked, mappings: dict[str, Path]) -> str:
    """The run that reads the workbook, as it is typed."""
    words = ["jifen-batch", "run"]
    for role, path in mappings.items():
        words += [f"--{role}", str(asked.to), "--mapping", str(path)]
    for rule_book in asked.rules:
        words += ["--rules", rule_book]
    return shlex.join([*words, "--out", "out"])
