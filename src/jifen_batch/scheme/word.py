"""A word of the scheme: what every kind of word has, whatever its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Word:
    """One word: `name` as files and JSON have it, `zh` as people read it, and what it means."""

    name: str
    zh: str
    means_en: str
    means_zh: str


W = TypeVar("W", bound=Word)


def by_name(words: Iterable[W]) -> dict[str, W]:
    """The words of one kind under their names, in their order."""
    return {word.name: word for word in words}


def chinese(words: Iterable[Word]) -> dict[str, str]:
    """What people read for each word of a kind, by name."""
    return {word.name: word.zh for word in words}
