"""The options that several commands have, each written once: what it takes, and how help tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from jifen_batch.cli.help import option
from jifen_batch.cli.values import Day, PathText, Remote, Whole, WhoWorks
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_GRACE_DAYS = 3660
MAX_TOP = 1000
GRACE_DAYS = 15

_Body = TypeVar("_Body", bound="Callable[..., object]")

out = option(
    "--out",
    required=True,
    type=PathText(Remote.PUBLISHED),
    metavar="DIR",
    help=Sentence("The output folder.", "输出目录。"),
)
villages = option(
    "--villages",
    type=PathText(Remote.INPUT),
    help=Sentence("Names and household totals of villages.", "村名单：村名和总户数。"),
)
successions = option(
    "--successions",
    type=PathText(Remote.INPUT),
    help=Sentence("Households under new ids.", "户编号变更：换了编号的户、并入别户的户。"),
)

mapping = option(
    "--mapping",
    multiple=True,
    type=PathText(Remote.INPUT),
    metavar="FILE.toml",
    help=Sentence(
        "How a foreign sheet reads: its headers and words as ours; once for each input that needs one.",
        "对照表：别人的表怎么读，表头和用词对应我方的哪些；每种表各给一次。",
    ),
    unless=Sentence("they are ours", "就是我方的"),
)

fonts = option(
    "--fonts",
    type=PathText(),
    metavar="DIR",
    help=Sentence("A folder with Chinese fonts for PDF.", "放 PDF 所用中文字体的目录。"),
    unless=Sentence("the machine's own", "机器自己的"),
)


shuffle = option(
    "--shuffle",
    type=PathText(),
    metavar="FOLDER",
    help=Sentence(
        "A folder that this machine and all workers see under one path, for what they exchange; needed "
        "with workers elsewhere.",
        "交换目录：本机和各工作进程以同一路径看得到；工作进程在别的机器上时必填。",
    ),
)


def workers(text: Sentence, **more: Any) -> Callable[[_Body], _Body]:  # noqa: ANN401 - click's own
    """Who works."""
    return option("--workers", type=WhoWorks(), metavar="WHO", help=text, **more)


def inputs(body: _Body) -> _Body:
    """The events and the register, which every command that scores reads."""
    events = option(
        "--events",
        required=True,
        type=PathText(Remote.INPUT),
        help=Sentence("Events: a file, folder or glob.", "申报/认定事项：文件、目录或通配符。"),
    )
    households = option(
        "--households",
        required=True,
        type=PathText(Remote.INPUT),
        help=Sentence("The register.", "农户名册。"),
    )
    return events(households(body))


def rules(text: Sentence, *, required: bool) -> Callable[[_Body], _Body]:
    """Rule books: files or folders, as often as there are some."""
    return option("--rules", required=required, multiple=True, type=PathText(Remote.INPUT), help=text)


def as_of(default: Sentence) -> Callable[[_Body], _Body]:
    """The day until which things count; `default` says what it is where none is given."""
    told = Sentence("Score as of this day.", "截止日期：只算到这一天。")
    return option("--as-of", type=Day(), help=told, unless=default)


def grace_days(default: int | Sentence) -> Callable[[_Body], _Body]:
    """Days of grace: a number as default, or words for where it comes from."""
    text = Sentence(
        "Days after a quarter in which approvals still count for it.", "季末之后多少天内审定的仍归该季。"
    )
    days = Whole(0, MAX_GRACE_DAYS)
    if isinstance(default, Sentence):
        return option("--grace-days", type=days, help=text, unless=default)
    return option("--grace-days", type=days, default=default, show_default=True, help=text)


def top(default: int, text: Sentence) -> Callable[[_Body], _Body]:
    """How many households are shown."""
    return option("--top", type=Whole(0, MAX_TOP), default=default, show_default=True, help=text)


def run(text: Sentence) -> Callable[[_Body], _Body]:
    """A published run, by its id or `current`."""
    return option("--run", default="current", show_default=True, metavar="RUN", help=text)


def metrics(text: Sentence) -> Callable[[_Body], _Body]:
    """A file of figures for Prometheus."""
    return option("--metrics", type=PathText(), metavar="FILE.prom", help=text)
