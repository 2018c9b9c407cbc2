"""What a command prints on stdout: text, one JSON document, or tables; and that stderr may fail.

A reader that closes the pipe early (`| head`) has had what it wanted: the work is done, so the rest is
dropped in silence and the exit code stays the work's own. Where a log cannot be written, the work goes on.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

import click

from jifen_batch.cli.language import written
from jifen_batch.storage import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.notices.grid import Part
    from jifen_batch.sentence import Sentence

PIPE_COLUMNS = 160
# What kept a line from stderr, a reader that has gone apart: a night nobody can read of is not well.
unsaid: list[OSError] = []


def text(line: str) -> None:
    """Print one line."""
    _write(f"{line}\n")


def sentence(said: Sentence) -> None:
    """Print a sentence in the language of this command."""
    text(said.here(written()))


def document(value: object) -> None:
    """Print one JSON document; dates and paths as text."""
    # Another encoding than UTF-8 could not hold every name: then the document is plain ASCII.
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    _write(json.dumps(value, ensure_ascii=encoding != "utf8", indent=2, default=str) + "\n")


def of_failure(value: object) -> None:
    """Print the document of a command that failed; where stdout fails, too, the log has said all there is."""
    try:
        document(value)
    except OSError as error:
        hush()
        unsaid.append(error)


def tables(*parts: Part, width: int | None = None) -> None:
    """Print tables and text in the language of this command, as wide as asked, else as the terminal.

    Down a pipe it is wide enough not to fold.
    """
    from rich.console import Console  # noqa: PLC0415 - takes a moment that --help and --json have not

    piped = None if sys.stdout is not None and sys.stdout.isatty() else PIPE_COLUMNS
    console = Console(width=width or piped, markup=False, highlight=False, emoji=False, soft_wrap=False)
    # Captured, because rich would end the process with 1 where the pipe is closed.
    with console.capture() as captured:
        for part in parts:
            # What does not fold is for the terminal to wrap: cut off, an id would be lost.
            console.print(part.here(written()), crop=False)
    _write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


@contextmanager
def on_stderr() -> Iterator[None]:
    """Inside, stderr is written to; where that fails, the rest goes nowhere and `unsaid` has why."""
    try:
        yield
    except OSError as error:
        hush(sys.stderr)
        if not isinstance(error, BrokenPipeError):
            unsaid.append(error)


def hush(stream: TextIO | None = None) -> None:
    """Point stdout, or another stream, at nothing: the interpreter's last flush then stumbles on nothing."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nothing, (stream or sys.stdout).fileno())
    os.close(nothing)


def _write(text: str) -> None:
    # A language from before UTF-8 has not every sign: better a question mark than no answer.
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")
    try:
        click.echo(address.shown(text), nl=False)
    except BrokenPipeError:
        hush()
