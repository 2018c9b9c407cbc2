"""Whether a night has little to read, told by the sizes of its files before any library is loaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Some two hundred thousand rows of Parquet: one part, which has no other beside it.
FEW_BYTES = 2 << 20


def is_short(inputs: Iterable[str]) -> bool:
    """Whether files and folders hold less than `FEW_BYTES` together.

    What cannot be looked into, is a pattern, or lies behind a folder's link may be much.
    """
    left = FEW_BYTES
    try:
        for size in _sizes(inputs):
            left -= size
            if left <= 0:
                return False
    except OSError:
        return False
    return True


def _sizes(inputs: Iterable[str]) -> Iterator[int]:
    """The bytes of each file. Raises `OSError` where one cannot be looked into."""
    for name in inputs:
        if not os.path.isdir(name):  # noqa: PTH112 - as `os.walk`, which takes names
            yield Path(name).stat().st_size
            continue
        for folder, folders, files in os.walk(name, onerror=_fail):
            # Who reads follows them, in circles and to anywhere.
            if any((Path(folder) / one).is_symlink() for one in folders):
                yield FEW_BYTES
            for file in files:
                yield (Path(folder) / file).stat().st_size


def _fail(error: OSError) -> NoReturn:
    """Pass over no folder that cannot be listed."""
    raise error
