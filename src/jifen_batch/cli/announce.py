"""`announce`: a quarter of the current run frozen, and the correction notice of what it adjusts."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import dataclasses
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import exits, options, output, progress
from jifen_batch.cli.command import CONFIGURED
from jifen_batch.cli.help import option
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError, refuse_value
from jifen_batch.cli.values import PathText, Remote, Whole
from jifen_batch.engine import allocation
from jifen_batch.errors import DecisionNeededError
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.desk.announce.page import Announcement
    from jifen_batch.desk.announce.print_notices import Wanted

MAX_SHOWN = 10_000_000
_QUARTER = re.compile(r"20[0-9]{2}Q[1-4]")


class QuarterName(click.ParamType[str]):
    """A quarter of the years 2000 to 2099, written 2023Q3."""

    name = "quarter"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The quarter."""
        if not isinstance(value, str) or not _QUARTER.fullmatch(value):
            refuse_value(
                Sentence("is not a quarter", "不是季度"),
                Sentence("write it as 2023Q3", "请写成 2023Q3"),
                param,
                ctx,
            )
        return value


@click.command(
    "announce",
    cls=Watched,
    zh="季度公告：把当前运行的一个季度定下来。\n\n以前公告过的季度里后来变了的，作为调整列出，并附更正公告。",
)
@options.out
@option(
    "--quarter",
    type=QuarterName(),
    metavar="2023Q3",
    help=Sentence("The quarter to announce.", "要公告的季度。"),
)
@option("--dry-run", is_flag=True, help=Sentence("Show everything and freeze nothing.", "只看结果，不公告。"))
@option(
    "--draft",
    is_flag=True,
    help=Sentence(
        "Print the notices as drafts (公示稿), for objections, and freeze nothing.",
        "打印公示稿供提异议，不公告。",
    ),
)
@option(
    "--with-earlier",
    is_flag=True,
    help=Sentence(
        "Put up earlier quarters that were never announced in this announcement, each shown.",
        "连同以前没有公告过的季度一起公告，分季列出。",
    ),
)
@option(
    "--withdraw",
    type=QuarterName(),
    metavar="2023Q3",
    help=Sentence(
        "Take down the last announced quarter, whole, into announced/withdrawn/.",
        "撤回最近一次公告的季度，整个移到 announced/withdrawn/。",
    ),
)
@option(
    "--reason",
    metavar="TEXT",
    help=Sentence("Why it is withdrawn; the next announcement says so.", "撤回的原因，写在下一次公告里。"),
)
@option(
    "--rebuild",
    type=QuarterName(),
    metavar="2023Q3",
    help=Sentence(
        "Make a lost quarter again, and prove that it is the same.", "重新生成丢失的公告，并证明与当时相同。"
    ),
)
@option(
    "--scratch",
    type=PathText(),
    metavar="DIR",
    help=Sentence(
        "For --rebuild: an output folder whose current run is of the inputs of that day.",
        "供 --rebuild：用当时的输入运行过的输出目录。",
    ),
)
@option(
    "--accept-rejects",
    is_flag=True,
    help=Sentence(
        "Take back the points of announced events that are rejected now.",
        "已公告的事项现被退回的，收回其积分。",
    ),
)
@option(
    "--accept-open",
    is_flag=True,
    help=Sentence("Put up points although objections to them are open.", "积分有异议未了结的，也公告。"),
)
@option(
    "--top",
    type=Whole(0, MAX_SHOWN),
    default=1000,
    show_default=True,
    help=Sentence("Show this many adjusted accounts of the correction notice.", "更正公告列出前几条。"),
)
@option(
    "--notices",
    type=PathText(),
    metavar="FOLDER",
    help=Sentence(
        "Also print the villages' notices into this new folder; [notice] of the configuration file says how.",
        "并把各村公告打印到这个新目录；样式由配置文件的 [notice] 定。",
    ),
)
@option(
    "--notice-format",
    multiple=True,
    type=click.Choice(("xlsx", "pdf")),
    default=("xlsx",),
    show_default=True,
    help=Sentence("As workbooks or as PDF; both, given twice.", "工作簿或 PDF；两种都要，写两次。"),
)
@options.fonts
@option(
    "--households",
    type=PathText(Remote.INPUT),
    help=Sentence(
        "The register: with it, notices name householders, masked.",
        "农户名册；有它，公告上列户主姓名（遮盖）。",
    ),
)
@options.mapping
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: click.Context,
    out: str,
    quarter: str | None,
    dry_run: bool,  # noqa: FBT001 - likewise
    draft: bool,  # noqa: FBT001 - likewise
    with_earlier: bool,  # noqa: FBT001 - likewise
    withdraw: str | None,
    reason: str | None,
    rebuild: str | None,
    scratch: str | None,
    accept_rejects: bool,  # noqa: FBT001 - likewise
    accept_open: bool,  # noqa: FBT001 - likewise
    top: int,
    notices: str | None,
    notice_format: tuple[str, ...],
    fonts: str | None,
    households: str | None,
    mapping: tuple[str, ...],
) -> None:
    """Freeze a quarter of the current run.

    What changed in quarters announced before appears as adjustments, with a correction notice.
    """
    if sum(one is not None for one in (quarter, withdraw, rebuild)) != 1:
        raise WrongUsageError(
            "name one quarter: with --quarter, --withdraw or --rebuild",
            "请写明一个季度：用 --quarter、--withdraw 或 --rebuild",
        )
    if (withdraw is None) != (reason is None):
        raise WrongUsageError(
            "--withdraw and --reason go together; give both", "--withdraw 和 --reason 须一起写；请都写"
        )
    if draft and (notices is None or quarter is None):
        raise WrongUsageError(
            "--draft prints notices of --quarter; give --notices FOLDER, too",
            "--draft 印出 --quarter 的公告；请同时写 --notices 文件夹",
        )
    allocation.keep_what_is_let_go()
    if withdraw is not None and reason is not None:
        _withdraw(Path(out), withdraw, reason, as_json=ctx.obj)
    elif rebuild is not None:
        _rebuild(Path(out), rebuild, Path(scratch) if scratch else None, as_json=ctx.obj)
    elif quarter is not None:
        asked = {"with_earlier": with_earlier, "accept_rejects": accept_rejects, "accept_open": accept_open}
        wanted = _wanted(ctx, Path(notices), households, mapping, notice_format, fonts) if notices else None
        _announce(Path(out), quarter, wanted, as_json=ctx.obj, dry_run=dry_run or draft, shown=top, **asked)


def _wanted(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: click.Context,
    notices: Path,
    households: str | None,
    mapping: tuple[str, ...],
    formats: tuple[str, ...],
    fonts: str | None,
) -> Wanted:
    """The notices as the command line and the configuration file want them."""
    from jifen_batch.cli import config
    from jifen_batch.desk.announce.print_notices import Wanted
    from jifen_batch.notices.printed.settings import TownSettings

    configured = ctx.meta.get(CONFIGURED)
    settings = config.notice(configured) if configured else TownSettings()
    return Wanted(notices, households, mapping, settings, tuple(dict.fromkeys(formats)), fonts)


def _withdraw(out: Path, quarter: str, reason: str, *, as_json: bool) -> None:
    """Take a quarter down, and say where it lies."""
    from jifen_batch.desk.announce.withdraw import withdraw
    from jifen_batch.notices import words

    told = withdraw(out, quarter, reason)
    if as_json:
        output.document({"outcome": "withdrawn", **told})
    else:
        of, folder = words.quarter(quarter), words.printable(told["folder"])
        output.sentence(
            Sentence(
                f"The announcement of {of.en} is withdrawn; it is kept in {folder}",
                f"{of.zh}公告已撤回，原公告保存在 {folder}",
            )
        )


def _rebuild(out: Path, quarter: str, scratch: Path | None, *, as_json: bool) -> None:
    """Make a quarter again, and say that it is the same."""
    from jifen_batch.desk.announce.rebuild import rebuild
    from jifen_batch.notices import words

    manifest = rebuild(out, quarter, scratch)
    if as_json:
        output.document({"outcome": "rebuilt", "manifest": manifest})
    else:
        of = words.quarter(quarter)
        output.sentence(
            Sentence(
                f"The announcement of {of.en} is made again: the same by the digest that later runs keep",
                f"{of.zh}公告已重新生成，与以后各次运行记下的摘要一致",
            )
        )


def _announce(  # noqa: PLR0913 - what one is asked for
    out: Path,
    quarter: str,
    wanted: Wanted | None,
    *,
    as_json: bool,
    dry_run: bool,
    with_earlier: bool,
    accept_rejects: bool,
    accept_open: bool,
    shown: int,
) -> None:
    """Freeze a quarter, and print what came of it."""
    from jifen_batch.cli import logs
    from jifen_batch.desk.announce.page import announce
    from jifen_batch.inputs import remark
    from jifen_batch.published import announced

    passed_over = partial(remark.tell, logs.logger(), remark.PASSED_OVER)
    try:
        passed_over(announced.beside(out))
        with progress.counted(Sentence("notices", "打印公告")) as watch:
            done = announce(
                out,
                quarter,
                dry_run=dry_run,
                accept_rejects=accept_rejects,
                accept_open=accept_open,
                with_earlier=with_earlier,
                shown=shown,
                wanted=wanted and dataclasses.replace(wanted, watch=watch, tell=passed_over),
            )
    except DecisionNeededError as error:
        _print_undecided(error, as_json=as_json)
        raise click.exceptions.Exit(exits.settle(error, as_json=False)) from None
    _print(done, as_json=as_json)
    if done.waiting:
        raise click.exceptions.Exit(int(ExitCode.DECISION))


def _print_undecided(error: DecisionNeededError, *, as_json: bool) -> None:
    """What somebody has to decide on, on stdout."""
    if as_json:
        output.document({**exits.failure(error), **error.figures})
        return
    from jifen_batch.notices import undecided

    output.tables(*undecided.parts(error.figures))


def _print(done: Announcement, *, as_json: bool) -> None:
    """The result on stdout."""
    folder = str(done.folder) if done.folder else None
    if as_json:
        output.document(
            {
                "outcome": done.outcome,
                "folder": folder,
                "notices": done.notices,
                "rejected": done.waiting.get("rejected"),
                "disputed": done.waiting.get("disputed"),
                "passed_over": done.waiting.get("passed_over"),
                "manifest": done.content,
                "adjustments": _accounts(done),
                "renamed": done.renamed.to_dicts(),
            }
        )
        return
    from jifen_batch.notices import correction, undecided

    said = (done.outcome, folder, done.content, done.adjustments, done.renamed, done.waiting, done.names)
    output.tables(*correction.parts(*said), *undecided.printed(done.notices))


def _accounts(done: Announcement) -> list[dict[str, Any]]:
    """The adjustments, a document an account, with its `reasons`."""
    from jifen_batch.notices.correction import by_account

    return by_account(done.adjustments)
