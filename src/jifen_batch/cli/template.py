"""`template`: a workbook for a clerk to fill in."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText, Whole, refuse_repeats
from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.sentence import Sentence


@click.command(
    "template",
    cls=Command,
    zh="生成填报工作簿：事项、名册、村名单、积分换物。\n\n"
    "事项按现行细则的名称下拉选择；工作簿旁边附读它的对照表，最后给出读它的命令。"
    "用哪种语言由 --language 定。",
)
@options.rules(
    Sentence("The rule books in force: files or folders.", "现行积分细则：文件或目录。"), required=True
)
@option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FILE.xlsx",
    help=Sentence("Make the workbook there.", "工作簿写到这个文件。"),
)
@option(
    "--year",
    type=Whole(FIRST_YEAR, LAST_YEAR),
    help=Sentence(
        "Items of this scoring year, or of the nearest with a book.",
        "列哪个积分年度的事项；该年没有细则则取最近有细则的年度。",
    ),
    unless=Sentence("this year", "今年"),
)
@option("--village", metavar="ID", help=Sentence("Under the book of this village.", "按此村的细则。"))
@option("--town", metavar="ID", help=Sentence("Under the book of this town.", "按此镇的细则。"))
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    rules: tuple[str, ...],
    to: str,
    year: int | None,
    village: str | None,
    town: str | None,
) -> None:
    """Make a workbook to fill in: events, register, villages, redemptions.

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
