"""Help in the language of the command, as every other sentence of it (specification 5).

A line of Chinese has no blanks to break it at, and its signs are two columns wide: it is folded here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import language
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOW_THIS = Sentence("Show this message and exit.", "显示本说明。")
# What click calls the parts of a page, and what it says of an option's value.
PARTS = {"Options": "选项", "Commands": "命令"}
USAGE = "用法："
OF_USAGE = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[ARGS]...": "[参数]..."}
OF_VALUE = {"default: ": "默认：", "required": "必填", "; ": "；"}
# What keeps together on a line: a word of ours, or one sign of Chinese, with the marks around it.
PIECE = r"\s+|\[[^\[\]]{1,30}\]|[（“《]*(?:[!-~]+|.)[，。、；：）”》]*"
WIDE = "WFA"
PARAGRAPH = "\n\n"
TERMS_MAX, GAP = 30, 2


class Option(click.Option):
    """An option with its help in both languages; `unless` says in words what it is where it is not given."""

    def __init__(
        self,
        *names: Any,  # noqa: ANN401 - click's own
        help: Sentence,  # noqa: A002 - click's word
        unless: Sentence | None = None,
        **more: Any,  # noqa: ANN401 - likewise
    ) -> None:
        """As click's."""
        self.told, self.unless = help, unless
        super().__init__(*names, **more)

    def _said(self) -> str:
        """What it does, and what it is unless given."""
        said = language.here(self.told)
        if self.unless is None:
            return said
        return f"{said}  [{language.here(Sentence('default: ', '默认：'))}{language.here(self.unless)}]"

    def _pass_over(self, _: object) -> None:
        """Click sets what it was given: nothing."""

    help = property(_said, _pass_over)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option, its help, and what is said of its value."""
        record = super().get_help_record(ctx)
        if record is None or language.spoken() != "zh":
            return record
        name, text = record
        return name, self.help + _replaced(text.removeprefix(self.help), OF_VALUE)


option = partial(click.option, cls=Option)


class Formatter(click.HelpFormatter):
    """A page of help; in Chinese its own words, and folded by what a terminal shows."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is called."""
        if language.spoken() == "zh":
            args, prefix = _replaced(args, OF_USAGE), USAGE
        super().write_usage(prog, args, prefix)

    def write_heading(self, heading: str) -> None:
        """What a part of the page is."""
        if language.spoken() == "zh":
            self.write(f"{'':>{self.current_indent}}{PARTS.get(heading, heading)}：\n")
        else:
            super().write_heading(heading)

    def write_text(self, text: str) -> None:
        """Paragraphs."""
        if language.spoken() != "zh":
            super().write_text(text)
            return
        indent = " " * self.current_indent
        room = self.width - self.current_indent
        folded = (
            "\n".join(f"{indent}{line}" for line in folded_to(one, room)) for one in text.split(PARAGRAPH)
        )
        self.write(f"{PARAGRAPH.join(folded)}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = TERMS_MAX, col_spacing: int = GAP
    ) -> None:
        """Terms, and beside each what it means."""
        rows = list(rows)
        if language.spoken() != "zh":
            super().write_dl(rows, col_max, col_spacing)
            return
        at = min(max(len(term) for term, _ in rows), col_max) + col_spacing
        for term, means in rows:
            lines = folded_to(means, self.width - at - self.current_indent)
            # A term that has no room beside what it means stands above it.
            beside = (
                [term, *lines] if len(term) > at - col_spacing else [f"{term:<{at}}{lines[0]}", *lines[1:]]
            )
            indents = [self.current_indent, *[self.current_indent + at] * (len(beside) - 1)]
            for indent, line in zip(indents, beside, strict=True):
                self.write(f"{'':>{indent}}{line}\n")


class Context(click.Context):
    """What a command is asked with, whose help is such a page."""

    formatter_class = Formatter


def first_sentence(told: Sentence) -> Sentence:
    """What a command does, without the paragraphs that say more of it."""
    return Sentence(*(" ".join(said.split(PARAGRAPH)[0].split()).rstrip(".。") for said in told))


def folded_to(text: str, room: int) -> list[str]:
    """Lines of Chinese that are at most so many columns wide: at least one."""
    lines, line = [], ""
    for piece in re.findall(PIECE, text):
        if _columns(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _columns(text: str) -> int:
    """How many columns a text takes on a terminal."""
    import unicodedata  # noqa: PLC0415 - a night folds nothing

    return sum(2 if unicodedata.east_asian_width(sign) in WIDE else 1 for sign in text)


def _replaced(text: str, words: dict[str, str]) -> str:
    for word, ours in words.items():
        text = text.replace(word, ours)
    return text
