"""Kinds of option values: what is accepted, and the sentence for what is not.

Stricter than click's own, because the same values also come from TOML and from variables: no nan, no
true for 1, no digits of other scripts, no date in another order.
"""

from __future__ import annotations

import math
import os
import re
from datetime import date, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

import click

from jifen_batch.cli.usage import WrongUsageError, WrongValueError, refuse_value
from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.engine import address as who_works
from jifen_batch.errors import UsageRefusedError
from jifen_batch.sentence import Sentence
from jifen_batch.signs import is_utf8
from jifen_batch.storage import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(MiB|GiB)")
_UNITS = {"MiB": 1 << 20, "GiB": 1 << 30}
# A colon that no `//` follows; Windows has another sign.
_BETWEEN_PATHS = re.compile(rf"{re.escape(os.pathsep)}(?!//)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


class Remote(Enum):
    """What an address in an object store is taken for."""

    INPUT = auto()
    PUBLISHED = auto()


class PathText(click.ParamType[str]):
    """A file, a folder or a glob, as text; several in one variable stand apart as in PATH.

    `remote` says what an address in an object store is taken for; null = none is.
    """

    name = "path"
    envvar_list_splitter: ClassVar[str] = os.pathsep

    def __init__(self, remote: Remote | None = None) -> None:
        """As the option needs it."""
        self.remote = remote

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Several paths of one variable; the sign that stands between them also stands in an address."""
        return _BETWEEN_PATHS.split(rv)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The path as given."""
        if not isinstance(value, str):
            refuse_value(
                Sentence("is not text", "不是文字"),
                Sentence("write a path in quotes", "请写加引号的路径"),
                param,
                ctx,
            )
        if not value or "\0" in value:
            refuse_value(
                Sentence("is empty or no path", "是空的，或不是路径"),
                Sentence("write a path", "请写路径"),
                param,
                ctx,
            )
        if self.remote is Remote.PUBLISHED and not is_utf8(value):
            refuse_value(
                Sentence("is not UTF-8: no table can be written there", "不是 UTF-8 编码，无法写入表格"),
                Sentence("name the folder in UTF-8", "请用 UTF-8 编码的文件夹名"),
                param,
                ctx,
            )
        if address.is_address(value):
            self._check_address(value, param, ctx)
        return value

    def _check_address(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Refuse an address that is none of an object store, or where none is taken."""
        if self.remote is None:
            refuse_value(
                Sentence("is an address, and this lies on the disk", "是网络地址，而这里要放在本机磁盘上"),
                Sentence("write a path", "请写路径"),
                param,
                ctx,
            )
        if address.parse(value) is None:
            refuse_value(
                Sentence("is no address that is read", "不是能读取的地址"),
                Sentence(
                    "write s3://BUCKET/KEY; the provider is named by AWS_ENDPOINT_URL",
                    "请写 s3://存储桶/键；由 AWS_ENDPOINT_URL 指定服务商",
                ),
                param,
                ctx,
            )


class WhoWorks(click.ParamType[str]):
    """Who works: `here`, `here:N`, a scheduler's address, or `spark` (`engine.address`)."""

    name = "workers"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as given."""
        try:
            who_works.parsed(str(value))
        except UsageRefusedError as refused:
            raise WrongValueError(*refused.sentence, param, ctx) from refused
        return str(value)


class Day(click.ParamType[date]):
    """A day of the years 2000 to 2099, written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        day = _day(value)
        if day is None:
            refuse_value(
                Sentence("is not a date", "不是日期"),
                Sentence("write it as 2024-06-30", "请写成 2024-06-30"),
                param,
                ctx,
            )
        if not FIRST_DAY <= day <= LAST_DAY:
            refuse_value(
                Sentence("is out of range", "超出范围"),
                Sentence(
                    f"write a day from {FIRST_DAY} to {LAST_DAY}",
                    f"请写 {FIRST_DAY} 至 {LAST_DAY} 之间的日期",
                ),
                param,
                ctx,
            )
        return day


class Whole(click.ParamType[int]):
    """A whole number from `low` to `high`."""

    name = "integer"

    def __init__(self, low: int, high: int) -> None:
        """Both bounds belong to the range."""
        self.low, self.high = low, high

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            refuse_value(
                Sentence(
                    f"is not a whole number from {self.low} to {self.high}",
                    f"不是 {self.low} 至 {self.high} 之间的整数",
                ),
                Sentence("write such a number", "请写这样的数"),
                param,
                ctx,
            )
        return value


class Size(click.ParamType[int]):
    """An amount of memory, from `low` bytes on, with its unit as 2GiB or as bytes."""

    name = "size"

    def __init__(self, low: int) -> None:
        """The bound belongs to the range."""
        self.low = low

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        written = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
        size = int(float(written[1]) * _UNITS[written[2]]) if written else 0
        if isinstance(value, int) and not isinstance(value, bool):
            size = value
        if size < self.low:
            refuse_value(
                Sentence(
                    f"is not an amount of at least {self.low >> 20}MiB",
                    f"不是至少 {self.low >> 20}MiB 的内存量",
                ),
                Sentence("write it as 2GiB or 1500MiB", "请写成 2GiB 或 1500MiB"),
                param,
                ctx,
            )
        return size


class Fingerprint(click.ParamType[str]):
    """Sixteen hexadecimal digits, as a command printed them."""

    name = "fingerprint"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The fingerprint."""
        if not isinstance(value, str) or not _FINGERPRINT.fullmatch(value):
            refuse_value(
                Sentence("is no fingerprint", "不是指纹"),
                Sentence("copy the 16 digits that were printed", "请照抄印出的 16 位"),
                param,
                ctx,
            )
        return value


class Share(click.ParamType[float]):
    """A share of a whole, from 0 to 1."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share."""
        share = _number(value)
        # A comparison with nan is false, so that nan is refused here too.
        if not 0.0 <= share <= 1.0:
            refuse_value(
                Sentence("is not a number from 0 to 1", "不是 0 至 1 之间的数"),
                Sentence("write 0.05 for five in a hundred", "百分之五请写 0.05"),
                param,
                ctx,
            )
        return share


def refuse_repeats(paths: Iterable[str], option: str) -> None:
    """Refuse a file or folder that is named twice under `option`, however it is spelt."""
    seen: set[str] = set()
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            raise WrongUsageError(
                f"{option} names {path} twice; name each file or folder once",
                f"{option} 两次指定了 {path}；每个文件或文件夹只写一次",
            )
        seen.add(real)


def _day(value: object) -> date | None:
    """The day that a TOML date or a text means; None for anything else."""
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _number(value: object) -> float:
    """The number that a value means; nan for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan
