"""Commands with their options, exit codes and metrics, from the command line itself."""

from __future__ import annotations

import click

from generate.page import in_language, meaning_of_argument, put, put_table
from jifen_batch.cli.command import Command, all_commands
from jifen_batch.cli.help import Option, first_sentence
from jifen_batch.cli.program import program
from jifen_batch.scheme.exit_codes import ENDINGS
from jifen_batch.scheme.metrics import MONITORED
from jifen_batch.sentence import Sentence

SHARED = {"config", "log_level", "json"}
NEEDED = Sentence("needed", "必填")


def _all() -> dict[str, click.Command]:
    return dict(all_commands(program, click.Context(program)))


def _does(command: click.Command) -> str:
    """The first sentence of a command's help, in the page's language."""
    assert isinstance(command, Command)  # noqa: S101 - all of ours are
    return in_language(*first_sentence(command.told))


def commands() -> None:
    """Each command with its options: a heading, what it does, a row per option or argument."""
    for name, command in _all().items():
        put(f"## {name}")
        put(_does(command) + in_language(".", "。"))
        put_table(
            in_language("option default meaning", "选项 默认 意思").split(),
            [_row(one) for one in command.params if one.name not in SHARED],
        )


def command_list() -> None:
    """A row per command: its name and what it does."""
    rows = ([f"`{name}`", _does(command)] for name, command in _all().items())
    put_table(in_language("command does", "命令 做什么").split(), rows)


def options(name: str) -> None:
    """A row per option or argument of one command."""
    rows = [_row(one) for one in _all()[name].params if one.name not in SHARED]
    put_table(in_language("option default meaning", "选项 默认 意思").split(), rows)


def _row(one: click.Parameter) -> list[str]:
    """What an option or argument is unless given, and what it means."""
    if not isinstance(one, Option):
        name = str(one.metavar or one.name).upper()
        return [f"`{name}`", in_language(*NEEDED), in_language(*meaning_of_argument(str(one.name)))]
    return [f"`{one.opts[0]}`", _default(one), in_language(*(said.rstrip(".。") for said in one.told))]


def _default(one: Option) -> str:
    """What an option is when nobody gives it."""
    if one.required or one.unless:
        return in_language(*(one.unless or NEEDED))
    # A new release of click has an object for "none given", an older one has None.
    given = one.default if isinstance(one.default, int | float | str) else None
    return "" if given is None or given is False else f"`{given}`"


def exit_codes() -> None:
    """A row per exit code: what it means and what is to be done."""
    rows = (
        [f"`{one.code}`", in_language(one.means_en, one.means_zh), in_language(one.remedy_en, one.remedy_zh)]
        for one in ENDINGS
    )
    put_table(in_language("code | meaning | what to do", "退出码 | 意思 | 怎么办").split(" | "), rows)


def metrics() -> None:
    """A row per metric of `--metrics`: its name, and what its value is."""
    rows = (
        [f"`jifen_batch_{command}_{one.name}`", in_language(one.means_en, one.means_zh)]
        for command, told in MONITORED.items()
        for one in told.every
    )
    put_table(in_language("metric value", "指标 值").split(), rows)
