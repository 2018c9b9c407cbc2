"""What is wrong with a command line, in both languages: our own sentences, and those that click makes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import click

from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
NO_VALUE = "does not take a value"


class WrongUsageError(click.UsageError):
    """Options that do not go together, or one given twice."""

    def __init__(self, message: str, zh: str, ctx: click.Context | None = None) -> None:
        """Keep the sentence in both languages."""
        super().__init__(message, ctx)
        self.zh = zh


class WrongValueError(click.BadParameter):
    """A value that its option does not take."""

    def __init__(
        self, message: str, zh: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> None:
        """Keep problem and remedy in both languages."""
        super().__init__(message, ctx, param)
        self.zh = zh


def refuse_value(
    problem: Sentence, remedy: Sentence, param: click.Parameter | None, ctx: click.Context | None
) -> NoReturn:
    """Raise `WrongValueError` for the value of an option."""
    raise WrongValueError(f"{problem.en}; {remedy.en}", f"{problem.zh}；{remedy.zh}", param, ctx)


def sentence(error: click.ClickException) -> Sentence:
    """What is wrong, without the option whose value it may be."""
    return Sentence(error.message, _said(error))


def whole(error: click.ClickException) -> Sentence:
    """The whole sentence about an error of usage."""
    said = _said(error)
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        named = _named(error)
        said = f"{named} 的值不对：{said}" if named else f"值不对：{said}"
    return Sentence(error.format_message(), said)


def show(error: click.ClickException, language: str) -> None:
    """Say it as click does: how the command is called, where there is help, and what is wrong."""
    if language != "zh" or not isinstance(error, click.UsageError):
        error.show()
        return
    if error.ctx is not None:
        called = error.ctx.get_usage().replace("Usage: ", "用法：", 1)
        click.echo(f"{called}\n说明见 {error.ctx.command_path} --help\n", err=True)
    click.echo(f"错误：{whole(error).zh}", err=True)


def _said(error: click.ClickException) -> str:
    """The Chinese of what click, or we, say."""
    match error:
        case WrongUsageError() | WrongValueError():
            said = error.zh
        case click.MissingParameter():
            said = f"缺少{'参数' if isinstance(error.param, click.Argument) else '选项'} {_named(error)}"
        case click.NoSuchOption():
            said = f"没有选项 {error.option_name}{_or_perhaps(error.possibilities)}"
        case click.exceptions.NoSuchCommand():
            said = f"没有命令 {error.command_name}{_or_perhaps(error.possibilities)}"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} {'不带值' if NO_VALUE in error.message else '后面缺少值'}"
        case click.BadParameter():
            said = _of_value(error)
        case _:
            extra = EXTRA.search(error.message)
            said = f"多出了参数（{extra[1]}）" if extra else f"用法有误：{error.message}"
    return said


def _of_value(error: click.BadParameter) -> str:
    """What a type of click's own says of a value that it does not take."""
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"请写 {'、'.join(map(str, kind.choices))} 之一"
    if isinstance(kind, click.IntRange):
        return f"请写 {kind.min} 至 {kind.max} 之间的整数"
    return f"用法有误：{error.message}"


def _named(error: click.BadParameter) -> str:
    """The option or argument that an error is about, as it is written."""
    if error.param is None:
        return ""
    named: Sequence[str] = error.param.opts if isinstance(error.param, click.Option) else ()
    return named[0] if named else error.param.human_readable_name


def _or_perhaps(possibilities: Sequence[str] | None) -> str:
    """What may be meant instead."""
    return f"；是否指 {'、'.join(possibilities)}" if possibilities else ""
