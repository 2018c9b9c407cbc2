"""`report`: a run to look at."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText, Remote
from jifen_batch.sentence import Sentence


@click.command(
    "report",
    cls=Command,
    zh="写一页运行报告：积分、上限、净积分、参与、退回、变化。\n\n"
    "网页自成一体：没有脚本，不取外部内容，不含任何一户的资料。附区里的年度考核。"
    "用哪种语言由 --language 定。",
)
@options.out
@option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FILE.html",
    help=Sentence("Write the page there.", "网页写到这个文件。"),
)
@options.run(Sentence("Of this published run.", "取哪次已发布的运行。"))
@option(
    "--surveys",
    type=PathText(Remote.INPUT),
    help=Sentence(
        "Villagers asked, aware and satisfied, by village and year.",
        "知晓度、满意度问卷：各村各年问了几人、几人知晓、几人满意。",
    ),
)
@option(
    "--mapping",
    type=PathText(Remote.INPUT),
    metavar="FILE.toml",
    help=Sentence("How the sheet of surveys reads.", "问卷表的对照表。"),
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    to: str,
    run: str,
    surveys: str | None,
    mapping: str | None,
) -> None:
    """Write one page to look at: points, caps, nets, participation, rejects, changes.

    It stands alone: no script, nothing fetched, nothing of one household. With the district's yearly
    assessment. --language says in which language it is written.
    """
    from jifen_batch.cli import logs
    from jifen_batch.desk.report.page import Asked, report
    from jifen_batch.inputs import remark
    from jifen_batch.notices.words import printable

    done = report(Asked(Path(out), Path(to), run, surveys, mapping, language.spoken()))
    remark.tell(logs.logger(), remark.PASSED_OVER, done.passed_over)
    remark.tell(logs.logger(), remark.MAY_BE_WRONG, done.warnings)
    if as_json:
        told = {"run_id": done.run_id, "bytes": done.size, "villages": done.villages}
        output.document({"file": str(done.to), **told})
    else:
        said = f"report  {printable(str(done.to))}  {done.villages:,}"
        output.sentence(Sentence(f"{said} village(s)", f"{said} 个村 village(s)"))
