"""`fleet`: one run a county, of a list of counties."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import language, options, output, progress
from jifen_batch.cli.command import LOG_LEVEL, Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from datetime import date

MAX_AT_ONCE = 256
FIRST_SHARED = 20


@click.command(
    "fleet",
    cls=Command,
    zh="逐县运行清单里的每个县。\n\n每县各按自己的配置文件单独运行。退出码取各县中最严重的。",
)
@option(
    "--counties",
    required=True,
    type=PathText(),
    metavar="FILE.toml",
    help=Sentence("The counties, each with its configuration file.", "县清单，每县一个配置文件。"),
)
@option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FOLDER",
    help=Sentence(
        "Keep there how each county ended; given again, it goes on where it was stopped.",
        "各县的结果存放在这里；再用同一目录，就从停下的地方接着做。",
    ),
)
@option(
    "--at-once",
    type=Whole(1, MAX_AT_ONCE),
    default=1,
    show_default=True,
    help=Sentence("Run this many counties at once.", "同时运行几个县。"),
)
@options.as_of(Sentence("today in Shanghai", "上海的今天"))
@click.pass_context
def command(ctx: click.Context, counties: str, to: str, at_once: int, as_of: date | None) -> None:
    """Run every county of a list.

    Each is a run of its own, by its own configuration file. Ends with the worst code of all.
    """
    from jifen_batch.cli import logs
    from jifen_batch.desk.fleet import page

    began = time.monotonic()
    # Nobody watches this command, as it watches the counties' runs itself.
    logs.set_up(str(ctx.meta[LOG_LEVEL]))
    with progress.counted(Sentence("counties", "逐县运行")) as watch:
        fleet = page.run(
            Path(counties), Path(to), at_once=at_once, as_of=as_of, language=language.spoken(), watch=watch
        )
    told = page.as_data(fleet, FIRST_SHARED)
    if ctx.obj:
        output.document(told)
    else:
        from jifen_batch.notices import fleet as notices

        output.tables(*notices.parts(told, to))
    say = logs.logger().error if fleet.exit_code else logs.logger().info
    say(
        "fleet",
        outcome=told["outcome"],
        as_of=fleet.as_of,
        counties=len(fleet.ends),
        ends={end.name: end.exit_code for end in fleet.ends if end.exit_code},
        **told["totals"],
        shared_ids=fleet.shared.height,
        seconds=round(time.monotonic() - began, 3),
        exit_code=fleet.exit_code,
    )
    if fleet.exit_code:
        raise click.exceptions.Exit(fleet.exit_code)
