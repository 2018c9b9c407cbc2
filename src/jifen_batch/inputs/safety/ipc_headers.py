"""The batches of an Arrow IPC file, looked at from outside: how many rows they claim, what they unpack to.

A compressed buffer says before its bytes how many it becomes, and reading takes that much memory on its
word. Only the file's footer and the batches' own headers are read here, by the layout of flatbuffers.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.safety import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.inputs.files import InputFile

MAGIC = b"ARROW1"
# Before a message's length; files of before 2019 do not have it.
CONTINUED = b"\xff" * 4
BLOCK_BYTES, BUFFER_BYTES, LENGTH_BYTES, CLAIM_BYTES = 24, 16, 4, 8
TAIL_BYTES = LENGTH_BYTES + len(MAGIC)
# Slots of the fields in their tables, after the format's schema.
FOOTER_DICTIONARIES, FOOTER_BATCHES = 2, 3
MESSAGE_KIND, MESSAGE_HEADER = 1, 2
BATCH_ROWS, BATCH_BUFFERS, BATCH_COMPRESSION = 0, 2, 3
DICTIONARY_DATA = 1
DICTIONARY_KIND = 2


class DamagedBatchesError(Exception):
    """The file is not built as IPC files are."""


@dataclass(frozen=True)
class BatchWeight:
    """What the batches of a file come to: `rows`, and bytes `unpacked`."""

    rows: int
    unpacked: int


@dataclass(frozen=True)
class _Table:
    """A table of a flatbuffer: its bytes, and where in them it begins."""

    content: bytes
    at: int

    @classmethod
    def root(cls, content: bytes) -> _Table:
        return cls(content, _number("<I", content, 0))

    def field(self, slot: int) -> int | None:
        """Where a field lies; null where the table does not have it."""
        fields = self.at - _number("<i", self.content, self.at)
        place = 4 + 2 * slot
        if place >= _number("<H", self.content, fields):
            return None
        ahead = _number("<H", self.content, fields + place)
        return self.at + ahead if ahead else None

    def table(self, slot: int) -> _Table | None:
        """The table that a field names."""
        at = self.field(slot)
        return None if at is None else _Table(self.content, at + _number("<I", self.content, at))

    def structs(self, slot: int, size: int) -> Iterator[bytes]:
        """The structs of a field's vector, each of `size` bytes."""
        at = self.field(slot)
        if at is None:
            return
        at += _number("<I", self.content, at)
        count = _number("<I", self.content, at)
        if at + 4 + count * size > len(self.content):
            raise DamagedBatchesError
        for number in range(count):
            begin = at + 4 + number * size
            yield self.content[begin : begin + size]


def weigh(file: InputFile) -> BatchWeight:
    """Add up what the batches of a file claim.

    Raises `DamagedBatchesError`, and `InputRefusedError` for a footer or a number of batches beyond the
    limits.
    """
    handle = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        footer = _footer(file, handle)
        rows = unpacked = 0
        batches = [*footer.structs(FOOTER_BATCHES, BLOCK_BYTES)]
        limits.check_row_groups(file, len(batches))
        dictionaries = [*footer.structs(FOOTER_DICTIONARIES, BLOCK_BYTES)]
        limits.check_row_groups(file, len(dictionaries))
        for block in [*dictionaries, *batches]:
            weight = _batch(file, handle, block)
            rows += weight.rows
            unpacked += weight.unpacked
        return BatchWeight(rows, unpacked)
    finally:
        os.close(handle)


def check_footer(file: InputFile) -> None:
    """Hold the footer's size to the limit, and what it lists to its own bytes; raises as `weigh` does."""
    handle = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _footer(file, handle)
    finally:
        os.close(handle)


def _footer(file: InputFile, handle: int) -> _Table:
    """The file's footer."""
    end = os.fstat(handle).st_size - TAIL_BYTES
    tail = _read(handle, end, TAIL_BYTES)
    size = _number("<i", tail, 0)
    if tail[LENGTH_BYTES:] != MAGIC or size <= 0:
        raise DamagedBatchesError
    limits.check_metadata(file, size)
    return _Table.root(_read(handle, end - size, size))


def _batch(file: InputFile, handle: int, block: bytes) -> BatchWeight:
    """Rows and unpacked bytes of a batch; a dictionary's rows are no rows of the file."""
    at, size = _number("<q", block, 0), _number("<i", block, 8)
    limits.check_metadata(file, size)
    message = _Table.root(_read(handle, at, size).removeprefix(CONTINUED)[LENGTH_BYTES:])
    kind, header = message.field(MESSAGE_KIND), message.table(MESSAGE_HEADER)
    if kind is None or header is None:
        raise DamagedBatchesError
    is_dictionary = _number("<B", message.content, kind) == DICTIONARY_KIND
    batch = header.table(DICTIONARY_DATA) if is_dictionary else header
    if batch is None:
        raise DamagedBatchesError
    length = batch.field(BATCH_ROWS)
    rows = 0 if length is None or is_dictionary else _number("<q", batch.content, length)
    is_packed = batch.table(BATCH_COMPRESSION) is not None
    buffers = [struct.unpack("<qq", one) for one in batch.structs(BATCH_BUFFERS, BUFFER_BYTES)]
    body = at + size
    sizes = [_unpacked(handle, body + start, stored) if is_packed else stored for start, stored in buffers]
    if min([rows, *sizes]) < 0:
        raise DamagedBatchesError
    return BatchWeight(rows, sum(sizes))


def _unpacked(handle: int, at: int, stored: int) -> int:
    """What a compressed buffer says that it becomes; -1 says that this one was left as it is."""
    if stored <= 0:
        return stored
    claimed = _number("<q", _read(handle, at, CLAIM_BYTES), 0)
    return stored if claimed == -1 else claimed


def _read(handle: int, at: int, size: int) -> bytes:
    if at < 0 or size < 0:
        raise DamagedBatchesError
    content = os.pread(handle, size, at)
    if len(content) < size:
        raise DamagedBatchesError
    return content


def _number(form: str, content: bytes, at: int) -> int:
    if at < 0:
        raise DamagedBatchesError
    try:
        number: int = struct.unpack_from(form, content, at)[0]
    except struct.error:
        raise DamagedBatchesError from None
    return number
