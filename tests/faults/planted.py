"""A module of the package broken on purpose, in this very process: whoever uses it uses the broken one."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest

from faults import syntax


def plant(monkeypatch, place, *changes):
    """Change forms at a place (`faults.syntax`), until the test ends."""
    module, tree = syntax.changed(place, *changes)
    whole = importlib.import_module(module)
    broken = ModuleType(module)
    broken.__file__ = whole.__file__
    # Found by its name while its dataclasses are made.
    exec(compile(tree, whole.__file__, "exec"), broken.__dict__)  # noqa: S102 - our own source
    users = [module for module in sys.modules.values() if isinstance(module, ModuleType)]
    for word, made in vars(broken).items():
        was = vars(whole).get(word)
        if word.startswith("__") or was is None or was is made:
            continue
        for user in users:
            if vars(user).get(word) is was:
                monkeypatch.setattr(user, word, made)


def noticed_by(monkeypatch, modules, place, *changes):
    """The first pencil case of these test modules that fails where a place is so changed; null if none."""
    # Before anything is broken, for what they import stays theirs.
    cases = [importlib.import_module(module) for module in modules]
    plant(monkeypatch, place, *changes)
    for module in cases:
        for word, case in list(vars(module).items()):
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
