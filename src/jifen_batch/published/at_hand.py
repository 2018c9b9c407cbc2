"""Output folders that are copies of what an object store holds, for as long as a command works.

Nothing here knows a store: whoever reads a run asks for it to be at hand, and whoever holds an output folder
has what it changed carried over; for a folder that is no such copy both are nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from jifen_batch.errors import JifenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Mirror(Protocol):
    """A local copy of a published folder: what of it is not there yet, and what was added."""

    def whole(self, folder: Path) -> None:
        """Bring all files of a run that lies in it."""

    def carry_over(self) -> None:
        """Publish what was added to it."""


_mirrors: dict[Path, Mirror] = {}


@contextmanager
def mirrored(out: Path, mirror: Mirror) -> Iterator[None]:
    """Inside, `out` is the local copy of a folder that lies elsewhere."""
    _mirrors[out] = mirror
    try:
        yield
    finally:
        del _mirrors[out]


def whole(folder: Path) -> Path:
    """A published folder, with all its files where it is to be read."""
    for out, mirror in [*_mirrors.items()]:
        if folder.is_relative_to(out):
            mirror.whole(folder)
    return folder


def carry_over(out: Path) -> None:
    """Have what was added to an output folder published where that is a copy of."""
    if out in _mirrors:
        _mirrors[out].carry_over()


@contextmanager
def carried_over(out: Path) -> Iterator[None]:
    """Inside, an output folder is held; what is published, or kept of a refusal, is carried over."""
    try:
        yield
    except JifenError:
        carry_over(out)
        raise
    carry_over(out)
