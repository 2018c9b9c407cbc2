"""What `worklist` says of the folder that it has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.notices.words import printable
from jifen_batch.sentence import Sentence, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jifen_batch.notices.grid import Part


WORK = Sentence("Work lists", "待办清单 work lists")
HEADERS = (Sentence("work", "事项"), Sentence("rows", "条数"))


def parts(
    folder: Path, workbooks: int, rows: Mapping[Sentence, int], unplaced: int, refused_since: Sequence[str]
) -> Iterator[Part]:
    """How much there is to do, later runs that were refused, and, last, where the work lists lie.

    `rows` by their kind.
    """
    yield Grid(WORK, HEADERS, [*rows.items()])
    said = []
    if unplaced:
        said.append(
            Sentence(
                f"{unplaced:,} row(s) of no known village, in 0000.xlsx",
                f"{unplaced:,} 条不知属于哪个村，在 0000.xlsx（of no village, in a workbook of their own）",
            )
        )
    if refused_since:
        said.append(
            Sentence(
                f"a later run was refused for its rejects: name it with --run {refused_since[0]}",
                f"此后有一次运行因退回太多没有发布，见 --run {refused_since[0]} "
                f"(a later run was refused: name it with --run {refused_since[0]})",
            )
        )
    where = f"folder  {printable(folder)}  {workbooks:,}"
    said.append(Sentence(f"{where} workbook(s)", f"{where} 个工作簿 workbook(s)"))
    yield Lines(lines(said), folded=False)
