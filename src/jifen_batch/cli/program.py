"""The program: its commands, and the exit code of whatever happens."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from jifen_batch import __version__, taken_along
from jifen_batch.cli import exits, language, not_begun, output
from jifen_batch.cli.command import LazyGroup, config_option
from jifen_batch.cli.help import Option
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence
from jifen_batch.taken_along import left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "jifen-batch"


class Program(LazyGroup):
    """The root of all commands; ends the process with a code of specification 5."""

    def main(  # type: ignore[override]  # click's modes of calling are not wanted: this always exits
        self, args: Sequence[str] | None = None, prog_name: str = NAME, **_extra: object
    ) -> NoReturn:
        """Run the command that `args` (default: the command line) name, and exit with its code."""
        words = list(sys.argv[1:] if args is None else args)
        with exits.stopping_signals():
            code = self._call(words, prog_name)
        sys.exit(code)

    def watch(self) -> NoReturn:
        """The same for this process's command line; work that may end a process is left to a child.

        The process ends at once: to take the interpreter apart takes one part in fifty of a village's night.
        All that was said has been flushed (`output`).
        """
        words = sys.argv[1:]
        exits.hold()
        exits.heed_children()
        with exits.stopping_signals():
            code = self._call(words, NAME, watched_words=words)
        os._exit(code)

    def work(self, words: list[str]) -> int:
        """What such a child does; it heeds signals only while the command works, and then reports them.

        The code to exit with.
        """
        with left_out(taken_along.of_tables()):
            return self._call(words, NAME)

    def _call(self, words: list[str], prog_name: str, watched_words: list[str] | None = None) -> int:
        output.unsaid.clear()
        exits.came.clear()
        # Of what is said before a command is understood, its help among it.
        language.choose(language.asked_in(words))
        try:
            with self.make_context(prog_name, [*words], obj=watched_words) as ctx:
                self.invoke(ctx)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.ClickException as error:
            return not_begun.report(error, words, self.modules)
        except BrokenPipeError:
            output.hush()
        except BaseException as error:  # noqa: BLE001 - a signal is no Exception
            from jifen_batch.cli import logs  # noqa: PLC0415 - structlog takes a moment that --help has not

            logs.set_up("info")
            exits.settle(error, as_json=False)
            return not_begun.report(error, words, self.modules)
        return int(ExitCode.DISK if output.unsaid else ExitCode.DONE)


program = Program(
    NAME,
    {
        "init": "init",
        "template": "template",
        "run": "run",
        "what-if": "what_if",
        "current": "current",
        "explain": "explain",
        "announce": "announce",
        "compare": "compare",
        "reconcile": "reconcile",
        "worklist": "worklist",
        "report": "report",
        "export": "export",
        "verify": "verify",
        "fleet": "fleet",
        "rules": "rules",
        "workers": "workers",
        "synth": "synth",
        "docs": "docs",
    },
    help=Sentence(
        "Score village households under the points scheme, and publish what they earned.",
        "按乡村治理积分制给农户记分，并发布结果。",
    ),
)
program.params.append(config_option())
program = click.version_option(
    __version__,
    prog_name=NAME,
    message="%(prog)s %(version)s",
    cls=Option,
    help=Sentence("Show the version and exit.", "显示版本。"),
)(program)
