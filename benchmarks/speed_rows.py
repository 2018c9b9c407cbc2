"""The table of speed from `results.json`, as Markdown in either language: a figure is never typed.

`make docs` puts it into the page on speed; `python speed_rows.py` prints it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from machine import sentence

RESULTS = Path(__file__).with_name("results.json")
MIB = 1 << 20
HEADS = {
    "en": ("event rows", "who", "wall s", "to the floor", "to us", "rows/s", "peak MiB"),
    "zh": (
        "事项行数",
        "程序",
        "用时（秒）",
        "为底线的倍数",
        "为本程序的倍数",
        "行/秒",
        "内存峰值 MiB",
    ),
}
CHINESE = {"the floor": "底线", "plain Polars": "普通写法的 Polars", "row by row": "逐行 Python"}
FOOTS = {"en": "Rounds: {}. On {}.", "zh": "轮数：{}。环境：{}。"}


def cells(one: dict[str, Any]) -> list[str]:
    """One result as the table has it."""
    seconds, peak = one["seconds"], one["peak_bytes"]
    return [
        f"{one['events']:,}",
        one["who"],
        f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}",
        f"{one['to_floor']:.2f}",
        f"{one['to_us']:.2f}",
        f"{one['events'] / seconds:,.0f}",
        f"{peak / MIB:,.0f}" if peak else "",
    ]


def table(told: dict[str, Any], language: str = "en") -> str:
    """Head, rows, and what they were taken on, in a language."""
    head = HEADS[language]
    rows = [list(head), ["---" if place == 1 else "---:" for place in range(len(head))]]
    rows += [cells(one) for one in told["results"]]
    if language == "zh":
        rows = [[CHINESE.get(cell, cell) for cell in row] for row in rows]
    rounds = ", ".join(str(number) for number in sorted({one["rounds"] for one in told["results"]}))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", FOOTS[language].format(rounds, sentence(told["machine"]))])


if __name__ == "__main__":
    print(table(json.loads(RESULTS.read_text("utf-8"))))
