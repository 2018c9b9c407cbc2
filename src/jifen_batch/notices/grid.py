"""Parts of what a command says, in both languages at once: tables of one look, and lines of text.

Both fold to the width there is, and never within a figure, an id or a date: a table that has no room for
its columns is written row by row instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from rich import box
from rich.table import Table
from rich.text import Text

from jifen_batch.notices.fold import folded, full_width, in_lines, least_width, shared_out
from jifen_batch.notices.words import printable
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType

NOTHING = Sentence("", "")
# Below this many cells a column of text is no pleasure to read, whatever its words are.
READABLE, READABLE_HEADER = 12, 4
# What the look takes beside the cells: edges, and the blanks and the rule between two columns.
EDGES, BETWEEN = 1, 3
UNSAID = ("", printable(None))


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
        return _Text(self.text.here(language), self.style, self.folded)


class _Text(NamedTuple):
    """Text in one language, folded when it is known how wide it may be."""

    text: str
    style: str
    folds: bool = True

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        text = folded(self.text, options.max_width) if self.folds else self.text
        yield Text(text, style=self.style, overflow="ignore", no_wrap=True)


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
        rows = [[_said(row[at], language) for at in shown] for row in map(list, self.rows)]
        columns = [
            _Column(
                str(_said(self.headers[at], language)),
                [_shown(row[place]) for row in rows],
                bool(rows) and all(isinstance(row[place], int | float | None) for row in rows),
                self.headers[at] in self.whole,
            )
            for place, at in enumerate(shown)
        ]
        note = self.note.here(language)
        return _Table(
            printable(self.title.here(language)), columns, note, Sentence(": ", "：").here(language)
        )


class _Column(NamedTuple):
    """A column in one language: its header and cells as they are shown, and how they want to stand."""

    header: str
    cells: list[str]
    right: bool
    whole: bool

    def least(self, *, split: bool) -> int:
        """The width below which a word of it would be broken; a `whole` one folds only if `split`."""
        if self.whole and not split:
            return self.full
        readable = READABLE_HEADER if self.right else READABLE
        return max(*map(least_width, (self.header, *self.cells)), min(self.full, readable))

    @property
    def full(self) -> int:
        """The width at which nothing of it is folded."""
        return max(map(full_width, (self.header, *self.cells)))


class _Table(NamedTuple):
    """A table in one language, laid out when it is known how wide it may be."""

    title: str
    columns: Sequence[_Column]
    note: str
    between: str

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        if self.title:
            yield _Text(self.title, "table.title bold")
        widths = self._widths(options.max_width)
        yield self._side_by_side(widths) if widths else Text(self._row_by_row(options.max_width))
        if self.note:
            yield _Text(self.note, "table.caption")

    def _widths(self, width: int) -> list[int] | None:
        """The widths of the columns; null where there is no room for them side by side."""
        room = width - EDGES - BETWEEN * len(self.columns)
        full = [column.full for column in self.columns]
        tries = ([column.least(split=split) for column in self.columns] for split in (False, True))
        return next(filter(None, (shared_out(least, full, room) for least in tries)), None)

    def _side_by_side(self, widths: Sequence[int]) -> Table:
        table = Table(box=box.SIMPLE_HEAD)
        for column, width in zip(self.columns, widths, strict=True):
            table.add_column(
                folded(column.header, width),
                justify="right" if column.right else "left",
                width=width,
                overflow="fold",
            )
        for row in zip(*(column.cells for column in self.columns), strict=True):
            table.add_row(*map(folded, row, widths))
        return table

    def _row_by_row(self, width: int) -> str:
        """Each row as its cells behind their headers, as many on a line as go; what is empty is left out."""
        rows = map(self._named, zip(*(column.cells for column in self.columns), strict=True))
        return "".join("\n".join(["", *in_lines(named, width), ""]) for named in rows)

    def _named(self, row: Sequence[str]) -> list[str]:
        """The cells of a row that say something, each behind its header."""
        headers = [f"{one.header}{self.between}" if one.header else "" for one in self.columns]
        return [header + cell for header, cell in zip(headers, row, strict=True) if cell not in UNSAID]


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
