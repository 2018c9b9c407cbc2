"""Inputs that lie in an object store, brought to a folder on the disk and read there like any other.

What is brought is what was listed: an object that is another by then, or of which not all came, is refused.
"""

from __future__ import annotations

import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jifen_batch.errors import DiskError, InputRefusedError
from jifen_batch.inputs.find import DIGEST, GLOB_SIGNS
from jifen_batch.inputs.safety.table_folders import BY_FILES, MARKERS, up_to_its_table
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import address, disk, transfers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from jifen_batch.storage.address import Address
    from jifen_batch.storage.object_store import Listed, ObjectFolder

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
    for one in wanted:
        if not {".", ".."}.isdisjoint(one.key.split("/")):
            raise InputRefusedError(
                *refusal(
                    _place(role, bucket.root.below(one.key)),
                    Sentence("is no name of a file", "不能作为文件名"),
                    Sentence("rename the object", "请给该对象改名"),
                )
            )
    disk.make_folder(below)
    # What another input has brought is there.
    wanted = [one for one in wanted if not (below / one.key).exists()]
    _check_room(below, sum(one.size for one in wanted))
    _bring(bucket, wanted, role, below)
    for marker in {*_markers(wanted, found)}:
        disk.make_folder((below / marker).parent)
        if not (below / marker).exists():
            disk.write_bytes(below / marker, b"")
    address.stand_in(below, bucket.root)
    return below / key


def _meant(bucket: ObjectFolder, key: str, fixed: str) -> tuple[list[Listed], list[Listed]]:
    """The objects around an input, and those that it means; beside a single one, the digest of its name."""
    one = bucket.head(key) if key and fixed == key else None
    # An empty one may be there so that a folder of its name is shown.
    if one and (one.size or not bucket.listed(f"{key}/")):
        digest = bucket.head(f"{key}{DIGEST}")
        return _above(bucket, key.rpartition("/")[0]), [one, *([digest] if digest else [])]
    found = bucket.listed(f"{fixed}/" if fixed else "")
    pattern = key.split("/") if fixed != key else []
    named = [other for other in found if _matches(other.key.split("/"), pattern)]
    wanted = [other for other in named if not _stands_for_folder(other, found)]
    return [*found, *_above(bucket, fixed)], wanted


def _above(bucket: ObjectFolder, folder: str) -> list[Listed]:
    """What another program keeps of a table that a folder is, or is a part of."""
    found: list[Listed] = []
    for one in up_to_its_table(PurePosixPath(folder), PurePosixPath(folder).parents):
        beside = "" if one.name == "" else f"{one}/"
        for marker in (*MARKERS, *BY_FILES):
            found += bucket.listed(f"{beside}{marker}/")
    return found


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


def _markers(wanted: Sequence[Listed], found: Iterable[Listed]) -> Iterator[str]:
    """Objects by which a table is known whose versions another program keeps, around some others."""
    folders = {PurePosixPath(one.key).parent for one in wanted}
    above = {parent for folder in folders for parent in (folder, *folder.parents)}
    for one in found:
        parts = one.key.split("/")
        for place, part in enumerate(parts):
            if part in {*MARKERS, *BY_FILES} and PurePosixPath(*parts[:place]) in above:
                yield one.key


def _check_room(below: Path, size: int) -> None:
    """Raise `DiskError` where there is no room for what is to be brought."""
    free = disk.free_bytes(below)
    if free < size:
        raise DiskError(
            f"{below.parent}: {free:,} bytes are free, {size:,} are to be fetched; make room, or name a "
            "larger folder in TMPDIR",
            f"{below.parent}：剩余空间 {free:,} 字节，要取回 {size:,} 字节；请腾出空间，或用 TMPDIR "
            "指定更大的文件夹",
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
    transfers.each(bring, wanted)
