"""The page around the sections: one file, no script, nothing fetched."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from jifen_batch.notices.report.style import COLOURED, STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Section(NamedTuple):
    """A section: the name by which the page's head leads to it, its title, what it says and shows."""

    anchor: str
    title: str
    parts: Sequence[str]


def document(
    language: str, title: str, said: str, tiles: Sequence[tuple[str, str]], sections: Sequence[Section]
) -> str:
    """The whole page."""
    links = " ".join(f'<a href="#{one.anchor}">{escape(one.title)}</a>' for one in sections)
    shown = "".join(
        f'<div class="tile"><b>{escape(figure)}</b>{escape(name)}</div>' for name, figure in tiles
    )
    body = "".join(
        f'<section id="{one.anchor}"><h2>{escape(one.title)}</h2>{"".join(one.parts)}</section>'
        for one in sections
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{escape(title)}</title>'
        f"<style>{STYLE}{COLOURED}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<p class="dim">{escape(said)}</p><nav>{links}</nav><div class="tiles">{shown}</div>{body}'
        "</main></body></html>\n"
    )


def line(said: str) -> str:
    """A line of text beside a chart."""
    return f'<p class="dim">{escape(said)}</p>'


def heading(said: str) -> str:
    """What stands above one of several charts of a section."""
    return f"<h3>{escape(said)}</h3>"


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, total: bool = False) -> str:
    """A table; numbers and shares stand to the right, the last row is a sum where `total` says so."""
    right = [bool(rows) and all(_is_figure(row[at]) for row in rows) for at in range(len(headers))]
    head = "".join(f"<th{_right(right[at])}>{escape(name)}</th>" for at, name in enumerate(headers))
    body = ""
    for number, row in enumerate(rows, 1):
        look = ' class="sum"' if total and number == len(rows) else ""
        cells = "".join(f"<td{_right(right[at])}>{escape(shown(cell))}</td>" for at, cell in enumerate(row))
        body += f"<tr{look}>{cells}</tr>"
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def shown(cell: object) -> str:
    """A cell as it is read; null is a dash, a share is in percent."""
    if cell is None:
        return "—"
    if isinstance(cell, float):
        return f"{100 * cell:.1f}%"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _is_figure(cell: object) -> bool:
    return cell is None or isinstance(cell, int | float)


def _right(right: bool) -> str:  # noqa: FBT001 - said by its name
    return ' class="n"' if right else ""
