"""Example sessions and the files that they use, put into a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generate.page import in_language, language, meanings, put, put_table
from generate.story import EXAMPLES, ROOT, told

if TYPE_CHECKING:
    from pathlib import Path

ROWS_MAX = 14
# Fields of the last log line that a run which went well has not.
ONLY_SOMETIMES = (
    *("error", "sentence", "held_back", "edits", "accept_rules"),
    *("losses", "unregistered", "recoded", "vanished_years", "gone_quarters"),
    *("taken_back", "by_input", "empty_cells", "wiped", "accept_loss"),
)


def session(step: str, *kept: str, rows: int = ROWS_MAX) -> None:
    """A step of the story: its command, and of what it prints the paragraphs that hold one of `kept`.

    All of it without `kept`. What is left out is an ellipsis; a paragraph has at most so many rows. Raises
    where a page wants a paragraph that is not printed.
    """
    typed, lines = told(language())[step]
    paragraphs = "\n".join(line.rstrip() for line in lines).split("\n\n")
    absent = [words for words in kept if not any(words in one for one in paragraphs)]
    if absent:
        raise ValueError(f"{step} prints nothing with {absent}")
    shown: list[str] = []
    for one in paragraphs:
        if kept and not any(words in one for words in kept):
            if shown[-1:] != ["…"]:
                shown.append("…")
            continue
        within = one.strip("\n").split("\n")
        shown += ["", *within[:rows], *(["…"] if len(within) > rows else [])]
    put(["```console", f"$ {typed}", *(shown[1:] if shown[:1] == [""] else shown), "```"])


def excerpt(step: str, *kept: str) -> None:
    """A step's command, and of what it prints only the lines that hold one of `kept`, gaps as an ellipsis."""
    typed, lines = told(language())[step]
    shown = [f"$ {typed}"]
    for line in lines:
        if any(words in line for words in kept):
            shown.append(line.rstrip())
        elif shown[-1] != "…":
            shown.append("…")
    absent = [words for words in kept if not any(words in line for line in shown[1:])]
    if absent:
        raise ValueError(f"{step} prints nothing with {absent}")
    put(["```console", *shown, "```"])


def example(name: str) -> None:
    """A file of the story, whole."""
    _file(EXAMPLES / name)


def source(name: str) -> None:
    """A file of the project, whole."""
    _file(ROOT / name)


def _file(path: Path) -> None:
    put([f"```{path.suffix[1:]}", path.read_text("utf-8").rstrip(), "```"])


def snippet(name: str) -> None:
    """A few lines of Python, and below them what they print for the fixture village."""
    source, lines = told(language())[name]
    put(["```python", source.rstrip(), *(f"# {line}" for line in lines), "```"])


def workbook_rows(step: str, columns: int, rows: int) -> None:
    """The head and the first rows of a sheet that a step wrote, as a table of its first columns."""
    head, *body = (line.split("\t")[:columns] for line in told(language())[step][1])
    put_table(head, body[:rows])


def log_line() -> None:
    """The line that ends a run, as that of the story's first run reads."""
    put(["```json", *told(language())["log"][1], "```"])


def log_fields() -> None:
    """A row per field of that line, and of the lines that only some ends have; held to a real line."""
    printed = json.loads(told(language())["log"][1][0])
    names = [*printed, *ONLY_SOMETIMES]
    rows = (
        [f"`{name}`", str(means)] for name, means in zip(names, meanings("log_fields", names), strict=True)
    )
    put_table(in_language("field meaning", "字段 意思").split(), rows)
