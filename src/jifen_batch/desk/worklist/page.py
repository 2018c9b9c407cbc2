"""`worklist` as a page: find the run, gather what waits village by village, write a workbook each.

Some whole villages are in memory at a time, however many there are.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import waiting
from jifen_batch.analysis.objections import open_ones
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.worklist import further, lists, suggestions
from jifen_batch.desk.worklist.governing import Governing
from jifen_batch.desk.worklist.source import Ended, Source, find, refused_since
from jifen_batch.desk.worklist.village_list import VillageList
from jifen_batch.engine.ahead import Ahead
from jifen_batch.errors import InputRefusedError
from jifen_batch.notices.printed.document import Document, Page
from jifen_batch.notices.printed.workbook import workbook
from jifen_batch.published import announced, damage, notice_folder, publish, village_range
from jifen_batch.sentence import Sentence
from jifen_batch.storage import disk
from jifen_batch.tables import LEDGER, OBJECTIONS, REJECTS, UNPOSTED
from jifen_batch.tables.waiting import DUPLICATES, PLACE, PLEDGES
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from jifen_batch.notices.printed.document import Cell

    Watch = Callable[[int, int], None]

OPTION = "--to"
UNPLACED_NUMBER = 0
INDEX = Sentence("Index", "目录")
INDEX_HEADERS = (
    Sentence("file", "文件"),
    Sentence("town", "镇"),
    Sentence("village", "村"),
    Sentence("village name", "村名"),
)
NOTHING = Sentence("nothing to do", "无待办")
ENDED = {
    Ended.PUBLISHED: Sentence(
        ".",
        "。",
    ),
    Ended.REFUSED: Sentence(
        ": not published, too many rejects.",
        "：退回太多，没有发布。",
    ),
    Ended.REJECTS_ALONE: Sentence(
        ": not published, too many rejects. Here are the rejects alone; "
        "what else waits is told of the last published run.",
        "：退回太多，没有发布。这里只有退回的行；其他待办见上一次发布的运行。",
    ),
    Ended.NOT_PUBLISHED: Sentence(
        ": not published; the last line of the run says why.",
        "：没有发布，原因见运行的最后一行。",
    ),
    Ended.REHEARSED: Sentence(
        ": a dry run, not published.",
        "：试运行，没有发布。",
    ),
}
Place = tuple[str | None, str | None]


@dataclass(frozen=True)
class Written:
    """What was written: the `folder`, how many `workbooks`, how many rows of each kind (`lists.KINDS`).

    `unplaced`: rows of no village, in the workbook of number 0. `refused_since`: runs that were refused
    after this one was published, the last first.
    """

    run_id: str
    refused: bool
    folder: Path
    workbooks: int
    rows: dict[str, int]
    unplaced: int
    refused_since: list[str]


def worklists(  # noqa: PLR0913 - all that is asked
    out: Path,
    to: Path,
    named: str = publish.CURRENT,
    village: str | None = None,
    *,
    option: str = OPTION,
    language: str = "zh",
    watch: Watch | None = None,
) -> Written:
    """Write the work lists of a run into a new folder: a workbook for each village that has something to do.

    `watch` is told how many villages are done of how many there are.
    Raises `UsageRefusedError` for a folder that cannot be, `InputRefusedError` for a run or village that is
    not there, and `DiskError`; then no folder is left.
    """
    notice_folder.check(to, out, option)
    source = find(out, named)
    with damage.named(source.beside or source.folder, out, announced.quarters(out)):
        written = write(source, to, village, language, watch)
    since = [] if source.refused else refused_since(out, source.folder)
    return replace(written, refused_since=since)


def write(
    source: Source,
    to: Path,
    village: str | None = None,
    language: str = "zh",
    watch: Watch | None = None,
) -> Written:
    """The same of a run that is at hand, into a folder that was checked."""
    rows, workbooks, unplaced = _write(Gathered(source, village, language), to, watch)
    return Written(source.run_id, source.refused, to, workbooks, rows, unplaced, [])


def _write(gathered: Gathered, to: Path, watch: Watch | None) -> tuple[dict[str, int], int, int]:
    """Write the folder; rows of each kind, workbooks, and rows of no village."""
    made_on, here = gathered.source.as_of, gathered.here
    counts = dict.fromkeys(lists.KINDS, 0)
    listed: list[list[Cell]] = []
    done: set[Place] = set()
    unplaced = 0
    with notice_folder.fresh(to) as folder:
        number = UNPLACED_NUMBER
        with Ahead() as ahead:
            for place, frames in gathered.villages():
                own = {name: frame.height for name, frame in frames.items()}
                counts = {name: counts[name] + rows for name, rows in own.items()}
                if place[1] is None:
                    unplaced = sum(own.values())
                    name = notice_folder.name_of(UNPLACED_NUMBER)
                else:
                    number += 1
                    name = notice_folder.name_of(number)
                heading, said, spoken = gathered.heading(place), gathered.said, gathered.spoken
                work = VillageList(name, heading, said, frames, spoken, made_on)
                ahead.do(work, partial(disk.write_bytes, folder / name))
                listed.append([name, *place, gathered.names.get(place[1] or ""), *own.values()])
                done.add(place)
                if watch:
                    watch(len(done), max(len(done), len(gathered.places)))
        idle = [place for place in gathered.places if place not in done]
        listed += [
            [here(NOTHING), *place, gathered.names.get(place[1] or ""), *([0] * len(counts))]
            for place in idle
        ]
        headers = [*map(here, INDEX_HEADERS), *(here(kind.sheet) for kind in lists.KINDS.values())]
        index = Page(here(INDEX), f"{here(lists.TITLE)} {here(INDEX)}", gathered.said, headers, listed, [])
        disk.write_bytes(
            folder / notice_folder.INDEX, workbook(Document(here(INDEX), index.title, [index]), made_on)
        )
    return counts, len(done), unplaced


class Gathered:
    """What of a run waits, by village; of one village only, where one is named."""

    def __init__(self, source: Source, village: str | None, language: str) -> None:
        """Look who lives where. Raises `InputRefusedError` for a village that nobody knows."""
        self.source, self.language = source, language
        self.register = source.register()
        self.names = source.village_names()
        self._village = village
        if village is not None and not self.places and not self._rejects.filter(self._wanted).height:
            raise InputRefusedError(
                f"--village {village}: the register of run {self.source.run_id} has none; check the id",
                f"--village {village}：运行 {self.source.run_id} 的名册里没有这个村；请核对村编号",
            )

    @property
    def _wanted(self) -> pl.Expr:
        """Whether a row is of a village that is asked for."""
        return pl.lit(True) if self._village is None else pl.col("village_id") == self._village  # noqa: FBT003 - a value

    @cached_property
    def places(self) -> list[Place]:
        """The town and village of every enrolment, sorted."""
        return self.register.filter(self._wanted).select(PLACE).unique().sort(PLACE).rows()

    @property
    def said(self) -> list[str]:
        """Of which run and day the lists are."""
        day, run = self.source.as_of, self.source.run_id
        begins = Sentence(f"As of {day}, run {run}", f"截至 {day}，运行 {run}")
        return [self.here(begins) + self.here(ENDED[self.source.ended])]

    @cached_property
    def spoken(self) -> lists.Spoken:
        """How the lists speak."""
        return lists.Spoken(self.language, self.source.items(), self.source.wording.statuses)

    def here(self, sentence: Sentence) -> str:
        """A sentence in the language of the lists."""
        return sentence.here(self.language)

    def heading(self, place: Place) -> str:
        """How a village is called."""
        if place[1] is None:
            return self.here(lists.NO_VILLAGE)
        name = self.names.get(place[1])
        return f"{name} {place[1]}" if name else place[1]

    @cached_property
    def _rejects(self) -> pl.DataFrame:
        """The rejects, with what to write instead; of an unknown year, where their household is now."""
        rows = self.source.scan(REJECTS).collect()
        now = waiting.placed(rows.select("household_id"), self.register, self.source.as_of)
        rows = rows.with_columns(pl.coalesce(name, now[name]) for name in PLACE)
        governing = Governing(self.source.books) if self.source.books else None
        found = further.found(rows, governing, self.register)
        near = suggestions.instead(found, governing, self.register, self.source.wording, self.language)
        return found.with_columns(near).sort("source_file", "source_row")

    @cached_property
    def _small(self) -> dict[str, pl.DataFrame]:
        """What is read whole: rejects, open objections with their places, wallets that do not add up."""
        as_of = self.source.as_of
        disputed = open_ones(self.source.scan(OBJECTIONS).collect(), as_of).with_columns(
            days=(pl.lit(as_of) - pl.col("raised_on")).dt.total_days()
        )
        of_ledger = {
            "pledges": self.source.scan(PLEDGES).collect(),
            "duplicates": self.source.scan(DUPLICATES).collect(),
        }
        return {
            # Of a refused run what the ledger said is kept; of any other the ledger is there.
            **(of_ledger if self.source.refused else {}),
            "rejects": self._rejects,
            "objections": waiting.placed(disputed, self.register, as_of),
            "redemptions": waiting.uncovered(self.source.scan(WALLETS).collect()),
            "mispriced": self.source.scan(MISPRICED).collect(),
        }

    def villages(self) -> Iterator[tuple[Place, Mapping[str, pl.DataFrame]]]:
        """Each village with something to do, by town and village, its frames by kind; no village first."""
        unposted = self.source.scan(UNPOSTED)
        ledger = self.source.scan(LEDGER).select(waiting.OF_LEDGER)
        nowhere = pl.col("village_id").is_null()
        if self._village is None:
            yield from self._read(ledger.filter(nowhere), unposted.filter(nowhere), nowhere)
        wanted = [rows.filter(self._wanted & ~nowhere) for rows in (ledger, unposted)]
        small = [frame.lazy().filter(self._wanted & ~nowhere) for frame in self._small.values()]
        for stretch in village_range.cut([rows.select(PLACE) for rows in (*wanted, *small)]):
            own_ledger, own_unposted = (rows.filter(stretch.holds) for rows in wanted)
            yield from self._read(own_ledger, own_unposted, stretch.holds & self._wanted & ~nowhere)

    def _read(
        self, ledger: pl.LazyFrame, unposted: pl.LazyFrame, holds: pl.Expr
    ) -> Iterator[tuple[Place, Mapping[str, pl.DataFrame]]]:
        """The villages of some rows."""
        as_of = self.source.as_of
        lines, rows = pl.collect_all([ledger, unposted])
        pending = waiting.waiting(rows, as_of)
        frames = {name: frame.filter(holds) for name, frame in self._small.items()}
        frames |= {state: pending.filter(pl.col("state") == state) for state in waiting.PENDING}
        if not self.source.refused:
            frames["pledges"] = waiting.ending_pledges(lines, rows, self._pledges, as_of)
            frames["duplicates"] = waiting.likely_duplicates(lines, rows)
        parts = {
            name: frames[name].partition_by(PLACE, as_dict=True, maintain_order=True) for name in lists.KINDS
        }
        places = sorted(
            {place for part in parts.values() for place in part}, key=lambda one: [*map(str, one)]
        )
        for place in places:
            yield place, {name: part.get(place, frames[name].clear()) for name, part in parts.items()}

    @cached_property
    def _pledges(self) -> pl.DataFrame:
        """The items that are pledges."""
        return self.source.pledges()
