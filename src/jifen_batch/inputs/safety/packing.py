"""The packing of a workbook (ZIP): whether it is one, and whether every part of it comes through whole.

The library that reads sheets does not hold all parts against their checksums, and one that it passes over may
be another's: a digit that fell over would then be a cell like any other.
"""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a sheet is read from; pictures and the like are not looked at.
READ = (".xml", ".rels")
# What comes up where directory, headers or streams are not as they should be; one was met for each.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,
    ValueError,
    KeyError,
    EOFError,
    OverflowError,
)
BYTES_AT_ONCE = 1 << 20


class BadPackingError(Exception):
    """It cannot be unpacked as it says."""


def is_packed(path: Path) -> bool:
    """Whether a file has the end of a packed one. Raises `OSError` where it cannot be read."""
    try:
        return zipfile.is_zipfile(path)
    except FAULTS:
        return False


def unpacked_bytes(path: Path) -> int:
    """How many bytes all parts are said to unpack to. Raises `BadPackingError`, `OSError`."""
    with opened(path) as parts:
        return sum(part.file_size for part in parts.infolist())


def part(path: Path, name: str, bytes_max: int) -> bytes:
    """The first bytes of a part. Raises `BadPackingError`, also where there is none, `OSError`."""
    with opened(path) as parts, parts.open(name) as content:
        return content.read(bytes_max)


def check(path: Path) -> None:
    """Hold what a sheet is read from against its checksums. Raises `BadPackingError`, `OSError`."""
    with opened(path) as parts:
        for one in parts.infolist():
            if one.filename.endswith(READ):
                with parts.open(one) as content:
                    while content.read(BYTES_AT_ONCE):
                        pass


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The parts of a packed file; inside, whatever is wrong with them is one error.

    Raises `BadPackingError`, `OSError`.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            yield parts
    except FAULTS as error:
        raise BadPackingError from error
    except OSError as error:
        # A place before the beginning, or a stream that bzip2 cannot read, is no fault of the disk.
        if error.errno in {None, errno.EINVAL}:
            raise BadPackingError from error
        raise
