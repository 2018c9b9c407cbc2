"""The floor plan, as `tests/test_floors.py` holds it and as each room says of itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jifen_batch
from generate.page import in_language, meanings, put, put_table
from generate.story import ROOT

PACKAGE = Path(jifen_batch.__file__).parent


def floors() -> None:
    """A row per room, from the roof down: its name, floor, and what is inside."""
    rooms = _floors()
    told = dict(zip(rooms, meanings("rooms", rooms), strict=True))
    rows = []
    for name, floor in sorted(rooms.items(), key=lambda room: -room[1]):
        path = PACKAGE / name
        shown = f"{name}/" if path.is_dir() else f"{name}.py"
        rows.append([f"`{shown}`", str(floor), str(told[name])])
    head = in_language("room | floor | what is inside", "房间 | 楼层 | 里面是什么")
    put_table(head.split(" | "), rows)


def _floors() -> dict[str, int]:
    """Room to floor, read from the test that holds them."""
    tree = ast.parse((ROOT / "tests" / "test_floors.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FLOORS":
            return dict(ast.literal_eval(node.value))
    raise ValueError("tests/test_floors.py has no FLOORS")


def touched(word: str) -> None:
    """The source files in which an existing word of the kind stands: what adding another one touches."""
    whole = re.compile(rf"(?<![\w]){re.escape(word)}(?![\w])")
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if whole.search(path.read_text(encoding="utf-8"))]
    if not found:
        raise ValueError(f"no source file has {word}")
    told = in_language(f"`{word}` stands in {len(found)}:", f"`{word}` 写在 {len(found)} 个文件里：")
    put([told, "", *(f"- `src/jifen_batch/{path.relative_to(PACKAGE)}`" for path in found)])
