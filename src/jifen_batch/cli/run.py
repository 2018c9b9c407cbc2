"""`run`: the nightly job, from rows to a published run."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import output, progress
from jifen_batch.cli.canonical_line import canonical_line
from jifen_batch.cli.process import allocation
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.values import Day, Fingerprint, PathText, Share, Size, Whole, refuse_repeats

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.worker import RunReport

MAX_GRACE_DAYS = 3660
MAX_KEEP = 100_000
MAX_TOP = 1000
LEAST_MEMORY = 1 << 30
# A night's line is read whole; all edits stand in the manifest.
MAX_EDITS_LOGGED = 20


@click.command("run", cls=Watched, last_words=canonical_line)
@click.option(
    "--events", required=True, type=PathText(), help="Events (申报认定事项): a file, folder or glob."
)
@click.option("--households", required=True, type=PathText(), help="The register (农户名册).")
@click.option(
    "--rules",
    required=True,
    multiple=True,
    type=PathText(),
    help="Rule books (积分细则): a TOML file or a folder of them; may be given several times.",
)
@click.option("--out", required=True, type=PathText(), metavar="DIR", help="The output folder (输出目录).")
@click.option("--villages", type=PathText(), help="Names and household totals of villages (村名单).")
@click.option("--redemptions", type=PathText(), help="Points spent on goods (积分换物): keeps wallets/.")
@click.option("--as-of", type=Day(), help="Score as of this day (截止日期).  [default: today in Shanghai]")
@click.option(
    "--grace-days",
    type=Whole(0, MAX_GRACE_DAYS),
    default=15,
    show_default=True,
    help="Days after a quarter in which approvals still count for it (审定宽限天数).",
)
@click.option(
    "--max-reject-rate",
    type=Share(),
    default=0.05,
    show_default=True,
    help="Publish nothing if more of the rows than this are rejected (退回率上限).",
)
@click.option(
    "--keep", type=Whole(1, MAX_KEEP), default=8, show_default=True, help="Runs to keep (保留次数)."
)
@click.option(
    "--memory",
    type=Size(LEAST_MEMORY),
    metavar="SIZE",
    help="What the run may hold in memory, as 2GiB (内存上限).  [default: by what the machine has free]",
)
@click.option(
    "--accept-rules",
    type=Fingerprint(),
    metavar="FINGERPRINT",
    help="Accept the edited rule books that change announced quarters; `what-if` prints it (接受细则修改).",
)
@click.option(
    "--accept-loss",
    type=Fingerprint(),
    metavar="FINGERPRINT",
    help="Accept that events of the last run are missing; the refused run prints it (接受数据减少).",
)
@click.option(
    "--top",
    type=Whole(0, MAX_TOP),
    default=0,
    show_default=True,
    help="Also show this many households of each village's standings and announcement (各村前几名).",
)
@click.option(
    "--metrics",
    type=PathText(),
    metavar="FILE.prom",
    help="Also write how the run ended for Prometheus (监控指标文件).",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    events: str,
    households: str,
    rules: tuple[str, ...],
    out: str,
    villages: str | None,
    redemptions: str | None,
    as_of: date | None,
    grace_days: int,
    max_reject_rate: float,
    keep: int,
    memory: int | None,
    accept_rules: str | None,
    accept_loss: str | None,
    top: int,
    metrics: str | None,  # noqa: ARG001 - the canonical line's
) -> None:
    """Score all events and publish (每夜记分).

    Intake, score, write, check, publish; the same inputs again are recognised, and the run ends at once.
    """
    refuse_repeats(rules, "--rules")
    with canonical_line(click.get_current_context().params, as_json, time.monotonic()) as line:
        allocation.keep_what_is_let_go()
        from jifen_batch import worker
        from jifen_batch.cli import logs

        options = worker.RunOptions(
            events=events,
            households=households,
            rules=rules,
            out=Path(out),
            villages=villages,
            redemptions=redemptions,
            as_of=as_of,
            grace_days=grace_days,
            max_reject_rate=max_reject_rate,
            keep=keep,
            memory=memory,
            accept_rules=accept_rules,
            accept_loss=accept_loss,
        )
        with progress.watched() as watching:
            report = worker.run(options, logs.logger(), watching)
        line.update(_figures(report))
        _print(report, top, as_json=as_json)


def _figures(report: RunReport) -> dict[str, object]:
    """What the canonical line says of a finished run."""
    manifest = report.manifest
    dispositions = manifest["control_totals"]["dispositions"]
    figures: dict[str, object] = {
        "outcome": report.outcome,
        "run_id": report.run_id,
        "as_of": manifest["as_of"],
        "rows": manifest["accounting"]["rows"],
        "lines": sum(total["lines"] for total in dispositions.values()),
        "rejects": manifest["accounting"]["rejected"],
    }
    if report.held_back:
        figures["held_back"] = report.held_back["books"]
        figures["edits"] = report.held_back["edits"][:MAX_EDITS_LOGGED]
        figures["accept_rules"] = report.held_back["accept_rules"]
    if report.outcome == "published":
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
