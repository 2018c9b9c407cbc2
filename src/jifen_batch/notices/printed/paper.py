"""Which paper a table goes on, how large its figures are and how wide its columns: by what they hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jifen_batch.notices.printed.document import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.notices.printed.document import Cell, Document, Page

MM_PER_POINT = 0.3528
MARGIN_MM = 14
PADDING_MM = 3.4
# To this a column of text may shrink.
LEAST_MM = 20.0
SIZES = {"A4": (210, 297), "A3": (297, 420)}
# Sizes of figures in points that are tried, the largest first; 12 is read from an arm's length.
LARGE, NEARLY, LEAST = (16, 14, 12), 11, 10.5
# Widths in hundredths of a letter's size: a Chinese character has all of it, digits a little more than half.
CHARACTER, LETTER = 100, 57
NARROWEST, WIDEST = 200, 2200
NARROW = frozenset("0123456789 ,.-+:*")
# More rows than this make so many sheets of A4 that nobody reads them on a wall.
A4_ROWS = 60
# A header that is never torn apart.
SHORT = 3
TEXTS_KEPT = 1 << 14


class Paper(NamedTuple):
    """A paper: its `size`, whether it lies (`landscape`), and the `points` of its figures."""

    size: str
    landscape: bool
    points: float

    @property
    def width_mm(self) -> float:
        """How wide a table can be."""
        return SIZES[self.size][self.landscape] - 2 * MARGIN_MM

    @property
    def height_mm(self) -> float:
        """How high what is printed can be."""
        return SIZES[self.size][not self.landscape] - 2 * MARGIN_MM


def choose(document: Document) -> Paper:
    """The paper for a document: the smallest that takes its widest table in large figures.

    A long list goes on A3, standing where it fits. What the settings want is kept; where it is too narrow,
    figures shrink to `LEAST`, and texts wrap.
    """
    units = max(sum(widths(page)) for page in document.pages)
    columns = max(len(page.headers) for page in document.pages)
    rows = max(len(page.rows) for page in document.pages)
    long = rows > A4_ROWS
    shapes = list(_shapes(document, long=long))
    # A long list that stands takes half the sheets of one that lies: a point less is worth it.
    tried = [(shape, points) for shape in shapes for points in (LARGE[-1], NEARLY, LEAST)] if long else []
    tried += [(shape, points) for points in (LARGE[-1], LEAST) for shape in shapes]
    for shape, points in tried:
        if points > max(document.largest, LEAST):
            continue
        paper = Paper(*shape, points)
        if _needed_mm(units, columns, points) <= paper.width_mm:
            sizes = [one for one in LARGE if one <= document.largest]
            fitting = [one for one in sizes if _needed_mm(units, columns, one) <= paper.width_mm]
            return paper._replace(points=fitting[0] if fitting else points)
    return Paper(*shapes[-1], LEAST)


def _shapes(document: Document, *, long: bool) -> Iterator[tuple[str, bool]]:
    """Sizes and layouts that may be, the best first."""
    sizes = [document.paper] if document.paper in SIZES else ["A3"] if long else ["A4", "A3"]
    layouts = {"portrait": [False], "landscape": [True]}.get(document.layout, [False, True])
    return ((size, landscape) for size in sizes for landscape in layouts)


def _needed_mm(units: int, columns: int, points: float) -> float:
    """How wide a table is whose cells are together so wide."""
    return units / CHARACTER * points * MM_PER_POINT + columns * PADDING_MM


def column_widths(page: Page, paper: Paper) -> list[float]:
    """Widths of a page's columns in millimetres; together never wider than the paper.

    What is left over goes to texts that would wrap.
    """
    units = widths(page)
    needed = [_needed_mm(one, 1, paper.points) for one in units]
    spare = paper.width_mm - sum(needed)
    if spare < 0:
        # Texts can wrap; ids, days and figures cannot. Where even that is too wide, all is pressed together.
        least = [
            width if whole else min(width, LEAST_MM)
            for width, whole in zip(needed, _unbreakable(page), strict=True)
        ]
        room = max(0.0, paper.width_mm - sum(least)) / max(1.0, sum(needed) - sum(least))
        wrapped = [low + (width - low) * room for low, width in zip(least, needed, strict=True)]
        return [width * min(1.0, paper.width_mm / sum(wrapped)) for width in wrapped]
    wrapping = [one == WIDEST for one in units]
    if any(wrapping):
        return [width + spare * wraps / sum(wrapping) for width, wraps in zip(needed, wrapping, strict=True)]
    stretch = min(spare, sum(needed))
    return [width + stretch * width / sum(needed) for width in needed]


def widths(page: Page) -> list[int]:
    """How wide each column is, within bounds; only a longer header stands on two lines."""
    headers = [
        width_of(header) if len(header) <= SHORT else -(-width_of(header) // (2 * CHARACTER)) * CHARACTER
        for header in page.headers
    ]
    widest = map(max, headers, widest_cells(page))
    return [min(WIDEST, max(NARROWEST, width)) for width in widest]


def _unbreakable(page: Page) -> list[bool]:
    """Which columns hold ids, days or figures alone: what would be read wrongly where it is torn apart."""
    columns = zip(*page.rows, strict=True) if page.rows else ([] for _ in page.headers)
    return [
        all((text := said(cell)).isascii() and " " not in text for cell in cells if cell) for cells in columns
    ]


def widest_cells(page: Page) -> list[int]:
    """How wide the widest cell of each column is; most cells of a column are the same few."""
    rows = [*page.rows, *([page.total] if page.total else [])]
    columns = [{*cells} for cells in zip(*rows, strict=True)] if rows else [set() for _ in page.headers]
    return [max((width_of(said(cell)) for cell in cells), default=0) for cells in columns]


@lru_cache(TEXTS_KEPT)
def width_of(text: str) -> int:
    """How wide a text is, in hundredths of its size."""
    if text.isascii():
        return LETTER * len(text)
    return sum(CHARACTER if unicodedata.east_asian_width(sign) in "WFA" else LETTER for sign in text)


@lru_cache(TEXTS_KEPT)
def most_width_of(text: str) -> int:
    """How wide a text is at most, in whatever font: of letters some are as wide as a character."""
    return sum(LETTER if sign in NARROW else CHARACTER for sign in text)


def is_low(row: Sequence[Cell], columns: Sequence[float], paper: Paper) -> bool:
    """Whether every cell of a row surely stands on one line."""
    room = (CHARACTER / paper.points / MM_PER_POINT * (width - PADDING_MM) for width in columns)
    return all(most_width_of(said(cell)) <= most for cell, most in zip(row, room, strict=True))


def lines_of(units: int, width_mm: float, points: float) -> int:
    """How many lines a text takes that is so wide."""
    room = max(CHARACTER, int(width_mm / (points * MM_PER_POINT) * CHARACTER))
    return -(-max(1, units) // room)


def header_lines(header: str, room_mm: float, points: float) -> list[str]:
    """A Chinese header on one line, or on two of equal length where its column is too narrow."""
    if len(header) <= SHORT or header.isascii() or lines_of(width_of(header), room_mm, points) == 1:
        return [header]
    half = -(-len(header) // 2)
    return [header[:half], header[half:]]
