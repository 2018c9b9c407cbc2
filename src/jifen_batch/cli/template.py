"""`template`: a workbook for a clerk to fill in."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText, Whole, refuse_repeats
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.sentence import Sentence


@click.command("template", cls=Command)
@options.rules("The rule books in force (积分细则): files or folders.", required=True)
@click.option(
    "--to", required=True, type=PathText(), metavar="FILE.xlsx", help="Make the workbook there (工作簿)."
)
@click.option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help="Items of this scoring year, or of the nearest with a book (积分年度).  [default: this year]",
)
@click.option("--village", metavar="ID", help="Under the book of this village (村).")
@click.option("--town", metavar="ID", help="Under the book of this town (镇).")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    rules: tuple[str, ...],
    to: str,
    year: int | None,
    village: str | None,
    town: str | None,
) -> None:
    """Make a workbook to fill in: events, register, villages, redemptions (填报工作簿).

    Items come as a drop-down of their names in the book in force; beside the workbook lie the mapping files
    that read it, and it ends with the command that does. --language says in which language it is written.
    """
    refuse_repeats(rules, "--rules")
    from jifen_batch.desk.template.choices import Asked
    from jifen_batch.desk.template.page import template
    from jifen_batch.notices.words import printable

    made = template(Asked(rules, Path(to), year, village, town, language.written()))
    if as_json:
        told = {"book": made.book, "year": made.year, "items": made.items, "command": made.command}
        output.document({"files": [str(path) for path in made.files], **told})
        return
    for path in made.files:
        output.text(printable(str(path)))
    said = f"\n{printable(made.book)}  {made.year}  {made.items}"
    output.sentence(Sentence(f"{said} item(s)", f"{said} 个事项 item(s)"))
    output.sentence(Sentence("\nOnce it is filled in:", "\n填好后运行 once it is filled in:"))
    output.text(printable(made.command))
