"""`rules show`: the book in force at a place and in a year, with everything it inherits."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import Whole, refuse_repeats
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.errors import InputRefusedError
from jifen_batch.sentence import Sentence


@click.command("show", cls=Command)
@options.rules("Rule books (积分细则): files or folders.", required=True)
@click.option("--village", metavar="ID", help="As it applies in this village (村).")
@click.option("--town", metavar="ID", help="As it applies in this town (镇), or to a village of it.")
@click.option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help="In this scoring year (积分年度).  [default: this year]",
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    rules: tuple[str, ...],
    village: str | None,
    town: str | None,
    year: int | None,
) -> None:
    """Show the book in force (现行积分细则).

    Items by category with clause, points, caps and forfeitures, and what a local book changed.
    """
    from jifen_batch import clock
    from jifen_batch.notices import rule_book
    from jifen_batch.rules import load

    refuse_repeats(rules, "--rules")
    chosen = year if year is not None else clock.today().year
    shown = load([Path(path) for path in rules]).show(chosen, village=village, town=town)
    if shown is None:
        where = Sentence("the base level", "基础层")
        if village or town:
            where = (
                Sentence(f"village {village}", f"村 {village} ")
                if village
                else Sentence(f"town {town}", f"镇 {town} ")
            )
        raise InputRefusedError(
            f"--rules: no book covers {where.en} in {chosen}; name one that does, or another --year",
            f"--rules：没有细则适用于{where.zh}的 {chosen} 年度；请给出适用的细则，或换一个 --year",
        )
    if as_json:
        output.document(shown)
    else:
        output.tables(*rule_book.parts(shown, chosen))
