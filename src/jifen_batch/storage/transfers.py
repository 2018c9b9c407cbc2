"""Objects brought or put, several at a time: what is waited for is the network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AT_ONCE = 8
_T = TypeVar("_T")


def each(act: Callable[[_T], object], objects: Iterable[_T]) -> None:
    """Do something with each of some objects; the first error, in their order, is raised."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(act, objects):
            pass
