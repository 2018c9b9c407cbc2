"""What is said of a command that never began, for it was asked for wrongly: as much as at any other end."""

# ruff: noqa: PLC0415 - structlog takes a moment that --help has not

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jifen_batch.cli import exits, language, output, usage
from jifen_batch.scheme.outcomes import FAILED, FIGURES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RUN = "run"


def report(error: BaseException, words: Sequence[str], commands: Collection[str]) -> int:
    """Say what was wrong, and what `--json` and the log of a run promise for every end; the exit code.

    `words` are the command line, which could not be understood: a command of `commands`, and `--json`,
    are looked for among them. What is no fault of usage was said already.
    """
    from jifen_batch.cli import logs

    code, sentence = exits.verdict(error)
    if "--json" in words:
        output.of_failure(exits.failure(error))
    # Who asks for nothing gets the help, as it stands.
    for_eyes = isinstance(error, click.exceptions.NoArgsIsHelpError) or logs.on_a_terminal()
    if isinstance(error, click.ClickException) and for_eyes:
        with output.on_stderr():
            usage.show(error, language.spoken())
    if next((word for word in words if word in commands), None) == RUN:
        logs.set_up("info")
        line: dict[str, object] = {
            "outcome": FAILED,
            **dict.fromkeys(FIGURES),
            "error": language.here(sentence),
            "sentence": sentence._asdict(),
        }
        logs.logger().error(RUN, **line, seconds=0.0, peak_memory_bytes=None, exit_code=code)
    elif isinstance(error, click.UsageError) and not for_eyes:
        logs.set_up("info")
        exits.logged(sentence, code, "UsageError", help=f"{_called(error)} --help")
    return code


def _called(error: click.UsageError) -> str:
    """The command that was asked for wrongly, as it is called."""
    return error.ctx.command_path if error.ctx else ""
