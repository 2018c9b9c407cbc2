"""Draws `results.json`: time and memory against events, log-log, as SVG by hand.

`python chart.py [RESULTS [SVG]]`. The same results give the same bytes; colours follow the reader's light or
dark, and each line is named at its end, in a colour that the colour-blind can tell from the others.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from entrants import FLOOR, OURS
from machine import sentence

HERE = Path(__file__).parent
CHART = HERE.parent / "docs" / "engineer" / "speed.svg"
WIDTH, HEIGHT = 980, 470
LEFT, TOP, PANEL_WIDTH, PANEL_HEIGHT = 70, 66, 270, 300
PANEL_STEP = 480
LINE_STEP = 17
MIB = 1 << 20
# Light and dark; after Okabe and Ito.
COLOURS = {
    OURS: ("#0072b2", "#56b4e9"),
    FLOOR: ("#6b6b6b", "#a8a8a8"),
    "DuckDB SQL": ("#b85c00", "#e69f00"),
    "plain Polars": ("#00795a", "#2fc79d"),
    "row by row": ("#a4478a", "#dd9cc6"),
}
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 11px; fill: #57606a }
.paper { fill: #ffffff }
.grid { stroke: #d8dee4; stroke-width: 1 }
.line { fill: none; stroke-width: 2.2 }
"""
DARK = """
text { fill: #e6edf3 }
.small { fill: #9da7b1 }
.paper { fill: #0d1117 }
.grid { stroke: #30363d }
"""


@dataclass(frozen=True)
class Panel:
    """One plot: what it shows, where it begins, and the powers of ten at its edges."""

    title: str
    unit: str
    left: int
    powers_x: tuple[int, int]
    powers_y: tuple[int, int]

    def at(self, events: float, value: float) -> tuple[float, float]:
        """Where a point stands."""
        low_x, high_x = self.powers_x
        low_y, high_y = self.powers_y
        x = self.left + PANEL_WIDTH * (math.log10(events) - low_x) / (high_x - low_x)
        y = TOP + PANEL_HEIGHT * (1 - (math.log10(value) - low_y) / (high_y - low_y))
        return round(x, 1), round(y, 1)


def powers(values: list[float]) -> tuple[int, int]:
    """The powers of ten between which all values lie."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def plain(power: int) -> str:
    """A power of ten as people read it."""
    for least, unit in ((6, "M"), (3, "k")):
        if power >= least:
            return f"{10 ** (power - least)}{unit}"
    return f"{10**power}" if power >= 0 else f"{10.0**power:g}"


def grid(panel: Panel) -> list[str]:
    """Lines at every power of ten, with their values, and what the axes mean."""
    drawn = [f'<text class="title" x="{panel.left}" y="{TOP - 14}">{escape(panel.title)}</text>']
    low_x, high_x = panel.powers_x
    low_y, high_y = panel.powers_y
    bottom, right = TOP + PANEL_HEIGHT, panel.left + PANEL_WIDTH
    for power in range(low_x, high_x + 1):
        x, _ = panel.at(10.0**power, 10.0**low_y)
        drawn.append(f'<path class="grid" d="M{x} {TOP}V{bottom}"/>')
        drawn.append(
            f'<text class="small" text-anchor="middle" x="{x}" y="{bottom + 17}">{plain(power)}</text>'
        )
    for power in range(low_y, high_y + 1):
        _, y = panel.at(10.0**low_x, 10.0**power)
        drawn.append(f'<path class="grid" d="M{panel.left} {y}H{right}"/>')
        at = f'text-anchor="end" x="{panel.left - 7}" y="{y + 4}"'
        drawn.append(f'<text class="small" {at}>{plain(power)} {panel.unit}</text>')
    middle = panel.left + PANEL_WIDTH / 2
    drawn.append(f'<text class="small" text-anchor="middle" x="{middle}" y="{bottom + 36}">event rows</text>')
    return drawn


def spread(wanted: list[tuple[str, float]]) -> dict[str, float]:
    """Heights for labels near those wanted, none over another; what does not fit below moves up."""
    heights: dict[str, float] = {}
    last = -math.inf
    for name, y in sorted(wanted, key=lambda label: label[1]):
        last = heights[name] = max(y, last + LINE_STEP)
    over = max(0.0, last - TOP - PANEL_HEIGHT)
    return {name: round(y - over, 1) for name, y in heights.items()}


def lines(panel: Panel, series: dict[str, list[tuple[float, float]]]) -> list[str]:
    """A line a competitor, a dot a size, and its name beside its last one."""
    drawn = []
    ends = {who: panel.at(*max(points)) for who, points in series.items()}
    last = max(x for x, _ in ends.values())
    heights = spread([(who, y) for who, (x, y) in ends.items() if x == last])
    for who, points in series.items():
        name = f"c{list(COLOURS).index(who)}"
        places = [panel.at(*point) for point in sorted(points)]
        dashed = ' stroke-dasharray="5 4"' if who == FLOOR else ""
        path = "L".join(f"{x} {y}" for x, y in places)
        drawn.append(f'<path class="line s{name}" d="M{path}"{dashed}/>')
        drawn += [f'<circle class="{name}" cx="{x}" cy="{y}" r="3"/>' for x, y in places]
        x, y = ends[who]
        beside = panel.left + PANEL_WIDTH if x == last else x
        drawn.append(
            f'<text class="{name}" x="{beside + 9}" y="{heights.get(who, y) + 4}">{escape(who)}</text>'
        )
    return drawn


def style() -> str:
    """Colours for light and for dark."""
    of = {name: place for place, name in enumerate(COLOURS)}
    light, dark = (
        "".join(
            f".c{of[name]} {{ fill: {pair[shade]} }}\n.sc{of[name]} {{ stroke: {pair[shade]} }}\n"
            for name, pair in COLOURS.items()
        )
        for shade in (0, 1)
    )
    return f"<style>{STYLE}{light}@media (prefers-color-scheme: dark) {{{DARK}{dark}}}</style>"


def series_of(
    results: list[dict[str, Any]], column: str, unit: float
) -> dict[str, list[tuple[float, float]]]:
    """By competitor: events and the value, where it has one."""
    series: dict[str, list[tuple[float, float]]] = {}
    for one in results:
        if one[column]:
            series.setdefault(one["who"], []).append((one["events"], one[column] / unit))
    return series


def chart(told: dict[str, Any]) -> str:
    """The whole picture."""
    columns = (
        ("Time, from start to published tables", "s", "seconds", 1.0),
        ("Memory, most held by the process", "MiB", "peak_bytes", float(MIB)),
    )
    drawn = [f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>']
    for place, (title, unit, column, scale) in enumerate(columns):
        series = series_of(told["results"], column, scale)
        points = [point for one in series.values() for point in one]
        panel = Panel(
            title,
            unit,
            LEFT + place * PANEL_STEP,
            powers([events for events, _ in points]),
            powers([value for _, value in points]),
        )
        drawn += grid(panel) + lines(panel, series)
    machine = escape(sentence(told["machine"]))
    drawn.append(f'<text class="small" x="12" y="{HEIGHT - 14}">{machine}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    told_as = (
        "<title>Time and memory of a run against the number of event rows, both axes logarithmic</title>"
    )
    return "\n".join([head, told_as, style(), *drawn, "</svg>", ""])


def main(results: Path, svg: Path) -> None:
    """Read the results, draw, write."""
    svg.write_text(chart(json.loads(results.read_text("utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(*(given + [HERE / "results.json", CHART][len(given) :]))
