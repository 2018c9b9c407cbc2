"""Two villages that have announced a quarter, and the night after, of which something goes wrong.

Each household has a pledge of three months and two hours of service: 15 + 10 = 25 points; a village of six
has announced 150. Every column that may move points has a value somewhere.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import structlog
from structlog.testing import LogCapture

from jifen_batch.desk.announce.page import announce
from jifen_batch.worker import RunOptions, RunReport, run

if TYPE_CHECKING:
    from collections.abc import Callable

BOOK = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"
FIRST_NIGHT, NEXT_NIGHT = date(2023, 4, 20), date(2023, 4, 21)
EAST, WEST, TOWN = "990113101201", "990113101202", "990113101"
HOMES = {f"00{village}00{number}": home for village, home in ((1, EAST), (2, WEST)) for number in range(1, 7)}
LOCAL = """
[book]
id = "east-2023"
title = "桃花村积分细则"
source = "村民会议决议"
extends = "baoshan-2023"
scope = {villages = ["990113101201"]}

[[items]]
code = "landlord.talk"
category = "平安建设"
task = "出租房"
name = "房东谈话"
points = 5
per = "event"
kinds = ["出租户"]
"""
Row = dict[str, Any]


def pledge(household: str) -> Row:
    """Three months of a pledge, which would run to December."""
    return {
        "event_id": f"P{household}",
        "household_id": household,
        "item": "deliberation.pledge",
        "occurred_on": "2023-01-05",
        "status": "approved",
        "decided_on": "2023-01-08",
        "recorded_at": "2023-01-08 10:00:00",
        "until": "2023-03-31",
        "matter_id": None,
        "quantity": None,
        "member_id": None,
    }


def service(household: str) -> Row:
    """Two hours of one activity."""
    return pledge(household) | {
        "event_id": f"S{household}",
        "item": "volunteer.service",
        "occurred_on": "2023-02-11",
        "decided_on": "2023-02-20",
        "recorded_at": "2023-02-20 10:00:00",
        "until": None,
        "matter_id": "植树",
        "quantity": 2,
        "member_id": "1",
    }


def spell(household: str, village: str) -> Row:
    """Enrolled since January."""
    name = {EAST: "桃花村", WEST: "杏花村"}[village]
    return {
        "household_id": household,
        "village_id": village,
        "town_id": TOWN,
        "enrolled_on": "2023-01-01",
        "left_on": None,
        "kind": "出租户" if household.endswith("1") else None,
        "village_name": name,
        "town_name": "桃源镇",
    }


class World:
    """What a night reads, as rows that a way may spoil, and the files that they are written to."""

    def __init__(self, folder: Path) -> None:
        """All is well."""
        self.folder, self.out = folder, folder / "out"
        self.events = [row for name in HOMES for row in (pledge(name), service(name))]
        # One who was talked to, one who left before April, and served after it.
        self.events.append(service("001001") | {"event_id": "T1", "item": "landlord.talk", "quantity": None})
        self.events.append(service("009001") | {"event_id": "L1", "occurred_on": "2023-03-20"})
        self.register = [spell(name, home) for name, home in HOMES.items()]
        self.register.append(spell("009001", WEST) | {"left_on": "2023-03-01"})
        self.redemptions = [
            {
                "redemption_id": "R1",
                "household_id": "001001",
                "redeemed_on": "2023-04-20",
                "points": 5,
                "status": "done",
            }
        ]
        self.villages = [
            {"village_id": home, "town_id": TOWN, "households_total": 6} for home in (EAST, WEST)
        ]
        self.options: dict[str, Any] = {}
        self.log = LogCapture()
        self.undo: Callable[[], None] = lambda: None

    def copied(self, to: Path) -> World:
        """Another world in a new folder, with the files that are here; its rows are well."""
        shutil.copytree(self.folder, to, symlinks=True)
        return World(to)

    def at(self, name: str) -> Path:
        """A path of the world's own."""
        return self.folder / name

    def write(self) -> None:
        """Write every input as a good export does."""
        for name in ("events", "register", "redemptions", "villages"):
            self.put(f"{name}.csv", text_of(getattr(self, name)))
        rules = self.at("rules")
        rules.mkdir(parents=True, exist_ok=True)
        shutil.copy(BOOK, rules / "baoshan.toml")
        (rules / "east.toml").write_text(LOCAL, encoding="utf-8")

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file, text as UTF-8."""
        path = self.at(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def text(self, name: str) -> str:
        """What a file holds."""
        return self.at(name).read_text(encoding="utf-8")

    def asked(self) -> RunOptions:
        """The night that is asked for."""
        options = RunOptions(
            events=str(self.at("events.csv")),
            households=str(self.at("register.csv")),
            villages=str(self.at("villages.csv")),
            redemptions=str(self.at("redemptions.csv")),
            rules=(str(self.at("rules")),),
            out=self.out,
            as_of=NEXT_NIGHT,
            max_reject_rate=0.5,
        )
        return replace(options, **self.options)

    def night(self) -> RunReport:
        """A run over what is there."""
        return run(self.asked(), structlog.wrap_logger(None, processors=[self.log]))


def announced(folder: Path) -> World:
    """A world of which the first quarter hangs."""
    world = World(folder)
    world.write()
    world.options = {"as_of": FIRST_NIGHT}
    world.night()
    announce(world.out, "2023Q1")
    world.options = {}
    world.night()
    return world


def text_of(rows: list[Row], **style: Any) -> str:
    """Rows as CSV, under the columns of the first."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **style)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def points(report: RunReport) -> dict[str, int]:
    """The points of each event of a run."""
    lines = pl.concat(
        [
            pl.read_parquet(file, hive_partitioning=False).select("event_id", "points")
            for file in sorted((report.folder / "ledger").rglob("*.parquet"))
        ]
    )
    return dict(lines.group_by("event_id").agg(pl.col("points").sum()).rows())


def rejects(report: RunReport) -> list[Row]:
    """The rejects of a run: the reason and the sentence of each."""
    return pl.read_parquet(report.folder / "rejects" / "*.parquet").select("reason", "detail").to_dicts()
