"""`rules show`: the book in force at a place and in a year, with everything it inherits."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import Whole, refuse_repeats
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.errors import InputRefusedError
from jifen_batch.sentence import Sentence


@click.command(
    "show",
    cls=Command,
    zh="显示现行积分细则。\n\n按类别列出事项的条款、分值、上限和取消规则，以及本地细则改了什么。",
)
@options.rules(Sentence("Rule books: files or folders.", "积分细则：文件或目录。"), required=True)
@option("--village", metavar="ID", help=Sentence("As it applies in this village.", "在此村适用的。"))
@option(
    "--town",
    metavar="ID",
    help=Sentence("As it applies in this town, or to a village of it.", "在此镇（或其下的村）适用的。"),
)
@option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help=Sentence("In this scoring year.", "哪个积分年度的。"),
    unless=Sentence("this year", "今年"),
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    rules: tuple[str, ...],
    village: str | None,
    town: str | None,
    year: int | None,
) -> None:
    """Show the book in force.

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
