"""The options that several commands have, each written once: what it takes, and how help tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from jifen_batch.cli.values import Day, PathText, Remote, Whole, WhoWorks

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_GRACE_DAYS = 3660
MAX_TOP = 1000
GRACE_DAYS = 15

_Body = TypeVar("_Body", bound="Callable[..., object]")

out = click.option(
    "--out",
    required=True,
    type=PathText(Remote.PUBLISHED),
    metavar="DIR",
    help="The output folder (输出目录).",
)
villages = click.option(
    "--villages", type=PathText(Remote.INPUT), help="Names and household totals of villages (村名单)."
)
successions = click.option(
    "--successions", type=PathText(Remote.INPUT), help="Households under new ids (户编号变更)."
)

mapping = click.option(
    "--mapping",
    multiple=True,
    type=PathText(Remote.INPUT),
    metavar="FILE.toml",
    help="How a foreign sheet reads: its headers and words as ours (对照表); once for each input that needs "
    "one.  [default: they are ours]",
)

fonts = click.option(
    "--fonts",
    type=PathText(),
    metavar="DIR",
    help="A folder with Chinese fonts for PDF (字体文件夹).  [default: the machine's own]",
)


shuffle = click.option(
    "--shuffle",
    type=PathText(),
    metavar="FOLDER",
    help="A folder that this machine and all workers see under one path, for what they exchange "
    "(交换文件夹); needed with workers elsewhere.",
)


def workers(text: str, **more: Any) -> Callable[[_Body], _Body]:  # noqa: ANN401 - click's own
    """Who works."""
    return click.option("--workers", type=WhoWorks(), metavar="WHO", help=text, **more)


def inputs(body: _Body) -> _Body:
    """The events and the register, which every command that scores reads."""
    events = click.option(
        "--events",
        required=True,
        type=PathText(Remote.INPUT),
        help="Events (申报认定事项): a file, folder or glob.",
    )
    households = click.option(
        "--households", required=True, type=PathText(Remote.INPUT), help="The register (农户名册)."
    )
    return events(households(body))


def rules(text: str, *, required: bool) -> Callable[[_Body], _Body]:
    """Rule books: files or folders, as often as there are some."""
    return click.option("--rules", required=required, multiple=True, type=PathText(Remote.INPUT), help=text)


def as_of(default: str) -> Callable[[_Body], _Body]:
    """The day until which things count; `default` says what it is where none is given."""
    return click.option("--as-of", type=Day(), help=f"Score as of this day (截止日期).  [default: {default}]")


def grace_days(default: int | str) -> Callable[[_Body], _Body]:
    """Days of grace: a number as default, or words for where it comes from."""
    text = "Days after a quarter in which approvals still count for it (审定宽限天数)."
    days = Whole(0, MAX_GRACE_DAYS)
    if isinstance(default, str):
        return click.option("--grace-days", type=days, help=f"{text}  [default: {default}]")
    return click.option("--grace-days", type=days, default=default, show_default=True, help=text)


def top(default: int, text: str) -> Callable[[_Body], _Body]:
    """How many households are shown."""
    return click.option("--top", type=Whole(0, MAX_TOP), default=default, show_default=True, help=text)


def run(text: str) -> Callable[[_Body], _Body]:
    """A published run, by its id or `current`."""
    return click.option("--run", default="current", show_default=True, metavar="RUN", help=text)


def metrics(text: str) -> Callable[[_Body], _Body]:
    """A file of figures for Prometheus."""
    return click.option("--metrics", type=PathText(), metavar="FILE.prom", help=text)
