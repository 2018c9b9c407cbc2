"""`explain`: what became of everything that a household did, for the counter."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.language import written
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.sentence import Sentence, settled

NARROWEST, WIDEST = 60, 400


@click.command(
    "explain",
    cls=Command,
    zh="逐笔说明一户的积分。\n\n"
    "每一笔的日期、条款和算法，没有记分的事项各是什么情形，名次和与前一名的差距，可用积分，"
    "以及已公告的内容。",
)
@options.out
@option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help=Sentence("Only this scoring year.", "只看这个积分年度。"),
    unless=Sentence("all", "全部"),
)
@options.run(Sentence("By this published run.", "按哪次已发布的运行。"))
@option(
    "--width",
    type=Whole(NARROWEST, WIDEST),
    help=Sentence("Fold at so many columns.", "每行宽度（列数）。"),
    unless=Sentence("the terminal's, 160 down a pipe", "照终端；不是终端则为 160"),
)
@option(
    "--slip",
    type=PathText(),
    metavar="FILE.pdf",
    help=Sentence("Also print a page for the villager.", "并打印单户积分单。"),
)
@options.fonts
@click.argument("household", metavar="HOUSEHOLD")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    year: int | None,
    run: str,
    width: int | None,
    slip: str | None,
    fonts: str | None,
    household: str,
) -> None:
    """Tell a household how its points came about.

    Every line with date, clause and arithmetic, what came of each event without one, rank and distance to
    the next, the wallet, and what has been announced.
    """
    from jifen_batch.desk.explain.page import explain
    from jifen_batch.notices import explaining

    said = explaining.document(explain(Path(out), household, run), year)
    if slip is not None:
        from jifen_batch.desk.explain.slip import write

        write(said, Path(slip), Path(out), fonts)
    if as_json:
        output.document(settled(said, written()))
    else:
        output.tables(*explaining.parts(said), width=width)
