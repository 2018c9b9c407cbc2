"""`export`: a published table as a file for Excel."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.announce import QuarterName
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText


@click.command("export", cls=Command)
@options.out
@click.option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FILE.csv|xlsx|pdf",
    help="Write the table there; wallets also as PDF, a list a village (导出到此文件).",
)
@click.option("--village", metavar="ID", help="Only this village (只导出此村).")
@options.run("Of this published run (运行编号).")
@click.option(
    "--quarter",
    type=QuarterName(),
    metavar="2023Q3",
    help="Of this announced quarter instead: announcement, lines, corrections or standings (已公告季度).",
)
@options.fonts
@click.argument("table", metavar="TABLE")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    to: str,
    village: str | None,
    run: str,
    quarter: str | None,
    fonts: str | None,
    table: str,
) -> None:
    """Write any table as CSV or XLSX, for Excel and WPS (导出表格).

    TABLE is one of a run: ledger, balances, standings, announcements, participation, unposted, rejects,
    register, items, wallets, successions, objections. Headers are Chinese, ids stay text in XLSX.
    """
    from jifen_batch.desk.export.page import Asked, export
    from jifen_batch.notices import exported

    done = export(Asked(Path(out), table, Path(to), village, run, quarter, fonts))
    if as_json:
        output.document(
            {
                "table": done.table.name,
                "source": done.source,
                "file": str(done.to),
                "rows": done.rows,
                "spoilt_in_excel": done.spoilt,
                "beyond_excel": done.beyond_excel,
            }
        )
    else:
        for line in exported.sentences(
            done.table.name, done.to, done.rows, done.spoilt, beyond=done.beyond_excel
        ):
            output.sentence(line)
