"""Parts of what a command says, in both languages at once: tables of one look, and lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from rich import box
from rich.table import Table
from rich.text import Text

from jifen_batch.notices.words import printable
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from rich.console import RenderableType

NOTHING = Sentence("", "")


class Part(Protocol):
    """Whatever can be shown in either language."""

    def here(self, language: str) -> RenderableType:
        """As it is shown in one of them."""


class Lines(NamedTuple):
    """Text; where it does not fold, it can be copied whole."""

    text: Sentence
    folded: bool = True
    style: str = ""

    def here(self, language: str) -> RenderableType:
        """The text in one language."""
        text = self.text.here(language)
        if self.folded:
            return Text(text, style=self.style)
        return Text(text, style=self.style, overflow="ignore", no_wrap=True)


class Grid(NamedTuple):
    """A table: a title, plain rules, numbers to the right with separators; null is a dash.

    A header or a cell is a sentence, or the same in both languages. Cells under the headers `whole` stay on
    one line as long as other columns can give way. A column whose header says nothing in a language, and
    something in the other, is left out in that one.
    """

    title: Sentence
    headers: Sequence[Sentence | str]
    rows: Sequence[Sequence[object]]
    note: Sentence = NOTHING
    whole: Container[Sentence | str] = ()

    def here(self, language: str) -> RenderableType:
        """The table in one language."""
        shown = [at for at, header in enumerate(self.headers) if not _is_elsewhere(header, language)]
        body = [[_said(row[at], language) for at in shown] for row in map(list, self.rows)]
        table = Table(
            title=printable(self.title.here(language)),
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
        )
        table.caption, table.caption_justify = self.note.here(language) or None, "left"
        for place, at in enumerate(shown):
            right = bool(body) and all(isinstance(row[place], int | float | None) for row in body)
            # Chinese has no spaces to break at: folded, a long clause is shown whole.
            table.add_column(
                str(_said(self.headers[at], language)),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=self.headers[at] in self.whole,
            )
        for row in body:
            table.add_row(*(_shown(value) for value in row))
        return table


def _is_elsewhere(header: Sentence | str, language: str) -> bool:
    """Whether a column is for readers of the other language alone."""
    return isinstance(header, Sentence) and any(header) and not header.here(language)


def _said(value: object, language: str) -> object:
    """A cell in one language."""
    return value.here(language) if isinstance(value, Sentence) else value


def _shown(value: object) -> str:
    """A cell as it is shown."""
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    return printable(value)
