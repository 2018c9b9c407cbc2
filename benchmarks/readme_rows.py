"""The README's table of speed from `results.json`, as Markdown: `python readme_rows.py [RESULTS]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from machine import sentence

MIB = 1 << 20
HEAD = ("event rows", "who", "wall s", "to the floor", "to us", "rows/s", "peak MiB")


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


def table(told: dict[str, Any]) -> str:
    """Head, rows, and what they were taken on."""
    rows = [list(HEAD), ["---:" if name != "who" else "---" for name in HEAD], *map(cells, told["results"])]
    rounds = {one["rounds"] for one in told["results"]}
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", f"Rounds: {', '.join(map(str, rounds))}. On {sentence(told['machine'])}."])


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("results.json")
    print(table(json.loads(source.read_text("utf-8"))))
