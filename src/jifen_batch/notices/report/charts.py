"""Charts as inline SVG. Widths are shares, heights and letters are pixels: they fit a telephone and a wall.

Colours are classes of the page's style, so that one chart serves light, dark and paper.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURS = 8
HEIGHT, AXIS, TOP = 220, 22, 14
LABELS_AT_MOST = 8
ROW, BAR = 40, 14
SIZES, SCALES = (1, 2, 5), (1, 2, 3, 4, 5, 6, 8)


class Series(NamedTuple):
    """What has one colour: its name, its `look` (a class) and a value for each place."""

    name: str
    look: str
    values: Sequence[int]


class Bar(NamedTuple):
    """A row of bars beside each other: what it is, the parts with their looks, and a figure at its end."""

    label: str
    parts: Sequence[tuple[str, int]]
    figure: str


def nice(largest: float, steps: Sequence[int] = SIZES) -> int:
    """The smallest that is not below a number, of `steps` and their tenfolds (1, 2, 5, 10, 20 and so on)."""
    power = 1
    while True:
        for step in steps:
            if step * power >= largest:
                return step * power
        power *= 10


def columns(labels: Sequence[str], series: Sequence[Series], title: str) -> str:
    """Columns of stacked parts, one for each label; parts below zero hang under the line."""
    up = [sum(max(0, one.values[at]) for one in series) for at in range(len(labels))]
    down = [sum(min(0, one.values[at]) for one in series) for at in range(len(labels))]
    high, low = nice(max(*up, 1), SCALES), max((-one for one in down), default=0)
    scale = (HEIGHT - TOP - AXIS) / (high + low)
    zero = TOP + high * scale
    step = 100 / max(1, len(labels))
    drawn = [_line(zero), _line(TOP, "faint"), _text(0, TOP - 3, f"{high:,}", "small")]
    for at, label in enumerate(labels):
        tops = [zero, zero]
        for one in series:
            value = one.values[at]
            size = abs(value) * scale
            under = value < 0
            y = tops[1] if under else tops[0] - size
            tops[under] += size if under else -size
            if value:
                drawn.append(
                    _rect(
                        at * step + step * 0.12,
                        y,
                        step * 0.76,
                        size,
                        one.look,
                        f"{label} {one.name} {value:,}",
                    )
                )
        if at % -(-len(labels) // LABELS_AT_MOST) == 0:
            drawn.append(_text(at * step + step / 2, HEIGHT - 6, label, "small mid"))
    return _svg(HEIGHT, drawn, title) + legend(series)


def rows(bars: Sequence[Bar], title: str) -> str:
    """Bars under their labels, all on one scale."""
    largest = max((sum(size for _, size in bar.parts) for bar in bars), default=0) or 1
    drawn = []
    for at, bar in enumerate(bars):
        y, x = at * ROW, 0.0
        drawn += [_text(0, y + 14, bar.label, ""), _text(100, y + 14, bar.figure, "end num")]
        for look, size in bar.parts:
            width = 100 * size / largest
            if size:
                drawn.append(_rect(x, y + 20, width, BAR, look, f"{bar.label} {size:,}"))
            x += width
    return _svg(ROW * len(bars), drawn, title)


def histogram(
    edges: Sequence[int], counts: Sequence[int], cuts: Sequence[tuple[str, int]], title: str
) -> str:
    """How many lie from each edge to the next, and where something cuts, by its name."""
    first, last = edges[0], edges[-1]
    high = nice(max(*counts, 1), SCALES)
    above = TOP + 16 * min(len(cuts), 6)
    scale = (HEIGHT - AXIS) / high
    zero = above + HEIGHT - AXIS
    step = 100 / len(counts)
    drawn = [_line(zero), _line(above, "faint"), _text(0, above - 3, f"{high:,}", "small")]
    for at, count in enumerate(counts):
        if count:
            told = f"{edges[at]:,}–{edges[at + 1]:,}: {count:,}"
            drawn.append(
                _rect(at * step + step * 0.05, zero - count * scale, step * 0.9, count * scale, "c0", told)
            )
        if at % -(-len(counts) // LABELS_AT_MOST) == 0:
            drawn.append(_text(at * step, above + HEIGHT - 6, f"{edges[at]:,}", "small"))
    for at, (name, cut) in enumerate(cuts):
        x = min(100.0, max(0.0, 100 * (cut - first) / (last - first)))
        y = 12 + 16 * (at % 6)
        drawn.append(f'<line class="cut" x1="{x:.2f}%" x2="{x:.2f}%" y1="{y + 3}" y2="{zero:.1f}"/>')
        drawn.append(_text(x, y, f"{name} ≥ {cut:,}", "small end" if x > 60 else "small"))  # noqa: PLR2004 - else it would leave the picture
    return _svg(above + HEIGHT, drawn, title)


def courses(
    labels: Sequence[str], series: Sequence[tuple[str, str, Sequence[float | None]]], title: str
) -> str:
    """Shares over time, from 0 to 100 percent, a line each; null makes a gap."""
    step = 100 / max(1, len(labels))
    drawn = []
    for share in (0, 50, 100):
        y = _of_share(share / 100)
        drawn += [_line(y, "faint"), _text(0, y - 3, f"{share}%", "small")]
    for _, look, values in series:
        before: tuple[float, float] | None = None
        for at, value in enumerate(values):
            place = None if value is None else (at * step + step / 2, _of_share(value))
            if place:
                if before:
                    drawn.append(_joined(before, place, look))
                drawn.append(_point(place, look, f"{labels[at]} {100 * (value or 0):.1f}%"))
            before = place
    for at, label in enumerate(labels):
        if at % -(-len(labels) // LABELS_AT_MOST) == 0:
            drawn.append(_text(at * step + step / 2, HEIGHT - 6, label, "small mid"))
    return _svg(HEIGHT, drawn, title) + legend([Series(name, look, []) for name, look, _ in series])


def legend(series: Sequence[Series]) -> str:
    """What each colour is."""
    entries = "".join(f'<span><i class="b{one.look}"></i>{escape(one.name)}</span>' for one in series)
    return f'<p class="legend">{entries}</p>'


def _of_share(share: float) -> float:
    """Where a share stands."""
    return TOP + (HEIGHT - TOP - AXIS) * (1 - min(1.0, max(0.0, share)))


def _joined(one: tuple[float, float], other: tuple[float, float], look: str) -> str:
    """A line from a point to the next."""
    places = f'x1="{one[0]:.2f}%" y1="{one[1]:.1f}" x2="{other[0]:.2f}%" y2="{other[1]:.1f}"'
    return f'<line class="l{look}" {places}/>'


def _point(place: tuple[float, float], look: str, told: str) -> str:
    """A point of a course."""
    at = f'cx="{place[0]:.2f}%" cy="{place[1]:.1f}"'
    return f'<circle class="{look}" {at} r="3.5"><title>{escape(told)}</title></circle>'


def _line(y: float, look: str = "axis") -> str:
    return f'<line class="{look}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'


def _rect(x: float, y: float, width: float, height: float, look: str, told: str) -> str:  # noqa: PLR0913, PLR0917 - a rectangle
    return (
        f'<rect class="{look}" x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}">'
        f"<title>{escape(told)}</title></rect>"
    )


def _text(x: float, y: float, said: str, look: str) -> str:
    return f'<text class="{look}" x="{x:.2f}%" y="{y:.1f}">{escape(said)}</text>'


def _svg(height: int, drawn: Sequence[str], title: str) -> str:
    return (
        f'<svg role="img" width="100%" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>"
    )
