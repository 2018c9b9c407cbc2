"""`explain`: what became of everything that a household did, for the counter."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.language import written
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.sentence import settled

NARROWEST, WIDEST = 60, 400


@click.command("explain", cls=Command)
@options.out
@click.option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help="Only this scoring year (积分年度).  [default: all]",
)
@options.run("By this published run (运行编号).")
@click.option(
    "--width",
    type=Whole(NARROWEST, WIDEST),
    help="Fold at so many columns (每行宽度).  [default: the terminal's, 160 down a pipe]",
)
@click.option(
    "--slip", type=PathText(), metavar="FILE.pdf", help="Also print a page for the villager (打印单户积分单)."
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
    """Tell a household how its points came about (逐笔说明一户的积分).

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
