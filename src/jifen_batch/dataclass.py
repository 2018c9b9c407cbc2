"""Data classes that cost nothing to make: a village's night makes a hundred and fifty of them as it starts.

`dataclasses` compiles seven methods anew for each class, which took one part in thirteen of such a night;
here all classes share a few. Everything else is the standard library's: fields, `replace`, `asdict`, `match`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable

_Class = TypeVar("_Class", bound=type[Any])


@overload
def dataclass(cls: _Class, /) -> _Class: ...
@overload
def dataclass(*, frozen: bool = ..., eq: bool = ...) -> Callable[[_Class], _Class]: ...
@dataclass_transform(field_specifiers=(dataclasses.field,))
def dataclass(
    cls: _Class | None = None, /, *, frozen: bool = False, eq: bool = True
) -> _Class | Callable[[_Class], _Class]:
    """As `dataclasses.dataclass` with these two settings."""

    def made(cls: _Class) -> _Class:
        methods: dict[str, Any] = {"__init__": _init, "__repr__": _repr}
        if eq:
            methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
        if frozen:
            methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
        for name, method in methods.items():
            if name not in vars(cls):
                setattr(cls, name, method)
        dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
        return cls

    return made if cls is None else made(cls)


def _init(self: Any, *given: object, **named: object) -> None:  # noqa: ANN401 - any record
    names, values = self.__match_args__, vars(self)
    if len(given) == len(names) and not named:
        values.update(zip(names, given, strict=True))
        return
    values.update(zip(names, given, strict=False), **named)
    each_once = len(values) == len(given) + len(named)
    for name in names:
        if name not in values:
            values[name] = _default(self, name)
    if not each_once or len(values) > len(names):
        raise TypeError(f"{type(self).__name__} takes each of {', '.join(names)} once")


def _default(self: Any, name: str) -> object:  # noqa: ANN401 - as above
    """What a field is where it is not given."""
    field = self.__dataclass_fields__[name]
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    raise TypeError(f"{type(self).__name__} needs {name}")


def _values(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - as above
    """What is compared: every field but those of `compare=False`."""
    held = vars(self)
    return tuple(held[field.name] for field in dataclasses.fields(self) if field.compare)


def _eq(self: Any, other: object) -> bool:  # noqa: ANN401 - as above
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:  # noqa: ANN401 - as above
    return hash(_values(self))


def _repr(self: Any) -> str:  # noqa: ANN401 - as above
    held = vars(self)
    shown = (f"{field.name}={held[field.name]!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_value: object) -> None:  # noqa: ANN401 - as above
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} is given once")
