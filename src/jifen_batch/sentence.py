"""What people read, in both languages at once: nothing is said to somebody in one of them only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Sentence(NamedTuple):
    """The same in English and in Chinese: a sentence, or a part of one."""

    en: str
    zh: str

    def here(self, language: str) -> str:
        """As it is said in one of them."""
        return self.zh if language == "zh" else self.en


# What stands between the parts of a list, of an enumeration of words, and of a sentence.
AND, COMMA, THEN = Sentence(", ", "、"), Sentence(", ", "，"), Sentence("; ", "；")


def alike(text: str) -> Sentence:
    """A name, a figure, or what else is the same in both languages."""
    return Sentence(text, text)


def joined(parts: Iterable[Sentence | str], between: Sentence) -> Sentence:
    """Parts one after the other, in each language with what stands `between` them there."""
    both = [one if isinstance(one, Sentence) else alike(one) for one in parts]
    return Sentence(between.en.join(one.en for one in both), between.zh.join(one.zh for one in both))


def lines(parts: Iterable[Sentence | str]) -> Sentence:
    """Parts below each other."""
    return joined(parts, alike("\n"))


def settled(data: Any, language: str) -> Any:  # noqa: ANN401 - whatever a document holds
    """A document of dicts and lists with every sentence in it as it is said in one language."""
    if isinstance(data, Sentence):
        return data.here(language)
    if isinstance(data, dict):
        return {name: settled(value, language) for name, value in data.items()}
    return [settled(one, language) for one in data] if isinstance(data, list) else data


def refusal(place: Sentence | str, problem: Sentence, remedy: Sentence) -> Sentence:
    """Place, problem, remedy: what every refusal says, in this order; a name is a place in both languages."""
    where = alike(place) if isinstance(place, str) else place
    return Sentence(f"{where.en}: {problem.en}; {remedy.en}", f"{where.zh}：{problem.zh}；{remedy.zh}")
