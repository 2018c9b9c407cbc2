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
from typing import TYPE_CHECKING, Any

from jifen_batch import clock
from jifen_batch.errors import DiskError, InputRefusedError, LawBrokenError, LockedError
from jifen_batch.store import disk, manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS, CURRENT, LOCK, REFUSED = "runs", "current", ".lock", "refused"
TEMPORARY = ".tmp-"
RUN_ID = re.compile(r"[0-9a-f]{16}")
LINK = re.compile(rf"{RUNS}/({RUN_ID.pattern})/?")
KEEP_DAYS = 7
DAY_SECONDS = 86_400
LOCK_BYTES = 200
LOOKS_FOR_HOLDER, LOOK_SECONDS = 5, 0.02


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold the output folder; the lock dies with its process. Raises `LockedError` naming the holder.

    Raises `InputRefusedError` for a folder that is not safe to publish in.
    """
    with disk.failures("look at", out):
        _refuse_unsafe(out)
    disk.make_folder(out)
    with disk.failures("open", out / LOCK):
        handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, disk.FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                f"{out}: {_holder(handle)} holds the output folder; wait until it is done"
            ) from None
        with disk.failures("write", out / LOCK):
            os.fchmod(handle, disk.FILE_MODE)
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()}, begun {_now()}\n".encode(), 0)
        yield
        # Nobody is to be named who no longer holds it; a process that was killed is, until the next.
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """Who holds the lock, by its own word; between taking it and saying so pass microseconds."""
    for _ in range(LOOKS_FOR_HOLDER):
        said = os.pread(handle, LOCK_BYTES, 0).decode("ascii", "replace").strip()
        if said:
            return said
        time.sleep(LOOK_SECONDS)
    return "another process"


def _now() -> str:
    """The time of the day in Shanghai, for people."""
    return clock.now().strftime("%Y-%m-%d %H:%M:%S")


def _refuse_unsafe(out: Path) -> None:
    """Refuse an output folder that others may write to, or that is a link, or whose parts are."""
    for folder in (out, out / RUNS):
        if folder.is_symlink():
            raise InputRefusedError(f"{folder}: is a link; name the folder itself, and let it hold its runs")
        if folder.is_dir() and folder.stat().st_mode & stat.S_IWOTH:
            raise InputRefusedError(f"{folder}: others may write to it; take that right away (chmod o-w)")
    link = out / CURRENT
    if os.path.lexists(link) and _target(link) is None:
        raise InputRefusedError(f"{link}: is not a link to one of the runs; move it away")


def _target(link: Path) -> str | None:
    """The run that a link names; null for anything else than a link to a folder in `runs`."""
    if not link.is_symlink():
        return None
    named = LINK.fullmatch(os.readlink(link))  # noqa: PTH115 - the text, not a path made of it
    return named[1] if named else None


def sweep(out: Path) -> None:
    """Remove what dead runs left behind; none is alive, for the lock is ours."""
    for folder in (RUNS, REFUSED):
        for left in (out / folder).glob(f"{TEMPORARY}*"):
            disk.remove_tree(left)


def begin(out: Path, run_id: str) -> Path:
    """A fresh folder to write a run into."""
    folder = out / RUNS / f"{TEMPORARY}{run_id}"
    disk.remove_tree(folder)
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
    """Publish a written run with this manifest; the folder of the run.

    A complete run of that id is never written over: `find_run` says whether there is one.
    """
    published = out / RUNS / run_id
    if find_run(out, run_id):
        raise LawBrokenError(f"{published}: this run is published already; this is a fault of the program")
    disk.sync_tree(folder)
    disk.write_bytes(folder / manifest.NAME, manifest.as_bytes(content))
    disk.sync(folder)
    _remove_run(published)
    disk.rename(folder, published)
    switch(out, run_id)
    return published


def switch(out: Path, run_id: str) -> None:
    """Make a published run the current one; the time of its folder says since when it was published."""
    disk.touch(out / RUNS / run_id)
    disk.switch_link(out / CURRENT, f"{RUNS}/{run_id}")


def find_run(out: Path, run_id: str) -> Path | None:
    """The folder of a published run, where there is one: it has its manifest."""
    folder = out / RUNS / run_id
    return folder if (folder / manifest.NAME).is_file() else None


def current(out: Path) -> Path:
    """The folder that `current` names now. Raises `InputRefusedError` where nothing is published yet."""
    run_id = _target(out / CURRENT)
    if run_id is None:
        raise InputRefusedError(f"{out}: nothing is published there yet; check --out, or run first")
    folder = find_run(out, run_id)
    if folder is None:
        raise InputRefusedError(f"{out}: current names no complete run; run again")
    return folder.resolve()


def find_current(out: Path) -> Path | None:
    """The same where something is published; the first run of all finds nothing."""
    return current(out) if os.path.lexists(out / CURRENT) else None


def published(out: Path) -> list[Path]:
    """The folders of all complete runs, the last published first.

    A folder without a manifest is no run, and left to the run that will replace it.
    """
    named = (folder for folder in (out / RUNS).glob("*") if RUN_ID.fullmatch(folder.name))
    complete = [folder for folder in named if (folder / manifest.NAME).is_file()]
    return sorted(complete, key=lambda folder: (-folder.stat().st_mtime, folder.name))


def prune(out: Path, keep: int) -> list[str]:
    """Remove old runs; the newest `keep`, all of the last seven days and the current one stay."""
    oldest = time.time() - KEEP_DAYS * DAY_SECONDS
    kept = _target(out / CURRENT)
    old = [
        folder for folder in published(out)[keep:] if folder.name != kept and folder.stat().st_mtime < oldest
    ]
    for folder in old:
        _remove_run(folder)
    return [folder.name for folder in old]


def _remove_run(folder: Path) -> None:
    """Remove a run, its name first: killed in between, no half of it is ever taken for a run."""
    if folder.exists():
        leaving = folder.with_name(f"{TEMPORARY}old-{folder.name}")
        disk.remove_tree(leaving)
        disk.rename(folder, leaving)
        disk.remove_tree(leaving)


def keep_refused(out: Path, folder: Path, table: str, content: dict[str, Any]) -> Path:
    """Keep one table of a run that is not published, for people to look into; the rest goes.

    It gets a manifest of this `content` (`run_id` among it) and its files, for `verify`.
    """
    kept = out / REFUSED / str(content["run_id"])
    for path in folder.iterdir():
        if path.name != table:
            disk.remove_tree(path)
    disk.sync_tree(folder)
    outputs = manifest.of_outputs(folder)
    disk.write_bytes(folder / manifest.NAME, manifest.as_bytes({**content, "outputs": outputs}))
    disk.sync(folder)
    disk.make_folder(kept.parent)
    _remove_run(kept)
    disk.rename(folder, kept)
    return kept / table


def refused(out: Path) -> list[Path]:
    """The folders of runs that were not published but kept for their rejects, by id."""
    return sorted(folder for folder in (out / REFUSED).glob("*") if RUN_ID.fullmatch(folder.name))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published run, without its own digest: that is for `verify` to hold it to.

    Raises `InputRefusedError` where it is missing or damaged.
    """
    path = folder / manifest.NAME
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputRefusedError(f"{folder}: has no {manifest.NAME}, so it is no run; run again") from None
    except OSError as error:
        raise DiskError(f"{path}: cannot be read ({error.strerror}); check the disk") from error
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputRefusedError(f"{path}: is damaged; remove the folder and run again")
    content.pop(manifest.SEAL, None)
    return content
