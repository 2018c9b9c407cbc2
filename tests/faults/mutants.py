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
from functools import cache, cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from faults import syntax
from faults.scenes import Store, real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The modules of the package that publish, by their last word, and the order in which they import one another.
REAL: dict[str, Any] = dict(vars(real()))
LOADED = ("operations", "disk", "manifest", "safe", "publish", "announced", "freeze", "scratch")
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
        "refuse_unsafe",
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
        "disk.switch_link",
        (
            ("operations.symlink(A, B)\noperations.rename(A, C)"),
            ("with suppress(FileNotFoundError):\n    operations.unlink(C)\noperations.symlink(C, B)"),
        ),
    ),
    "a run is written where it is published": (
        "publish.begin",
        ('f"{TEMPORARY}{_checked(A)}"', "_checked(A)"),
    ),
    "a quarter is written where it hangs": (
        "freeze.begin",
        ('A / announced.ANNOUNCED / f"{publish.TEMPORARY}{B}"', "announced.folder(A, B)"),
    ),
    "a run has its name for a moment before its manifest": (
        "publish.seal",
        (
            "disk.sync_tree(A)",
            (
                "named = A.with_name(A.name.removeprefix(TEMPORARY))\n"
                "disk.rename(A, named)\n"
                "disk.rename(named, A)\n"
                "disk.sync_tree(A)"
            ),
        ),
    ),
    "current is switched before the run has its name": (
        "publish.commit",
        (
            "disk.rename(A, B)\nif C:\n    switch(D, E)",
            'if C:\n    disk.switch_link(D / CURRENT, D / FRESH_LINK, f"{RUNS}/{E}")\ndisk.rename(A, B)',
        ),
    ),
    "a run is removed under its own name": (
        "publish.lock",
        (("disk.rename(A, B)\ndisk.remove_tree(B)"), "disk.remove_tree(A)"),
    ),
    "only the folder is synced, not what is in it": (
        "publish.seal",
        ("disk.sync_tree(A)", "disk.sync(A)"),
    ),
    "only files are synced, not their folders": (
        "disk.sync_tree",
        (
            ("for A, B, C in _walked(D):\n    for E in C:\n        F\n    sync(A)"),
            ("for A, B, C in _walked(D):\n    for E in C:\n        F"),
        ),
    ),
    "the rejects are kept before they are on the disk": (
        "publish.keep_refused",
        (
            ('seal(A, B, {**C, "outputs": B})\ndisk.rename(A, D)'),
            ('disk.rename(A, D)\nseal(D, B, {**C, "outputs": B})'),
        ),
    ),
    "the current run is removed as an old one": (
        "publish.prune",
        ("A.name != B and A.stat().st_mtime < C", "A.stat().st_mtime < C"),
    ),
    "young runs are removed too": (
        "publish.prune",
        ("A.name != B and A.stat().st_mtime < C", "A.name != B"),
    ),
    "as many runs as there are stay": (
        "publish.prune",
        ("published(A)[B:]", "published(A)[len(published(A)) :]"),
    ),
    "the lock waits": (
        "publish.lock",
        ("fcntl.LOCK_EX", "fcntl.LOCK_SH"),
    ),
    "a sticky folder above is refused": (
        "safe.refuse_unsafe",
        ("A.is_dir() and B and (not A.stat().st_mode & stat.S_ISVTX)", "A.is_dir() and B"),
    ),
    "a link to a folder is removed with all in that folder": (
        "disk.remove_tree",
        ("A.is_symlink() or not A.is_dir()", "not A.is_dir()"),
    ),
    "links inside are taken for folders": (
        "disk.sync_tree",
        ("(Path(A), [B for B in C if B not in D], E + D)", "(Path(A), C, E)"),
    ),
    "a dangling link in a quarter's place is not seen": (
        "freeze.commit",
        ("os.path.lexists(A)", "A.exists()"),
    ),
    "half of a digest is enough": (
        "manifest.read_back",
        (
            (
                'A = {B["name"]: (B["size"], B["sha256"]) for B in C}\n'
                "D = [E for E in {**A, **F} if A.get(E) != F.get(E)]"
            ),
            (
                'A = {B["name"]: F.get(B["name"], (0, "")) for B in C}\n'
                "D = [E for E in {**A, **F} if A.get(E) != F.get(E)]"
            ),
        ),
    ),
    "files that nobody wrote are passed over": (
        "manifest.read_back",
        ("{**A, **B}", "A"),
    ),
    "nothing stands for current while its run is gone": (
        "publish.last_accepted",
        ("A or max(published(B), **C)", "A"),
    ),
    "a current that names no run is taken for one": (
        "publish.last_accepted",
        ("find_run(A, B) if B else None", "A / RUNS / B if B else None"),
    ),
    "a folder without a manifest is a run": (
        "publish.find_run",
        ("(A / manifest.NAME).is_file()", "A.is_dir()"),
    ),
    "any text is an id": (
        "publish.begin",
        ("RUN_ID.fullmatch(A)", "RUN_ID.search(A)"),
    ),
}


@dataclass(frozen=True)
class Mutant:
    """`text` in the place of a module's, made when it is wanted: who collects tests wants names alone."""

    name: str
    module: str
    made: Callable[[], str]

    @cached_property
    def text(self) -> str:
        return self.made()


def mutants() -> list[Mutant]:
    """All of them, in a fixed order."""
    made = [
        Mutant(f"{module}.{function}: {what}", module, partial(str, text))
        for module, functions in MUTATED.items()
        for function in functions
        for what, text in _of_function(module, function)
    ]
    made += [
        Mutant(name, place.partition(".")[0], partial(_by_hand, place, *changes))
        for name, (place, *changes) in BY_HAND.items()
    ]
    nth: Counter[str] = Counter()
    for at, mutant in enumerate(made):
        nth[mutant.name] += 1
        if nth[mutant.name] > 1:
            made[at] = replace(mutant, name=f"{mutant.name} ({nth[mutant.name]})")
    return made


def _by_hand(place: str, *changes: syntax.Change) -> str:
    _, tree = syntax.changed(place, *changes)
    return ast.unparse(tree)


@cache
def source(module: str) -> str:
    return Path(REAL[module].__file__).read_text(encoding="utf-8")


def _of_function(module: str, name: str) -> Iterator[tuple[str, str]]:
    """Every mutant that the rules make of a function."""
    tree = ast.parse(source(module))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not functions:
        raise syntax.GoneError(f"{module} no longer has {name}: let MUTATED name where that step stands now")
    (function,) = functions
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
                yield what, _with(module, function)
        setattr(node, field, body)


def _with(module: str, function: ast.FunctionDef) -> str:
    """A module's text with a function as it is now; what is decorated keeps its decorators."""
    lines = source(module).splitlines()
    first = min(node.lineno for node in [function, *function.decorator_list])
    return "\n".join([*lines[: first - 1], ast.unparse(function), *lines[function.end_lineno :]])


def _changes(statement: ast.stmt, following: ast.stmt | None) -> Iterator[tuple[str, list[ast.stmt]]]:
    """What can be made of a statement."""
    said = ast.unparse(statement).split("\n")[0]
    if _is_step(statement):
        yield f"without `{_called(statement)}`", [ast.Pass()]
    if isinstance(statement, ast.If) and any(isinstance(inner, ast.Raise) for inner in statement.body):
        yield f"without `{said}`", [ast.Pass()]
    if isinstance(statement, ast.With) and "failures" in said:
        yield f"without `{said}`", copy.copy(statement.body)
    if following is not None and _is_step(statement) and _is_step(following):
        yield f"swapped `{_called(statement)}` and `{_called(following)}`", [following, statement]


def _is_step(statement: ast.stmt) -> bool:
    """Whether a statement only does something."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _called(step: Any) -> str:
    """What a step calls, without what it hands over: the names of locals are no matter."""
    return ast.unparse(step.value.func)


def load(mutant: Mutant) -> Store:
    """Its modules; those of the package stay in their places."""
    loaded = {}
    try:
        for module in LOADED:
            name = REAL[module].__name__
            fresh = ModuleType(name)
            _put(fresh)
            exec(_compiled(module) if module != mutant.module else _code(mutant.text, name), fresh.__dict__)  # noqa: S102
            loaded[module] = fresh
    finally:
        for original in REAL.values():
            _put(original)
    return Store(**loaded)


def _put(module: ModuleType) -> None:
    """Let importers find a module under its name, and in its package."""
    package, _, word = module.__name__.rpartition(".")
    sys.modules[module.__name__] = module
    setattr(sys.modules[package], word, module)


@cache
def _compiled(module: str) -> Any:
    return _code(source(module), module)


def _code(text: str, name: str) -> Any:
    return compile(text, f"<{name}>", "exec")
