"""What a new user begins with, and comes in the wheel: rule books, configuration, example village, pages.

`configs` and `fixtures` beside this file are the project's own folders, linked, so that nothing stands twice.
"""

from __future__ import annotations

from pathlib import Path

from jifen_batch.errors import InputRefusedError, UsageRefusedError
from jifen_batch.storage import disk
from jifen_batch.tables import EVENTS, HOUSEHOLDS, VILLAGES
from jifen_batch.tables.wallets import REDEMPTIONS

HERE = Path(__file__).parent
CONFIGS, EXAMPLE, SITE = HERE / "configs", HERE / "fixtures", HERE / "site"
# In `rules/` lies what governs, and nothing else: what is there to copy from has folders of its own.
RULES = Path("rules")
# By the names that `worker.toml` has for them.
SHEETS = {
    "in/events/events.csv": EVENTS,
    "in/households.csv": HOUSEHOLDS,
    "in/villages.csv": VILLAGES,
    "in/redemptions.csv": REDEMPTIONS,
}


def lay_out(folder: Path, *, example: bool) -> list[str]:
    """Fill a new folder with all that `run --config FOLDER/worker.toml` asks for; what it then holds.

    The inputs are sheets with a header and no row, or the example village's. Raises `UsageRefusedError` where
    something is in the folder already, `DiskError`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageRefusedError(
            f"{folder}: it holds something already; name a new or an empty folder",
            f"{folder}：里面已有内容；请指定新的或空的文件夹",
        )
    disk.make_folder(folder)
    files = {_laid_out(path.relative_to(CONFIGS)): path for path in CONFIGS.rglob("*.toml")}
    if example:
        inputs = [*EXAMPLE.glob("*.csv"), *EXAMPLE.glob("events/*.csv")]
        files |= {f"in/{path.relative_to(EXAMPLE)}": path for path in inputs}
        files |= {f"rules/{path.name}": path for path in EXAMPLE.glob("rules/*.toml")}
    for name, source in files.items():
        _put(folder / name, source.read_bytes())
    for name, table in {} if example else SHEETS.items():
        # Excel takes a file without the mark for one of the system's own encoding.
        _put(folder / name, f"{','.join(table.names)}\r\n".encode("utf-8-sig"))
    return sorted({*files, *([] if example else SHEETS)})


def _laid_out(name: Path) -> str:
    """Where a file of `configs` lies: `rules/readings/x.toml` beside the rules, in `readings/x.toml`."""
    return str(name.relative_to(RULES) if name.parent.parent == RULES else name)


def front_page() -> Path:
    """The first page of the documentation that came with the program. Raises `InputRefusedError`."""
    page = SITE / "index.html"
    if not page.is_file():
        raise InputRefusedError(
            f"{SITE}: the pages are not built here; run `make docs`, or install the wheel, which has them",
            f"{SITE}：这里没有生成文档页面；请执行 `make docs`，或安装带有页面的 wheel",
        )
    return page


def _put(path: Path, content: bytes) -> None:
    """Write one file, with the folders above it."""
    disk.make_folder(path.parent)
    disk.write_bytes(path, content)
