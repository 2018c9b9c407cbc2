"""The file operations that change the disk, a function each: the one seam at which tests put faults.

Nothing else in the package makes, writes, names or removes a file, and `disk` is the only one to call
these. They say `OSError` as the system does; a foreign hand may say anything.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o640, 0o750
# Only ever a new file: what stands there, a link above all, is not written to.
ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
LOCKABLE = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


def mkdir(path: Path) -> None:
    """Make a folder, open to nobody whom it is not meant for, not for a moment."""
    os.mkdir(path, FOLDER_MODE)  # noqa: PTH102 - as the system calls it, here and below


def chmod(path: Path, mode: int) -> None:
    """Set the mode of a file or folder, whatever the umask made of it."""
    os.chmod(path, mode)  # noqa: PTH101


def write(path: Path, content: bytes) -> None:
    """Write a new file."""
    with os.fdopen(os.open(path, ANEW, FILE_MODE), "wb") as file:
        file.write(content)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file as its pieces come."""
    with os.fdopen(os.open(path, ANEW, FILE_MODE), "wb") as file:
        file.writelines(pieces)


def write_by(path: Path, hand: Callable[[], object]) -> None:  # noqa: ARG001 - for who watches
    """Let somebody else write to the file at `path`."""
    hand()


def fsync(path: Path) -> None:
    """Wait until a file's content, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(path: Path, to: Path) -> None:
    """Give a file or folder another name, over a file that had it."""
    os.rename(path, to)  # noqa: PTH104


def symlink(path: Path, target: str) -> None:
    """Make a link to a target."""
    os.symlink(target, path)  # noqa: PTH211


def unlink(path: Path) -> None:
    """Remove a file or link."""
    os.unlink(path)  # noqa: PTH108


def rmdir(path: Path) -> None:
    """Remove an empty folder."""
    os.rmdir(path)  # noqa: PTH106


def utime(path: Path, at_ns: int | None = None) -> None:
    """Set the time of a file or folder, in nanoseconds; null = now."""
    if at_ns is None:
        os.utime(path)
    else:
        os.utime(path, ns=(at_ns, at_ns))


def open_lock(path: Path) -> int:
    """A handle of the file that is locked, made where it is not there yet."""
    handle = os.open(path, LOCKABLE, FILE_MODE)
    os.fchmod(handle, FILE_MODE)
    return handle


def note(handle: int, text: bytes) -> None:
    """Write a text over all that the file of a handle holds."""
    os.ftruncate(handle, 0)
    os.pwrite(handle, text, 0)
