"""`run`: the nightly job, from rows to a published run."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import options, output, progress, rehearsal, who_works
from jifen_batch.cli.canonical_line import canonical_line
from jifen_batch.cli.help import option
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.cli.values import Fingerprint, PathText, Remote, Share, Size, Whole, refuse_repeats
from jifen_batch.engine import allocation
from jifen_batch.scheme.outcomes import KEPT, PUBLISHED
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.cli.night_lists import NightLists
    from jifen_batch.worker import RunOptions, RunReport

MAX_KEEP = 100_000
LEAST_MEMORY = 1 << 30
# A night's line is read whole; all edits stand in the manifest.
MAX_EDITS_LOGGED = 20


@click.command(
    "run",
    cls=Watched,
    last_words=canonical_line,
    zh="每夜记分并发布。\n\n读入、记分、写出、核对、发布；输入与以前相同的会认出来，随即结束。",
)
@options.inputs
@options.rules(
    Sentence(
        "Rule books: a TOML file or a folder of them; may be given several times.",
        "积分细则：TOML 文件，或放这些文件的目录（可重复）。",
    ),
    required=True,
)
@options.out
@options.villages
@option(
    "--redemptions",
    type=PathText(Remote.INPUT),
    help=Sentence("Points spent on goods: keeps wallets/.", "积分换物；有它才有 wallets/。"),
)
@options.successions
@option(
    "--objections",
    type=PathText(Remote.INPUT),
    help=Sentence("Points that somebody disputes.", "异议：有争议的积分。"),
)
@option(
    "--prices",
    type=PathText(Remote.INPUT),
    help=Sentence(
        "What goods cost, to hold redemptions against.", "价目：物品各值多少分，兑换记录与它核对。"
    ),
)
@options.mapping
@options.as_of(Sentence("today in Shanghai", "上海的今天"))
@options.grace_days(options.GRACE_DAYS)
@option(
    "--max-reject-rate",
    type=Share(),
    default=0.05,
    show_default=True,
    help=Sentence(
        "Publish nothing if more of the rows than this are rejected.", "退回率上限，超过就不发布。"
    ),
)
@option(
    "--keep",
    type=Whole(1, MAX_KEEP),
    default=8,
    show_default=True,
    help=Sentence("Runs to keep.", "保留几次运行。"),
)
@option(
    "--memory",
    type=Size(LEAST_MEMORY),
    metavar="SIZE",
    help=Sentence(
        "What the run may hold in memory, as 2GiB.", "运行可占的内存，如 2GiB；放不下的行暂存磁盘。"
    ),
    unless=Sentence("by what the machine has free", "视机器空闲内存而定"),
)
@options.workers(
    Sentence(
        "Who works: here, here:N (N cores), dask+tls://HOST:PORT, or spark.",
        "由谁计算：here、here:N（N 个核）、dask+tls://HOST:PORT 或 spark。",
    ),
    default="here",
    show_default=True,
)
@options.shuffle
@option(
    "--accept-rules",
    type=Fingerprint(),
    metavar="FINGERPRINT",
    help=Sentence(
        "Accept the edited rule books that change announced quarters; `what-if` prints it.",
        "接受会改动已公告季度的细则修改；指纹由 `what-if` 打印。",
    ),
)
@option(
    "--accept-loss",
    type=Fingerprint(),
    metavar="FINGERPRINT",
    help=Sentence(
        "Accept that what was there is missing or taken back; the refused run prints it.",
        "接受少了的事项或被收回的积分；指纹由被拒绝的那次运行打印。",
    ),
)
@option(
    "--max-takeback",
    type=Share(),
    default=0.02,
    show_default=True,
    help=Sentence(
        "Publish nothing if more of a village's announced points than this, and more than 50, would be "
        "taken back.",
        "各村各年已公告积分最多可收回的比例（且至少 50 分），超过就不发布。",
    ),
)
@option(
    "--make-current",
    is_flag=True,
    help=Sentence(
        "Let a run as of a day before the current one's become the current one.",
        "截止日期较早的运行也设为当前结果。",
    ),
)
@options.top(
    0,
    Sentence(
        "Also show this many households of each village's standings and announcement.",
        "并列出各村积分榜和公告的前几户。",
    ),
)
@option(
    "--worklists",
    type=PathText(),
    metavar="FOLDER",
    help=Sentence(
        "Also write the villages' work lists into this new folder, of a refused night, too.",
        "并把各村待办清单写到这个新目录，未发布的那次也写。",
    ),
)
@option(
    "--dry-run",
    is_flag=True,
    help=Sentence(
        "Do all but publish: say what would come of it, and end as the night would.",
        "试运行：除发布外全都做，说明会有什么结果，退出码与正式运行相同。",
    ),
)
@options.metrics(
    Sentence("Also write how the run ended for Prometheus.", "并把结束情况写成监控指标文件（Prometheus）。")
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    /,
    out: str,
    top: int,
    worklists: str | None,
    dry_run: bool,  # noqa: FBT001 - likewise
    metrics: str | None,
    workers: str,
    shuffle: str | None,
    **asked: Any,  # noqa: ANN401 - what else is asked of a run, under the names of `RunOptions`
) -> None:
    """Score all events and publish.

    Intake, score, write, check, publish; the same inputs again are recognised, and the run ends at once.
    """
    refuse_repeats(asked["rules"], "--rules")
    if asked["prices"] and not asked["redemptions"]:
        raise WrongUsageError(
            "--prices is for redemptions: give --redemptions as well",
            "--prices 用于积分换物：请同时写 --redemptions",
        )
    if dry_run and metrics:
        raise WrongUsageError(
            "--dry-run and --metrics do not go together: monitoring is told of nights",
            "--dry-run 和 --metrics 不能同时写：监控只记正式的执行",
        )
    who = who_works.settled(workers, shuffle, out, asked, prints=worklists is not None)
    with canonical_line(click.get_current_context().params, as_json, time.monotonic()) as line:
        allocation.keep_what_is_let_go()
        from jifen_batch.cli.night_lists import NightLists
        from jifen_batch.worker import RunOptions

        lists = NightLists(Path(out), worklists, line)
        options = RunOptions(out=Path(out), **who, **asked)
        if dry_run:
            rehearsal.rehearse(options, lists, line, top, as_json=as_json)
        else:
            _publish(options, lists, line, top, as_json=as_json)


def _publish(
    options: RunOptions, lists: NightLists, line: dict[str, object], top: int, *, as_json: bool
) -> None:
    """Work the night and publish it; its work lists are written from what was published."""
    from jifen_batch import worker
    from jifen_batch.cli import logs

    with progress.watched() as watching:
        report = worker.run(options, logs.logger(), watching, lists.of_refused if lists.to else None)
        line.update(_figures(report))
    lists.of_published(report.run_id)
    _print(report, top, as_json=as_json)


def _figures(report: RunReport) -> dict[str, object]:
    """What the canonical line says of a finished run."""
    from jifen_batch.published.manifest import made_by

    manifest = report.manifest
    dispositions = manifest["control_totals"]["dispositions"]
    figures: dict[str, object] = {
        "outcome": report.outcome,
        "run_id": report.run_id,
        "as_of": manifest["as_of"],
        "rows": manifest["accounting"]["rows"],
        "lines": sum(total["lines"] for total in dispositions.values()),
        "rejects": manifest["accounting"]["rejected"],
        # Programs before 0.2 told none.
        "warnings": sum(len(manifest.get(told, ())) for told in ("passed_over", "warnings")),
        "made_by": made_by(manifest),
    }
    if report.held_back:
        from jifen_batch.notices import held_back

        figures["sentence"] = held_back.in_one(report.held_back)._asdict()
        figures["held_back"] = report.held_back["books"]
        for edits in ("edits", "edits_en"):
            figures[edits] = report.held_back[edits][:MAX_EDITS_LOGGED]
        figures["accept_rules"] = report.held_back["accept_rules"]
        figures["quarters"] = [
            {name: one[name] for name in ("quarter", "households", "points_up", "points_down")}
            for one in report.held_back["quarters"]
        ]
    if report.outcome in {PUBLISHED, KEPT}:
        # A recognised run's manifest tells of the run that made it, not of this one.
        figures["peak_memory_bytes"] = manifest["peak_memory_bytes"]
    return figures


def _print(report: RunReport, top: int, *, as_json: bool) -> None:
    """The result of a run on stdout; with `top`, what its villages will want to see of it."""
    if as_json:
        output.document(
            {
                "outcome": report.outcome,
                "run_id": report.run_id,
                "folder": str(report.folder),
                "held_back": report.held_back,
                "manifest": report.manifest,
            }
        )
        return
    from jifen_batch.cli import published
    from jifen_batch.notices import run_report, wallet

    output.tables(*run_report.parts(report.outcome, str(report.folder), report.manifest, report.held_back))
    if "wallets" in report.manifest:
        output.tables(*wallet.parts(report.manifest["wallets"]))
    if top:
        output.tables(*published.highlights(report.folder, report.manifest, top))
