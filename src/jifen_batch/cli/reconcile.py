"""`reconcile`: our balances against another system's figures, every break with its cause."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import metrics as monitoring
from jifen_batch.cli import options, output
from jifen_batch.cli.help import option
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.values import Day, PathText, Remote, Whole
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.scheme.metrics import RECONCILE
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import date

    import polars as pl

    from jifen_batch.desk.reconcile.page import Reconciled

MAX_TOLERANCE = 10**9
MAX_TOP = 10_000
OPEN, SETTLED = "open_breaks", "reconciled"


def _last_words(
    parameters: Mapping[str, Any],
    as_json: bool,  # noqa: FBT001, ARG001 - as every command's
    began: float,
) -> AbstractContextManager[object]:
    """What monitoring learns of an end that the body could not report."""
    _check_metrics(parameters)
    return monitoring.reported(parameters["metrics"], RECONCILE, began)


def _check_metrics(parameters: Mapping[str, Any]) -> None:
    """Refuse a place where the file for monitoring must not stand."""
    if parameters["metrics"]:
        inputs = [*(parameters[name] for name in ("statement", "accepted")), *parameters["mapping"]]
        monitoring.check(parameters["metrics"], RECONCILE, parameters["out"], inputs)


@click.command(
    "reconcile",
    cls=Watched,
    last_words=_last_words,
    zh="与其他系统对账。\n\n"
    "按户、年度（报表分类别、事项、季度的也分）逐一核对，不符的列出原因。"
    "还有未认可的差异时退出码为 4。",
)
@options.out
@option(
    "--statement",
    required=True,
    type=PathText(Remote.INPUT),
    help=Sentence("The other system's figures: Parquet, CSV or XLSX.", "对方报表：Parquet、CSV 或 XLSX。"),
)
@options.mapping
@option(
    "--accepted",
    type=PathText(Remote.INPUT),
    metavar="FILE.toml",
    help=Sentence("The register of accepted breaks.", "已认可差异登记册。"),
)
@option(
    "--tolerance",
    type=Whole(0, MAX_TOLERANCE),
    default=0,
    show_default=True,
    help=Sentence("Points by which two figures may differ and still match.", "两个数相差几分以内仍算相符。"),
)
@option(
    "--village",
    multiple=True,
    metavar="ID",
    help=Sentence("Only this village; repeatable.", "只对此村（可重复）。"),
)
@option(
    "--town",
    multiple=True,
    metavar="ID",
    help=Sentence("Only this town; repeatable.", "只对此镇（可重复）。"),
)
@options.run(Sentence("Of this published run.", "取哪次已发布的运行。"))
@option(
    "--as-of",
    type=Day(),
    help=Sentence("The day that acceptances must reach.", "认可须有效到哪天。"),
    unless=Sentence("today in Shanghai", "上海的今天"),
)
@option(
    "--breaks",
    type=PathText(),
    metavar="FILE.parquet",
    help=Sentence("Write all breaks there.", "把全部差异写到这个文件。"),
)
@option(
    "--top",
    type=Whole(0, MAX_TOP),
    default=20,
    show_default=True,
    help=Sentence("Show this many breaks.", "列出前几处差异。"),
)
@option(
    "--print-accepted",
    is_flag=True,
    help=Sentence(
        "Print entries for the register instead, one per open break.",
        "改为打印登记册条目，每处未认可的差异一条。",
    ),
)
@options.metrics(
    Sentence("Also write what came of it for Prometheus.", "并把结果写成监控指标文件（Prometheus）。")
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    statement: str,
    mapping: tuple[str, ...],
    accepted: str | None,
    tolerance: int,
    village: tuple[str, ...],
    town: tuple[str, ...],
    run: str,
    as_of: date | None,
    breaks: str | None,
    top: int,
    print_accepted: bool,  # noqa: FBT001 - likewise
    metrics: str | None,
) -> None:
    """Hold our balances against another system's.

    Every household and year, and category, item and quarter where the statement tells them apart, is
    matched or a break, and breaks have their cause. Ends with 4 while a break is not accepted.
    """
    began = time.monotonic()
    from jifen_batch.desk.reconcile.page import Question, reconcile
    from jifen_batch.published import side_file

    _check_metrics(click.get_current_context().params)
    if breaks:
        side_file.check("--breaks", Path(breaks), Path(out), [statement, accepted, *mapping])
    question = Question(Path(out), statement, mapping, accepted, tolerance, village, town, run, as_of)
    with monitoring.reported(metrics, RECONCILE, began) as came_to:
        found = reconcile(question)
        came_to.update(open_breaks=found.open, breaks=found.breaks.height, keys=found.keys)
        if breaks:
            side_file.write_breaks(found.breaks, Path(breaks))
        _print(found, tolerance, top, as_json=as_json, as_entries=print_accepted)
        _log(found, time.monotonic() - began)
        if found.open:
            raise click.exceptions.Exit(int(ExitCode.DECISION))


def _document(found: Reconciled, tolerance: int, breaks: pl.DataFrame) -> dict[str, Any]:
    """The result as plain data, with these of its breaks."""
    return {
        "outcome": OPEN if found.open else SETTLED,
        "exit_code": int(ExitCode.DECISION if found.open else ExitCode.DONE),
        "run_id": found.run_id,
        "day": found.day,
        "tolerance": tolerance,
        "files": found.files,
        "rows": found.rows,
        "years": found.years,
        "grain": found.grain,
        "keys": found.keys,
        "open": found.open,
        "totals": found.totals.to_dicts(),
        "causes": found.causes.to_dicts(),
        "breaks": breaks.to_dicts(),
        "obsolete": found.obsolete.drop("who", "why").to_dicts(),
    }


def _print(found: Reconciled, tolerance: int, top: int, *, as_json: bool, as_entries: bool) -> None:
    """The result on stdout: for machines all of it, for people the first breaks."""
    if as_json:
        output.document(_document(found, tolerance, found.breaks))
        return
    from jifen_batch.notices import breaks

    if as_entries:
        output.sentence(breaks.entries(found.breaks.to_dicts(), found.grain))
    else:
        output.tables(*breaks.parts(_document(found, tolerance, found.largest(top))))


def _log(found: Reconciled, seconds: float) -> None:
    """What is said of the statement's files, and the one line that ends a reconciliation."""
    from jifen_batch.cli import logs
    from jifen_batch.inputs import remark

    remark.tell(logs.logger(), remark.PASSED_OVER, found.passed_over)
    remark.tell(logs.logger(), remark.MAY_BE_WRONG, found.warnings)
    whole = found.totals.row(0, named=True)
    code = int(ExitCode.DECISION if found.open else ExitCode.DONE)
    say = logs.logger().error if code else logs.logger().info
    say(
        "reconcile",
        outcome=OPEN if found.open else SETTLED,
        run_id=found.run_id,
        rows=found.rows,
        keys=found.keys,
        matched=whole["matched"],
        breaks=found.breaks.height,
        explained=found.breaks["cause"].count(),
        open=found.open,
        obsolete=found.obsolete.height,
        ours=whole["ours"],
        theirs=whole["theirs"],
        difference=whole["difference"],
        seconds=round(seconds, 3),
        exit_code=code,
    )
