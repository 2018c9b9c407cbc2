"""A declared table as a pydantic model: what it says of a file that does not fit, and its JSON Schema.

Pydantic is loaded where this is first asked; a night whose files are good never does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from jifen_batch.dataclass import dataclass
from jifen_batch.rules.declared import (
    Between,
    Filled,
    Hint,
    Made,
    Table,
    Without,
    bare,
    choices,
    kind_of,
    marks,
    taken_apart,
    within,
)
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic_core import ErrorDetails

    from jifen_batch.rules.locate import KeyPath

NAME_MARK, TAG = "[key]", "@"


@dataclass(frozen=True)
class Misfit:
    """One thing that does not fit: pydantic's name of its kind, and its bounds; what stood there instead."""

    path: KeyPath
    kind: str
    found: object
    bounds: Mapping[str, object]


def misfits(table: type[Table], parsed: object) -> list[Misfit]:
    """Everything in a parsed table that does not fit what is declared, in the order of the declaration."""
    try:
        _model(table).model_validate(parsed)  # type: ignore[arg-type]  # a class is hashable
    except ValidationError as refused:
        return [_misfit(table, error) for error in refused.errors(include_url=False)]
    return []


def json_schema(table: type[Table]) -> dict[str, Any]:
    """The JSON Schema of a table, with what its keys mean."""
    return _model(table).model_json_schema(by_alias=True)  # type: ignore[arg-type]  # likewise


def _misfit(table: type[Table], error: ErrorDetails) -> Misfit:
    return Misfit(tuple(_keys_only(table, error["loc"])), error["type"], error["input"], error.get("ctx", {}))


def _keys_only(hint: Hint, place: KeyPath) -> Iterator[str | int]:
    """The place of an error without what pydantic adds to it: tags of unions, a mark behind a free name."""
    free_name = False
    for number, part in enumerate(place):
        if free_name and part == NAME_MARK and number == len(place) - 1:
            return
        free_name = False
        if len(choices(hint)) > 1:
            hint = choices(hint)[int(str(part).removeprefix(TAG))]
            continue
        yield part
        free_name = taken_apart(bare(hint))[0] is Mapping
        hint = within(hint, part)


@cache
def _model(table: Hint) -> type[BaseModel]:
    """The model of a table: nothing is converted, no key is ignored."""
    fields: dict[str, Any] = {
        key.name: (
            _translated(key.hint),
            Field(
                ... if key.required else _shown_default(getattr(table, key.name)),
                alias=None if key.written == key.name else key.written,
                description=key.meaning.zh or None,
            ),
        )
        for key in table.fields().values()
    }
    config = ConfigDict(strict=True, extra="forbid")
    return create_model(table.__name__, __config__=config, __doc__=table.__doc__, **fields)


def _shown_default(value: object) -> object:
    """What editors show as the default: a word, or true and false."""
    return value if isinstance(value, (str, bool)) else None


def _translated(hint: Hint) -> Hint:
    """An annotation in pydantic's words."""
    origin, inside = taken_apart(hint)
    if origin is Annotated:
        words = [_word(mark) for mark in marks(hint) if not isinstance(mark, Sentence)]
        return Annotated[(_translated(inside[0]), *words)] if words else _translated(inside[0])
    of = choices(hint)
    if len(of) > 1 or NoneType in inside:
        one = _tagged(of) if len(of) > 1 else _translated(of[0])
        return one | None if NoneType in inside else one
    if origin is Sequence:
        return list[_translated(inside[0])]  # type: ignore[misc]  # made while it runs
    if origin is Mapping:
        return dict[_translated(inside[0]), _translated(inside[1])]  # type: ignore[misc]  # likewise
    return hint if origin is Literal or not issubclass(hint, Table) else _model(hint)


def _tagged(of: list[Hint]) -> Hint:
    """A union of which a value's own kind chooses: the first that is of it, else the last."""
    kinds = [kind_of(one) for one in of[:-1]]

    def tag(value: object) -> str:
        return f"{TAG}{next((n for n, kind in enumerate(kinds) if type(value) is kind), len(kinds))}"

    tagged = tuple(Annotated[_translated(one), Tag(f"{TAG}{n}")] for n, one in enumerate(of))
    union: Hint = Union[tagged]  # noqa: UP007 - of as many as there are
    return Annotated[union, Discriminator(tag)]


def _word(mark: object) -> object:
    """A mark in pydantic's words."""
    match mark:
        case Between(least, most):
            return Field(ge=least, le=most)
        case Filled():
            return Field(min_length=1)
        case Made(of):
            return BeforeValidator(of)
        case Without(kind):
            return AfterValidator(_refusing(mark, kind))
    raise TypeError(mark)


def _refusing(mark: Without, kind: str) -> Callable[[str], str]:
    """A text as it is, or the complaint about what is found in it."""

    def check(text: str) -> str:
        if mark.refuses(text):
            raise PydanticCustomError(kind, "refused")
        return text

    return check
