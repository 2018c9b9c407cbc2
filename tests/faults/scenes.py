"""What happens to an output folder, as short plays that end in a known state, and a judge of states.

The plays use the functions of `store` as the commands do, with files of a few bytes, and without
polars, so that a child plays one in a blink. A state is read, not trusted: by the judge's own eyes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jifen_batch.errors import LossError, TooManyRejectsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD, NEW, ANCIENT, OTHER = "a" * 16, "b" * 16, "c" * 16, "d" * 16
DAY_SECONDS = 86_400
FILE_MODE, FOLDER_MODE = 0o640, 0o750
# All runs are of one day.
AS_OF = {"as_of": "2024-01-20"}
# Where a run and a quarter have it; what is no table lies in a quarter below a folder of its own.
MANIFESTS = ("manifest.json", "_about/manifest.json")
RULES = {"rules/book.toml": b"[book]\nid = 'book'\n"}
TABLES = {OLD: b"old rows, and more", NEW: b"new rows, and some more"}
REJECTS = {"part-00000": b"rejected rows"}
RUN_ID = re.compile("[0-9a-f]{16}")


class TornError(AssertionError):
    """What is published is neither what was there nor what was to be."""


@dataclass(frozen=True)
class Store:
    """The modules that publish; a mutant has others."""

    operations: Any
    disk: Any
    manifest: Any
    publish: Any
    announced: Any
    freeze: Any
    safe: Any
    scratch: Any


def real() -> Store:
    """The modules as they are."""
    from jifen_batch.published import announced, freeze, manifest, publish  # noqa: PLC0415
    from jifen_batch.storage import disk, operations, safe, scratch  # noqa: PLC0415

    return Store(operations, disk, manifest, publish, announced, freeze, safe, scratch)


def files_of(run_id: str) -> dict[str, bytes]:
    """What a run holds beside its manifest."""
    rows = TABLES.get(run_id, run_id.encode())
    return {"ledger/scoring_year=2023/part-00000": rows, "standings/part-00000": rows[::-1], **RULES}


def fill(store: Store, folder: Path, files: dict[str, bytes]) -> None:
    """Write files as the worker does: tables by a foreign hand, texts by its own."""
    for name, content in files.items():
        path = folder / name
        store.disk.make_folder(path.parent)
        if name.startswith("rules/"):
            store.disk.write_bytes(path, content)
        else:
            store.disk.write_with(path, lambda path=path, content=content: path.write_bytes(content))


def run(store: Store, out: Path, run_id: str, keep: int = 8) -> None:
    """A night that publishes, or finds that it was published."""
    publish = store.publish
    with publish.lock(out):
        if publish.find_run(out, run_id):
            publish.switch(out, run_id)
            return
        publish.check_space(out, publish.estimate(100))
        folder = publish.begin(out, run_id)
        assert folder.is_dir()
        fill(store, folder, files_of(run_id))
        publish.commit(
            out, folder, run_id, {**AS_OF, "run_id": run_id, "outputs": store.manifest.of_outputs(folder)}
        )
        publish.prune(out, keep)


def refused(store: Store, out: Path, run_id: str = NEW) -> None:
    """A night that ends with 6: its rejects are kept."""
    publish = store.publish
    with publish.lock(out):
        folder = publish.begin(out, run_id)
        fill(store, folder, {f"rejects/{name}": content for name, content in REJECTS.items()} | RULES)
        publish.keep_refused(out, folder, ["rejects"], {"run_id": run_id})
        raise TooManyRejectsError("too many", "有误")


def lost(store: Store, out: Path) -> None:
    """A night that ends with 9: nothing of it is kept."""
    publish = store.publish
    with publish.lock(out):
        folder = publish.begin(out, NEW)
        fill(store, folder, RULES)
        store.disk.remove_tree(folder)
        raise LossError("lost", "有误")


def announce(store: Store, out: Path, quarter: str = "2023Q4") -> None:
    """A quarter is hung up, unless it hangs."""
    publish, freeze = store.publish, store.freeze
    current = publish.current(out)
    with publish.lock(out):
        if quarter in store.announced.quarters(out):
            return
        folder = freeze.begin(out, quarter)
        fill(store, folder, {"announcement": f"{quarter} rows".encode()})
        freeze.copy_rules(current, folder)
        freeze.commit(out, folder, quarter, {}, {"quarter": quarter})


@dataclass(frozen=True)
class State:
    """What an output folder holds by name; all of it was found whole."""

    current: str | None
    runs: frozenset[str] = frozenset()
    quarters: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """A play: what was there before, what is done, all states that it may be left in, its end the last."""

    before: Callable[[Store, Path], None]
    act: Callable[[Store, Path], None]
    states: tuple[State, ...]

    def play(self, store: Store, out: Path) -> None:
        """Do it; how a night of this kind ends is no surprise."""
        with suppress(TooManyRejectsError, LossError):
            self.act(store, out)

    def judge(self, tree: dict[str, Any], *, ended: bool = False) -> State:
        """The state of a tree; raises `TornError` for one that the play may not be left in.

        Once it has ended, it is as at the end; but that a run which was published before something
        failed is not published again, and removes no old ones.
        """
        state, end = state_of(tree.get("out", {})), self.states[-1]
        as_at_end = (state.current, state.quarters, state.refused) == (end.current, end.quarters, end.refused)
        if state not in self.states or (ended and not as_at_end):
            raise TornError(f"{state} is none of the states that may be")
        return state


def nothing(_store: Store, _out: Path) -> None:
    """No output folder yet."""


def one_run(store: Store, out: Path) -> None:
    """A run that is current, and a quarter that hangs."""
    run(store, out, OLD)
    announce(store, out, "2023Q3")


def old_runs(store: Store, out: Path) -> None:
    """Two runs of long ago beside that."""
    for run_id in (ANCIENT, OTHER):
        run(store, out, run_id)
        then = time.time() - 30 * DAY_SECONDS
        os.utime(out / "runs" / run_id, (then, then))
    one_run(store, out)


def refused_once(store: Store, out: Path) -> None:
    """The same night was refused before."""
    one_run(store, out)
    try:
        refused(store, out)
    except TooManyRejectsError:
        return


ONE = State(OLD, frozenset({OLD}), frozenset({"2023Q3"}))
MANY = State(OLD, frozenset({OLD, ANCIENT, OTHER}), frozenset({"2023Q3"}))


def _state(of: State, **changed: Any) -> State:
    return State(**{**vars(of), **changed})


SCENES = {
    "the first run of all": Scene(
        nothing,
        lambda store, out: run(store, out, NEW),
        (State(None), State(None, frozenset({NEW})), State(NEW, frozenset({NEW}))),
    ),
    "a run over an earlier one": Scene(
        one_run,
        lambda store, out: run(store, out, NEW),
        (ONE, _state(ONE, runs=ONE.runs | {NEW}), _state(ONE, runs=ONE.runs | {NEW}, current=NEW)),
    ),
    "a run that removes old ones": Scene(
        old_runs,
        lambda store, out: run(store, out, NEW, keep=1),
        (
            MANY,
            _state(MANY, runs=MANY.runs | {NEW}),
            _state(MANY, runs=MANY.runs | {NEW}, current=NEW),
            _state(MANY, runs=frozenset({OLD, NEW, ANCIENT}), current=NEW),
            _state(MANY, runs=frozenset({OLD, NEW, OTHER}), current=NEW),
            _state(MANY, runs=frozenset({OLD, NEW}), current=NEW),
        ),
    ),
    "an earlier run made current again": Scene(
        old_runs,
        lambda store, out: run(store, out, OTHER),
        (MANY, _state(MANY, current=OTHER)),
    ),
    "the first quarter hung up": Scene(
        lambda store, out: run(store, out, OLD),
        announce,
        (_state(ONE, quarters=frozenset()), _state(ONE, quarters=frozenset({"2023Q4"}))),
    ),
    "a quarter hung up": Scene(
        one_run,
        announce,
        (ONE, _state(ONE, quarters=ONE.quarters | {"2023Q4"})),
    ),
    "a night refused for its rejects": Scene(
        one_run,
        refused,
        (ONE, _state(ONE, refused=frozenset({NEW}))),
    ),
    "a night refused for its rejects again": Scene(
        refused_once,
        refused,
        (_state(ONE, refused=frozenset({NEW})),),
    ),
    "a night refused for its loss": Scene(one_run, lost, (ONE,)),
}


@dataclass(frozen=True)
class Link:
    """A link, by where it leads."""

    target: str


def tree_of(path: Path) -> dict[str, Any]:
    """All that lies in a folder: folders as dicts, files as bytes, links as links."""
    tree: dict[str, Any] = {}
    for child in path.iterdir():
        if child.is_symlink():
            tree[child.name] = Link(os.readlink(child))  # noqa: PTH115 - its text
        else:
            tree[child.name] = tree_of(child) if child.is_dir() else child.read_bytes()
    return tree


def make(tree: dict[str, Any], path: Path) -> None:
    """Make a folder of a tree, with the modes that ours have."""
    path.mkdir(exist_ok=True)
    path.chmod(FOLDER_MODE)
    for name, what in tree.items():
        child = path / name
        if isinstance(what, Link):
            child.symlink_to(what.target)
        elif isinstance(what, bytes):
            child.write_bytes(what)
            child.chmod(FILE_MODE)
        else:
            make(what, child)


def state_of(out: dict[str, Any]) -> State:
    """What an output folder holds; raises `TornError` for the first thing in it that is not whole."""
    runs = {name: _whole(name, what, "outputs") for name, what in _ours(out, "runs", RUN_ID).items()}
    for name, files in runs.items():
        if files != files_of(name):
            raise TornError(f"{name} holds what was never written to it")
    hung = _ours(out, "announced", re.compile("quarter=.*"))
    quarters = {name.removeprefix("quarter="): _whole(name, what, "files") for name, what in hung.items()}
    for name, files in quarters.items():
        if files != {"announcement": f"{name} rows".encode(), **below_about(RULES)}:
            raise TornError(f"{name} holds what was never announced")
    kept = _ours(out, "refused", RUN_ID)
    for name, what in kept.items():
        if _whole(name, what, "outputs") != {f"rejects/{file}": content for file, content in REJECTS.items()}:
            raise TornError(f"refused {name} is not whole")
    current = out.get("current")
    named = current.target.removeprefix("runs/") if isinstance(current, Link) else None
    if current is not None and named not in runs:
        raise TornError("current names no run")
    return State(named, frozenset(runs), frozenset(quarters), frozenset(kept))


def _ours(out: dict[str, Any], folder: str, named: re.Pattern[str]) -> dict[str, Any]:
    """What has its name in one of the folders."""
    return {name: what for name, what in out.get(folder, {}).items() if named.fullmatch(name)}


def _whole(name: str, folder: Any, key: str) -> dict[str, bytes]:
    """The files of a published folder, each of which its manifest names as it is."""
    if not isinstance(folder, dict):
        raise TornError(f"{name} is no folder")
    files = dict(_flat(folder))
    try:
        content = json.loads(files.pop(next(at for at in MANIFESTS if at in files)))
        sealed = content.pop("manifest_sha256")
        bare = (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        wanted = {file["name"]: file["sha256"] for file in content[key]}
    except (StopIteration, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TornError(f"{name}: its manifest is torn") from error
    held = {file: hashlib.sha256(text).hexdigest() for file, text in files.items()}
    if held != wanted or sealed != hashlib.sha256(bare).hexdigest():
        raise TornError(f"{name}: its files are not as its manifest says")
    return files


def below_about(files: dict[str, bytes]) -> dict[str, bytes]:
    """These files as a quarter has them."""
    return {f"_about/{name}": content for name, content in files.items()}


def _flat(folder: dict[str, Any]) -> list[tuple[str, bytes]]:
    """Every file below, by its path."""
    found: list[tuple[str, bytes]] = []
    for name, what in folder.items():
        if isinstance(what, dict):
            found += [(f"{name}/{inner}", text) for inner, text in _flat(what)]
        elif isinstance(what, bytes):
            found.append((name, what))
        else:
            raise TornError(f"{name} is a link")
    return found


def left_over(out: Path) -> list[str]:
    """What a dead command would have left, anywhere in the folder."""
    return [path.name for path in out.rglob(".*") if path.name not in {".lock", ".posted-events"}]


def wrong_modes(top: Path) -> list[str]:
    """Files and folders from `top` down that do not have the modes they must."""
    wrong = []
    for path in [top, *top.rglob("*")]:
        if not path.is_symlink():
            wanted = FOLDER_MODE if path.is_dir() else FILE_MODE
            if path.stat().st_mode & 0o777 != wanted:
                wrong.append(str(path.relative_to(top)))
    return wrong
