"""`worklist`: what waits for somebody in each village, as workbooks."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output, progress
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText
from jifen_batch.sentence import Sentence


@click.command("worklist", cls=Command)
@options.out
@click.option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FOLDER",
    help="Write the workbooks into this new folder (清单文件夹).",
)
@click.option("--village", metavar="ID", help="Only this village (只对此村).")
@options.run("Of this published or refused run (运行编号，未发布的也可).")
@click.pass_obj
def command(as_json: bool, out: str, to: str, village: str | None, run: str) -> None:  # noqa: FBT001 - click hands it over by place
    """Write a workbook per village of what waits for somebody (各村待办清单).

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
