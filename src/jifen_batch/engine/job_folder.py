"""The folder of a job: where tasks leave what they made, and how it goes when the job is over.

Nobody can be told to stop: a worker that hung comes back, and goes on where it was. So the folder is taken
away in one step, under another name; from then on nothing can be made in it by the old one.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from jifen_batch.errors import DiskError
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATTEMPT, GONE = ".attempt-", ".gone"


@contextmanager
def attempt(job: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """A folder to work in, and what it is called in the end; where that is there already, ours goes away.

    It is made only where the job still is: who comes late leaves nothing. Raises `DiskError`.
    """
    fresh, final = job / f"{name}{ATTEMPT}{scratch.token()}", job / name
    disk.make_fresh_folder(fresh)
    try:
        yield fresh, final
        quicker = not disk.settle_folder(fresh, final)
    except BaseException:
        with suppress(DiskError):
            disk.remove_tree(fresh)
        raise
    if quicker:
        disk.remove_tree(fresh)


def sweep(job: Path) -> None:
    """Remove the folder of a job, whoever still works in it, or what is left of one. Raises `DiskError`."""
    gone = job if job.name.endswith(GONE) else job.with_name(f"{job.name}{GONE}")
    if gone != job and job.exists():
        disk.remove_tree(gone)
        disk.rename(job, gone)
    disk.remove_tree(gone)
