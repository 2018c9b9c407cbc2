"""What `worklist` says of the folder that it has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import RenderableType


def parts(
    folder: Path, workbooks: int, rows: Mapping[str, int], unplaced: int, refused_since: Sequence[str]
) -> Iterator[RenderableType]:
    """How much there is to do, later runs that were refused, and, last, where the work lists lie.

    `rows` by the Chinese name of their kind.
    """
    yield grid("待办清单 work lists", ["事项", "条数"], rows.items())
    said = []
    if unplaced:
        said.append(
            f"{unplaced:,} 条不知属于哪个村，在 0000.xlsx（of no village, in a workbook of their own）"
        )
    if refused_since:
        said.append(
            f"此后有一次运行因退回太多没有发布，见 --run {refused_since[0]} "
            f"(a later run was refused: name it with --run {refused_since[0]})"
        )
    said.append(f"folder  {printable(folder)}  {workbooks:,} 个工作簿 workbook(s)")
    yield Text("\n".join(said), overflow="ignore", no_wrap=True)
