"""Inputs that lie in an object store, brought to a folder on the disk and read there like any other.

What is brought is what was listed: an object that is another by then, or of which not all came, is refused.
"""

from __future__ import annotations

import fnmatch
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jifen_batch.errors import DiskError, InputRefusedError
from jifen_batch.inputs.find import DIGEST, GLOB_SIGNS
from jifen_batch.inputs.safety.table_folders import ICEBERG, MARKERS
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import address, disk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from jifen_batch.storage.address import Address
    from jifen_batch.storage.object_store import Listed, ObjectFolder

AT_ONCE = 8
AGAIN = Sentence("wait until it is written, and run again", "请等写完后重新执行")


def fetch(bucket: ObjectFolder, key: str, role: str, below: Path) -> Path:
    """Bring an input, an object, a folder or a glob, below a folder: the path that stands for it there.

    Raises `InputRefusedError` where there is none, or one changes meanwhile, and `DiskError`.
    """
    fixed = _fixed(key)
    found, wanted = _meant(bucket, key, fixed)
    if not wanted:
        raise InputRefusedError(
            *refusal(
                _place(role, bucket.root.below(key)),
                Sentence("there is no such object", "没有这个对象"),
                Sentence(f"check --{role} and the bucket", f"请检查 --{role} 和存储桶"),
            )
        )
    disk.make_folder(below)
    # What another input has brought is there.
    wanted = [one for one in wanted if not (below / one.key).exists()]
    _check_room(below, sum(one.size for one in wanted))
    _bring(bucket, wanted, role, below)
    for marker in {name for one in wanted for name in _markers(one.key, found)}:
        disk.make_folder((below / marker).parent)
        if not (below / marker).exists():
            disk.write_bytes(below / marker, b"")
    address.stand_in(below, bucket.root)
    return below / key


def _meant(bucket: ObjectFolder, key: str, fixed: str) -> tuple[list[Listed], list[Listed]]:
    """The objects around an input, and those that it means; beside a single one, the digest of its name."""
    one = bucket.head(key) if key and fixed == key else None
    if one:
        beside = PurePosixPath(key).parent.as_posix()
        found = bucket.listed("" if beside == "." else f"{beside}/")
        return found, [one, *(other for other in found if other.key == f"{key}{DIGEST}")]
    found = bucket.listed(f"{fixed}/" if fixed else "")
    pattern = key.split("/") if fixed != key else []
    named = [other for other in found if _matches(other.key.split("/"), pattern)]
    return found, [other for other in named if not _stands_for_folder(other, found)]


def _place(role: str, at: Address) -> Sentence:
    """An input, or an object of one, as refusals name it."""
    return Sentence(f"{role}: {at}", f"{role}：{at}")


def _fixed(key: str) -> str:
    """What stands before the first part with a sign of a glob; of a key without one, all of it."""
    parts = key.split("/")
    end = next((place for place, part in enumerate(parts) if GLOB_SIGNS.search(part)), len(parts))
    return "/".join(parts[:end])


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a glob, part by part, names an object, or a folder that it lies in."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_matches(parts[begin:], pattern[1:]) for begin in range(len(parts) + 1))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _stands_for_folder(one: Listed, among: Iterable[Listed]) -> bool:
    """Whether an empty object is only there so that a folder is shown."""
    return one.size == 0 and any(other.key.startswith(f"{one.key}/") for other in among)


def _markers(key: str, found: Iterable[Listed]) -> Iterator[str]:
    """Objects beside one by which another program's versions of a table are known."""
    folder = PurePosixPath(key).parent
    for one in found:
        for parent in (folder, *folder.parents):
            inside = PurePosixPath(one.key)
            if inside.is_relative_to(parent) and inside.relative_to(parent).parts[0] in {*MARKERS, ICEBERG}:
                yield one.key
                break


def _check_room(below: Path, size: int) -> None:
    """Raise `DiskError` where there is no room for what is to be brought."""
    free = disk.free_bytes(below)
    if free < size:
        raise DiskError(
            f"{below.parent}: {free:,} bytes are free, {size:,} are to be fetched; make room, or name a larger "
            "folder in TMPDIR",
            f"{below.parent}：剩余空间 {free:,} 字节，要取回 {size:,} 字节；请腾出空间，或用 TMPDIR 指定更大的文件夹",
        )


def _bring(bucket: ObjectFolder, wanted: Sequence[Listed], role: str, below: Path) -> None:
    """Fetch objects, several at a time."""

    def bring(one: Listed) -> None:
        found = bucket.fetch(one.key, below / one.key, one.size)
        if found is None or not found[0].is_as(one):
            raise InputRefusedError(
                *refusal(
                    _place(role, bucket.root.below(one.key)),
                    Sentence("was changed while it was read", "读取时被改动"),
                    AGAIN,
                )
            )

    for parent in sorted({(below / one.key).parent for one in wanted}):
        disk.make_folder(parent)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(bring, wanted):
            pass
