"""Forms of Python found in the package by what they are, and changed: what planted faults hang on.

A place is `module.function`, by the last word of the module: it is found wherever the module lies, and where
no such module has it, in whichever has it alone. With it goes all of its module that it uses, so that helpers
may be split off, merged and renamed. In a form, a name of one capital letter stands for any expression, the
same one each time; `*A` among arguments or items for all further ones, `**A` for all further keywords. So
moves, renamed locals and other line breaks leave a fault standing.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jifen_batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE = Path(jifen_batch.__file__).parent
Bound = dict[str, Any]


class GoneError(AssertionError):
    """A planted fault has nothing left to hang on."""


@dataclass(frozen=True)
class Swapped:
    """Two neighbours, steps or items of a tuple, of which one names `first` and the other `second`."""

    first: str
    second: str


@dataclass(frozen=True)
class Dropped:
    """The step, or the item of a tuple, that names `name`."""

    name: str


Change = tuple[str, str] | Swapped | Dropped


def changed(place: str, *changes: Change) -> tuple[str, ast.Module]:
    """The dotted name of a place's module, and its tree with changes, a form and what it becomes."""
    module, name = located(place)
    tree = ast.parse(source_of(module))
    for change in changes:
        statement = _change(tree, f"{module}.{name}", name, change)
        # As it reads now: what a form bound may stand where it is assigned to.
        at = tree.body.index(statement)
        tree.body[at : at + 1] = ast.parse(ast.unparse(statement)).body
    return module, tree


def module_path(module: str) -> Path:
    """The file of a module of the package."""
    at = PACKAGE.parent.joinpath(*module.split("."))
    return at / "__init__.py" if at.is_dir() else at.with_suffix(".py")


def located(place: str) -> tuple[str, str]:
    """The dotted name of the module in which a place lies now, and its name there."""
    word, _, name = place.rpartition(".")
    holders = [module for module in modules() if name in source_of(module) and name in defined(module)]
    own = [module for module in holders if module.endswith(f".{word}")] or holders
    if len(own) != 1:
        where = ", ".join(own) or "no module"
        raise GoneError(f"look at {place}: {name} is now in {where}; let its planted faults name its place")
    return own[0], name


@cache
def modules() -> list[str]:
    """The dotted names of all modules of the package."""
    paths = sorted(PACKAGE.rglob("*.py"))
    parts = (path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths)
    return [".".join(part).removesuffix(".__init__") for part in parts]


@cache
def parsed(module: str) -> ast.Module:
    """A module as it stands, to be looked at; whoever changes one makes a tree of its own."""
    return ast.parse(source_of(module))


@cache
def source_of(module: str) -> str:
    """What stands in a module's file."""
    return module_path(module).read_text(encoding="utf-8")


@cache
def defined(module: str) -> frozenset[str]:
    """The names that a module defines at its top."""
    return frozenset(_definitions(parsed(module)))


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """What a module defines at its top, by name."""
    made: dict[str, ast.stmt] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            made[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    made[node.id] = statement
    return made


def _used(tree: ast.Module, name: str) -> Iterator[ast.stmt]:
    """A definition, then all of its module that it uses."""
    defined = _definitions(tree)
    names, seen = [name], set()
    while names:
        statement = defined.get(names.pop(0))
        if statement is None or id(statement) in seen:
            continue
        seen.add(id(statement))
        yield statement
        names += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]


def _change(tree: ast.Module, place: str, name: str, change: Change) -> ast.stmt:
    """One change, which must have just one thing to hang on; the definition that it is in."""
    kept = list(_used(tree, name))
    if isinstance(change, tuple):
        form, instead = (ast.parse(text).body for text in change)
        whole = len(instead) != 1 or not isinstance(instead[0], ast.Expr)
        spots = [(statement, spot) for statement in kept for spot in _spots(statement, form, whole=whole)]
        told = f"of the form `{change[0]}`"
    else:
        spots = [(statement, spot) for statement in kept for spot in _neighbours(statement, change)]
        told = f"to do {change} with"
    if len(spots) != 1:
        raise GoneError(
            f"look at {place}: it, and what it uses of its module, has {len(spots)} places {told}; "
            "let the planted fault hang on what it does now"
        )
    ((statement, spot),) = spots
    spot.put([_filled(step, spot.bound) for step in instead] if isinstance(change, tuple) else [])
    return statement


@dataclass(frozen=True)
class Spot:
    """Where a form stands: `length` items of a list from `at`, or one field (`at` null); what it bound."""

    owner: ast.AST
    field: str
    at: int | None
    length: int
    bound: Bound
    becomes: Sequence[ast.AST] = ()

    def put(self, instead: list[ast.stmt]) -> None:
        """Statements, or the expression that is the only one, take its place."""
        held = getattr(self.owner, self.field)
        if self.at is None:
            setattr(self.owner, self.field, _expression(instead))
            return
        made: Sequence[ast.AST] = self.becomes or instead
        if held and isinstance(held[self.at], ast.expr) and instead:
            made = [_expression(instead)]
        if not made and isinstance(held[self.at], ast.stmt):
            made = [ast.Pass()]
        held[self.at : self.at + self.length] = made


def _expression(instead: list[ast.stmt]) -> ast.expr:
    (statement,) = instead
    assert isinstance(statement, ast.Expr), "a statement cannot stand for an expression"
    return statement.value


def _spots(top: ast.stmt, form: list[ast.stmt], *, whole: bool) -> Iterator[Spot]:
    """Where a form stands in a definition, itself included; `whole`: as steps of their own only."""
    alone = form[0].value if len(form) == 1 and isinstance(form[0], ast.Expr) and not whole else None
    for owner in ast.walk(ast.Module([top], [])):
        for field, value in ast.iter_fields(owner):
            if alone is not None and isinstance(value, ast.expr):
                yield from _bound(owner, field, None, [alone], [value])
            if not isinstance(value, list):
                continue
            for at, item in enumerate(value):
                if alone is not None and isinstance(item, ast.expr):
                    yield from _bound(owner, field, at, [alone], [item])
                elif alone is None and isinstance(item, ast.stmt):
                    yield from _bound(owner, field, at, form, value[at : at + len(form)])


def _bound(owner: ast.AST, field: str, at: int | None, form: list[Any], found: list[Any]) -> Iterator[Spot]:
    bound: Bound = {}
    if len(form) == len(found) and all(_same(*pair, bound) for pair in zip(form, found, strict=True)):
        yield Spot(owner, field, at, len(found), bound)


def _neighbours(top: ast.stmt, change: Swapped | Dropped) -> Iterator[Spot]:
    """The smallest steps or items that a swap or an omission is about."""
    for owner in ast.walk(top):
        for field, value in ast.iter_fields(owner):
            if field not in {"body", "orelse", "finalbody", "elts"} or not isinstance(value, list):
                continue
            if isinstance(change, Dropped):
                for at, item in enumerate(value):
                    if change.name in _named(item) and not _holds_lists(item):
                        yield Spot(owner, field, at, 1, {})
                continue
            for at, (one, other) in enumerate(pairwise(value)):
                if change.first in _named(one) and change.second in _named(other):
                    yield Spot(owner, field, at, 2, {}, (other, one))


def _named(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _holds_lists(node: ast.AST) -> bool:
    """Whether it has steps of its own, which are looked at by themselves."""
    return any(isinstance(inner, ast.stmt) for inner in ast.walk(node) if inner is not node)


def _wild(node: object) -> str | None:
    """The capital letter that a part of a form is."""
    if isinstance(node, ast.Expr):
        node = node.value
    return node.id if isinstance(node, ast.Name) and len(node.id) == 1 and node.id.isupper() else None


def _same(form: Any, found: Any, bound: Bound) -> bool:
    """Whether a part of the code is of a form; binds the form's capital letters."""
    if (word := _wild(form)) is not None and isinstance(found, ast.expr):
        return ast.dump(bound.setdefault(word, found)).replace("Store()", "Load()") == ast.dump(
            found
        ).replace("Store()", "Load()")
    if type(form) is not type(found):
        return False
    if isinstance(form, list):
        return _same_items(form, found, bound)
    if not isinstance(form, ast.AST):
        return bool(form == found)
    if isinstance(form, ast.Call):
        return (
            _same(form.func, found.func, bound)
            and _same_items(form.args, found.args, bound)
            and _same_keywords(form.keywords, found.keywords, bound)
        )
    skipped = {"ctx", "kind", "type_comment"}
    return all(
        _same(getattr(form, field), getattr(found, field), bound)
        for field in form._fields
        if field not in skipped
    )


def _same_items(form: list[Any], found: list[Any], bound: Bound) -> bool:
    """Items one by one; `*A` takes all that are left between those before and after it."""
    for at, item in enumerate(form):
        word = _wild(item.value) if isinstance(item, ast.Starred) else None
        if word is not None:
            after = len(form) - at - 1
            if len(found) < at + after:
                return False
            bound[f"*{word}"] = found[at : len(found) - after]
            form, found = form[:at] + form[at + 1 :], found[:at] + found[len(found) - after :]
            break
    return len(form) == len(found) and all(_same(*pair, bound) for pair in zip(form, found, strict=True))


def _same_keywords(form: list[ast.keyword], found: list[ast.keyword], bound: Bound) -> bool:
    """Keywords by their names; `**A` takes those that the form does not name."""
    left = {keyword.arg: keyword for keyword in found}
    rest = None
    for keyword in form:
        if keyword.arg is None and (word := _wild(keyword.value)) is not None:
            rest = word
        elif keyword.arg not in left or not _same(keyword.value, left.pop(keyword.arg).value, bound):
            return False
    if rest is not None:
        bound[f"**{rest}"] = list(left.values())
    return rest is not None or not left


class _Filler(ast.NodeTransformer):
    """Puts what a form bound into what it becomes."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self.bound.get(node.id, node))

    def visit_Starred(self, node: ast.Starred) -> Any:
        held = self.bound.get(f"*{_wild(node.value)}")
        return self.generic_visit(node) if held is None else copy.deepcopy(held)

    def visit_keyword(self, node: ast.keyword) -> Any:
        held = self.bound.get(f"**{_wild(node.value)}") if node.arg is None else None
        return self.generic_visit(node) if held is None else copy.deepcopy(held)


def _filled(statement: ast.stmt, bound: Bound) -> ast.stmt:
    return _Filler(bound).visit(copy.deepcopy(statement))
