"""The run that work lists are made of: one that was published, or one that was refused for its rejects.

Of a refused run all is kept that a work list needs (`worker.refused`). Programs before kept the rejects
alone: then what waits otherwise stands in the last published one.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import waiting
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.worklist.suggestions import Wording
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import at_hand, manifest, publish, runs
from jifen_batch.tables import ITEMS, REGISTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jifen_batch.tables import Table
    from jifen_batch.tables.rule_tables import RuleTables
    from jifen_batch.worker.draft import DraftRun
EVENTS_ROLE = "events"
PLEDGE_ITEMS = pl.Schema({"book": pl.String(), "item": pl.String()})


class Ended(Enum):
    """How a run ended, and with `REJECTS_ALONE` that nothing else of a refused one was kept."""

    PUBLISHED = "published"
    REFUSED = "refused"
    REJECTS_ALONE = "rejects_alone"
    NOT_PUBLISHED = "not_published"
    REHEARSED = "rehearsed"


@dataclass(frozen=True)
class Source:
    """A run: its `folder`, its manifest's `content` as far as that is made, the day it is of, how it ended.

    `beside` is the run beside it that is whole: the run itself, or, of one of which only the rejects were
    kept, the last published; null where there is none.
    """

    folder: Path
    content: Mapping[str, Any]
    as_of: date
    ended: Ended
    beside: Path | None

    @property
    def run_id(self) -> str:
        """Its id."""
        return str(self.content["run_id"])

    @property
    def wording(self) -> Wording:
        """How its events are written."""
        said: Mapping[str, Any] = next(
            (one for one in self.content.get("mappings", ()) if one["role"] == EVENTS_ROLE), {}
        )
        words = said.get("wordings", {})
        return Wording(said.get("items_by_name", False), words.get("status", {}), words.get("item", {}))

    @property
    def refused(self) -> bool:
        """Whether it was not published, and was kept for its rejects."""
        return self.ended in {Ended.REFUSED, Ended.REJECTS_ALONE}

    def scan(self, table: Table) -> pl.LazyFrame:
        """Rows of one of its tables; none of those that a refused run has not."""
        return runs.scan(self.folder, table)

    def register(self) -> pl.DataFrame:
        """The spells of the register (`REGISTER`), of the run beside; none where there is no such run."""
        return runs.read(self.beside, REGISTER) if self.beside else REGISTER.schema.to_frame()

    def village_names(self) -> dict[str, str]:
        """Village names by id, as far as there are any."""
        named = self.register().select("village_id", "village_name").drop_nulls()
        beside: dict[str, str] = self.content.get("village_names", {})
        return beside | dict(named.unique("village_id", keep="first", maintain_order=True).iter_rows())

    def items(self) -> dict[str, str]:
        """The name of each item by its code, whatever the book."""
        if self.beside is None:
            return {}
        named = runs.scan(self.beside, ITEMS).select("code", "name").unique("code", keep="first").sort("code")
        return dict(named.collect().iter_rows())

    @cached_property
    def books(self) -> RuleTables | None:
        """The rule books in force by the run beside; null where there is no such run."""
        return rules.load([manifest.rules(self.beside)]).tables if self.beside else None

    def pledges(self) -> pl.DataFrame:
        """The items that are pledges (`waiting.pledges`)."""
        return waiting.pledges(self.books) if self.books else PLEDGE_ITEMS.to_frame()


def find(out: Path, named: str) -> Source:
    """A run by its name. Raises `InputRefusedError` where none is meant, or more than one."""
    by_id = len(named) >= runs.FEWEST_DIGITS and named != publish.CURRENT
    meant = [one for one in publish.refused(out) if by_id and one.name.startswith(named)]
    # What was refused once and then published with another limit is the published one.
    if len(meant) != 1 or any(run.name.startswith(named) for run in publish.published(out)):
        folder = runs.find(out, named)
        return _of(folder, Ended.PUBLISHED, folder)
    kept = at_hand.whole(meant[0])
    if (kept / REGISTER.name).exists():
        return _of(kept, Ended.REFUSED, kept)
    return _of(kept, Ended.REJECTS_ALONE, publish.last_accepted(out))


def _of(folder: Path, ended: Ended, beside: Path | None) -> Source:
    """A run in a folder that has its manifest."""
    content = publish.read_manifest(folder)
    return Source(folder, {**content, "run_id": folder.name}, _day(folder, content), ended, beside)


def of_draft(draft: DraftRun, ended: Ended) -> Source:
    """A run that is written whole, and not published."""
    content = {**draft.content, "run_id": draft.run_id}
    return Source(draft.folder, content, date.fromisoformat(content["as_of"]), ended, draft.folder)


def refused_since(out: Path, run: Path) -> list[str]:
    """Ids of runs that were refused after this one was published, the last first.

    Of one that was refused in the same tick of the clock nobody can tell, and it is better named than not.
    """
    times = {one.name: one.stat().st_mtime_ns for one in publish.refused(out)}
    published = run.stat().st_mtime_ns
    return sorted((name for name, at in times.items() if at >= published), key=lambda name: -times[name])


def _day(folder: Path, content: Mapping[str, Any]) -> date:
    """The as-of date of a run."""
    try:
        return date.fromisoformat(str(content["as_of"]))
    except (KeyError, ValueError):
        raise InputRefusedError(
            f"{folder}: its manifest names no as-of date; run again",
            f"{folder}：清单里没有截止日期；请重新运行",
        ) from None
