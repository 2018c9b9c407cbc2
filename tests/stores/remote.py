"""An object store in memory behind the seam, plays on an output folder in it, and what it holds then."""

from __future__ import annotations

import inspect
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from faults import scenes
from jifen_batch.errors import LockedError
from jifen_batch.published import at_hand, publish
from jifen_batch.published.remote.mirror import RemoteMirror
from jifen_batch.storage import object_operations
from jifen_batch.storage.address import Address
from jifen_batch.storage.object_store import ObjectFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

TOWN = Address("village", "town")
ANSWERED_500 = GenericError("Server returned non-2xx status code: 500 Internal Server Error: canary-body")
NO_ANSWER = GenericError("HTTP error: operation timed out, kind: Timeout, canary-body")


@dataclass
class Bucket:
    """A bucket in memory; `watcher` is handed each operation's name and arguments, and how to do it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    watcher: Callable[[str, tuple[Any, ...], Callable[[], Any]], Any] | None = None
    asked: list[str] = field(default_factory=list)

    def listed(self, below: str = "") -> list[str]:
        """All keys, ascending."""
        return sorted(
            one["path"] for page in obstore.list(self.store) for one in page if below in one["path"]
        )

    def write(self, key: str, content: bytes) -> None:
        """Put an object there by another hand."""
        obstore.put(self.store, key, content)

    def read(self, key: str) -> bytes:
        """What an object holds."""
        return bytes(obstore.get(self.store, key).bytes())


def installed(patch: pytest.MonkeyPatch) -> Bucket:
    """A bucket that stands for every bucket."""
    bucket = Bucket()
    operations = {
        name: operation
        for name, operation in inspect.getmembers(object_operations, inspect.isfunction)
        if operation.__module__ == object_operations.__name__
    }
    patch.setattr(object_operations, "open_bucket", lambda *_: bucket.store)

    def standing_in(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any) -> Any:
            bucket.asked.append(name)
            if bucket.watcher is None:
                return original(*args)
            return bucket.watcher(name, args, lambda: original(*args))

        return operation

    for name in operations.keys() - {"open_bucket"}:
        patch.setattr(object_operations, name, standing_in(name, operations[name]))
    return bucket


@contextmanager
def brought(out: Path, *, strict: bool = True) -> Iterator[RemoteMirror]:
    """Inside, `out` is the town's output folder, as a command has it at hand."""
    mirror = RemoteMirror(ObjectFolder(TOWN), out, strict=strict)
    with at_hand.mirrored(out, mirror):
        yield mirror


def play(act: Callable[[scenes.Store, Path], None], out: Path) -> None:
    """Do one thing of a play as a command does it."""
    with brought(out):
        act(scenes.real(), out)


def state(out: Path) -> scenes.State:
    """What the store holds, read by somebody who was not there; raises `TornError` for what is not whole."""
    with brought(out):
        for run in publish.published(out):
            at_hand.whole(run)
        return scenes.state_of(scenes.tree_of(out))


def numbers(bucket: Bucket) -> list[int]:
    """The numbers of all publications."""
    return [int(key.rpartition("/")[2]) for key in bucket.listed("/current/")]


def race(number, folder, publishes):
    """Have two publish at once, `publishes(run_id, out)` each; one must end with 0, the other with 5."""
    ended = {}

    def publish_one(run_id):
        try:
            publishes(run_id, folder / run_id)
            ended[run_id] = 0
        except LockedError as lost:
            ended[run_id] = int(lost.exit_code)

    ids = [f"{number:015x}{side}" for side in "ab"]
    threads = [threading.Thread(target=publish_one, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ended.values()) == [0, 5], ended
    winner, loser = sorted(ids, key=ended.get)
    seen = state(folder / f"{number}-seen")
    assert (seen.current, loser in seen.runs) == (winner, False)
