"""What is said of a command that never began, for it was asked for wrongly: as much as at any other end."""

# ruff: noqa: PLC0415 - structlog takes a moment that --help has not

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jifen_batch.cli import exits, language, output
from jifen_batch.scheme.outcomes import FAILED, FIGURES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RUN = "run"


def report(error: BaseException, words: Sequence[str], commands: Collection[str]) -> int:
    """Say what `--json` and the log of a run promise for every end; the exit code.

    `words` are the command line, which could not be understood: a command of `commands`, and `--json`,
    are looked for among them. The sentence itself was said already.
    """
    code, sentence = exits.verdict(error)
    if "--json" in words:
        output.document(exits.failure(error))
    from jifen_batch.cli import logs

    is_help = isinstance(error, click.exceptions.NoArgsIsHelpError)
    if next((word for word in words if word in commands), None) == RUN:
        logs.set_up("info")
        line: dict[str, object] = {
            "outcome": FAILED,
            **dict.fromkeys(FIGURES),
            "error": language.here(sentence),
            "sentence": sentence._asdict(),
        }
        logs.logger().error(RUN, **line, seconds=0.0, peak_memory_bytes=None, exit_code=code)
    elif isinstance(error, click.UsageError) and not is_help and not logs.on_a_terminal():
        # What stands above it is for eyes; a log is read by programs too.
        logs.set_up("info")
        exits.logged(sentence, code, "UsageError")
    return code
