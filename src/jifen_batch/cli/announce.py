"""`announce`: a quarter of the current run frozen, and the correction notice of what it adjusts."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import exits, options, output
from jifen_batch.cli.process import allocation
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.errors import DecisionNeededError, ExitCode

if TYPE_CHECKING:
    from jifen_batch.desk.announce.page import Announcement

MAX_SHOWN = 10_000_000
_QUARTER = re.compile(r"20[0-9]{2}Q[1-4]")


class QuarterName(click.ParamType[str]):
    """A quarter of the years 2000 to 2099, written 2023Q3."""

    name = "quarter"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The quarter."""
        if not isinstance(value, str) or not _QUARTER.fullmatch(value):
            self.fail("is not a quarter; write it as 2023Q3", param, ctx)
        return value


@click.command("announce", cls=Watched)
@options.out
@click.option(
    "--quarter",
    required=True,
    type=QuarterName(),
    metavar="2023Q3",
    help="The quarter to announce (公告季度).",
)
@click.option("--dry-run", is_flag=True, help="Show everything and freeze nothing (试算).")
@click.option(
    "--accept-rejects",
    is_flag=True,
    help="Take back the points of announced events that are rejected now (接受退回).",
)
@click.option(
    "--accept-open",
    is_flag=True,
    help="Put up points although objections to them are open (异议未了结也公告).",
)
@click.option(
    "--top",
    type=Whole(0, MAX_SHOWN),
    default=1000,
    show_default=True,
    help="Show this many adjusted accounts of the correction notice (更正公告条数).",
)
@click.option(
    "--notices",
    type=PathText(),
    metavar="FOLDER",
    help="Also print the villages' notices, a workbook each, into this new folder (打印各村公告).",
)
@click.option(
    "--households",
    type=PathText(),
    help="The register: with it, notices name householders, masked (农户名册).",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    quarter: str,
    dry_run: bool,  # noqa: FBT001 - likewise
    accept_rejects: bool,  # noqa: FBT001 - likewise
    accept_open: bool,  # noqa: FBT001 - likewise
    top: int,
    notices: str | None,
    households: str | None,
) -> None:
    """Freeze a quarter of the current run (季度公告).

    What changed in quarters announced before appears as adjustments, with a correction notice.
    """
    allocation.keep_what_is_let_go()
    from jifen_batch.desk.announce.page import announce
    from jifen_batch.desk.announce.print_notices import Wanted

    wanted = Wanted(Path(notices), households) if notices else None
    try:
        done = announce(
            Path(out),
            quarter,
            dry_run=dry_run,
            accept_rejects=accept_rejects,
            accept_open=accept_open,
            shown=top,
            wanted=wanted,
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
    from jifen_batch.notices import correction

    output.tables(*correction.undecided(error.figures))


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
                "manifest": done.content,
                "adjustments": _accounts(done),
                "renamed": done.renamed.to_dicts(),
            }
        )
        return
    from jifen_batch.notices import correction

    said = (done.outcome, folder, done.content, done.adjustments, done.renamed, done.waiting, done.names)
    output.tables(*correction.parts(*said), *correction.printed(done.notices))


def _accounts(done: Announcement) -> list[dict[str, Any]]:
    """The adjustments, a document an account, with its `reasons`."""
    from jifen_batch.notices.correction import by_account

    return by_account(done.adjustments)
