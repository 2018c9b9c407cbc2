"""A paper to print: pages of text and tables, what stands on each of them, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = str | int | None

DASH = "—"
# Columns whose cells stand in the middle, whatever they are.
CENTRED = frozenset({"名次", "升降", "积分年度", "等级", "笔数"})


class Page(NamedTuple):
    """A page: a sheet's `name`, `title`, lines `above` and `below` its table, and the table itself.

    `total` is a last row that adds up, empty where there is none; `summary` a small page that stands before
    the table.
    """

    name: str
    title: str
    above: Sequence[str]
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    below: Sequence[str]
    total: Sequence[Cell] = ()
    summary: Page | None = None


class Closing(NamedTuple):
    """How a paper ends: who announces, who signs (title and name, which may be empty), when it was printed.

    `code` is the short code of the announcement, `digest` what a QR code says; empty for a draft.
    """

    issuer: str
    people: Sequence[tuple[str, str]]
    printed_on: str
    code: str
    digest: str


@dataclass(frozen=True)
class Document:
    """One paper of a village.

    `name` is what it is, `heading` stands on every page, `pages` follow each other, `notices` are the
    lines in a box under the title (period, objections); `closing` is null where nobody signs. `paper` and
    `layout` as the settings have them; `largest` bounds the size of figures, in points; with `apart` every
    page begins a sheet of paper.
    """

    name: str
    heading: str
    pages: Sequence[Page]
    notices: Sequence[str] = ()
    closing: Closing | None = None
    paper: str = "auto"
    layout: str = "auto"
    largest: int = 16
    apart: bool = False
    draft: bool = False


def is_number(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a column has nothing but whole numbers, and some."""
    cells = [row[column] for row in rows if row[column] is not None]
    return bool(cells) and all(isinstance(cell, int) for cell in cells)


def said(cell: Cell) -> str:
    """A cell as it looks."""
    return f"{cell:,}" if isinstance(cell, int) else cell or DASH
