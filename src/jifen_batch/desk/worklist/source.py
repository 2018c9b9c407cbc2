"""The run that work lists are made of: one that was published, or one that was refused for its rejects.

Of a refused run only the rejects are kept: what waits otherwise stands in the last published one.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import rules
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import manifest, publish, runs
from jifen_batch.tables import ITEMS, REGISTER

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.tables import Table
    from jifen_batch.tables.rule_tables import RuleTables
    from jifen_batch.worker.draft import DraftRun

PLEDGES = pl.Schema({"book": pl.String(), "item": pl.String()})


class Ended(Enum):
    """How a run ended; of a refused one only the rejects were kept, of the others all is there."""

    PUBLISHED = "published"
    REFUSED = "refused"
    NOT_PUBLISHED = "not_published"
    REHEARSED = "rehearsed"


@dataclass(frozen=True)
class Source:
    """A run: its `folder`, its id, the day it is of, how it ended, and the run beside it that is whole.

    `beside` is the run itself, or, of one of which only the rejects were kept, the last published; null
    where there is none.
    """

    folder: Path
    run_id: str
    as_of: date
    ended: Ended
    beside: Path | None

    @property
    def refused(self) -> bool:
        """Whether it was not published, and only its rejects were kept."""
        return self.ended is Ended.REFUSED

    def scan(self, table: Table) -> pl.LazyFrame:
        """Rows of one of its tables; none of those that a refused run has not."""
        return runs.scan(self.folder, table)

    def register(self) -> pl.DataFrame:
        """The spells of the register (`REGISTER`), of the run beside; none where there is no such run."""
        return runs.read(self.beside, REGISTER) if self.beside else REGISTER.schema.to_frame()

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
        """The items that are pledges: `book` and `item`."""
        tables = self.books
        if self.refused or tables is None:
            return PLEDGES.to_frame()
        ids = tables.books.select("book", id="id")
        items = tables.items.filter("pledge").join(ids, on="book", how="inner")
        return items.select(book="id", item="code").unique().sort("book", "item")


def find(out: Path, named: str) -> Source:
    """A run by its name. Raises `InputRefusedError` where none is meant, or more than one."""
    by_id = len(named) >= runs.FEWEST_DIGITS and named != publish.CURRENT
    meant = [one for one in publish.refused(out) if by_id and one.name.startswith(named)]
    # What was refused once and then published with another limit is the published one.
    if len(meant) != 1 or any(run.name.startswith(named) for run in publish.published(out)):
        folder = runs.find(out, named)
        return Source(folder, folder.name, _day(folder), Ended.PUBLISHED, folder)
    beside = publish.last_accepted(out)
    return Source(meant[0], meant[0].name, _day(meant[0]), Ended.REFUSED, beside)


def of_draft(draft: DraftRun, ended: Ended) -> Source:
    """A run that is written whole, and not published."""
    day = date.fromisoformat(draft.content["as_of"])
    return Source(draft.folder, draft.run_id, day, ended, draft.folder)


def refused_since(out: Path, run: Path) -> list[str]:
    """Ids of runs that were refused after this one was published, the last first."""
    published = run.stat().st_mtime
    later = [one for one in publish.refused(out) if one.stat().st_mtime > published]
    return [one.name for one in sorted(later, key=lambda one: -one.stat().st_mtime)]


def _day(folder: Path) -> date:
    """The as-of date of a run."""
    try:
        return date.fromisoformat(str(publish.read_manifest(folder)["as_of"]))
    except (KeyError, ValueError):
        raise InputRefusedError(
            f"{folder}: its manifest names no as-of date; run again",
            f"{folder}：清单里没有截止日期；请重新运行",
        ) from None
