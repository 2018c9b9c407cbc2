"""The README's table of speed from `results.json`, as Markdown: `python readme_rows.py [README ...]`.

Printed, or put between the two markers of each README that is named: a figure is never typed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from machine import sentence

RESULTS = Path(__file__).with_name("results.json")
BEGIN, END = "<!-- speed: make bench -->", "<!-- speed: end -->"
MIB = 1 << 20
HEADS = {
    "README.md": ("event rows", "who", "wall s", "to the floor", "to us", "rows/s", "peak MiB"),
    "README.zh-CN.md": (
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
FOOTS = {"README.md": "Rounds: {}. On {}.", "README.zh-CN.md": "轮数：{}。环境：{}。"}


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


def table(told: dict[str, Any], readme: str = "README.md") -> str:
    """Head, rows, and what they were taken on, in the language of a README."""
    head = HEADS[readme]
    rows = [list(head), ["---" if place == 1 else "---:" for place in range(len(head))]]
    rows += [cells(one) for one in told["results"]]
    if readme != "README.md":
        rows = [[CHINESE.get(cell, cell) for cell in row] for row in rows]
    rounds = ", ".join(str(number) for number in sorted({one["rounds"] for one in told["results"]}))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", FOOTS[readme].format(rounds, sentence(told["machine"]))])


def put(text: str, rows: str) -> str:
    """A README with these rows between its markers; raises `ValueError` where it has none."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


def main(readmes: list[Path]) -> None:
    """Print, or put."""
    told = json.loads(RESULTS.read_text("utf-8"))
    if not readmes:
        print(table(told))
    for readme in readmes:
        readme.write_text(put(readme.read_text("utf-8"), table(told, readme.name)), encoding="utf-8")


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
