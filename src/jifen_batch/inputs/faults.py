"""What is wrong with an input, told all at once: a clerk mends a file once, not once for each fault."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.errors import InputRefusedError
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD_AT_MOST = 20


class Faults:
    """The complaints about an input so far, in order, each once."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self._found: list[InputRefusedError] = []

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self._found)

    def add(self, complaint: InputRefusedError) -> None:
        """Keep a complaint for the end."""
        self._found.append(complaint)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Inside, a refusal ends what is inside and is kept for the end."""
        try:
            yield
        except InputRefusedError as complaint:
            self.add(complaint)

    def refuse(self) -> None:
        """Raise `InputRefusedError` if anything is wrong: a sentence a line, the first twenty of them."""
        if not self._found:
            return
        sentences = list(dict.fromkeys(one.sentence for one in self._found))
        told, more = sentences[:TOLD_AT_MOST], len(sentences) - TOLD_AT_MOST
        if more > 0:
            told.append(Sentence(f"and {more} more faults", f"另有 {more} 处问题"))
        raise InputRefusedError(
            "\n".join(one.en for one in told), "\n".join(one.zh for one in told)
        ) from self._found[0]
