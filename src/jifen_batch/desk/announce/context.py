"""What an announcement stands on: the current run, the quarters that hang, and their lines side by side."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.columns.quarters import last_day
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError
from jifen_batch.kernels.successions import NEW, OLD
from jifen_batch.published import announced, damage, identity, manifest, publish, runs, village_range
from jifen_batch.published.announced_changes import AnnouncedChanges
from jifen_batch.tables import LEDGER, REGISTER, REJECTS, SUCCESSIONS
from jifen_batch.tables.announced import ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.tables.rule_tables import RuleTables

# Of a run, what goes into an announcement; its manifest says what these files must hold.
USED = (
    f"{LEDGER.name}/",
    f"{REJECTS.name}/",
    f"{REGISTER.name}/",
    f"{SUCCESSIONS.name}/",
    f"{manifest.RULES}/",
)


@dataclass(frozen=True)
class Villages:
    """Some whole villages: what hung of them before, and their ledger up to the quarter (`LEDGER`)."""

    stretch: village_range.VillageRange
    hung: pl.DataFrame
    ledger: pl.DataFrame
    nets_before: pl.DataFrame


@dataclass(frozen=True)
class AnnounceContext:
    """A quarter to announce as of the current `run`, whose manifest is `content`.

    `quarters` are all that hang, ascending; `before` are the manifests of those before this one.
    """

    out: Path
    run: Path
    content: dict[str, Any]
    quarter: str
    quarters: list[str]
    before: list[dict[str, Any]]

    @property
    def as_of(self) -> date:
        """The as-of date of the run."""
        return date.fromisoformat(self.content["as_of"])

    @property
    def folder(self) -> Path:
        """Where the quarter hangs, or will."""
        return announced.folder(self.out, self.quarter)

    @property
    def hangs(self) -> bool:
        """Whether this very quarter is announced already."""
        return self.quarter in self.quarters

    @property
    def earlier(self) -> list[str]:
        """The announced quarters before this one, ascending."""
        return [quarter for quarter in self.quarters if quarter < self.quarter]

    @property
    def last(self) -> str:
        """The last announced quarter before this one; before all others where there is none."""
        return self.earlier[-1] if self.earlier else ""

    @cached_property
    def renamed(self) -> pl.DataFrame:
        """The ids that have become others by the run: what hung under the old one is the new one's."""
        return identity.renamed_by_run(self.run, self.content)

    @cached_property
    def newly_renamed(self) -> pl.DataFrame:
        """Those of them that no earlier announcement has told of."""
        return self.not_yet_told(self.renamed)

    def not_yet_told(self, renamed: pl.DataFrame) -> pl.DataFrame:
        """Of some ids that are others now, those of which nobody was told; none where nothing hung before."""
        if not self.earlier:
            return renamed.clear()
        told = identity.renamed_by_quarter(announced.folder(self.out, self.last), self.before[-1])
        return renamed.join(told, on=[OLD, NEW], how="anti")

    @cached_property
    def rules(self) -> LoadedRules:
        """The rule books of the run."""
        return rules.load([manifest.rules(self.run)])

    @cached_property
    def rules_before(self) -> LoadedRules:
        """The rule books behind what hangs; those of the run where nothing does."""
        return (
            rules.load([manifest.rules(announced.folder(self.out, self.last))])
            if self.earlier
            else self.rules
        )

    @property
    def books(self) -> RuleTables:
        """The compiled rule books of the run."""
        return self.rules.tables

    @property
    def books_before(self) -> RuleTables:
        """The compiled rule books behind what hangs."""
        return self.rules_before.tables

    @property
    def ledger(self) -> pl.LazyFrame:
        """The run's lines of quarters up to this one."""
        return runs.scan(self.run, LEDGER).filter(pl.col("quarter") <= self.quarter)

    @property
    def changes(self) -> pl.LazyFrame:
        """Every line put up or taken down before: the ledger's columns, `change` and `announced_in`."""
        return self._board.changes

    def hung(self, changes: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
        """The lines that hang (`LEDGER`) by some `changes`, to be held against these lines of the ledger."""
        return self._board.hung(changes, ledger)

    @cached_property
    def _board(self) -> AnnouncedChanges:
        """What hangs of the quarters before this one."""
        return AnnouncedChanges(self.out, self.before, self.renamed)

    def movers(self) -> pl.Series:
        """Households with lines in several villages, on the board and in the ledger together, sorted."""
        if not self.earlier:
            return pl.Series("household_id", [], pl.String)
        household_places = [rows.select(ACCOUNT[:3]) for rows in (self.ledger, self.changes)]
        places = pl.concat(household_places).unique().group_by("household_id").len(name="places")
        several = places.filter(pl.col("places") > 1).select("household_id")
        return several.collect(engine="streaming")["household_id"].sort()

    def villages(self) -> Iterator[Villages]:
        """All villages in their order, some at a time."""
        said = announced.scan(self.out, ANNOUNCEMENT, self.earlier, self.renamed)
        frozen = announced.scan(self.out, ANNOUNCEMENT, [self.quarter] if self.hangs else [])
        for stretch in village_range.cut([self.ledger, self.changes, said, frozen]):
            nets = said.filter(stretch.holds).group_by(ACCOUNT).agg(pl.col("net").sum())
            changes, ledger, before = pl.collect_all(
                [self.changes.filter(stretch.holds), self.ledger.filter(stretch.holds), nets]
            )
            yield Villages(stretch, self.hung(changes, ledger), ledger, before)


def ground(out: Path, quarter: str) -> AnnounceContext:
    """The ground for a quarter, its files as their manifests say.

    Raises `UsageRefusedError` where it cannot be announced now: too early, before a later one, or as of
    a day before the last announcement; `InputRefusedError` where nothing is published, or a file is
    not as it was written.
    """
    run = publish.current(out)
    content = publish.read_manifest(run)
    quarters = announced.quarters(out)
    earlier = [one for one in quarters if one < quarter]
    _refuse_untimely(content, quarter, quarters)
    used = [file for file in content["outputs"] if file["name"].startswith(USED)]
    announced.check_files(run, used, damage.REMEDY)
    before = announced.verified(out, [*earlier, *([quarter] if quarter in quarters else [])])
    announced.refuse_gone(out, run, content)
    before = before[: len(earlier)]
    on_board = before[-1]["as_of"] if before else content["as_of"]
    if content["as_of"] < on_board:
        raise UsageRefusedError(
            f"--quarter {quarter}: the current run is as of {content['as_of']}, but {earlier[-1]} was "
            f"announced as of {on_board}; run as of that day or a later one first",
            f"--quarter {quarter}：当前运行截至 {content['as_of']}，而 {earlier[-1]} 公告时截至 {on_board}；"
            "请先按该日或更晚的日期执行 run",
        )
    return AnnounceContext(out, run, content, quarter, quarters, before)


def _refuse_untimely(content: dict[str, Any], quarter: str, quarters: list[str]) -> None:
    """Refuse a quarter whose grace is not over, or that was passed over."""
    if quarter in quarters:
        return
    if quarters and quarter < quarters[-1]:
        raise UsageRefusedError(
            f"--quarter {quarter}: {quarters[-1]} is announced already, and what belongs to {quarter} "
            "stands in the first announcement after it; announce a later quarter",
            f"--quarter {quarter}：{quarters[-1]} 已经公告，属于 {quarter} 的内容列在其后的首次公告里；"
            "请公告更晚的季度",
        )
    grace = timedelta(days=content["options"]["grace_days"])
    ripe = last_day(quarter) + grace
    if ripe > date.fromisoformat(content["as_of"]):
        raise UsageRefusedError(
            f"--quarter {quarter}: can be announced as of {ripe} at the earliest ({grace.days} days after "
            f"it ends), but the current run is as of {content['as_of']}; run as of that day or later first",
            f"--quarter {quarter}：最早可按 {ripe} 公告（季末后 {grace.days} 天），而当前运行截至 "
            f"{content['as_of']}；请先按该日或更晚的日期执行 run",
        )
