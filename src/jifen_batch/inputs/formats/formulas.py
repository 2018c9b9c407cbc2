"""Formulas of a workbook whose values nobody saved: to whoever reads the cells, such a cell is blank.

Excel and WPS keep beside each formula what it came to; programs that only write files often do not. A day
of approval that is worked out so would be null, and the points stand in another quarter, in silence.
"""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING

from jifen_batch.inputs.safety import limits, packing

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from pathlib import Path

CHART = "/chartsheet"
CONTENTS, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
PIECE_BYTES = 1 << 20
# Prefixes of names are whatever the program that wrote the file took.
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
COUNTS = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*>")
LINK = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
CELL_BEGINS = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*)?>")
CELL_ENDS = re.compile(rb"</(?:\w+:)?c\s*>")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
VALUE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>/]*)?>[^<]|is>)")
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# What a formula that came to an empty text leaves: no value, but the type of one.
EMPTY_TEXT = "str"
TRUE = ("1", "true")


def without_value(path: Path, sheet: str | None) -> list[tuple[int, int]]:
    """Rows and columns, both from 0, of formulas without a value on a sheet; of the first if none is named.

    Raises `BadPackingError`, `OSError`.
    """
    with packing.opened(path) as parts:
        name = _part(parts, sheet)
        if name is None:
            return []
        with parts.open(name) as content:
            pieces = iter(lambda: content.read(PIECE_BYTES), b"")
            return [place for cell in _formula_cells(pieces) for place in _blank(cell)]


def sheet_tags(contents: bytes) -> list[tuple[str, str, str]]:
    """Name, link and state ("" = to be seen) of each sheet that a workbook lists, in order."""
    tags = map(re.Match.group, SHEET.finditer(contents))
    return [(_said(tag, rb"name"), _said(tag, rb"(?:\w+:)?id"), _said(tag, rb"state")) for tag in tags]


def counts_from_1904(contents: bytes) -> bool:
    """Whether the numbers of days in a workbook count from 1904, as Excel on a Macintosh had them."""
    tags = map(re.Match.group, COUNTS.finditer(contents))
    return any(_said(tag, rb"date1904") in TRUE for tag in tags)


def charts(links: bytes) -> frozenset[str]:
    """The links of the sheets that are a chart, and no table."""
    tags = map(re.Match.group, LINK.finditer(links))
    return frozenset(_said(tag, rb"Id") for tag in tags if _said(tag, rb"Type").endswith(CHART))


def _part(parts: zipfile.ZipFile, sheet: str | None) -> str | None:
    """The part that holds a sheet; null where it cannot be told."""
    listed, links = (_read(parts, name) for name in (CONTENTS, LINKS))
    link = next((link for name, link, _ in sheet_tags(listed) if sheet in (None, name)), None)
    tags = map(re.Match.group, LINK.finditer(links))
    target = next((_said(tag, rb"Target") for tag in tags if _said(tag, rb"Id") == link), None)
    if target is None:
        return None
    whole = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return whole if whole in parts.namelist() else None


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a small part; empty where it is not there."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as content:
        return content.read(limits.METADATA_BYTES_MAX)


def _said(tag: bytes, name: bytes) -> str:
    """What an attribute of a tag says; empty where it has none."""
    found = re.search(rb"\s" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace")) if found else ""


def _formula_cells(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each cell with a formula, from its tag on."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        # Most sheets have no formula at all, and are only looked through.
        *cells, rest = CELL_ENDS.split(text) if FORMULA.search(text) else [text]
        for cell in cells:
            if FORMULA.search(cell):
                yield cell[_last_cell(cell) :]
        # Cells without content end nowhere, and a sheet may have millions.
        rest = rest[_last_cell(rest) :]


def _last_cell(text: bytes) -> int:
    """Where the last cell of a text begins; its last sign where none does whole."""
    begins = [found.start() for found in CELL_BEGINS.finditer(text)]
    return begins[-1] if begins else max(0, text.rfind(b"<"))


def _blank(cell: bytes) -> Iterator[tuple[int, int]]:
    """Where a cell with a formula is, if it has no value."""
    tag = cell[: cell.index(b">") + 1]
    place = PLACE.fullmatch(_said(tag, rb"r"))
    if place and not VALUE.search(cell) and _said(tag, rb"t") != EMPTY_TEXT:
        column = 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        yield int(place[2]) - 1, column - 1
