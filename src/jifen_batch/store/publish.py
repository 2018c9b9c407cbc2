"""Publishing: old or new, never torn (contract 4).

A run is written into a fresh folder beside the published ones, synced, given its manifest last,
renamed, and only then does `current` switch to it, in one step. A published folder never changes.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import DiskError, InputRefusedError, LockedError
from jifen_batch.store import disk, manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS, CURRENT, LOCK, REFUSED = "runs", "current", ".lock", "refused"
RUN_ID = re.compile(r"[0-9a-f]{16}")
KEEP_DAYS = 7
DAY_SECONDS = 86_400


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold the output folder; the lock dies with its process. Raises `LockedError` naming the holder."""
    _refuse_unsafe(out)
    disk.make_folder(out)
    with disk.failures("open", out / LOCK):
        handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, disk.FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 200, 0).decode("ascii", "replace").strip() or "another process"
            raise LockedError(f"{out}: {holder} holds the output folder; wait until it is done") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()}, begun {_now()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _now() -> str:
    """The time of the day in Shanghai, for people."""
    return datetime.now(timezone(timedelta(hours=8))).strftime("%Y-%m-%d %H:%M:%S")


def _refuse_unsafe(out: Path) -> None:
    """Refuse an output folder that others may write to, or that is a link, or whose parts are."""
    if out.is_dir() and out.stat().st_mode & stat.S_IWOTH:
        raise InputRefusedError(
            f"{out}: others may write to the output folder; take that right away (chmod o-w)"
        )
    if (out / RUNS).is_symlink():
        raise InputRefusedError(
            f"{out / RUNS}: is a link; the output folder holds its runs itself: remove it"
        )
    link = out / CURRENT
    if os.path.lexists(link) and not (link.is_symlink() and os.readlink(link).startswith(f"{RUNS}/")):  # noqa: PTH115 - the text
        raise InputRefusedError(f"{link}: is not a link to one of the runs; move it away")


def begin(out: Path, run_id: str) -> Path:
    """A fresh folder to write a run into; what dead runs left behind is removed, for the lock is ours."""
    runs = out / RUNS
    disk.make_folder(runs)
    for left in runs.glob(".tmp-*"):
        disk.remove_tree(left)
    folder = runs / f".tmp-{run_id}"
    disk.make_folder(folder)
    return folder


def check_space(out: Path, needed_bytes: int) -> None:
    """Raise `DiskError` where there is not even room for this much."""
    free = disk.free_bytes(out)
    if free < needed_bytes:
        raise DiskError(
            f"{out}: {free:,} bytes are free, about {needed_bytes:,} are needed; make room and run again"
        )


def commit(out: Path, folder: Path, run_id: str, content: dict[str, Any]) -> Path:
    """Publish a written run with this manifest; the folder of the run."""
    disk.sync_tree(folder)
    disk.write_bytes(folder / manifest.NAME, manifest.as_bytes(content))
    disk.sync(folder)
    published = out / RUNS / run_id
    disk.remove_tree(published)
    disk.rename(folder, published)
    switch(out, run_id)
    return published


def switch(out: Path, run_id: str) -> None:
    """Make a published run the current one."""
    disk.switch_link(out / CURRENT, f"{RUNS}/{run_id}")


def find_run(out: Path, run_id: str) -> Path | None:
    """The folder of a published run, where there is one: it has its manifest."""
    folder = out / RUNS / run_id
    return folder if (folder / manifest.NAME).is_file() else None


def current(out: Path) -> Path:
    """The folder that `current` names now. Raises `InputRefusedError` where nothing is published yet."""
    link = out / CURRENT
    if not link.is_symlink():
        raise InputRefusedError(f"{out}: nothing is published there yet; check --out, or run first")
    folder = link.resolve()
    if not (folder / manifest.NAME).is_file():
        raise InputRefusedError(f"{out}: current names no complete run; run again")
    return folder


def prune(out: Path, keep: int) -> list[str]:
    """Remove old runs; the newest `keep`, all of the last seven days and the current one stay."""
    now = time.time()
    runs = [folder for folder in (out / RUNS).iterdir() if RUN_ID.fullmatch(folder.name)]
    newest_first = sorted(runs, key=lambda folder: (folder / manifest.NAME).stat().st_mtime, reverse=True)
    kept = current(out)
    old = [
        folder
        for folder in newest_first[keep:]
        if folder.resolve() != kept
        and now - (folder / manifest.NAME).stat().st_mtime > KEEP_DAYS * DAY_SECONDS
    ]
    for folder in old:
        disk.remove_tree(folder)
    return [folder.name for folder in old]


def keep_refused(out: Path, folder: Path, table: str, run_id: str) -> Path:
    """Keep one table of a run that is not published, for people to look into; the rest goes."""
    kept = out / REFUSED / run_id
    disk.make_folder(kept.parent)
    disk.remove_tree(kept)
    disk.make_folder(kept)
    disk.rename(folder / table, kept / table)
    disk.remove_tree(folder)
    return kept / table


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published run."""
    with disk.failures("read", folder / manifest.NAME):
        content: dict[str, Any] = json.loads((folder / manifest.NAME).read_bytes())
    return content
