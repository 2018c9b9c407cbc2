"""Every file operation of publishing, and nothing else: one place to make them fail in tests.

Files are 0640 and folders 0750 whatever the umask. A failing disk becomes one error, whichever library
met it.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_MODE, FOLDER_MODE = 0o640, 0o750


@contextmanager
def failures(what: str, path: Path) -> Iterator[None]:
    """Inside, whatever the file system refuses becomes a `DiskError` that says what was being done."""
    try:
        yield
    except OSError as error:
        # Never in the words of the error: a library's may quote cells.
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise DiskError(f"{path}: cannot {what} ({reason}); {_remedy(error.errno)}") from error
    except _of_libraries() as error:
        raise DiskError(f"{path}: cannot {what} ({type(error).__name__}); {_remedy(None)}") from error


def _of_libraries() -> tuple[type[Exception], ...]:
    """What the libraries raise when they meet a failing disk; asked only once something was raised."""
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, which who only reads should not wait for

    return pl.exceptions.ComputeError, pa.ArrowException


def _remedy(number: int | None) -> str:
    """What to do about a failing disk."""
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "check who may write there and run again"
    return "make room or check the disk, and run again"


def make_folder(path: Path) -> None:
    """Make a folder and those above it, and make sure that they are on the disk."""
    with failures("make the folder", path):
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(FOLDER_MODE)
    for folder in reversed(missing):
        sync(folder.parent)


def write_with(path: Path, write: Callable[[], object]) -> None:
    """Write a file by somebody else's hand."""
    with failures("write", path):
        write()
        path.chmod(FILE_MODE)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file and make sure that it is on the disk."""
    with failures("write", path):
        path.write_bytes(content)
        path.chmod(FILE_MODE)
    sync(path)


def sync(path: Path) -> None:
    """Make sure that a file's content, or a folder's entries, are on the disk."""
    with failures("sync", path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make sure that everything in a folder is on the disk, the folder itself last."""
    for top, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(top) / name)
        sync(Path(top))


def rename(path: Path, to: Path) -> None:
    """Move a file or folder within its file system, in one step, over what a file may replace."""
    with failures("rename", path):
        path.rename(to)
    sync(to.parent)


def switch_link(link: Path, target: str) -> None:
    """Point a link elsewhere in one step."""
    fresh = link.with_name(f".{link.name}.new")
    with failures("switch", link):
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.rename(link)
    sync(link.parent)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all that is in it."""
    with failures("remove", folder):
        if folder.exists():
            shutil.rmtree(folder)


def touch(path: Path) -> None:
    """Set the time of a file or folder to now."""
    with failures("set the time of", path):
        os.utime(path)


def free_bytes(path: Path) -> int:
    """How much room is left where a folder stands."""
    with failures("ask for the free space of", path):
        return shutil.disk_usage(path).free
