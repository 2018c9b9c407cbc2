"""The page headers of a Parquet file, walked before anything is unpacked: what its pages would come to.

A footer's sizes bound no memory: 12.9 KB can hold 50 GB of texts. No library tells what page headers say, so
they are read here, and the dictionaries of texts; values stay packed. Checksums are held by whoever reads.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.safety import limits
from jifen_batch.inputs.safety.thrift_compact import read_struct

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    import pyarrow.parquet as pq

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.safety.thrift_compact import Fields

HEADER_BYTES, HEADER_BYTES_MAX = 1 << 9, 1 << 24
TYPE, UNPACKED, PACKED = 1, 2, 3
# What a page of each type has beside that, and in there how many values it holds.
OWN_HEADERS = {(DATA_PAGE := 0): 5, (DICTIONARY_PAGE := 2): 7, (DATA_PAGE_V2 := 3): 8}
VALUES = 1
LENGTH_BYTES = 4
# What a dictionary comes to that is not worth unpacking, of which a village's feed has two hundred: no file
# is so short that a few of those would make its texts suspect.
LITTLE_TEXT_BYTES = 1 << 18
TEXT = "BYTE_ARRAY"


class DamagedPagesError(Exception):
    """The pages are not what the footer or their headers say."""


@dataclass(frozen=True)
class PageWeight:
    """What the pages of a file come to: bytes `unpacked`; of `text`, as long as each could be."""

    unpacked: int
    text: int


class _Page(NamedTuple):
    """One page: whether it `is_dictionary`, which the other pages number, and where its bytes lie.

    `size` are its bytes as they lie in the file, `unpacked` those when unpacked, and `values` how many it
    holds; libraries make room for as many before they look.
    """

    is_dictionary: bool
    start: int
    size: int
    unpacked: int
    values: int


def weigh(file: InputFile, metadata: pq.FileMetaData, columns: Container[str]) -> PageWeight:
    """Walk the pages of some columns.

    Raises `DamagedPagesError`, and `InputRefusedError` for a page or a text beyond the limits.
    """
    handle = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _Walk(file, handle).weight(metadata, columns)
    finally:
        os.close(handle)


@dataclass
class _Walk:
    """One pass over the pages of a file."""

    file: InputFile
    handle: int
    pages: int = 0

    def weight(self, metadata: pq.FileMetaData, columns: Container[str]) -> PageWeight:
        unpacked = text = 0
        names = {metadata.schema.column(at).path: at for at in range(metadata.num_columns)}
        wanted = [at for name, at in names.items() if name in columns]
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group)
            for at in wanted:
                chunk = rows.column(at)
                if rows.num_rows == 0 and chunk.num_values == 0:
                    continue
                weight = self._chunk(chunk)
                unpacked += weight.unpacked
                text += weight.text
        return PageWeight(unpacked, text)

    def _chunk(self, chunk: pq.ColumnChunkMetaData) -> PageWeight:
        """The pages of a column in a row group."""
        unpacked = longest = values = 0
        for page in self._pages(chunk):
            if page.unpacked > limits.PAGE_BYTES_MAX:
                raise limits.too_large_a_page(self.file, chunk.path_in_schema)
            unpacked += page.unpacked
            if page.is_dictionary and chunk.physical_type == TEXT:
                longest = self._longest(chunk, page)
            if not 0 <= page.values <= (page.unpacked if page.is_dictionary else chunk.num_values - values):
                raise DamagedPagesError
            values += 0 if page.is_dictionary else page.values
        if values != chunk.num_values:
            raise DamagedPagesError
        return PageWeight(unpacked, longest * values)

    def _pages(self, chunk: pq.ColumnChunkMetaData) -> Iterator[_Page]:
        """The pages of a column chunk, up to its last byte."""
        at, size = chunk.data_page_offset, chunk.total_compressed_size
        if chunk.has_dictionary_page and 0 < (chunk.dictionary_page_offset or 0) < at:
            at = chunk.dictionary_page_offset
        if at < 0 or size < 0:
            raise DamagedPagesError
        end = at + size
        while at < end:
            self.pages += 1
            if self.pages > limits.PAGES_MAX:
                raise limits.too_many_pages(self.file)
            page = self._page(at)
            at = page.start + page.size
            if page.size < 0 or page.unpacked < 0 or at > end:
                raise DamagedPagesError
            yield page

    def _page(self, at: int) -> _Page:
        """The page that begins there; headers with long statistics are read again with more room."""
        room = HEADER_BYTES
        while True:
            content = os.pread(self.handle, room, at)
            try:
                header, length = read_struct(content)
            except IndexError:
                if len(content) < room or room >= HEADER_BYTES_MAX:
                    raise DamagedPagesError from None
                room *= 16
            else:
                return _page_of(header, at + length)

    def _longest(self, chunk: pq.ColumnChunkMetaData, page: _Page) -> int:
        """The longest text of a dictionary, in bytes, or all of it, where even that in each row is little."""
        little = page.unpacked * chunk.num_values <= LITTLE_TEXT_BYTES
        if little and page.unpacked <= limits.STRING_BYTES_MAX:
            return page.unpacked
        packed = self._read(page.start, page.size)
        name = chunk.compression.lower()
        try:
            plain = packed if name == "uncompressed" else _unpacked(name, packed, page.unpacked)
        except (pa.ArrowException, OSError, ValueError, MemoryError):
            raise DamagedPagesError from None
        longest = longest_text(plain, page.values)
        if longest > limits.STRING_BYTES_MAX:
            raise limits.too_long(self.file, chunk.path_in_schema)
        return longest

    def _read(self, at: int, size: int) -> bytes:
        content = os.pread(self.handle, size, at)
        if len(content) < size:
            raise DamagedPagesError
        return content


def _page_of(header: Fields, start: int) -> _Page:
    """What a header says of its page."""
    kind = _whole(header.get(TYPE))
    own = header.get(OWN_HEADERS.get(kind, 0))
    values = _whole(own.get(VALUES)) if isinstance(own, dict) else 0
    return _Page(
        kind == DICTIONARY_PAGE, start, _whole(header.get(PACKED)), _whole(header.get(UNPACKED)), values
    )


def longest_text(plain: bytes, count: int) -> int:
    """The longest of `count` texts, each after its length. Raises `DamagedPagesError`."""
    if count <= 0:
        return 0
    begins = _begins_of_short_ones(plain)
    if begins.size == count:
        lengths = np.frombuffer(plain, np.uint8)[begins].astype(np.int64)
        # If each begins where the one before ends, these are all there are, whatever the texts hold.
        ends = begins + LENGTH_BYTES + lengths
        if begins[0] == 0 and (begins[1:] == ends[:-1]).all() and ends[-1] == len(plain):
            return int(lengths.max())
    at = longest = 0
    for _ in range(count):
        length = int.from_bytes(plain[at : at + LENGTH_BYTES], "little")
        at += LENGTH_BYTES + length
        if at > len(plain):
            raise DamagedPagesError
        longest = max(longest, length)
    return longest


def _begins_of_short_ones(plain: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where a length below 256 may stand: its first byte, and then three zeros, which texts seldom have."""
    zero = np.frombuffer(plain, np.uint8) == 0
    return np.flatnonzero(zero[1:-2] & zero[2:-1] & zero[3:])


def _unpacked(name: str, packed: bytes, size: int) -> bytes:
    """A page unpacked; "lz4" of Parquet is two formats, of which this knows the one of today."""
    codec = {"lz4": "lz4_raw"}.get(name, name)
    return bytes(pa.decompress(packed, decompressed_size=size, codec=codec, asbytes=True))


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise DamagedPagesError
    return value
