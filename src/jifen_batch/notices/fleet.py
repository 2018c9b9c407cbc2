"""What came of a fleet, as tables: a row a county, the totals, and ids that several counties have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import OUTCOMES, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

HEADERS = ("县", "退出码", "结果", "行数", "笔数", "分数", "退回", "秒", "运行或原因")
SHARED_HEADERS = ("户编号", "出现的县")
BEFORE = "上次已发布"


def parts(told: Mapping[str, Any], folder: str) -> list[RenderableType]:
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
        "合计",
        None,
        None,
        *(totals[figure] for figure in ("rows", "lines", "points", "rejects")),
        None,
        None,
    )
    bad = sum(one["exit_code"] != 0 for one in counties)
    report: list[RenderableType] = [
        Text(f"{told['outcome']} {len(counties):,} 个县，{bad:,} 个退出码不是 0；截止 {told['as_of']}"),
        grid("", HEADERS, [*rows, all_in]),
    ]
    shared = told["shared_ids"]
    if shared["count"]:
        report.append(
            Text(f"{shared['count']:,} 个户编号在多个县的名册里，见 {printable(folder)}/shared-ids.csv")
        )
        report.append(
            grid("", SHARED_HEADERS, [(one["household_id"], one["counties"]) for one in shared["first"]])
        )
    return report
