"""A folder to try something in, beside what is published: it goes away with who made it.

Whoever works in one holds a lock on it, which dies with the process; so a folder that nobody holds was
left behind by one that was killed, and the next that comes removes it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME_BYTES = 8


def token() -> str:
    """Signs that nobody else comes upon, for a name of one's own."""
    return secrets.token_hex(NAME_BYTES)


@contextmanager
def folder(beside: Path, prefix: str) -> Iterator[Path]:
    """A fresh folder named `prefix` and something, removed at the end, however that comes.

    Those of the same prefix whose process is dead are removed first. Raises `DiskError`.
    """
    for left in beside.glob(f"{prefix}*"):
        _remove_if_nobody_holds(left)
    fresh, handle = _held(beside, prefix)
    try:
        yield fresh
    finally:
        try:
            disk.remove_tree(fresh)
        finally:
            os.close(handle)


@contextmanager
def replacing(path: Path, prefix: str, name: str = "fresh") -> Iterator[Path]:
    """Inside, a file is written at the path given; at the end it stands at `path`, over what stood there.

    Until then it is called `name`. What stood there stays where it ends by an error. Raises `DiskError`.
    """
    with folder(path.absolute().parent, prefix) as inside:
        fresh = inside / name
        yield fresh
        disk.sync(fresh)
        disk.rename(fresh, path)


def _held(beside: Path, prefix: str) -> tuple[Path, int]:
    """A fresh folder, and the handle that holds it."""
    while True:
        fresh = beside / f"{prefix}{token()}"
        if disk.make_fresh_folder(fresh):
            with disk.failures("look at", fresh):
                handle = _take(fresh)
            # Between making and taking it, somebody else may have thought it left behind.
            if handle is not None:
                return fresh, handle


def _take(folder: Path) -> int | None:
    """Hold a folder; null where another process does, or where it is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.stat().st_ino == os.fstat(handle).st_ino:
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(handle)
    return None


def _remove_if_nobody_holds(folder: Path) -> None:
    """Remove a folder that was left behind."""
    with disk.failures("look at", folder):
        handle = _take(folder)
    if handle is not None:
        try:
            disk.remove_tree(folder)
        finally:
            os.close(handle)
