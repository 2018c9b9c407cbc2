"""A model of a disk between syncs: every tree that may lie there after the power went.

What was synced stays. Of anything else any part may have come to the disk, in any order: each name of a
folder may be what it was at any moment since that folder was synced, and each file empty, half, zeros
or whole. That is weaker than any file system in use, so what holds here holds there.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faults import scenes, seam

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHATEVER_THE_UMASK = 0o777
# A protocol that syncs as it should leaves some hundred trees at a time, and twenty thousand where the power
# went before; one that does not, no end of them.
MOST_TREES = 30_000


@dataclass(eq=False)
class File:
    """A file or link: every content that may lie on the disk, the present one last; likewise modes."""

    contents: list[Any]
    modes: list[int]

    def synced(self) -> None:
        """From now on it is what it is."""
        del self.contents[:-1], self.modes[:-1]

    def trees(self) -> set[Any]:
        """Everything that it may be."""
        return set(self.contents)


@dataclass(eq=False)
class Folder:
    """A folder: of every name all that may stand there, the present one last; null = nothing.

    `timed`: whether the time that it was given is on the disk; null = none was given.
    """

    modes: list[int]
    names: dict[str, list[Any]] = field(default_factory=dict)
    timed: bool | None = None

    def synced(self) -> None:
        """From now on its names are what they are; not what is behind them."""
        for there in self.names.values():
            del there[:-1]
        del self.modes[:-1]
        self.timed = None if self.timed is None else True

    def put(self, name: str, what: object) -> None:
        """Now something else stands at a name."""
        self.names.setdefault(name, [None]).append(what)

    def now(self, name: str) -> Any:
        """What stands at a name now."""
        return self.names[name][-1]

    def trees(self) -> set[Any]:
        """Every tree that may lie here, each as sorted pairs of name and tree."""
        choices = []
        for name, there in sorted(self.names.items()):
            options: set[Any] = set()
            for what in there:
                options |= {None} if what is None else {(name, tree) for tree in what.trees()}
            choices.append(options)
        if math.prod(map(len, choices)) > MOST_TREES:
            raise scenes.TornError("too much is left to chance at a time")
        return {tuple(one for one in some if one is not None) for some in itertools.product(*choices)}


class Disk:
    """The disk below `top`, as operations change it."""

    def __init__(self, top: Path) -> None:
        """What lies there now was synced long ago."""
        self.top, self.root = top, _long_ago(top)

    def _at(self, path: Path) -> Any:
        node = self.root
        for part in path.relative_to(self.top).parts:
            node = node.now(part)
        return node

    def does(self, call: seam.Call) -> object:
        """Carry an operation out, really and here."""
        before = call.args[0].exists() if call.name in {"open_lock", "write_by"} else False
        result = call.do()
        getattr(self, f"_{call.name}")(*call.args, **({"before": before} if before else {}))
        if call.name == "open_lock":
            self.locked = call.args[0]
        return result

    def _mkdir(self, path: Path) -> None:
        self._at(path.parent).put(path.name, Folder([WHATEVER_THE_UMASK]))

    def _chmod(self, path: Path, mode: int) -> None:
        self._at(path).modes.append(mode)

    def _write(self, path: Path, *_: object, before: bool = False) -> None:
        content = path.read_bytes()
        half = content[: len(content) // 2]
        may = [b"", half, bytes(len(content)), content]
        if before:
            self._at(path).contents += may
        else:
            self._at(path.parent).put(path.name, File(may, [WHATEVER_THE_UMASK]))

    _write_by = _write

    def _fsync(self, path: Path) -> None:
        self._at(path).synced()

    def _rename(self, path: Path, to: Path) -> None:
        what = self._at(path)
        self._at(to.parent).put(to.name, what)
        self._at(path.parent).put(path.name, None)

    def _symlink(self, path: Path, target: str) -> None:
        self._at(path.parent).put(path.name, File([scenes.Link(target)], [WHATEVER_THE_UMASK]))

    def _unlink(self, path: Path) -> None:
        self._at(path.parent).put(path.name, None)

    _rmdir = _unlink

    def _utime(self, path: Path) -> None:
        self._at(path).timed = False

    def _open_lock(self, path: Path, *, before: bool = False) -> None:
        if not before:
            self._at(path.parent).put(path.name, File([b""], [scenes.FILE_MODE]))

    def _note(self, _handle: int, text: bytes) -> None:
        self._at(self.locked).contents.append(text)

    def now_current(self) -> Iterator[bool | None]:
        """Of every run that may have become the current one, whether the time of that is on the disk."""
        out = next(iter(self.root.names.get("out", [])[-1:]), None)
        for link in out.names.get("current", [])[1:] if out else []:
            yield self._at(self.top / "out" / link.contents[-1].target).timed

    def published(self) -> Iterator[tuple[str, Any]]:
        """Files and folders that readers may come to after a loss of power, by name."""
        yield from _below("", self.root)


def _below(name: str, node: Any) -> Iterator[tuple[str, Any]]:
    for part, there in getattr(node, "names", {}).items():
        if not part.startswith("."):
            for what in there:
                if what is not None:
                    yield f"{name}/{part}", what
                    yield from _below(f"{name}/{part}", what)


def _long_ago(path: Path) -> Folder:
    """A folder as it lies on the disk."""
    folder = Folder([scenes.FOLDER_MODE])
    for child in path.iterdir():
        if child.is_symlink():
            folder.names[child.name] = [File([scenes.Link(str(child.readlink()))], [scenes.FILE_MODE])]
        elif child.is_dir():
            folder.names[child.name] = [_long_ago(child)]
        else:
            folder.names[child.name] = [File([child.read_bytes()], [scenes.FILE_MODE])]
    return folder


def as_tree(pairs: tuple[Any, ...]) -> dict[str, Any]:
    """Sorted pairs as the dicts that a judge reads."""
    return {name: as_tree(what) if isinstance(what, tuple) else what for name, what in pairs}


def modes_at_fault(disk: Disk) -> list[str]:
    """What readers may come to with another mode than it must have."""
    right = {File: scenes.FILE_MODE, Folder: scenes.FOLDER_MODE}
    return [
        name
        for name, what in disk.published()
        if not (isinstance(what, File) and isinstance(what.contents[-1], scenes.Link))
        and name.count("/") > DEEP
        and set(what.modes) != {right[type(what)]}
    ]


# The names of runs and quarters are the third of a path: /out/runs/ID. What holds them is synced before.
DEEP = 2


def explore(scene: scenes.Scene, store: scenes.Store, top: Path) -> tuple[set[Any], int]:
    """Play a scene, and judge every tree that the power may leave at any moment; those, and how many times.

    Raises `TornError` for the first that is neither old nor new, or has not the new once it has ended.
    """
    disk, seen, judged = Disk(top), set(), 0

    def watcher(call: seam.Call) -> object:
        nonlocal judged
        result = disk.does(call)
        trees = disk.root.trees()
        judged += len(trees)
        for tree in trees - seen:
            scene.judge(as_tree(tree))
        seen.update(trees)
        if not all(disk.now_current()):
            raise scenes.TornError("since when a run is the current one may be forgotten")
        wrong = modes_at_fault(disk)
        if wrong:
            raise scenes.TornError(f"{wrong[0]} may have another mode")
        return result

    with seam.watched(store.operations, watcher):
        scene.play(store, top / "out")
    for tree in disk.root.trees():
        scene.judge(as_tree(tree), ended=True)
    return seen, judged
