"""A village for a pencil: one book, two households, a night and a quarter at a time."""

from __future__ import annotations

import shutil
from datetime import date

import polars as pl
import structlog

from jifen_batch import rules
from jifen_batch.desk.announce.page import announce
from jifen_batch.published import announced
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from jifen_batch.tables.announced import ANNOUNCEMENT, CORRECTIONS
from jifen_batch.worker import RunOptions, run

QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
BOOK = """
[book]
id = "base"
title = "细则"
source = "文件"
first_year = 2023

[caps]
help = 20
"""
ITEM = """
[[items]]
code = "{code}"
category = "{category}"
task = "任务"
name = "{name}"
clause = "{points}分/次"
points = {points}
per = "event"
"""
ITEMS = (
    {"code": "help", "category": "新风", "name": "志愿服务", "points": 5, "more": 'cap = "help"'},
    {"code": "fire", "category": "平安", "name": "消防器材", "points": 20},
    {"code": "quiet", "category": "平安", "name": "不公开事项", "points": 7, "more": 'notice = "hidden"'},
    {"code": "kind", "category": "新风", "name": "只说类别", "points": 3, "more": 'notice = "category"'},
    {
        "code": "accident",
        "category": "平安",
        "name": "事故",
        "points": 0,
        "more": 'notice = "hidden"\nforfeits = {scope = "year", items = ["fire"]}',
    },
)


class Village:
    """Events and households that a test changes; `night` scores them, `hang` announces."""

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        self.events, self.points = {}, {}
        self.homes = {"wang": "east", "li": "east"}
        self.named = None
        self.enrolled_on = date(2023, 1, 1)

    def copied_to(self, folder):
        """The village as it is now, with all that it has published, for a test to go on with."""
        shutil.copytree(self.folder, folder, symlinks=True)
        copy = type(self)(folder)
        copy.events = {name: dict(row) for name, row in self.events.items()}
        copy.points, copy.homes = dict(self.points), dict(self.homes)
        copy.named = self.named
        return copy

    def event(self, name, day, item="help", household="wang", **more):
        """An approved event, or its correction."""
        row = dict.fromkeys(EVENTS.names) | {"event_id": name, "household_id": household, "item": item}
        self.events[name] = row | {"occurred_on": day, "status": "approved"} | more

    def write(self):
        """The files that a run reads; the folder of the rule book."""
        folder = self.folder / "rules"
        folder.mkdir(parents=True, exist_ok=True)
        items = [item | {"points": self.points.get(item["code"], item["points"])} for item in ITEMS]
        text = BOOK + "".join(ITEM.format(**item) + item.get("more", "") + "\n" for item in items)
        (folder / "book.toml").write_text(text, encoding="utf-8")
        homes = [
            {
                "household_id": name,
                "village_id": home,
                "town_id": "town",
                "enrolled_on": self.enrolled_on,
                "village_name": f"{self.named}{home}" if len({*self.homes.values()}) > 1 else self.named,
            }
            for name, home in self.homes.items()
        ]
        pl.DataFrame(homes, schema=HOUSEHOLDS.schema).write_parquet(self.folder / "households.parquet")
        rows = list(self.events.values())
        pl.DataFrame(rows, schema=EVENTS.schema).write_parquet(self.folder / "events.parquet")
        return folder

    def night(self, as_of, **options):
        """One run over everything."""
        folder = self.write()
        return run(
            RunOptions(
                households=str(self.folder / "households.parquet"),
                rules=(str(folder),),
                out=self.out,
                as_of=as_of,
                accept_rules=rules.load([folder]).fingerprint,
                **{"events": str(self.folder / "events.parquet"), "max_reject_rate": 1.0} | options,
            ),
            QUIET,
        )

    def hang(self, quarter, **options):
        """The announcement of a quarter."""
        return announce(self.out, quarter, **{"with_earlier": True} | options)

    def board(self, quarter):
        """What the quarter says of each account: own points, adjusted, net, year to date."""
        rows = announced.scan(self.out, ANNOUNCEMENT, [quarter]).collect().to_dicts()
        return {
            (row["village_id"], row["household_id"], row["category"]): (
                row["awarded"] + row["deducted"] + row["reversed"],
                row["adjusted"],
                row["net"],
                row["year_to_date"],
            )
            for row in rows
        }

    def corrections(self, quarter):
        """Event, points, change and reason of each correction."""
        rows = announced.scan(self.out, CORRECTIONS, [quarter]).collect()
        return rows.select("event_id", "points", "change", "reason").rows()


def of_one_night(folder):
    """A village with a run, of which nothing hangs yet."""
    made = Village(folder)
    made.event("e1", date(2023, 2, 1))
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.night(date(2023, 4, 15))
    return made
