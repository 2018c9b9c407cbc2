"""`export`: a published table as a file for Excel."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.announce import QuarterName
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText
from jifen_batch.sentence import Sentence


@click.command(
    "export",
    cls=Command,
    zh="导出任一张表为 CSV 或 XLSX，供 Excel 和 WPS 打开。\n\n"
    "TABLE 是一次运行的表：ledger、balances、standings、announcements、participation、unposted、"
    "rejects、register、items、wallets、successions、objections。表头是中文，XLSX 里编号保持文本。",
)
@options.out
@option(
    "--to",
    required=True,
    type=PathText(),
    metavar="FILE.csv|xlsx|pdf",
    help=Sentence(
        "Write the table there; wallets also as PDF, a list a village.",
        "导出到这个文件；wallets 也可为 PDF，每村一张表。",
    ),
)
@option("--village", metavar="ID", help=Sentence("Only this village.", "只导出此村。"))
@options.run(Sentence("Of this published run.", "取哪次已发布的运行。"))
@option(
    "--quarter",
    type=QuarterName(),
    metavar="2023Q3",
    help=Sentence(
        "Of this announced quarter instead: announcement, lines, corrections or standings.",
        "改取已公告的季度：announcement、lines、corrections 或 standings。",
    ),
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
    """Write any table as CSV or XLSX, for Excel and WPS.

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
