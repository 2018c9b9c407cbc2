"""What came of a fleet, as tables: a row a county, the totals, and ids that several counties have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.words import OUTCOMES, printable
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.notices.grid import Part

HEADERS = (
    Sentence("county", "县"),
    Sentence("exit code", "退出码"),
    Sentence("outcome", "结果"),
    Sentence("rows", "行数"),
    Sentence("lines", "笔数"),
    Sentence("points", "分数"),
    Sentence("rejects", "退回"),
    Sentence("seconds", "秒"),
    Sentence("run, or why not", "运行或原因"),
)
SHARED_HEADERS = (words.column("household_id"), Sentence("counties", "出现的县"))
BEFORE = Sentence("published before", "上次已发布")


def parts(told: Mapping[str, Any], folder: str) -> list[Part]:
    """The report of a fleet (`desk.fleet.page.as_data`)."""
    counties = told["counties"]
    totals = told["totals"]
    rows = [
        (
            one["name"],
            one["exit_code"],
            BEFORE if one["before"] else OUTCOMES.get(one["outcome"], one["outcome"]),
            *(one[figure] for figure in ("rows", "lines", "points", "rejects", "seconds")),
            one["error"] or one["run_id"],
        )
        for one in counties
    ]
    all_in = (
        Sentence("all", "合计"),
        None,
        None,
        *(totals[figure] for figure in ("rows", "lines", "points", "rejects")),
        None,
        None,
    )
    bad, count = sum(one["exit_code"] != 0 for one in counties), len(counties)
    outcome, as_of = told["outcome"], told["as_of"]
    report: list[Part] = [
        Lines(
            Sentence(
                f"{outcome} {count:,} counties, {bad:,} of them did not end with 0; as of {as_of}",
                f"{outcome} {count:,} 个县，{bad:,} 个退出码不是 0；截止 {as_of}",
            )
        ),
        Grid(NOTHING, HEADERS, [*rows, all_in]),
    ]
    shared = told["shared_ids"]
    if shared["count"]:
        file = f"{printable(folder)}/shared-ids.csv"
        report.append(
            Lines(
                Sentence(
                    f"{shared['count']:,} household id(s) are in several registers: see {file}",
                    f"{shared['count']:,} 个户编号在多个县的名册里，见 {file}",
                )
            )
        )
        report.append(
            Grid(NOTHING, SHARED_HEADERS, [(one["household_id"], one["counties"]) for one in shared["first"]])
        )
    return report
