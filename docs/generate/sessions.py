"""Example sessions and the files that they use, put into a page."""

from __future__ import annotations

from generate.page import language, put
from generate.story import EXAMPLES, told

ROWS_MAX = 14


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


def example(name: str) -> None:
    """A file of the story, whole."""
    kind = name.rpartition(".")[2]
    put([f"```{kind}", (EXAMPLES / name).read_text("utf-8").rstrip(), "```"])
