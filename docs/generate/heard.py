"""A command that is typed once and heard in both languages: sentences and parts hold them both."""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from jifen_batch.cli import language, output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PRINTERS = ("text", "sentence", "tables")


@contextmanager
def beside(other: str) -> Iterator[io.StringIO]:
    """Inside, whatever `output` prints is printed a second time, in another language, into what is yielded.

    A document of JSON is not: it is for programs.
    """
    heard = io.StringIO()
    printing: list[Callable[..., None]] = []

    def twice(printed: Callable[..., None]) -> Callable[..., None]:
        def both(*said: Any, **how: Any) -> None:  # noqa: ANN401 - whatever is printed
            printed_already = [*printing]
            printing.append(printed)
            printed(*said, **how)
            # What prints by another of them has been heard with it.
            if not printed_already:
                spoken = language.asked()
                language.choose(other)
                with redirect_stdout(heard):
                    printed(*said, **how)
                language.choose(spoken)
            printing.pop()

        return both

    with ExitStack() as patched:
        for name in PRINTERS:
            patched.enter_context(patch.object(output, name, twice(getattr(output, name))))
        yield heard
