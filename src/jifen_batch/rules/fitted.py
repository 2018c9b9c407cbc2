"""A parsed table read as its declaration says, by plain code; what does not fit is left to `modelled`.

Nothing is converted and no key is passed over. Readers are made once for each annotation, when a first file
asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar

from jifen_batch.rules.declared import (
    Between,
    Filled,
    Hint,
    Made,
    Table,
    Without,
    choices,
    kind_of,
    marks,
    taken_apart,
)

Read = Callable[[Any], Any]
Fitted = TypeVar("Fitted", bound=Table)


class MisfitError(Exception):
    """Something does not fit; what and where, nobody asks here."""


def fitted(table: type[Fitted], parsed: object) -> Fitted | None:
    """What was parsed, as the table that is declared; null where it does not fit."""
    try:
        read: Fitted = _reader(table)(parsed)  # type: ignore[arg-type]  # a class is hashable
    except MisfitError:
        return None
    return read


@cache
def _reader(hint: Hint) -> Read:
    """Takes a value that fits an annotation, raises `MisfitError` for any other."""
    origin, inside = taken_apart(hint)
    if origin is Annotated:
        return _marked(_reader(inside[0]), marks(hint))
    if len(choices(hint)) > 1 or NoneType in inside:
        return _chosen(choices(hint), or_nothing=NoneType in inside)
    if origin is Literal:
        return _word(frozenset(inside))
    if origin is Sequence:
        return _list(_reader(inside[0]))
    if origin is Mapping:
        return _by_name(_reader(inside[0]), _reader(inside[1]))
    return _table(hint) if issubclass(hint, Table) else _exactly(hint)


def _exactly(kind: type) -> Read:
    """A value of one kind: `true` is no number, and a moment no day."""

    def read(value: object) -> object:
        if type(value) is not kind:
            raise MisfitError
        return value

    return read


def _word(words: frozenset[str]) -> Read:
    def read(value: object) -> object:
        if type(value) is not str or value not in words:
            raise MisfitError
        return value

    return read


def _list(read_one: Read) -> Read:
    def read(value: object) -> list[object]:
        if type(value) is not list:
            raise MisfitError
        return [read_one(each) for each in value]

    return read


def _by_name(read_name: Read, read_one: Read) -> Read:
    def read(value: object) -> dict[str, object]:
        if type(value) is not dict:
            raise MisfitError
        return {read_name(name): read_one(each) for name, each in value.items()}

    return read


def _chosen(hints: list[Hint], *, or_nothing: bool) -> Read:
    """One of a union: the first that is of the value's kind, else the last."""
    *first, last = [(kind_of(hint), _reader(hint)) for hint in hints]

    def read(value: object) -> object:
        if value is None and or_nothing:
            return None
        return next((read for kind, read in first if type(value) is kind), last[1])(value)

    return read


def _marked(read_bare: Read, of: tuple[object, ...]) -> Read:
    """A value made into another where a mark says so, read, and held against what other marks refuse."""
    made = [mark.of for mark in of if isinstance(mark, Made)]
    refusing: list[Callable[[Any], bool]] = [
        mark.refuses for mark in of if isinstance(mark, (Between, Filled, Without))
    ]

    def read(value: object) -> object:
        for make in made:
            value = make(value)
        value = read_bare(value)
        if any(refuses(value) for refuses in refusing):
            raise MisfitError
        return value

    return read


def _table(table: type[Table]) -> Read:
    keys = table.fields().values()
    known = {key.written: (key.name, _reader(key.hint)) for key in keys}
    required = {key.name for key in keys if key.required}

    def read(value: object) -> Table:
        if type(value) is not dict:
            raise MisfitError
        given = {}
        for written, each in value.items():
            if written not in known:
                raise MisfitError
            name, read_one = known[written]
            given[name] = read_one(each)
        if not required <= given.keys():
            raise MisfitError
        return table(given)

    return read
