"""The one seam where faults are put: every file operation of `store.operations`, by number.

A watcher is handed each call before it is made, and decides what becomes of it.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

WRITING = ("write", "write_by", "write_pieces")


@dataclass
class Call:
    """The operation number `number` of all, from 1; `do()` carries it out."""

    number: int
    name: str
    args: tuple[Any, ...]
    do: Callable[[], object]

    @property
    def writes(self) -> bool:
        """Whether it could be left half done."""
        return self.name in WRITING

    def half(self) -> None:
        """Leave a stump of the file that it writes."""
        self.do()
        path = self.args[0]
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def names(operations: ModuleType) -> list[str]:
    """All operations of the module."""
    own = inspect.getmembers(operations, inspect.isfunction)
    return [name for name, function in own if function.__module__ == operations.__name__]


@contextmanager
def watched(operations: ModuleType, watcher: Callable[[Call], object]) -> Iterator[None]:
    """Inside, `watcher` stands in the place of every operation, and gives its result."""
    originals = {name: getattr(operations, name) for name in names(operations)}
    made = 0

    def standing_in(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def operation(*args: object) -> object:
            nonlocal made
            made += 1
            return watcher(Call(made, name, args, lambda: original(*args)))

        return operation

    for name, original in originals.items():
        setattr(operations, name, standing_in(name, original))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(operations, name, original)


def counted(operations: ModuleType, act: Callable[[], object]) -> list[str]:
    """The names of the operations that `act` comes to, in order."""
    seen: list[str] = []

    def watcher(call: Call) -> object:
        seen.append(call.name)
        return call.do()

    with watched(operations, watcher):
        act()
    return seen
