"""A word of the scheme: what every kind of word has, whatever its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from jifen_batch.dataclass import dataclass
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Word:
    """One word: `name` as files and JSON have it, `zh` as people read it, and what it means."""

    name: str
    zh: str
    means_en: str
    means_zh: str

    @property
    def said(self) -> Sentence:
        """The word as people read it: in English its name, written as words."""
        return in_words(self.name, self.zh)

    @property
    def means(self) -> Sentence:
        """What it means."""
        return Sentence(self.means_en, self.means_zh)


class Named(Protocol):
    """Whatever bears a name."""

    @property
    def name(self) -> str:
        """As files and JSON have it."""


N = TypeVar("N", bound=Named)


def by_name(words: Iterable[N]) -> dict[str, N]:
    """The words of one kind under their names, in their order."""
    return {word.name: word for word in words}


def names(words: Iterable[Named]) -> tuple[str, ...]:
    """The names of the words of one kind, in their order."""
    return tuple(word.name for word in words)


def in_words(name: str, zh: str) -> Sentence:
    """A name of files and JSON as people read it."""
    return Sentence(name.replace("_", " "), zh)


def spoken(words: Iterable[Word]) -> dict[str, Sentence]:
    """What people read for each word of a kind, by name."""
    return {word.name: word.said for word in words}


def chinese(words: Iterable[Word]) -> dict[str, str]:
    """The same in Chinese alone, for paper and tables."""
    return {word.name: word.zh for word in words}
