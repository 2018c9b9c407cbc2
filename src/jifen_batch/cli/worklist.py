"""`worklist`: what waits for somebody in each village, as workbooks."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output, progress
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText
from jifen_batch.sentence import Sentence


@click.command(
    "worklist",
    cls=Command,
    zh="每村写一个待办清单工作簿。\n\n"
    "退回的行及应改成什么，等待评定和认定的，快到期的承诺，可能重复的，未了结的异议，"
    "对不上的积分兑换。不列户主姓名。用中文；加 --language en 则用英文。",
)
@options.out
@option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FOLDER",
    help=Sentence("Write the workbooks into this new folder.", "工作簿写到这个新目录。"),
)
@option("--village", metavar="ID", help=Sentence("Only this village.", "只列此村。"))
@options.run(Sentence("Of this published or refused run.", "取哪次运行，未发布的也可。"))
@click.pass_obj
def command(as_json: bool, out: str, to: str, village: str | None, run: str) -> None:  # noqa: FBT001 - click hands it over by place
    """Write a workbook per village of what waits for somebody.

    Rejects with what to write instead, what waits for assessment and approval, pledges that end, likely
    duplicates, open objections, redemptions that do not add up. Names no householder. In Chinese, or in
    English with --language en.
    """
    from jifen_batch.desk.worklist import lists
    from jifen_batch.desk.worklist.page import worklists
    from jifen_batch.notices import worklists as told

    spoken = language.written()
    with progress.counted(Sentence("work lists", "写待办清单")) as watch:
        done = worklists(Path(out), Path(to), run, village, language=spoken, watch=watch)
    if as_json:
        output.document({**vars(done), "folder": str(done.folder)})
    else:
        rows = {lists.KINDS[name].sheet: count for name, count in done.rows.items()}
        output.tables(*told.parts(done.folder, done.workbooks, rows, done.unplaced, done.refused_since))
