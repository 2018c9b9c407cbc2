"""The pictures of printed notices: `make pictures`, a made-up county of three villages, printed.

Two quarters are announced, and between them the year's cap of volunteering is lowered, so that the second
corrections what hangs. It needs the extra `print`, a Chinese font and pdftoppm (Debian: poppler-utils).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "assets"
BOOK = ROOT / "configs" / "rules" / "baoshan-2023.toml"
SEED, HOUSEHOLDS, YEARS = 283, 1_795, 1
# Villages by their places in the county's order of households: id, name, households.
VILLAGES = (
    ("310113102201", "荷埭村", 283),
    ("310113102202", "石埭村", 12),
    ("310113102203", "柳浜村", 1_500),
)
TOWN, TOWN_NAME = "310113102", "清溪镇"
CAP, LOWERED = "volunteer = 90", "volunteer = 60"
GRADES = """
[[grades]]
name = "五星户"
top_percent = 12

[[grades]]
name = "四星户"
at_least = 160
"""
NOTICE = """
[notice]
period_days = 7
posted_on = 2023-07-18
contact = "陈会计"
telephone = "021-5555 0101"
address = "村委会一楼 3 号窗口"
hours = "工作日 9:00—16:00"
people = [{title = "组长", name = "沈国良"}, {title = "成员"}, {title = "监督"}]
"""
# Each picture: the village, and a page of its notice, or the first of which the text holds these words.
PICTURES = (
    ("notice-283", VILLAGES[0], "公示期"),
    ("notice-283-corrections", VILLAGES[0], "现为"),
    ("notice-283-end", VILLAGES[0], "盖章"),
    ("notice-12", VILLAGES[1], "公示期"),
    ("notice-1500", VILLAGES[2], "公示期"),
)
LONGER_SIDE = 953


def main() -> None:
    """Print the notices in a folder of their own, and renew the pictures of `docs/assets`."""
    missing = [name for name in ("pdftoppm", "pdftotext") if shutil.which(name) is None]
    if missing:
        sys.exit(f"{', '.join(missing)}: not installed; install poppler-utils")
    with tempfile.TemporaryDirectory() as scratch:
        papers = printed(Path(scratch))
        for name, (village_id, _, _), words in PICTURES:
            paper = next(papers.glob(f"*_{village_id}_积分公告.pdf"))
            rasterise(paper, page_with(words, paper), FOLDER / name)


def printed(folder: Path) -> Path:
    """The folder with the notices of the second quarter, as PDF."""
    told("synth", "--households", HOUSEHOLDS, "--years", YEARS, "--seed", SEED, "--out", folder / "in")
    settle(folder / "in")
    config, books = folder / "town.toml", folder / "book.toml"
    config.write_text(NOTICE, encoding="utf-8")
    text = BOOK.read_text("utf-8") + GRADES
    books.write_text(text, encoding="utf-8")
    told("run", *_inputs(folder), "--as-of", "2023-04-20")
    told("announce", "--out", folder / "out", "--quarter", "2023Q1")
    books.write_text(text.replace(CAP, LOWERED), encoding="utf-8")
    trial = told("what-if", *_inputs(folder)[:8], "--as-of", "2023-07-17", "--json")
    accepted = json.loads(trial)["fingerprint"]
    told("run", *_inputs(folder), "--as-of", "2023-07-17", "--accept-rules", accepted, "--max-takeback", 1)
    hung = ("--quarter", "2023Q2", "--notices", folder / "papers", "--notice-format", "pdf")
    register = ("--households", folder / "in" / "households.parquet")
    told("--config", config, "announce", "--out", folder / "out", *hung, *register)
    return folder / "papers"


def settle(folder: Path) -> None:
    """Move the county's households, in their order, into the villages of the pictures."""
    register = folder / "households.parquet"
    homes = pl.DataFrame(
        [(*village[:2], TOWN, TOWN_NAME) for village in VILLAGES for _ in range(village[2])],
        schema=["village_id", "village_name", "town_id", "town_name"],
        orient="row",
    )
    spells = pl.read_parquet(register)
    households = spells.select(pl.col("household_id").unique(maintain_order=True))
    settled = pl.concat([households, homes], how="horizontal")
    spells.drop(homes.columns).join(settled, on="household_id").write_parquet(register)


def told(*arguments: object) -> str:
    """What a command prints; ends with its complaint where it does not do what it should."""
    command = [sys.executable, "-m", "jifen_batch", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def page_with(words: str, paper: Path) -> int:
    """The number of the first page that holds these words. Raises `StopIteration` where none does."""
    text = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True).stdout
    return next(number for number, page in enumerate(text.split("\f"), 1) if words in page)


def rasterise(paper: Path, page: int, picture: Path) -> None:
    """Write one page of a paper as a PNG, as large as a page of the documentation shows it."""
    size = ("-scale-to", str(LONGER_SIDE), "-png", "-singlefile")
    subprocess.run(["pdftoppm", "-f", str(page), "-l", str(page), *size, paper, picture], check=True)


def _inputs(folder: Path) -> tuple[object, ...]:
    """The options that name the county."""
    made = folder / "in"
    inputs = ("--events", made / "events", "--households", made / "households.parquet")
    return (*inputs, "--rules", folder / "book.toml", "--out", folder / "out")


if __name__ == "__main__":
    main()
