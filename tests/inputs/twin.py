"""A village's quarter as a clean table, and nights scored of whatever says the same in other ways."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import structlog

from jifen_batch.worker import RunOptions, run
from jifen_batch.worker.night import work
from jifen_batch.worker.stages import Stages, Unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.worker import RunReport
    from jifen_batch.worker.draft import DraftRun

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "configs" / "rules" / "baoshan-2023.toml"
MAPPINGS = ROOT / "configs" / "mappings"
AS_OF = date(2023, 10, 16)
QUIET = structlog.wrap_logger(
    structlog.PrintLogger(), wrapper_class=structlog.make_filtering_bound_logger("critical")
)
EVENTS = ["event_id", "household_id", "item", "occurred_on", "status", "decided_on", "quantity"]
ROWS = [
    ["Q1", "TH-01", "volunteer.service", date(2023, 7, 17), "approved", date(2023, 7, 27), 2],
    ["Q2", "TH-02", "fire.equipment", date(2023, 7, 23), "approved", date(2023, 7, 26), 1],
    ["Q3", "TH-03", "custom.covenant", date(2023, 8, 5), "approved", None, None],
    ["Q4", "TH-04", "environment.yard", date(2023, 8, 10), "declared", None, 1],
    ["Q5", "TH-01", "honour.family.town", date(2023, 8, 24), "approved", date(2023, 9, 3), 1],
    ["Q6", "TH-02", "waste.check_failed", date(2023, 9, 1), "withdrawn", None, 1],
]
NAMES = {
    "volunteer.service": "志愿服务",
    "fire.equipment": "消防器材",
    "custom.covenant": "村规民约",
    "environment.yard": "环境卫生",
    "honour.family.town": "镇级家庭荣誉",
    "waste.check_failed": "垃圾分类",
}
STATUSES = {"approved": "已认定", "declared": "待审", "withdrawn": "撤回"}
HEADERS = ["序号", "户编号", "户主", "积分事项", "发生日期", "认定日期", "状态", "次数", "备注"]
HOUSEHOLDS = ["household_id", "village_id", "town_id", "enrolled_on", "left_on", "village_name", "town_name"]
SPELLS = [
    [f"TH-0{n}", "990113101201", "990113101", date(2023, 5, 1), None, "桃花村", "桃源镇"] for n in range(1, 5)
]


def as_clerks_write(rows: Sequence[Sequence[Any]] = ROWS) -> list[list[Any]]:
    """The same rows under Chinese headers, items by their names, without ids."""
    return [
        [number, house, "户主", NAMES[item], occurred, decided, STATUSES[status], times, "备注"]
        for number, (_, house, item, occurred, status, decided, times) in enumerate(rows, start=1)
    ]


def shown(cell: Any) -> str:
    """A cell as CSV holds it."""
    return "" if cell is None else str(cell)


def as_csv(rows: Sequence[Sequence[Any]], header: Sequence[str] = EVENTS, **style: Any) -> str:
    """A table as CSV, lines ended as Windows does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, **style)
    writer.writerows([header, *([shown(cell) for cell in row] for row in rows)])
    return text.getvalue()


def register_at(folder: Path) -> Path:
    """The register as a clean table."""
    path = folder / "households.csv"
    path.write_text(as_csv(SPELLS, HOUSEHOLDS), encoding="utf-8")
    return path


def options(folder: Path, events: Path, *mappings: Path, **inputs: Path) -> RunOptions:
    """What is asked for a run over an input of events."""
    given = {"households": register_at(folder)} | inputs
    return RunOptions(
        events=str(events),
        rules=(str(BOOK),),
        out=folder / "out",
        as_of=AS_OF,
        max_reject_rate=1.0,
        mapping=tuple(map(str, mappings)),
        **{role: str(path) for role, path in given.items()},
    )


def night(folder: Path, events: Path, *mappings: Path, **inputs: Path) -> DraftRun:
    """A run over an input of events up to where it would be published: all is read and scored then."""
    return work(options(folder, events, *mappings, **inputs), folder, Stages(QUIET, Unwatched())).drafted


def published(folder: Path, events: Path, *mappings: Path, **inputs: Path) -> RunReport:
    """A whole run over an input of events."""
    return run(options(folder, events, *mappings, **inputs), QUIET)


def ledger(worked: DraftRun | RunReport, *but: str) -> list[tuple[Any, ...]]:
    """The lines of a run in the order of what they say, without some columns."""
    files = sorted((worked.folder / "ledger").rglob("*.parquet"))
    lines = pl.concat([pl.read_parquet(file, hive_partitioning=False) for file in files])
    told = lines.drop("event_id", *but).with_columns(pl.selectors.categorical().cast(pl.String))
    return sorted(told.rows(), key=repr)


def rejects(worked: DraftRun | RunReport) -> pl.DataFrame:
    """The rejects of a run."""
    return pl.read_parquet(worked.folder / "rejects" / "*.parquet")
