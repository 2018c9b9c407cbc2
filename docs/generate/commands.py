"""Commands with their options, exit codes and metrics, from the command line itself."""

from __future__ import annotations

import re

import click

from generate.page import chinese_of_option, in_language, put, put_table
from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.scheme.exit_codes import ENDINGS
from jifen_batch.scheme.metrics import MONITORED

SHARED = {"config", "log_level", "json"}
IN_BRACKETS = re.compile(r"[ ]?\(([^()]*[\u4e00-\u9fff][^()]*)\)")
# Defaults that only words can say, as the help of their option does.
DEFAULTS = {
    "today in Shanghai": "上海的今天",
    "by what the machine has free": "视机器空闲内存而定",
    "the current run's": "照当前运行",
    "all": "全部",
    "they are ours": "就是我方的",
    "this year": "今年",
    "as the locale": "按系统语言",
    "this year, or the last with a book": "今年；今年没有细则则取有细则的最后一年",
    "the base book": "区里的细则",
    "the machine's own": "机器自己的",
    "the terminal's, 160 down a pipe": "照终端；不是终端则为 160",
    "needed": "必填",
}


def _all() -> dict[str, click.Command]:
    return dict(all_commands(program, click.Context(program)))


def _does(command: click.Command) -> str:
    """The first sentence of a command's help, in the page's language: Chinese stands in brackets there."""
    sentence = (command.help or "").split("\n\n")[0].replace("\n", " ").rstrip(".")
    chinese = IN_BRACKETS.search(sentence)
    if chinese is None:
        raise ValueError(f"{command.name}: its help has no Chinese in brackets")
    return in_language(IN_BRACKETS.sub("", sentence).strip(), chinese[1])


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
    if not isinstance(one, click.Option):
        name = str(one.metavar or one.name).upper()
        return [
            f"`{name}`",
            in_language("needed", "必填"),
            chinese_of_option(str(one.name), None)[language_index()],
        ]
    means = re.sub(r"\s+\[default.*", "", one.help or "")
    said = IN_BRACKETS.search(means)
    _, chinese = chinese_of_option(str(one.name), said[1] if said else None)
    return [f"`{one.opts[0]}`", _default(one), in_language(IN_BRACKETS.sub("", means), chinese)]


def language_index() -> int:
    """0 for English, 1 for Chinese."""
    return int(in_language("0", "1"))


def _default(one: click.Option) -> str:
    """What an option is when nobody gives it."""
    in_words = re.search(r"\[default: (.*)\]", one.help or "")
    if one.required or in_words:
        word = in_words[1] if in_words else "needed"
        return in_language(word, DEFAULTS[word])
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
