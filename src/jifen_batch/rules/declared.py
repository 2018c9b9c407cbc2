"""A table of a TOML file that people write, declared once: a class whose annotations say what its keys hold.

Two readers take it from there. Plain code reads every night (`fitted`); pydantic, which takes longer to load
than a village's books take to read, is asked where something does not fit, and for the JSON Schema
(`modelled`). A declaration is made of `str`, `int`, `bool`, `date`, words (`Literal`), lists (`Sequence`),
tables by free names (`Mapping`) and other declared tables; of the marks below, in `Annotated`; and of unions,
of which a value's own kind chooses one: the first that is of it, else the last.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.rule_field import RuleField  # noqa: TC001 - annotations are read when files are
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

Hint = Any  # an annotation


@dataclass(frozen=True)
class Between:
    """A whole number not less than `least`, and not more than `most`."""

    least: int | None = None
    most: int | None = None

    def refuses(self, value: int) -> bool:
        """Whether a number lies outside."""
        too_small = self.least is not None and value < self.least
        return too_small or (self.most is not None and value > self.most)


@dataclass(frozen=True)
class Filled:
    """A text or a list that is not empty."""

    def refuses(self, value: Sequence[object]) -> bool:
        """Whether nothing is in it."""
        return not value


@dataclass(frozen=True)
class Without:
    """A text in which nothing is `found`; `kind` is the name of the complaint."""

    kind: str
    found: Callable[[str], bool]

    def refuses(self, value: str) -> bool:
        """Whether it is found."""
        return self.found(value)


@dataclass(frozen=True)
class Made:
    """What a value is made into before it is held against what is declared."""

    of: Callable[[object], object]


@dataclass(frozen=True)
class Key:
    """One key of a table: its name in our code and as it is written, what it may hold and means."""

    name: str
    written: str
    hint: Hint
    meaning: Sentence
    required: bool


class Table:
    """A table as it was written: what was given stands in it, the rest is what its class says.

    `rows` say what its keys mean. A name that is no word of Python's is written without its last `_`.
    """

    rows: ClassVar[Mapping[str, RuleField]] = {}

    def __init__(self, given: Mapping[str, object]) -> None:
        """Take values that fit, by our names."""
        vars(self).update(given)

    @property
    def given(self) -> AbstractSet[str]:
        """The names that were given."""
        return vars(self).keys()

    def changed(self, changes: Mapping[str, object]) -> Self:
        """The same table, with some of it given otherwise."""
        return type(self)({**vars(self), **changes})

    def data(self) -> dict[str, Any]:
        """Every key as it is written, given or not, with its value; tables in it likewise."""
        return {key.written: data_of(getattr(self, key.name)) for key in self.fields().values()}

    def said(self) -> dict[str, Any]:
        """The same without what is null."""
        return {name: value for name, value in self.data().items() if value is not None}

    @classmethod
    @cache
    def fields(cls) -> dict[str, Key]:
        """Every key, by our name."""
        hints = typing.get_type_hints(cls, include_extras=True)
        return {name: _key(cls, name, hint) for name, hint in hints.items() if not _is_of_class(hint)}


def _is_of_class(hint: Hint) -> bool:
    return ClassVar in {hint, get_origin(hint)}


def _key(table: type[Table], name: str, hint: Hint) -> Key:
    said = [mark for mark in marks(hint) if isinstance(mark, Sentence)]
    if not said and (row := table.rows.get(name)):
        said = [Sentence(row.needed or row.name, row.written)]
    meaning = said[0] if said else Sentence("", "")
    return Key(name, name.removesuffix("_"), hint, meaning, not hasattr(table, name))


def data_of(value: object) -> object:
    """The value of a key as plain data, tables in it by their keys as they are written."""
    if isinstance(value, Table):
        return value.data()
    return [data_of(each) for each in value] if isinstance(value, list) else value


def taken_apart(hint: Hint) -> tuple[Any, tuple[Hint, ...]]:
    """What an annotation is made with, as `Sequence` or `Literal`, and of what; null where it is a class."""
    return get_origin(hint), get_args(hint)


def marks(hint: Hint) -> tuple[Any, ...]:
    """The marks of an annotation."""
    made_with, of = taken_apart(hint)
    return of[1:] if made_with is Annotated else ()


def bare(hint: Hint) -> Hint:
    """An annotation without its marks."""
    made_with, of = taken_apart(hint)
    return of[0] if made_with is Annotated else hint


def choices(hint: Hint) -> list[Hint]:
    """What a union leaves to choose from, without what stands for nothing; of anything else that alone."""
    hint = bare(hint)
    made_with, of = taken_apart(hint)
    return [each for each in of if each is not NoneType] if made_with in {Union, UnionType} else [hint]


def kind_of(hint: Hint) -> type:
    """What a value of an annotation is made of, as TOML gives it."""
    hint = bare(hint)
    made_with, _ = taken_apart(hint)
    if made_with is Literal:
        return str
    if made_with is Sequence:
        return list
    if made_with is Mapping or issubclass(hint, Table):
        return dict
    assert isinstance(hint, type)  # noqa: S101 - nothing else is declared
    return hint


def within(hint: Hint, part: str | int) -> Hint | None:
    """The annotation of what stands under a key or number of what is annotated so; null where none does."""
    for choice in choices(hint):
        made_with, of = taken_apart(bare(choice))
        if made_with is Sequence and isinstance(part, int):
            return of[0]
        if made_with is Mapping:
            return of[1]
        if (table := _table(choice)) is not None:
            return next((key.hint for key in table.fields().values() if key.written == part), None)
    return None


def table_at(table: type[Table], path: Sequence[str | int]) -> type[Table] | None:
    """The declared table at a path of a file; null where there is another thing, or a table of free names."""
    hint: Hint | None = table
    for part in path:
        hint = within(hint, part)
    return next((found for choice in choices(hint) if (found := _table(choice)) is not None), None)


def _table(hint: Hint) -> type[Table] | None:
    """The table that an annotation declares; null where it is anything else."""
    hint = bare(hint)
    return hint if isinstance(hint, type) and issubclass(hint, Table) else None
