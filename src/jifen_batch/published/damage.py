"""Published files that are no longer as they were written, found by what their manifests say of them.

A command that must answer at once cannot hash all it might read. Where reading fails, it asks here whether
a file is to blame, so that the answer names the file and not a place in this program.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.errors import InputRefusedError
from jifen_batch.published import announced, publish
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jifen_batch.tables import Table

REMEDY = Sentence(
    "run again as of another day, or bring the folder back from a backup",
    "请按另一日期重新执行 run，或从备份恢复该文件夹",
)


READ_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def check_run(run: Path, remedy: Sentence = REMEDY) -> None:
    """Raise `InputRefusedError` for the first file of a published run that is not as its manifest says."""
    announced.check_files(run, publish.read_manifest(run)["outputs"], remedy)


def whole(run: Path, table: Table) -> bool:
    """Whether the files of a table of a published run are as its manifest says."""
    try:
        outputs = publish.read_manifest(run)["outputs"]
        own = [file for file in outputs if file["name"].startswith(f"{table.name}/")]
        announced.check_files(run, own, REMEDY)
    except InputRefusedError:
        return False
    return True


@contextmanager
def named(run: Path, out: Path, quarters: Sequence[str]) -> Iterator[None]:
    """Inside, an error of reading the run or these announced quarters names the file that is damaged.

    Raises `InputRefusedError` for it; any other error passes as it is.
    """
    try:
        yield
    except READ_ERRORS:
        check_run(run)
        announced.verified(out, quarters)
        raise


@contextmanager
def named_among_kept(out: Path) -> Iterator[None]:
    """The same of all kept runs, and of the quarters that hang: what a night is held against.

    Another day would be held against the same, so that only a backup helps.
    """
    try:
        yield
    except READ_ERRORS:
        for run in publish.published(out):
            check_run(run, announced.RESTORE)
        announced.verified(out, announced.quarters(out))
        raise
