"""What people read, in both languages at once: nothing that stops somebody is said in one of them only."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    """The same in English and in Chinese: a sentence, or a part of one."""

    en: str
    zh: str

    def here(self, language: str) -> str:
        """As it is said in one of them."""
        return self.zh if language == "zh" else self.en


def refusal(place: Sentence | str, problem: Sentence, remedy: Sentence) -> Sentence:
    """Place, problem, remedy: what every refusal says, in this order; a name is a place in both languages."""
    where = Sentence(place, place) if isinstance(place, str) else place
    return Sentence(f"{where.en}: {problem.en}; {remedy.en}", f"{where.zh}：{problem.zh}；{remedy.zh}")
