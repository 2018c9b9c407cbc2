"""`report`: a run to look at."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import language, options, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText, Remote
from jifen_batch.sentence import Sentence


@click.command("report", cls=Command)
@options.out
@click.option(
    "--to", required=True, type=PathText(), metavar="FILE.html", help="Write the page there (网页文件)."
)
@options.run("Of this published run (运行编号).")
@click.option(
    "--surveys",
    type=PathText(Remote.INPUT),
    help="Villagers asked, aware and satisfied, by village and year (知晓度、满意度问卷).",
)
@click.option(
    "--mapping",
    type=PathText(Remote.INPUT),
    metavar="FILE.toml",
    help="How the sheet of surveys reads (对照表).",
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
    """Write one page to look at: points, caps, nets, participation, rejects, changes (运行报告网页).

    It stands alone: no script, nothing fetched, nothing of one household. With the district's yearly
    assessment. --language says in which language it is written.
    """
    from jifen_batch.desk.report.page import Asked, report
    from jifen_batch.notices.words import printable

    done = report(Asked(Path(out), Path(to), run, surveys, mapping, language.spoken()))
    if as_json:
        told = {"run_id": done.run_id, "bytes": done.size, "villages": done.villages}
        output.document({"file": str(done.to), **told})
    else:
        said = f"report  {printable(str(done.to))}  {done.villages:,}"
        output.sentence(Sentence(f"{said} village(s)", f"{said} 个村 village(s)"))
