"""An object store: objects read, written and listed, each failure a sentence that names the object.

All that is asked of a store beyond that is to *create*: to refuse to write an object that is there. Most
know If-None-Match, some a header of their own; a probe tells which, and one that knows neither is refused.
"""

from __future__ import annotations

import hashlib
import importlib.util
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import DiskError, InputRefusedError, UsageRefusedError
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import disk, object_operations, store_failures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from obstore.store import ObjectStore

    from jifen_batch.storage.address import Address

PROBE = "create_only"
PROBED = (
    b"Whether this store refuses to create an object that is there: jifen-batch asks before it publishes.\n"
)
# A request may take a minute, and a large object as much longer as a slow line needs.
SECONDS, BYTES_A_SECOND = 60, 1 << 18
# What a store answers to a condition that it does not know.
NOT_KNOWN = {"400", "501"}
# As Alibaba's OSS and Tencent's COS want to be asked; others pass over what they do not know.
FORBID_OVERWRITE = {"x-oss-forbid-overwrite": "true", "x-cos-forbid-overwrite": "true"}


@dataclass(frozen=True)
class Listed:
    """An object as a store lists it: its key, size, tag (null = the store gives none) and time."""

    key: str
    size: int
    tag: str | None
    changed_at: datetime

    def is_as(self, other: Listed) -> bool:
        """Whether it is still the object that was listed."""
        return (self.size, self.tag) == (other.size, other.tag)


class ObjectFolder:
    """All objects below an address, by their keys below it. Raises `DiskError` whenever the store fails."""

    def __init__(self, root: Address) -> None:
        """Keys are below the root. Raises `UsageRefusedError` where the extra for stores is not installed."""
        if importlib.util.find_spec("obstore") is None:
            raise UsageRefusedError(
                f"{root}: obstore is not installed; install the extra (pip install 'jifen-batch[s3]')",
                f"{root}：没有安装 obstore；请安装对象存储组件（pip install 'jifen-batch[s3]'）",
            )
        self.root = root
        self._open: dict[tuple[int, bool], ObjectStore] = {}
        self._by_header: bool | None = None

    def listed(self, prefix: str) -> list[Listed]:
        """Every object below a prefix, by key."""
        with self._failures("list", "列出", prefix):
            found = [self._listed(one) for one in object_operations.listed(self._store(), self._key(prefix))]
        return sorted(found, key=lambda one: one.key.encode())

    def head(self, key: str) -> Listed | None:
        """One object as it is listed; null where there is none."""
        with self._failures("look at", "查看", key):
            try:
                return self._listed(object_operations.head(self._store(), self._key(key)))
            except FileNotFoundError as error:
                _refuse_missing_bucket(error)
                return None

    def read(self, key: str) -> bytes | None:
        """The bytes of a small object; null where there is none."""
        with self._failures("read", "读取", key):
            try:
                said, pieces = object_operations.get(self._store(), self._key(key))
                content = b"".join(pieces)
            except FileNotFoundError as error:
                _refuse_missing_bucket(error)
                return None
            self._refuse_short(key, said, len(content))
        return content

    def fetch(self, key: str, path: Path, size: int) -> tuple[Listed, str] | None:
        """Write an object of about that size into a new file; as it is listed, and its SHA-256.

        Null where there is none; then there is no file either.
        """
        with self._failures("read", "读取", key):
            try:
                said, pieces = object_operations.get(self._store(size), self._key(key))
                digest, held = _written(path, pieces)
            except FileNotFoundError as error:
                _refuse_missing_bucket(error)
                return None
            self._refuse_short(key, said, held)
        return self._listed(said), digest

    def put(self, key: str, content: Path | bytes, sha256: str) -> None:
        """Write an object, over one that is there, and read it back: it is what was meant, or `DiskError`."""
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        with self._failures("write", "写入", key):
            object_operations.put(self._store(size), self._key(key), content)
        with self._failures("read back", "读回", key):
            _, pieces = object_operations.get(self._store(size), self._key(key))
            found = hashlib.sha256()
            for piece in pieces:
                found.update(piece)
        if found.hexdigest() != sha256:
            raise DiskError(
                *refusal(
                    self._place(key),
                    Sentence("the store does not give back what was written", "从对象存储读回的与写入的不同"),
                    store_failures.AGAIN,
                )
            )

    def create(self, key: str, content: bytes) -> bool:
        """Write a new object; whether it is this one that stands there now, and no other.

        An answer may be lost, and the object stand there nevertheless: so what stands there is read.
        """
        by_header = self._how_to_create()
        return self._created(key, content, by_header=by_header) or self.read(key) == content

    def _how_to_create(self) -> bool:
        """Whether this store is asked to create by a header of its own; asked once.

        Raises `InputRefusedError` where it cannot be asked at all.
        """
        if self._by_header is None:
            self._by_header = self._probed()
        return self._by_header

    def _probed(self) -> bool:
        """The same, found out."""
        for by_header in (False, True):
            if self._refuses_to_overwrite(by_header=by_header):
                return by_header
        raise InputRefusedError(
            *refusal(
                self._place(PROBE),
                Sentence(
                    "the store writes over an object that it was asked only to create, so of two publishers "
                    "both would win",
                    "这个对象存储在要求“只新建”时仍会覆盖已有对象，两个发布者会同时成功",
                ),
                Sentence(
                    "use a store that knows If-None-Match or, in a bucket without versions, "
                    "x-oss-forbid-overwrite or x-cos-forbid-overwrite",
                    "请使用支持 If-None-Match 的存储，或未开启版本控制、支持 x-oss-forbid-overwrite 或 "
                    "x-cos-forbid-overwrite 的存储桶",
                ),
            )
        )

    def remove(self, keys: Sequence[str]) -> None:
        """Remove objects."""
        if keys:
            with self._failures("remove", "删除", keys[0]):
                object_operations.delete(self._store(), [self._key(key) for key in keys])

    def _refuses_to_overwrite(self, *, by_header: bool) -> bool:
        """Whether a second creation of an object is refused; a store that does not know how says so."""
        try:
            return not all(self._created(PROBE, PROBED, by_header=by_header) for _ in range(2))
        except DiskError as error:
            unknown = isinstance(error.__cause__, _exceptions().NotSupportedError)
            if not by_header and (unknown or error.figures["status"] in NOT_KNOWN):
                return False
            raise

    def _created(self, key: str, content: bytes, *, by_header: bool) -> bool:
        """Whether an object was created; false where one was there."""
        with self._failures("create", "新建", key):
            try:
                if by_header:
                    object_operations.put(self._store(by_header=True), self._key(key), content)
                else:
                    object_operations.create(self._store(), self._key(key), content)
            except (_exceptions().AlreadyExistsError, _exceptions().PreconditionError):
                return False
        return True

    def _store(self, size: int = 0, *, by_header: bool = False) -> ObjectStore:
        """The bucket opened for objects of about this size; what was opened once serves again."""
        # Rounded up, so that a run's files need few.
        seconds = SECONDS << (size // BYTES_A_SECOND // SECONDS).bit_length()
        if (seconds, by_header) not in self._open:
            headers = FORBID_OVERWRITE if by_header else {}
            self._open[seconds, by_header] = object_operations.open_bucket(self.root.bucket, seconds, headers)
        return self._open[seconds, by_header]

    def _refuse_short(self, key: str, said: Mapping[str, Any], held: int) -> None:
        """Raise `DiskError` for an object of which not all bytes came."""
        if held != said["size"]:
            raise DiskError(
                *refusal(
                    self._place(key),
                    Sentence(
                        f"broke off: {held:,} of {said['size']:,} bytes came",
                        f"传输中断：只收到 {said['size']:,} 字节中的 {held:,} 字节",
                    ),
                    store_failures.AGAIN,
                )
            )

    def _key(self, name: str) -> str:
        """The whole key of an object."""
        return self.root.below(name).key

    def _listed(self, said: Mapping[str, Any]) -> Listed:
        """An object by what obstore says of it."""
        name = said["path"].removeprefix(f"{self.root.key}/") if self.root.key else said["path"]
        return Listed(name, said["size"], said["e_tag"], said["last_modified"])

    def _place(self, key: str) -> str:
        """An object as sentences name it."""
        return str(self.root.below(key))

    @contextmanager
    def _failures(self, what: str, chinese: str, key: str) -> Iterator[None]:
        """Inside, whatever the store refuses becomes a `DiskError` that says what was being done."""
        try:
            yield
        except (_exceptions().BaseError, OSError, ValueError) as error:
            # Never in the words of the error: they may name what nobody else should read.
            why, remedy, status = store_failures.told(error)
            problem = Sentence(f"cannot {what} ({why.en})", f"无法{chinese}（{why.zh}）")
            raise DiskError(*refusal(self._place(key), problem, remedy), status=status) from error


def _written(path: Path, pieces: Iterator[bytes]) -> tuple[str, int]:
    """Write the pieces of an object into a new file: their SHA-256 and size."""
    found, sizes = hashlib.sha256(), [0]

    def looked_at() -> Iterator[bytes]:
        for piece in pieces:
            found.update(piece)
            sizes.append(len(piece))
            yield piece

    disk.write_pieces(path, looked_at())
    return found.hexdigest(), sum(sizes)


def _refuse_missing_bucket(error: FileNotFoundError) -> None:
    """Raise the error on where it is not the object alone that is missing."""
    if store_failures.NO_BUCKET in str(error):
        raise error


def _exceptions() -> Any:  # noqa: ANN401 - a module without types
    """What obstore raises."""
    from obstore import exceptions  # noqa: PLC0415 - an extra

    return exceptions
