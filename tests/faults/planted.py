"""A module of the package broken on purpose, in this very process: whoever uses it uses the broken one."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import re
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from faults import syntax

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Sequence

# Where modules lie that may have imported something of the package.
OURS = (str(syntax.PACKAGE), str(Path(__file__).parents[1]))
# What of the tests imports kernels, and is asked about broken ones.
ASKING = ("memory", "faults.hunt")
# A statement that imports: a module, or from where and which names, in brackets over several lines.
IMPORT = re.compile(r"^[ ]*(?:import ([\w.]+)|from ([\w.]+) import (\([^)]*\)|.*))", re.MULTILINE)
NAME = re.compile(r"\w+")


class _Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a module another tree."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: object = None) -> object:
        return importlib.machinery.ModuleSpec(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(syntax.module_path(self.module))
        exec(compile(self.tree, module.__file__, "exec"), module.__dict__)  # noqa: S102 - our own source


@contextmanager
def imported_anew(place: str, *changes: syntax.Change) -> Iterator[None]:
    """Whoever imports the module of a place imports it changed, for as long as this lasts.

    All that leads there is imported anew, so that tuples, defaults and classes hold what is broken too.
    """
    module, tree = syntax.changed(place, *changes)
    names = [name for name in (*_importers(module), *ASKING) if name in sys.modules]
    before = {name: sys.modules[name] for name in names}
    # What a package has under the name of a module of its own need not be that module.
    words = [(package, word, package and vars(package).get(word)) for package, word in map(_word_of, names)]
    finder = _Broken(module, tree)
    sys.meta_path.insert(0, finder)
    _forget(names)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _forget(name for name in (*_importers(module), *ASKING) if name in sys.modules)
        sys.modules.update(before)
        for package, word, held in words:
            if held is not None:
                setattr(package, word, held)


def _word_of(name: str) -> tuple[ModuleType | None, str]:
    """The package that a module lies in, null for one outside of any, and its name there."""
    package, _, word = name.rpartition(".")
    return sys.modules.get(package), word


def _forget(names: Iterable[str]) -> None:
    """Let these modules be imported anew, whichever way they are asked for."""
    for name in list(names):
        del sys.modules[name]
        package, word = _word_of(name)
        vars(package or ModuleType("none")).pop(word, None)


@cache
def _importers(module: str) -> frozenset[str]:
    """A module of the package, and all that import it or one that does."""
    found = {module}
    while more := {name for name, wanted in _imports().items() if wanted & found} - found:
        found |= more
    return frozenset(found)


@cache
def _imports() -> dict[str, set[str]]:
    """What each module of the package imports from the package, packages along the way included.

    By their text, for to parse them all takes longer than many a fault.
    """
    made: dict[str, set[str]] = {}
    for module in syntax.modules():
        wanted: set[str] = set()
        for whole, origin, names in IMPORT.findall(syntax.source_of(module)):
            wanted |= {whole} if whole else {origin, *(f"{origin}.{name}" for name in NAME.findall(names))}
        made[module] = wanted - {syntax.PACKAGE.name}
    return made


def plant(monkeypatch, place, *changes):
    """Change forms at a place (`faults.syntax`), until the test ends."""
    module, tree = syntax.changed(place, *changes)
    whole = importlib.import_module(module)
    broken = ModuleType(module)
    broken.__file__ = whole.__file__
    # Found by its name while its dataclasses are made.
    exec(compile(tree, whole.__file__, "exec"), broken.__dict__)  # noqa: S102 - our own source
    users = [
        module
        for module in sys.modules.values()
        if (getattr(module, "__file__", None) or "").startswith(OURS)
    ]
    for word, made in vars(broken).items():
        was = vars(whole).get(word)
        if word.startswith("__") or was is None or was is made:
            continue
        for user in users:
            if vars(user).get(word) is was:
                monkeypatch.setattr(user, word, made)


def noticed_by(monkeypatch, modules, place, *changes, first=None):
    """A pencil case of these test modules that fails where a place is so changed; null if none.

    The case called `first` is tried before the others.
    """
    # Before anything is broken, for what they import stays theirs.
    cases = [importlib.import_module(module) for module in modules]
    plant(monkeypatch, place, *changes)
    for module in cases:
        for word, case in sorted(vars(module).items(), key=lambda one: one[0] != first):
            for values in calls(word, case):
                try:
                    case(**values)
                except (Exception, pytest.fail.Exception):  # noqa: BLE001 - the broken fail in any way
                    return word
    return None


def calls(name, case):
    """What to call a test with, once or more; a test that needs a fixture, or draws, is left out."""
    if not name.startswith("test_") or hasattr(case, "hypothesis"):
        return
    told = [{}]
    for mark in getattr(case, "pytestmark", []):
        names, values = mark.args
        names = [names] if isinstance(names, str) else names
        told = [dict(zip(names, value if len(names) > 1 else [value], strict=True)) for value in values]
    code = case.__code__
    if {*code.co_varnames[: code.co_argcount]} == told[0].keys():
        yield from told
