"""The configuration file: a TOML file whose keys are the options' names with underscores.

Keys at the top serve every command, those of a table named like a command (`[run]`, `["rules show"]`)
serve that one and win; the table `[notice]` says how notices are made out. Paths are relative to the
file's own folder. What is wrong in it is refused, whichever command runs, with the line where it stands.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import usage
from jifen_batch.cli.values import PathText
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError
from jifen_batch.sentence import Sentence
from jifen_batch.storage import address, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.notices.printed.settings import TownSettings

# Far more than all options take; the time to read TOML grows with the square of a hostile key's length.
MAX_CONFIG_BYTES = 1 << 16
AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)$")
NOT_IN_FILES = frozenset({"config", "help", "version"})
NOTICE = "notice"


@dataclass(frozen=True)
class Settings:
    """A read configuration file: where it stands, its text, its tables."""

    path: str
    text: str
    tables: dict[str, object]

    def error(self, table: str | None, key: str, problem: Sentence) -> UsageRefusedError:
        """The sentence about a key, of a table or at the top: file and line, problem and remedy."""
        return self.error_at((table, key) if table else (key,), problem)

    def error_at(self, path: tuple[str, ...], problem: Sentence) -> UsageRefusedError:
        """The same about a key by its path."""
        from jifen_batch.rules.locate import line_of, locate  # noqa: PLC0415 - rules take long to import

        line = line_of(locate(self.text), path)
        return UsageRefusedError(
            f"{self.path}, line {line}: {problem.en}", f"{self.path}，第 {line} 行：{problem.zh}"
        )


def read(path: str) -> Settings:
    """Read a configuration file; raises UsageRefusedError where it is missing or not TOML."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(MAX_CONFIG_BYTES + 1)
    except OSError as error:
        why = reasons.reason(error.errno)
        raise UsageRefusedError(
            f"{path}: the configuration file cannot be read ({why.en}); name a file that can",
            f"{path}：配置文件无法读取（{why.zh}）；请指定可以读取的文件",
        ) from error
    if len(head) > MAX_CONFIG_BYTES:
        raise UsageRefusedError(
            f"{path}: larger than {MAX_CONFIG_BYTES:,} bytes; name a configuration file",
            f"{path}：超过 {MAX_CONFIG_BYTES:,} 字节；请指定配置文件",
        )
    try:
        text = head.decode("utf-8-sig")
        return Settings(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise UsageRefusedError(
            f"{path}: not UTF-8; save the file as UTF-8", f"{path}：不是 UTF-8 编码；请另存为 UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        # A whole number of thousands of digits is no error of TOML's own.
        place = AT_LINE.search(str(error))
        at = f"（第 {place[1]} 行第 {place[2]} 列）" if place else ""
        raise UsageRefusedError(
            f"{path}: not TOML: {error}; correct it there", f"{path}：不符合 TOML 的写法{at}；请在该处改正"
        ) from error


def defaults(
    settings: Settings, commands: Mapping[str, click.Command], command_path: str
) -> dict[str, object]:
    """The option values that a file gives one command; every key of the file is checked.

    `commands` are all commands by their path ("run", "rules show"). Raises UsageRefusedError.
    """
    options = {path: dict(_options(command)) for path, command in commands.items()}
    anywhere = [options[command_path], *(known for path, known in options.items() if path != command_path)]
    shared: dict[str, object] = {}
    own: dict[str, object] = {}
    for key, value in settings.tables.items():
        if not isinstance(value, dict):
            shared[key] = _shared(settings, key, value, anywhere)
        elif key == NOTICE:
            notice(settings)
        elif key not in options:
            nearest = _nearest(key, [*options, *(name for known in anywhere for name in known)])
            raise settings.error(
                None,
                key,
                Sentence(
                    f"no command is called {key!r}; the nearest known name is {nearest!r}",
                    f"没有名为 {key!r} 的命令；最接近的名称是 {nearest!r}",
                ),
            )
        else:
            table = {name: _checked(settings, key, name, value[name], options[key]) for name in value}
            own = table if key == command_path else own
    return {key: value for key, value in shared.items() if key in options[command_path]} | own


def notice(settings: Settings) -> TownSettings:
    """How the file wants notices made out; as nobody said where it says nothing. Raises UsageRefusedError."""
    from jifen_batch.notices.printed import settings as notice_settings  # noqa: PLC0415 - one command's own

    table = settings.tables.get(NOTICE, {})
    if not isinstance(table, dict):
        raise settings.error(
            None,
            NOTICE,
            Sentence(
                f"{NOTICE} is a table; write [{NOTICE}] on a line of its own",
                f"{NOTICE} 是表；请单独一行写 [{NOTICE}]",
            ),
        )
    try:
        return notice_settings.read(table)
    except notice_settings.SettingError as error:
        raise settings.error_at((NOTICE, *error.path), error.sentence) from None


def _options(command: click.Command) -> Iterator[tuple[str, click.Option]]:
    """The options of a command that a file may give."""
    for option in command.params:
        if isinstance(option, click.Option) and option.name and option.name not in NOT_IN_FILES:
            yield option.name, option


def _shared(
    settings: Settings, key: str, value: object, anywhere: Sequence[Mapping[str, click.Option]]
) -> object:
    """The value of a key at the top; `anywhere` are the options of all commands, the asked one's first.

    Where the command asked has no such option, it is enough that some command takes the value.
    """
    own = anywhere[0]
    everything = {name: option for known in anywhere for name, option in known.items()}
    taking = [own] if key in own else [known for known in anywhere if key in known]
    *others, last = taking or [everything]
    for known in others:
        with suppress(UsageRefusedError):
            return _checked(settings, None, key, value, known)
    return _checked(settings, None, key, value, last)


def _checked(
    settings: Settings, table: str | None, key: str, value: object, known: Mapping[str, click.Option]
) -> object:
    """The value of a key as its option takes it, or the sentence about what is wrong with it."""
    if key not in known:
        nearest = _nearest(key, list(known))
        raise settings.error(
            table,
            key,
            Sentence(
                f"the key {key!r} is not known here; the nearest known key is {nearest!r}",
                f"这里没有 {key!r} 这个键；最接近的键是 {nearest!r}",
            ),
        )
    option = known[key]
    several = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not option.multiple:
        raise settings.error(
            table,
            key,
            Sentence(
                f"{key} takes one value; write it without brackets", f"{key} 只取一个值；请不要写方括号"
            ),
        )
    if option.is_flag and not isinstance(value, bool):
        raise settings.error(
            table,
            key,
            Sentence(
                f"{key} is not true or false; write one of these", f"{key} 不是 true 或 false；请写其中之一"
            ),
        )
    try:
        converted = [option.type.convert(_placed(settings, option, one), option, None) for one in several]
    except click.BadParameter as error:
        said = usage.sentence(error)
        raise settings.error(table, key, Sentence(f"{key} {said.en}", f"{key} {said.zh}")) from error
    return converted if option.multiple else converted[0]


def _placed(settings: Settings, option: click.Option, value: object) -> object:
    """A path made relative to the file's folder; anything else as it is."""
    if (
        isinstance(option.type, PathText)
        and isinstance(value, str)
        and value
        and not address.is_address(value)
    ):
        return str(Path(settings.path).parent / value)
    return value


def _nearest(key: str, known: list[str]) -> str:
    """The known name that resembles the key most."""
    import difflib  # noqa: PLC0415 - only for who mistyped

    return difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
