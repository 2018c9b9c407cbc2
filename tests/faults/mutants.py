"""The publishing modules with one thing changed: a step left out, two steps swapped, a check not made.

Most are made from the syntax tree, so that a step which is added tomorrow has its mutants tomorrow; a
few that no rule makes are written down. A mutant is loaded beside the real modules, and never replaces them.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jifen_batch
from faults.scenes import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(jifen_batch.__file__).parent
# In the order in which they import one another.
LOADED = {
    "operations": "storage",
    "disk": "storage",
    "manifest": "published",
    "safe": "storage",
    "publish": "published",
    "announced": "published",
    "freeze": "published",
    "scratch": "storage",
}
# Where a step or a check of the protocol stands; readers, and what is for people, are not mutated here.
MUTATED = {
    "disk": (
        "make_folder",
        "make_lasting_folder",
        "make_fresh_folder",
        "write_with",
        "write_bytes",
        "sync",
        "sync_tree",
        "rename",
        "switch_link",
        "remove_tree",
        "touch",
        "lockable",
        "note",
    ),
    "manifest": ("of_outputs", "read_back"),
    "safe": ("refuse_unsafe", "_refuse"),
    "publish": (
        "lock",
        "_refuse_foreign_link",
        "_sweep",
        "begin",
        "_checked",
        "check_space",
        "commit",
        "seal",
        "switch",
        "prune",
        "_remove",
        "keep_refused",
    ),
    "freeze": ("begin", "copy_rules", "commit"),
    "scratch": ("folder", "replacing", "_held"),
}
BY_HAND = {
    "current is taken away before it is made anew": (
        "disk",
        "        operations.symlink(fresh, target)\n        operations.rename(fresh, link)\n",
        (
            "        with suppress(FileNotFoundError):\n            operations.unlink(link)\n"
            "        operations.symlink(link, target)\n"
        ),
    ),
    "a run is written where it is published": (
        "publish",
        'folder = out / RUNS / f"{TEMPORARY}{_checked(run_id)}"',
        "folder = out / RUNS / _checked(run_id)",
    ),
    "a quarter is written where it hangs": (
        "freeze",
        'folder = out / announced.ANNOUNCED / f"{publish.TEMPORARY}{quarter}"',
        "folder = announced.folder(out, quarter)",
    ),
    "a run has its name for a moment before its manifest": (
        "publish",
        "    disk.sync_tree(folder)\n    manifest.read_back(folder, files)\n",
        (
            "    named = folder.with_name(folder.name.removeprefix(TEMPORARY))\n"
            "    disk.rename(folder, named)\n    disk.rename(named, folder)\n"
            "    disk.sync_tree(folder)\n    manifest.read_back(folder, files)\n"
        ),
    ),
    "current is switched before the run has its name": (
        "publish",
        "    disk.rename(folder, published)\n    switch(out, run_id)\n",
        (
            "    disk.switch_link(out / CURRENT, out / FRESH_LINK, f'{RUNS}/{run_id}')\n"
            "    disk.rename(folder, published)\n"
        ),
    ),
    "a run is removed under its own name": (
        "publish",
        "        disk.rename(folder, leaving)\n        disk.remove_tree(leaving)\n",
        "        disk.remove_tree(folder)\n",
    ),
    "only the folder is synced, not what is in it": (
        "publish",
        "    disk.sync_tree(folder)\n    manifest.read_back",
        "    disk.sync(folder)\n    manifest.read_back",
    ),
    "only files are synced, not their folders": ("disk", "        sync(top)\n", ""),
    "the rejects are kept before they are on the disk": (
        "publish",
        '        seal(fresh, outputs, {**content, "outputs": outputs})\n        disk.rename(fresh, kept)\n',
        '        disk.rename(fresh, kept)\n        seal(kept, outputs, {**content, "outputs": outputs})\n',
    ),
    "the current run is removed as an old one": ("publish", "folder.name != kept and ", ""),
    "young runs are removed too": ("publish", " and folder.stat().st_mtime < oldest", ""),
    "as many runs as there are stay": (
        "publish",
        "published(out)[keep:]",
        "published(out)[len(published(out)):]",
    ),
    "the lock waits": ("publish", "fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB"),
    "a sticky folder above is refused": (
        "safe",
        " and not folder.stat().st_mode & stat.S_ISVTX",
        "",
    ),
    "a link to a folder is removed with all in that folder": (
        "disk",
        "if path.is_symlink() or not path.is_dir():",
        "if not path.is_dir():",
    ),
    "links inside are taken for folders": (
        "disk",
        "yield Path(top), [name for name in folders if name not in links], names + links",
        "yield Path(top), folders, names",
    ),
    "a dangling link in a quarter's place is not seen": (
        "freeze",
        "os.path.lexists(final)",
        "final.exists()",
    ),
    "half of a digest is enough": (
        "manifest",
        'wanted = {file["name"]: (file["size"], file["sha256"]) for file in files}',
        'wanted = {file["name"]: found.get(file["name"], (0, "")) for file in files}',
    ),
    "files that nobody wrote are passed over": (
        "manifest",
        "for name in {**wanted, **found} if",
        "for name in wanted if",
    ),
    "nothing stands for current while its run is gone": (
        "publish",
        "return named or next(iter(published(out)), None)",
        "return named",
    ),
    "a current that names no run is taken for one": (
        "publish",
        "named = find_run(out, run_id) if run_id else None",
        "named = out / RUNS / run_id if run_id else None",
    ),
    "a folder without a manifest is a run": (
        "publish",
        "return folder if (folder / manifest.NAME).is_file() else None",
        "return folder if folder.is_dir() else None",
    ),
    "any text is an id": ("publish", "RUN_ID.fullmatch(run_id)", "RUN_ID.search(run_id)"),
}


@dataclass(frozen=True)
class Mutant:
    """`text` in the place of a module's."""

    name: str
    module: str
    text: str


def mutants() -> list[Mutant]:
    """All of them, in a fixed order."""
    made = [
        Mutant(f"{module}.{function}: {what}", module, text)
        for module, functions in MUTATED.items()
        for function in functions
        for what, text in _of_function(module, function)
    ]
    for name, (module, old, new) in BY_HAND.items():
        text = source(module)
        assert text.count(old) == 1, f"{module} no longer has: {old}"
        made.append(Mutant(name, module, text.replace(old, new)))
    twice = Counter(mutant.name for mutant in made)
    return [
        replace(mutant, name=f"{mutant.name} ({number})") if twice[mutant.name] > 1 else mutant
        for number, mutant in enumerate(made)
    ]


@cache
def source(module: str) -> str:
    return (HOME / LOADED[module] / f"{module}.py").read_text(encoding="utf-8")


def _of_function(module: str, name: str) -> Iterator[tuple[str, str]]:
    """Every mutant that the rules make of a function."""
    tree = ast.parse(source(module))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    bodies = [
        (node, field)
        for node in ast.walk(function)
        for field in ("body", "orelse", "finalbody")
        if isinstance(getattr(node, field, None), list)
    ]
    for node, field in bodies:
        body = getattr(node, field)
        for at, statement in enumerate(body):
            for what, instead in _changes(statement, body[at + 1] if at + 1 < len(body) else None):
                after = at + (2 if what.startswith("swapped") else 1)
                setattr(node, field, [*body[:at], *instead, *body[after:]])
                yield what, ast.unparse(tree)
        setattr(node, field, body)


def _changes(statement: ast.stmt, following: ast.stmt | None) -> Iterator[tuple[str, list[ast.stmt]]]:
    """What can be made of a statement."""
    said = ast.unparse(statement).split("\n")[0]
    if _is_step(statement):
        yield f"without `{said}`", [ast.Pass()]
    if isinstance(statement, ast.If) and any(isinstance(inner, ast.Raise) for inner in statement.body):
        yield f"without `{said}`", [ast.Pass()]
    if isinstance(statement, ast.With) and "failures" in said:
        yield f"without `{said}`", copy.copy(statement.body)
    if following is not None and _is_step(statement) and _is_step(following):
        yield f"swapped `{said}` and `{ast.unparse(following)}`", [following, statement]


def _is_step(statement: ast.stmt) -> bool:
    """Whether a statement only does something."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def load(mutant: Mutant) -> Store:
    """Its modules; those of the package stay in their places."""
    rooms: dict[str, Any] = {
        module: import_module(f"{jifen_batch.__name__}.{room}") for module, room in LOADED.items()
    }
    names = {module: f"{room.__name__}.{module}" for module, room in rooms.items()}
    before = {module: import_module(name) for module, name in names.items()}
    loaded = {}
    try:
        for module, name in names.items():
            fresh = ModuleType(name)
            sys.modules[name] = fresh
            setattr(rooms[module], module, fresh)
            exec(_compiled(module) if module != mutant.module else _code(mutant.text, name), fresh.__dict__)  # noqa: S102
            loaded[module] = fresh
    finally:
        for module, original in before.items():
            sys.modules[names[module]] = original
            setattr(rooms[module], module, original)
    return Store(**loaded)


@cache
def _compiled(module: str) -> Any:
    return _code(source(module), module)


def _code(text: str, name: str) -> Any:
    return compile(text, f"<{name}>", "exec")
