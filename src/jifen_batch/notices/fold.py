"""Text folded to a width: between words, or between Chinese signs, never within a figure, an id or a date.

Widths are those of a terminal, on which a Chinese sign takes two cells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDE = (
    "\u1100-\u115f\u2e80-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f"
    "\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
_ATOM = re.compile(rf"[ \t]+|[{_WIDE}“”‘’…—]|[^ \t{_WIDE}“”‘’…—]+")
# What begins no line, and what ends none.
_CLOSES, _OPENS = frozenset("，。；：、）》”’！？％…】」"), frozenset("（《“‘【「")
# What a number is of, and what of a day a number follows.
_UNITS, _OF_A_DAY = frozenset("年月日分户次笔条处行个村名位季倍元％—"), frozenset("年月第—")


def words(line: str) -> Iterator[str]:
    """What stays together of a line, with the blanks between as words of their own."""
    together = ""
    for atom in _ATOM.findall(line):
        if together and not _holds(together, atom):
            yield together
            together = ""
        together += atom
    if together:
        yield together


def _holds(before: str, after: str) -> bool:
    """Whether no line may end between two pieces of text."""
    last, first = before[-1], after[0]
    if last.isspace() or first.isspace():
        return False
    number_of = last.isdigit() and first in _UNITS
    return first in _CLOSES or last in _OPENS or number_of or (last in _OF_A_DAY and first.isdigit())


def least_width(text: str) -> int:
    """The width below which a word of a text would be broken."""
    return max((cell_len(word) for line in text.splitlines() for word in words(line)), default=0)


def full_width(text: str) -> int:
    """The width at which nothing of a text is folded."""
    return max(map(cell_len, text.splitlines()), default=0)


def folded(text: str, width: int) -> str:
    """A text in lines of at most a width; what goes on keeps the blanks that its line begins with.

    A word that is longer than the width is broken: behind a slash where it has one.
    """
    return "\n".join(part for line in text.split("\n") for part in _folded(line, width))


def _folded(line: str, width: int) -> Iterator[str]:
    """The parts of one line."""
    if cell_len(line) <= width:
        yield line
        return
    indent = line[: len(line) - len(line.lstrip(" "))]
    indent = indent if len(indent) < width // 2 else ""
    part = indent
    for word in _pieces(line.lstrip(" "), width - len(indent)):
        if cell_len(part) + cell_len(word.rstrip()) > width and part.strip():
            yield part.rstrip()
            part = indent
        if part.strip() or not word.isspace():
            part += word
    if part.strip():
        yield part.rstrip()


def _pieces(line: str, width: int) -> Iterator[str]:
    """The words of a line, those that are too long in pieces."""
    for word in words(line):
        if cell_len(word) <= width:
            yield word
            continue
        for step in re.findall(r"[^/]*/|[^/]+", word):
            yield from chop_cells(step, width) if cell_len(step) > width else [step]


def in_lines(parts: Sequence[str], width: int) -> Iterator[str]:
    """Lines of at most a width, of parts that stay whole where they can; all but the first set in."""
    line, indent = "", "  "
    for part in parts:
        together = f"{line}  {part}" if line.strip() else line + part
        if cell_len(together) <= width:
            line = together
            continue
        if line.strip():
            yield line
        *full, line = folded(indent + part, width).split("\n")
        yield from full
    if line.strip():
        yield line


def shared_out(least: list[int], full: list[int], room: int) -> list[int] | None:
    """Widths of columns that share some room: each between its least and its full; null = there is none.

    The widest give way first, all to one width where they can.
    """
    if sum(least) > room:
        return None
    # The highest common limit that still fits, looked for among the widths at which a column begins to give.
    low, high = 0, max(full, default=0)
    while low < high:
        limit = (low + high + 1) // 2
        if sum(_within(least, full, limit)) <= room:
            low = limit
        else:
            high = limit - 1
    widths = _within(least, full, low)
    spare = room - sum(widths)
    for at, width in enumerate(widths):
        if spare and width < full[at] and width == low:
            widths[at] += 1
            spare -= 1
    return widths


def _within(least: list[int], full: list[int], limit: int) -> list[int]:
    """Each column as wide as a limit lets it be."""
    return [max(low, min(high, limit)) for low, high in zip(least, full, strict=True)]
