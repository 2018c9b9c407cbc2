"""Publishing: old or new, never torn (specification 4).

A run is written into a fresh folder beside the published ones, synced, read back, given its manifest
last, renamed, and only then does `current` switch to it, in one step. A published folder never changes.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from jifen_batch import clock
from jifen_batch.errors import DiskError, InputRefusedError, InvariantBrokenError, LockedError
from jifen_batch.published import at_hand, manifest, read
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import disk, reasons, safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

RUNS, CURRENT, LOCK, REFUSED, ANNOUNCED = "runs", "current", ".lock", "refused", "announced"
# No part of what is published: what the next night asks first (`worker.noted_events`).
NOTED_EVENTS = ".posted-events"
TEMPORARY = ".tmp-"
FRESH_LINK = f".{CURRENT}.new"
RUN_ID = re.compile(r"[0-9a-f]{16}")
LINK = re.compile(rf"{RUNS}/({RUN_ID.pattern})/?")
KEEP_DAYS, KEEP_REFUSED_DAYS = 7, 90
DAY_SECONDS = 86_400
LOCK_BYTES = 200
# As a holder writes of itself.
HOLDER = re.compile("process ([0-9]+), begun (.+)")
LOOKS_FOR_HOLDER, LOOK_SECONDS = 5, 0.02
# Tables, written anew, take up to twice the room of inputs that are packed as tightly; and few rows
# take some for the headers of their files.
SPACE_PER_INPUT_BYTE, LEAST_SPACE_BYTES = 3, 1 << 20


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold the output folder, free of what dead commands left; the lock dies with its process.

    Raises `LockedError` naming the holder, `InputRefusedError` for a folder that is not safe to publish
    in, and `DiskError`. What was begun inside and not published goes when an error ends it.
    """
    refuse_unsafe(out)
    disk.make_lasting_folder(out)
    with disk.lockable(out / LOCK) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(handle)
            raise LockedError(
                f"{out}: {holder.en} holds the output folder; wait until it is done",
                f"{out}：输出文件夹正由{holder.zh}占用；请等它结束",
            ) from None
        disk.note(handle, f"process {os.getpid()}, begun {_now()}\n", out / LOCK)
        _sweep(out)
        try:
            with at_hand.carried_over(out):
                yield
        except BaseException:
            # What was begun may be what fills the disk. Where even this fails, the next holder sweeps.
            with suppress(DiskError):
                _sweep(out)
            raise
        # Nobody is to be named who no longer holds it; a process that was killed is, until the next.
        disk.note(handle, "", out / LOCK)


def _holder(handle: int) -> Sentence:
    """Who holds the lock, by its own word; between taking it and saying so pass microseconds."""
    for _ in range(LOOKS_FOR_HOLDER):
        said = os.pread(handle, LOCK_BYTES, 0).decode("ascii", "replace").strip()
        if said:
            begun = HOLDER.fullmatch(said)
            return Sentence(said, f"进程 {begun[1]}（{begun[2]} 开始）" if begun else f"另一个进程（{said}）")
        time.sleep(LOOK_SECONDS)
    return Sentence("another process", "另一个进程")


def _now() -> str:
    """The time of the day in Shanghai, for people."""
    return clock.now().strftime("%Y-%m-%d %H:%M:%S")


def refuse_unsafe(out: Path) -> None:
    """Raise `InputRefusedError` for an output folder that is not safe to publish in."""
    safe.refuse_unsafe(out, (RUNS, ANNOUNCED, REFUSED))
    _refuse_foreign_link(out / CURRENT)


def _refuse_foreign_link(link: Path) -> None:
    """Refuse a `current` that is not ours: it would be replaced."""
    if os.path.lexists(link) and _target(link) is None:
        raise InputRefusedError(
            f"{link}: is not a link to one of the runs; move it away",
            f"{link}：不是指向某次运行的链接；请移走它",
        )


def _target(link: Path) -> str | None:
    """The run that a link names; null for anything else than a link to a folder in `runs`."""
    if not link.is_symlink():
        return None
    named = LINK.fullmatch(os.readlink(link))  # noqa: PTH115 - the text, not a path made of it
    return named[1] if named else None


def _sweep(out: Path) -> None:
    """Remove what dead commands left behind; none is alive, for the lock is ours. Refused tables grow old."""
    for folder in (RUNS, ANNOUNCED, REFUSED):
        for left in (out / folder).glob(f"{TEMPORARY}*"):
            disk.remove_tree(left)
    disk.remove_tree(out / FRESH_LINK)
    oldest = time.time() - KEEP_REFUSED_DAYS * DAY_SECONDS
    for kept in (out / REFUSED).glob("*"):
        if RUN_ID.fullmatch(kept.name) and kept.stat().st_mtime < oldest:
            _remove(kept)


def begin(out: Path, run_id: str) -> Path:
    """A fresh folder to write a run into."""
    disk.make_lasting_folder(out / RUNS)
    folder = out / RUNS / f"{TEMPORARY}{_checked(run_id)}"
    disk.make_folder(folder)
    return folder


def aside(out: Path, name: str) -> Path:
    """Where a run may put what it must not forget but will not publish; not made yet, swept like the rest."""
    return out / RUNS / f"{TEMPORARY}{name}"


def _checked(run_id: str) -> str:
    """An id of a run that may become part of a path."""
    if not RUN_ID.fullmatch(run_id):
        raise InvariantBrokenError(
            "a run's id is no such id; this is a fault of the program", "运行编号不合规；这是程序的错误"
        )
    return run_id


def estimate(input_bytes: int) -> int:
    """About how much room a run of such inputs needs at most, in bytes."""
    return SPACE_PER_INPUT_BYTE * input_bytes + LEAST_SPACE_BYTES


def check_space(out: Path, needed_bytes: int) -> None:
    """Raise `DiskError` where there is not even room for this much."""
    free = disk.free_bytes(out)
    if free < needed_bytes:
        raise DiskError(
            f"{out}: {free:,} bytes are free, about {needed_bytes:,} are needed; make room and run again",
            f"{out}：剩余空间 {free:,} 字节，约需 {needed_bytes:,} 字节；请腾出空间后重新执行",
        )


def commit(
    out: Path, folder: Path, run_id: str, content: dict[str, Any], *, becomes_current: bool = True
) -> Path:
    """Publish a written run with this manifest, `outputs` and all; the folder of the run.

    A complete run of that id is never written over: `find_run` says whether there is one.
    """
    published = out / RUNS / _checked(run_id)
    if find_run(out, run_id):
        raise InvariantBrokenError(
            f"{published}: this run is published already; this is a fault of the program",
            f"{published}：这次运行已经发布过；这是程序的错误",
        )
    seal(folder, content["outputs"], content)
    _remove(published)
    disk.rename(folder, published)
    if becomes_current:
        switch(out, run_id)
    return published


def seal(folder: Path, files: Sequence[Mapping[str, Any]], content: Mapping[str, Any]) -> None:
    """Make a written folder ready for its name: all of it on the disk and read back, its manifest last.

    `files` are what was written (`manifest.of_outputs`). Raises `DiskError` where the disk has not kept it.
    """
    disk.sync_tree(folder)
    manifest.read_back(folder, files)
    path = manifest.path(folder)
    disk.write_bytes(path, manifest.as_bytes(dict(content)))
    disk.sync(path)
    disk.sync(path.parent)


def switch(out: Path, run_id: str) -> None:
    """Make a published run the current one; the time of its folder says since when it was published."""
    disk.touch(out / RUNS / run_id)
    point(out, run_id)


def point(out: Path, run_id: str) -> None:
    """Have `current` name a run."""
    disk.switch_link(out / CURRENT, out / FRESH_LINK, f"{RUNS}/{run_id}")


def find_run(out: Path, run_id: str) -> Path | None:
    """The folder of a published run, where there is one: it has its manifest."""
    folder = out / RUNS / run_id
    return folder if (folder / manifest.NAME).is_file() else None


def nothing_published(out: Path) -> InputRefusedError:
    """The sentence about an output folder that is none yet."""
    return InputRefusedError(
        f"{out}: nothing is published there yet; check --out, or run first",
        f"{out}：还没有发布过结果；请检查 --out，或先执行 run",
    )


def named_by_current(out: Path) -> str | None:
    """The run that `current` names, be it there or not; null where it names none."""
    return _target(out / CURRENT)


def current(out: Path) -> Path:
    """The run that `current` names now, to be read. Raises `InputRefusedError` where there is none yet."""
    return at_hand.whole(current_folder(out))


def current_folder(out: Path) -> Path:
    """The same, to be named."""
    run_id = named_by_current(out)
    if run_id is None:
        raise nothing_published(out)
    folder = find_run(out, run_id)
    if folder is None:
        raise InputRefusedError(
            f"{out}: current names no complete run; run again",
            f"{out}：current 所指的运行不完整；请重新执行 run",
        )
    return folder.resolve()


def last_accepted(out: Path) -> Path | None:
    """The run that the next one comes after; null where nothing was published.

    That is the current one. Where `current` names none that is complete, because somebody removed it,
    it is that of the latest day, of several the last published: the next run puts `current` right.
    """
    run_id = named_by_current(out)
    named = find_run(out, run_id) if run_id else None
    return named or max(published(out), key=lambda folder: read_manifest(folder)["as_of"], default=None)


def published(out: Path) -> list[Path]:
    """The folders of all complete runs, the last published first.

    A folder without a manifest is no run, and left to the run that will replace it.
    """
    named = (folder for folder in (out / RUNS).glob("*") if RUN_ID.fullmatch(folder.name))
    complete = [folder for folder in named if find_run(out, folder.name)]
    return sorted(complete, key=lambda folder: (-folder.stat().st_mtime, folder.name))


def prune(out: Path, keep: int) -> list[str]:
    """Remove old runs; the newest `keep`, all of the last seven days and the current one stay."""
    oldest = time.time() - KEEP_DAYS * DAY_SECONDS
    kept = named_by_current(out)
    old = [
        folder for folder in published(out)[keep:] if folder.name != kept and folder.stat().st_mtime < oldest
    ]
    for folder in old:
        _remove(folder)
    return [folder.name for folder in old]


def _remove(folder: Path) -> None:
    """Remove a folder, its name first: killed in between, no half of it is ever taken for a whole."""
    if folder.exists():
        leaving = folder.with_name(f"{TEMPORARY}old-{folder.name}")
        disk.rename(folder, leaving)
        disk.remove_tree(leaving)


def keep_refused(out: Path, folder: Path, names: Sequence[str], content: Mapping[str, Any]) -> Path:
    """Keep some folders of a run that is not published, for people to look into; where they lie then.

    They get a manifest of this `content` (`run_id` among it) and its files, for `verify`. The same work
    refused again has the same rows: they are there already. The rest goes when the error that tells of it
    ends what was begun (`lock`).
    """
    run_id = _checked(str(content["run_id"]))
    kept = refused_folder(out, run_id)
    if not kept.exists():
        fresh = kept.with_name(f"{TEMPORARY}{run_id}")
        disk.make_lasting_folder(kept.parent)
        disk.make_folder(fresh)
        for name in names:
            disk.rename(folder / name, fresh / name)
        outputs = manifest.of_outputs(fresh)
        seal(fresh, outputs, {**content, "outputs": outputs})
        disk.rename(fresh, kept)
    return kept


def refused_folder(out: Path, run_id: str) -> Path:
    """Where a run of that id is kept that is not published."""
    return out / REFUSED / run_id


def refused(out: Path) -> list[Path]:
    """The folders of runs that were not published but kept for their rejects, by id."""
    return sorted(folder for folder in (out / REFUSED).glob("*") if RUN_ID.fullmatch(folder.name))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published run, without its own digest: that is for `verify` to hold it to.

    Raises `InputRefusedError` where it is missing or damaged, or of a newer program.
    """
    path = manifest.path(folder)
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputRefusedError(
            f"{folder}: has no {manifest.NAME}, so it is no run; run again",
            f"{folder}：没有 {manifest.NAME}，不是一次运行；请重新执行 run",
        ) from None
    except OSError as error:
        raise DiskError(
            *refusal(str(path), reasons.cannot_be_read(error), Sentence("check the disk", "请检查磁盘"))
        ) from error
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputRefusedError(
            f"{path}: is damaged; remove the folder and run again",
            f"{path}：已损坏；请移走该文件夹，重新执行 run",
        )
    read.refuse_newer(content, folder)
    content.pop(manifest.SEAL, None)
    return content
