"""What every command has in common: shared options, where values come from, how it ends.

An option's value comes from the command line, else its `JIFEN_*` variable, else the configuration
file, else its default. Every failure of a command's body becomes a sentence and an exit code here.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import config, exits, language, stores
from jifen_batch.cli.help import SHOW_THIS, Context, Option, first_sentence
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.cli.values import PathText
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG_LEVEL = "jifen_batch.log_level"
# The configuration file that was read, where there is one (`config.Settings`).
CONFIGURED = "jifen_batch.configured"
LOG_LEVELS = ("debug", "info", "warning", "error")
EPILOG = Sentence(
    "Every option also comes from --config FILE.toml (keys: the names with underscores) and from JIFEN_* "
    "variables (JIFEN_AS_OF for --as-of); the command line wins over the variable, and that over the file.",
    "每个选项也可写在 --config FILE.toml 里（键为选项名，连字符改下划线），或写成 JIFEN_* 环境变量"
    "（--as-of 为 JIFEN_AS_OF）；命令行优先于环境变量，环境变量优先于文件。",
)


class Told(click.Command):
    """Something to call, whose help is in the language of the command."""

    context_class = Context
    told: Sentence

    def _said(self) -> str:
        return language.here(self.told)

    def _pass_over(self, _: object) -> None:
        """Click sets what it was given: English, or nothing."""

    help = property(_said, _pass_over)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - click cuts it, and we fold it
        """What it does, in a list of commands."""
        return language.here(first_sentence(self.told))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help` itself."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = language.here(SHOW_THIS)
        return option


class Command(Told):
    """A command with `--config`, `--log-level` and `--json`, whose options also come from elsewhere."""

    def __init__(self, name: str | None, *, help: str, zh: str, **attributes: object) -> None:  # noqa: A002
        """As click's, with the shared options put after the command's own; `zh` is its `help` in Chinese."""
        self.told = Sentence(inspect.cleandoc(help), zh)
        super().__init__(name, **attributes)  # type: ignore[arg-type]  # handed through
        self.params.extend(_shared_options())
        for option in self.params:
            if isinstance(option, click.Option) and option.name:
                option.envvar = f"JIFEN_{option.name.upper()}"

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Where options come from as well."""
        self.epilog = language.here(EPILOG)
        super().format_epilog(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, with the configuration file's values standing behind the command line's."""
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for option in order:
            repeated = isinstance(option, click.Option) and not option.multiple and order.count(option) > 1
            if repeated:
                raise WrongUsageError(
                    f"{option.opts[0]} is given twice; give it once",
                    f"{option.opts[0]} 写了两次；请只写一次",
                    ctx,
                )
        # Help is asked for most where the file is wrong.
        if not any(option.is_eager for option in order):
            ctx.default_map = _from_file(ctx, self, given.get("config"))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the body; an error of any kind ends in a sentence and an exit code."""
        as_json = bool(ctx.params.pop("json"))
        ctx.params.pop("config")
        ctx.meta[LOG_LEVEL] = ctx.params.pop("log_level")
        language.choose(ctx.params.pop("language"))
        watched_words = ctx.obj
        if watched_words is None:
            # Before signals are heeded: while this is loaded nothing could report one in full.
            self.set_up_logs(ctx)
        with exits.stopping_signals():
            try:
                return self.body(ctx, watched_words, as_json=as_json)
            except (click.ClickException, click.exceptions.Exit):
                raise
            except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
                if watched_words is not None:
                    self.set_up_logs(ctx)
                ctx.exit(exits.settle(error, as_json=as_json))

    def body(self, ctx: click.Context, watched_words: list[str] | None, *, as_json: bool) -> object:  # noqa: ARG002
        """What the command does; `watched_words` are null where this process is not to watch another."""
        ctx.obj = as_json
        exits.release()
        if stores.named(ctx):
            self.bring(ctx, as_json=as_json)
        return super().invoke(ctx)

    def bring(self, ctx: click.Context, *, as_json: bool) -> None:  # noqa: ARG002 - for who reports all ends
        """Have what lies in an object store at hand until the command ends."""
        ctx.with_resource(stores.at_hand(ctx))

    def set_up_logs(self, ctx: click.Context) -> None:
        """Log as the command line wants it; only who logs needs to wait for that."""
        from jifen_batch.cli import logs  # noqa: PLC0415 - structlog takes a moment that --help has not

        logs.set_up(str(ctx.meta[LOG_LEVEL]))


class LazyGroup(Told, click.Group):
    """A group whose commands are imported when they are asked for.

    `modules` says in which module of the command line a command stands, under its own name.
    """

    def __init__(self, name: str, modules: dict[str, str], help: Sentence) -> None:  # noqa: A002 - click's word
        """Commands are listed in the order of `modules`."""
        self.told = help
        super().__init__(name)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of the commands, in the order in which they are shown."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        module = self.modules.get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(f"jifen_batch.cli.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101 - holds by the table above
        return command


def all_commands(
    group: click.Group, ctx: click.Context, path: str = ""
) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, with its path: `("rules show", …)`."""
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from all_commands(command, ctx, f"{path}{name} ")
        elif command is not None:
            yield f"{path}{name}", command


def config_option() -> click.Option:
    """`--config`, which may stand before a command's name or after it."""
    return Option(
        ["--config"],
        type=PathText(),
        metavar="FILE.toml",
        help=Sentence("Take options from this file.", "从这个配置文件取选项。"),
    )


def _shared_options() -> list[click.Option]:
    """The options that every command has."""
    return [
        config_option(),
        Option(
            ["--log-level"],
            type=click.Choice(LOG_LEVELS),
            default="info",
            show_default=True,
            help=Sentence("How much to tell on stderr.", "日志写多少（写到 stderr）。"),
        ),
        Option(
            ["--language"],
            type=click.Choice(language.LANGUAGES),
            help=Sentence(
                "In which language to answer; results are Chinese unless it is given.",
                "用哪种语言回答；不写时结果一律用中文。",
            ),
            unless=Sentence("as the locale", "按系统语言"),
        ),
        Option(
            ["--json"],
            is_flag=True,
            help=Sentence("Print one JSON document, for machines.", "打印一个 JSON，供程序读取。"),
        ),
    ]


def _from_file(ctx: click.Context, command: click.Command, given: object) -> dict[str, object]:
    """What the configuration file gives this command; empty without one."""
    root = ctx.find_root()
    before = root.params.get("config")
    if before and given:
        raise WrongUsageError("--config is given twice; give it once", "--config 写了两次；请只写一次", ctx)
    option = next(option for option in command.params if option.name == "config")
    path = given or before or option.resolve_envvar_value(ctx)
    if not path or not isinstance(root.command, click.Group):
        return {}
    commands = dict(all_commands(root.command, root))
    command_path = ctx.command_path.removeprefix(root.command_path).strip()
    settings = ctx.meta[CONFIGURED] = config.read(str(path))
    return config.defaults(settings, commands, command_path)
