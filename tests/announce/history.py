"""The long history of a random village: rows that come late, revisions, withdrawals, slips, movers, edits.

`History(seed, folder)` starts one; `next_quarter` lets a quarter pass, and the night run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import structlog

from jifen_batch import rules
from jifen_batch.errors import InputRefusedError, LossError, RulesRefusedError
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from jifen_batch.worker import RunOptions, run
from villages.books import rule_texts
from villages.chance import likely
from villages.feed import Feed
from villages.people import register, sites
from villages.season import Season, edge

if TYPE_CHECKING:
    from pathlib import Path

QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
YEARS = range(2023, 2026)
POINTS = re.compile(r"points = (-?\d+)")


class History:
    """A village from 2023 on; `quarter` is the one that can be announced, `as_of` the day of the last run."""

    def __init__(self, seed: int, folder: Path, events: int = 90) -> None:
        self.rng = rng = Random(seed)  # noqa: S311 - a test's draws, nobody's secret
        crowded = tuple(edge(rng, YEARS) for _ in range(9))
        season = Season(YEARS, date(2026, 6, 30), crowded)
        self.folder, self.sites = folder, sites(rng)
        self.households = [
            {name: row.get(name) for name in HOUSEHOLDS.names} for row in register(rng, season, self.sites)
        ]
        self.texts = rule_texts(rng, season, self.sites, bool)
        rows = Feed(rng, season, self.households, self.texts).rows(events)
        # What happens lies within the two years that are announced, the sooner the more of it.
        self.coming = [row | {"recorded_at": None} for row in rows]
        self.events: list[dict] = []
        self.grace_days = rng.choice((0, 15, 15, 31))
        self.number, self.as_of = YEARS[0] * 4 - 1, date.min
        self.out = folder / "out"

    @property
    def quarter(self) -> str:
        return f"{self.number // 4}Q{self.number % 4 + 1}"

    def next_quarter(self) -> None:
        """A quarter passes, seldom two: rows come in and are corrected, and the night runs over all."""
        self.number += 1 + likely(self.rng, 0.15)
        year, place = divmod(self.number + 1, 4)
        end = date(year, place * 3 + 1, 1) - timedelta(days=1)
        self.as_of = max(self.as_of, end + timedelta(days=self.grace_days + self.rng.choice((0, 1, 30))))
        late = [row for row in self.coming if row["occurred_on"] > self.as_of or likely(self.rng, 0.2)]
        fresh = [row for row in self.coming if row not in late]
        self.coming, self.events = late, self.events + fresh
        if len(self.events) > len(fresh):
            self._trouble()
        self.run()

    def _trouble(self) -> None:
        for _ in range(self.rng.randint(0, 6)):
            self.rng.choice((self._revise, self._revise, self._withdraw, self._lose, self._mistype))()
        if likely(self.rng, 0.5):
            self._move()
        if likely(self.rng, 0.4):
            self._edit_rules()

    def _again(self, **changes: object) -> None:
        """A later revision of some event."""
        row = self.rng.choice(self.events)
        recorded = datetime.combine(self.as_of, time(self.rng.randrange(24), self.rng.randrange(60)))
        self.events.append(row | {"recorded_at": recorded} | changes)

    def _revise(self) -> None:
        shift = timedelta(days=self.rng.randint(-90, 90))
        row = self.rng.choice(self.events)
        self._again(
            **self.rng.choice(
                (
                    {"status": "approved"},
                    {"quantity": self.rng.choice((1, 2, 3))},
                    {"occurred_on": row["occurred_on"] + shift},
                    {"decided_on": row["occurred_on"] + shift},
                    {"item": row["item"]},
                    {"matter_id": self.rng.choice((None, "m1", "m2"))},
                    {"member_id": "2"},
                )
            )
        )

    def _withdraw(self) -> None:
        self._again(status="withdrawn")

    def _mistype(self) -> None:
        self._again(item="no.such.item")

    def _lose(self) -> None:
        """All rows of an event are gone from the feed."""
        gone = self.rng.choice(self.events)["event_id"]
        kept = [row for row in self.events if row["event_id"] != gone]
        self.events = kept or self.events

    def _move(self) -> None:
        """The register is corrected: a spell was in another village, or ended."""
        row = self.rng.choice(self.households)
        site = self.rng.choice(self.sites)
        row |= {"village_id": site.village, "town_id": site.town, "village_name": None, "town_name": None}
        if row["left_on"] is None and likely(self.rng, 0.3):
            row["left_on"] = max(row["enrolled_on"], self.as_of) + timedelta(days=1)

    def _edit_rules(self) -> None:
        """One number in one book is another, if the book is still sound then."""
        name = self.rng.choice(sorted(self.texts))
        found = list(POINTS.finditer(self.texts[name]))
        if not found:
            return
        number = self.rng.choice(found)
        edited = max(0, int(number[1]) + self.rng.choice((-5, 5, 10)))
        text = self.texts[name][: number.start(1)] + str(edited) + self.texts[name][number.end(1) :]
        before, self.texts = self.texts, self.texts | {name: text}
        try:
            rules.load([self._write_rules()])
        except (RulesRefusedError, InputRefusedError):
            self.texts = before

    def _write_rules(self) -> Path:
        books = self.folder / "rules"
        books.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (books / name).write_text(text, encoding="utf-8")
        return books

    def run(self, **changes: object) -> None:
        """The night runs over all that there is, whatever it changes."""
        books = self._write_rules()
        pl.DataFrame(self.events, schema=EVENTS.schema).write_parquet(self.folder / "events.parquet")
        pl.DataFrame(self.households, schema=HOUSEHOLDS.schema).write_parquet(
            self.folder / "households.parquet"
        )
        options = RunOptions(
            events=str(self.folder / "events.parquet"),
            households=str(self.folder / "households.parquet"),
            rules=(str(books),),
            out=self.out,
            as_of=self.as_of,
            grace_days=self.grace_days,
            max_reject_rate=1.0,
            accept_rules=rules.load([books]).fingerprint,
        )
        options = replace(options, **changes)
        try:
            run(options, QUIET)
        except LossError as loss:
            run(replace(options, accept_loss=loss.figures["accept_loss"]), QUIET)
