"""The picture of the flow, from an event row to the notice board: `python -m generate.flow [--check]`.

Drawn from the code's own words, in both languages, light and dark; a file each, for a README has no styles.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.word import chinese

FOLDER = Path(__file__).parents[1]
WIDTH, ROW, TOP, LEFT, TAGS = 780, 30, 92, 40, 470
BOX, APART, LATIN = 220, 240, 255
COLOURS = {
    "": {"ink": "#1f2937", "quiet": "#6b7280", "line": "#0f766e", "box": "#f0fdfa", "tag": "#e5e7eb"},
    ".dark": {"ink": "#e5e7eb", "quiet": "#9ca3af", "line": "#2dd4bf", "box": "#134e4a", "tag": "#374151"},
}
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


@dataclass(frozen=True)
class Step:
    """One step: what it does in both languages, and the dispositions, or the tables, that it gives."""

    en: str
    zh: str
    gives: tuple[str, ...] = ()


STEPS = (
    Step("copies collapse, the latest revision stands", "合并重复行，以最新一版为准", ("unposted",)),
    Step("what cannot be scored is sent back, with its reason", "不能记分的退回，写明原因", ("rejects",)),
    Step(
        "approved events become lines, a pledge one a month",
        "认定的成为待记的分，承诺每月一笔",
        ("unposted",),
    ),
    Step(
        "1  enrolled that day, and of the right kind?",
        "1  那天参加吗，类别适用吗",
        ("not_enrolled", "not_eligible"),
    ),
    Step("2  once per period", "2  每期一次", ("duplicate",)),
    Step("3  the highest tier counts", "3  就高不就低", ("topped_up", "superseded")),
    Step("4  cap of a matter", "4  单件上限", ("capped",)),
    Step("5  cap and floor of a period", "5  每期的上限、下限", ("capped", "floored")),
    Step("6  an incident forfeits", "6  此项不得分", ("reversed", "forfeited")),
    Step("7  deductions", "7  扣分", ("deducted", "noted")),
)
TABLES = {"unposted": "未记分", "rejects": "退回"}
INPUTS = {"en": ("events", "register", "rule books"), "zh": ("申报认定事项", "农户名册", "积分细则")}
ENDS = {
    "en": (
        ("ledger", "balances, standings, announcements"),
        ("checked, published", "runs/<run_id>,\nthen current"),
        ("announced", "hangs for good;\nwhat changes is corrected in the next"),
    ),
    "zh": (
        ("台账", "余额、积分榜、各季公告"),
        ("核对，发布", "runs/<run_id>，\n再切换 current"),
        ("公告", "贴出去不再改，\n有变动由下一次更正"),
    ),
}


class Drawing:
    """A picture in the making, in one set of colours."""

    def __init__(self, mode: str) -> None:
        """Nothing is drawn yet."""
        self.colour = COLOURS[mode]
        self.parts: list[str] = []

    def path(self, line: str, thick: float = 1.5) -> None:
        """A line."""
        colour = self.colour["line"]
        self.parts.append(f'<path d="{line}" stroke="{colour}" stroke-width="{thick}" fill="none"/>')

    def text(self, at: tuple[float, float], text: str, size: float = 14, colour: str = "ink") -> None:
        """Words from a point on."""
        self._words(at, text, f'font-size="{size}" fill="{self.colour[colour]}"')

    def middle(self, at: tuple[float, float], text: str, size: float = 15, colour: str = "ink") -> None:
        """Words around a point."""
        self._words(at, text, f'font-size="{size}" fill="{self.colour[colour]}" text-anchor="middle"')

    def _words(self, at: tuple[float, float], text: str, looks: str) -> None:
        self.parts.append(f'<text x="{at[0]:g}" y="{at[1]:g}" {looks}>{escape(text)}</text>')

    def box(self, x: int, y: int, name: str) -> None:
        """A named box."""
        fill, line = self.colour["box"], self.colour["line"]
        at = f'x="{x}" y="{y}" width="{BOX}" height="34" rx="8"'
        self.parts.append(f'<rect {at} fill="{fill}" stroke="{line}"/>')
        self.middle((x + BOX / 2, y + 22), name)

    def tag(self, x: int, y: int, name: str) -> int:
        """A word on a label; where the next may stand."""
        width = round(14 + sum(14 if ord(sign) > LATIN else 7.6 for sign in name))
        at = f'x="{x}" y="{y}" width="{width}" height="21" rx="10"'
        self.parts.append(f'<rect {at} fill="{self.colour["tag"]}"/>')
        self.text((x + 7, y + 15), name, 12.5)
        return x + width + 8

    def down(self, x: int, y: int, to: int) -> None:
        """An arrow downwards."""
        self.path(f"M{x} {y} V{to} M{x - 4} {to - 6} L{x} {to} L{x + 4} {to - 6}")

    def across(self, x: int, y: int) -> None:
        """An arrow from one box to the next."""
        self.path(f"M{x + 1} {y} H{x + 19} M{x + 13} {y - 4} L{x + 19} {y} L{x + 13} {y + 4}")


def flow(language: str, mode: str) -> str:
    """The picture as SVG. Raises `ValueError` where the code has dispositions that no step here gives."""
    given = {name for step in STEPS for name in step.gives} | {"awarded"}
    if not set(chinese(DISPOSITIONS)) <= given:
        raise ValueError(f"flow.py: no step gives {set(chinese(DISPOSITIONS)) - given}")
    drawing = Drawing(mode)
    bottom = TOP + ROW * len(STEPS) + 4
    _inputs(drawing, language)
    for number, step in enumerate(STEPS):
        y = TOP + ROW * number
        drawing.text((LEFT + 8, y + 20), getattr(step, language))
        x = TAGS
        for name in step.gives:
            x = drawing.tag(x, y + 5, {**TABLES, **chinese(DISPOSITIONS)}[name] if language == "zh" else name)
    drawing.path(f"M{LEFT - 8} {TOP} V{bottom - 8}", 3)
    _ends(drawing, language, bottom)
    title = {"en": "From an event row to the notice board", "zh": "从一行申报到公告栏"}[language]
    size = f'viewBox="0 0 {WIDTH} {bottom + 112}" role="img" font-family="{FONT}"'
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', f"<title>{title}</title>"]
    return "\n".join([*head, *drawing.parts, "</svg>\n"])


def _inputs(drawing: Drawing, language: str) -> None:
    """The three inputs, and the way down from them."""
    for place, name in enumerate(INPUTS[language]):
        x = LEFT + place * APART
        drawing.box(x, 12, name)
        drawing.path(f"M{x + BOX // 2} 46 V62")
    drawing.path(f"M{LEFT + BOX // 2} 62 H{LEFT + 2 * APART + BOX // 2}")
    drawing.down(LEFT + BOX // 2, 62, TOP - 6)


def _ends(drawing: Drawing, language: str, y: int) -> None:
    """What comes of it, from the ledger to the board."""
    drawing.down(LEFT + BOX // 2, y - 4, y + 14)
    for place, (name, what) in enumerate(ENDS[language]):
        x = LEFT + place * APART
        drawing.box(x, y + 18, name)
        for number, line in enumerate(what.split("\n")):
            drawing.middle((x + BOX // 2, y + 70 + 17 * number), line, 12.5, "quiet")
        if place:
            drawing.across(x - 20, y + 35)


def main(*, check: bool) -> None:
    """Write the four pictures, or end with a sentence where one is not current."""
    for language in INPUTS:
        for mode in COLOURS:
            path = FOLDER / f"flow.{language}{mode}.svg"
            drawn = flow(language, mode)
            if not check:
                path.write_text(drawn, encoding="utf-8")
            elif not path.is_file() or path.read_text("utf-8") != drawn:
                sys.exit(f"{path.name} is not current: run make docs")


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
