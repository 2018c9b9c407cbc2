"""Tables of one look: a Chinese title, plain rules, numbers to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence


def grid(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    note: str = "",
    whole: Container[str] = (),
) -> Table:
    """A table of these rows; whole numbers stand to the right with separators, null is a dash.

    Cells under the headers `whole` stay on one line as long as other columns can give way.
    """
    body = [list(row) for row in rows]
    table = Table(title=printable(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.caption, table.caption_justify = note or None, "left"
    for at, header in enumerate(headers):
        right = bool(body) and all(isinstance(row[at], int | float | None) for row in body)
        # Chinese has no spaces to break at: folded, a long clause is shown whole.
        table.add_column(
            header, justify="right" if right else "left", overflow="fold", no_wrap=header in whole
        )
    for row in body:
        table.add_row(*(_shown(value) for value in row))
    return table


def _shown(value: object) -> str:
    """A cell as it is shown."""
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    return printable(value)
