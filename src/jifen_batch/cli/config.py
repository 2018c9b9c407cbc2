"""The configuration file: a TOML file whose keys are the options' names with underscores.

Keys at the top serve every command, those of a table named like a command (`[run]`, `["rules show"]`)
serve that one and win; the table `[notice]` says how notices are made out. Paths are relative to the
file's own folder. What is wrong in it is refused, whichever command runs, with the line where it stands.
"""

from __future__ import annotations

import difflib
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli.values import PathText
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.notices.printed.settings import TownSettings

# Far more than all options take; the time to read TOML grows with the square of a hostile key's length.
MAX_CONFIG_BYTES = 1 << 16
NOT_IN_FILES = frozenset({"config", "help", "version"})
NOTICE = "notice"


@dataclass(frozen=True)
class Settings:
    """A read configuration file: where it stands, its text, its tables."""

    path: str
    text: str
    tables: dict[str, object]

    def error(self, table: str | None, key: str, problem: str) -> UsageRefusedError:
        """The sentence about a key, of a table or at the top: file and line, problem and remedy."""
        return self.error_at((table, key) if table else (key,), problem)

    def error_at(self, path: tuple[str, ...], problem: str) -> UsageRefusedError:
        """The same about a key by its path."""
        from jifen_batch.rules.locate import line_of, locate  # noqa: PLC0415 - rules take long to import

        line = line_of(locate(self.text), path)
        return UsageRefusedError(f"{self.path}, line {line}: {problem}")


def read(path: str) -> Settings:
    """Read a configuration file; raises UsageRefusedError where it is missing or not TOML."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(MAX_CONFIG_BYTES + 1)
    except OSError as error:
        raise UsageRefusedError(
            f"{path}: the configuration file cannot be read ({error.strerror}); name a file that can"
        ) from error
    if len(head) > MAX_CONFIG_BYTES:
        raise UsageRefusedError(f"{path}: larger than {MAX_CONFIG_BYTES:,} bytes; name a configuration file")
    try:
        text = head.decode("utf-8-sig")
        return Settings(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise UsageRefusedError(f"{path}: not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        # A whole number of thousands of digits is no error of TOML's own.
        raise UsageRefusedError(f"{path}: not TOML: {error}; correct it there") from error


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
                None, key, f"no command is called {key!r}; the nearest known name is {nearest!r}"
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
        raise settings.error(None, NOTICE, f"{NOTICE} is a table; write [{NOTICE}] on a line of its own")
    try:
        return notice_settings.read(table)
    except notice_settings.SettingError as error:
        raise settings.error_at((NOTICE, *error.path), error.problem) from None


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
            table, key, f"the key {key!r} is not known here; the nearest known key is {nearest!r}"
        )
    option = known[key]
    several = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not option.multiple:
        raise settings.error(table, key, f"{key} takes one value; write it without brackets")
    if option.is_flag and not isinstance(value, bool):
        raise settings.error(table, key, f"{key} is not true or false; write one of these")
    try:
        converted = [option.type.convert(_placed(settings, option, one), option, None) for one in several]
    except click.BadParameter as error:
        raise settings.error(table, key, f"{key} {error.message}") from error
    return converted if option.multiple else converted[0]


def _placed(settings: Settings, option: click.Option, value: object) -> object:
    """A path made relative to the file's folder; anything else as it is."""
    if isinstance(option.type, PathText) and isinstance(value, str) and value:
        return str(Path(settings.path).parent / value)
    return value


def _nearest(key: str, known: list[str]) -> str:
    """The known name that resembles the key most."""
    return difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
