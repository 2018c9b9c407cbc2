"""What a command prints on stdout: text, one JSON document, or tables.

A reader that closes the pipe early (`| head`) has had what it wanted: the work is done, so the rest is
dropped in silence and the exit code stays the work's own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPE_COLUMNS = 160


def text(line: str) -> None:
    """Print one line."""
    _write(f"{line}\n")


def document(value: object) -> None:
    """Print one JSON document; dates and paths as text."""
    # Another encoding than UTF-8 could not hold every name: then the document is plain ASCII.
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    _write(json.dumps(value, ensure_ascii=encoding != "utf8", indent=2, default=str) + "\n")


def tables(*parts: RenderableType) -> None:
    """Print tables and text as wide as the terminal; down a pipe wide enough not to fold."""
    from rich.console import Console  # noqa: PLC0415 - takes a moment that --help and --json have not

    width = None if sys.stdout is not None and sys.stdout.isatty() else PIPE_COLUMNS
    console = Console(width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)
    # Captured, because rich would end the process with 1 where the pipe is closed.
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    _write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def hush() -> None:
    """Point stdout at nothing, so that the interpreter's last flush has nothing to stumble on."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def _write(text: str) -> None:
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        hush()
