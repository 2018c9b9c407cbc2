"""Events that an earlier run had and this one has not: looked for before anything is published.

Villages and years whose events are the same to the last id are recognised by a checksum in the
manifests; only for the others are the ids themselves read back and held against each other. Each run
writes down how many events of the one before it were gone, so that a leak of some events a night is held
against every run that is kept, and ids of an older run are read only where its losses may have added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.loss import CELL, cells_that_differ, lost, missing, to_look_at, too_many
from jifen_batch.dataclass import dataclass
from jifen_batch.published import publish, runs
from jifen_batch.published.differing import unlike
from jifen_batch.published.village_range import PLACE, VillageRange
from jifen_batch.scheme.reject_reasons import UNKNOWN_HOUSEHOLD, UNREADABLE_ROW
from jifen_batch.tables import LEDGER, REJECTS, UNPOSTED
from jifen_batch.worker.noted_events import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.guard.moved_events import MovedEvents

EVENTS_AT_ONCE = 1 << 20
HELD_AGAINST = "held_against"
EVENT = NUMBERS["event"]
CELLS = pl.Schema({"town_id": pl.String(), "village_id": pl.String(), "scoring_year": pl.Int32()})
COUNTED = pl.Schema({**CELLS, "received": pl.Int64(), "checksum": pl.String()})
GONE = pl.Schema({**CELLS, "events": pl.Int64()})
LOST = pl.Schema({**CELLS, "had": pl.Int64(), "event": pl.UInt64()})
LOSSES = pl.Schema({**CELLS, "had": pl.Int64(), "lost": pl.Int64(), "unregistered": pl.Int64()})


@dataclass(frozen=True)
class Missing:
    """What is missing, and what a run writes down of it.

    `losses` has an entry per village and year that lost too many events of an earlier run: `CELL`, events
    `had` and `lost`, and of these `unregistered`, those whose household the register does not have any more;
    `unregistered` are the households of those, sorted. `gone` (`GONE`): events of the run `before`, counted,
    that are not there now; `before` is its manifest, null where there is none. `events` are the lost ones, as
    numbers (`NUMBERS`), and `runs` the folders of the runs that had them.
    """

    before: Mapping[str, Any] | None
    gone: list[dict[str, Any]]
    losses: list[dict[str, Any]]
    unregistered: list[str]
    events: pl.Series
    runs: list[Path]

    def written(self, accepted: bool) -> dict[str, Any]:  # noqa: FBT001 - said by its name
        """For the manifest: the run held against, what is gone of it, the cells whose loss is accepted."""
        cells = [{name: one[name] for name in CELL} for one in self.losses] if accepted else []
        run_id = self.before["run_id"] if self.before else None
        return {"run_id": run_id, "gone": self.gone, "accepted": cells}


def find(out: Path, drafted: DraftRun, moved_since: Callable[[Path], MovedEvents]) -> Missing:
    """What a draft has lost of the runs that are kept, the last of its day or before it first.

    `moved_since` gives the events that moved in the ledger since a run (`moved_events.since`).
    """
    kept = _chain(out, drafted.content["as_of"])
    now = counted(drafted.content)
    found, nights = [LOST.to_frame()], [GONE.to_frame()]
    forgiven = CELLS.to_frame()
    for place, (folder, content) in enumerate(kept):
        cells = cells_that_differ(counted(content), now)
        if place:
            cells = cells.join(to_look_at(cells, pl.concat(nights)), on=CELL, how="semi")
        known = pl.concat([forgiven, *(one.select(CELL) for one in found)])
        cells = cells.join(known, on=CELL, how="anti")
        if cells.height:
            cells = cells.join(_with_gone(folder, drafted.folder, moved_since(folder)), on=CELL, how="semi")
        gone, lost_now = _held_against(folder, drafted.folder, cells.sort(CELL))
        found.append(lost_now)
        if not place:
            nights.append(gone)
        said = content.get(HELD_AGAINST, {})
        nights.append(pl.DataFrame(said.get("gone", []), schema=GONE))
        forgiven = pl.concat([forgiven, pl.DataFrame(said.get("accepted", []), schema=CELLS)])
    before = kept[0][1] if kept else None
    gone_now = nights[1].sort(CELL).to_dicts() if kept else []
    missed = pl.concat(found)
    if missed.height and missed.height <= _rows_without_id(drafted.folder):
        missed = missed.clear()
    had_them = [folder for (folder, _), one in zip(kept, found[1:], strict=True) if one.height]
    return Missing(before, gone_now, *_described(drafted.folder, missed), missed["event"], had_them)


def _chain(out: Path, as_of: str) -> list[tuple[Path, dict[str, Any]]]:
    """The runs that this one must have the events of, with their manifests, the last first.

    Of the runs that are kept and not as of a later day, that of the latest day, and of several the last
    published; then the one which that was held against, and so on. A run as of an earlier day saw less by
    design: neither is it asked, nor does it hide a loss from the next night.
    """
    published = [(folder, publish.read_manifest(folder)) for folder in publish.published(out)]
    seen = {content["run_id"]: (folder, content) for folder, content in published}
    # The last published stand first, and of equals `max` takes the first.
    at = max(
        (one for one in published if one[1]["as_of"] <= as_of), key=lambda one: one[1]["as_of"], default=None
    )
    chain = []
    while at is not None and at[1]["run_id"] in seen:
        del seen[at[1]["run_id"]]
        chain.append(at)
        at = seen.get(at[1].get(HELD_AGAINST, {}).get("run_id"))
    return chain


def _held_against(before: Path, folder: Path, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of some villages and years: how many events are gone (`GONE`), and those that are lost (`LOST`).

    Some villages at a time, so that a county's ids need not fit into memory together. `cells` have `CELL`
    and `received`, sorted.
    """
    number = pl.int_range(pl.len(), dtype=pl.UInt32).alias("cell")
    piece = (pl.col("received").cum_sum() - pl.col("received")) // EVENTS_AT_ONCE
    cells = cells.with_columns(number, piece=piece)
    named = cells.select(*CELL, "cell")
    counts, found = [GONE.to_frame()], [LOST.to_frame()]
    for some in cells.partition_by("piece", maintain_order=True):
        gone = missing(_ids(before, some), _ids(folder, some)["event"])
        sums = gone.group_by("cell").agg(events=pl.len().cast(pl.Int64))
        counts.append(sums.join(named, on="cell").select(GONE.names()))
        suspects = too_many(gone)
        if suspects.height:
            really = lost(suspects, _elsewhere(before, folder, suspects))
            found.append(really.join(named, on="cell").select(LOST.names()))
    return pl.concat(counts), pl.concat(found)


def _in_range(cells: pl.DataFrame) -> pl.Expr:
    """Whether a row is of the villages and years that some cells, sorted, span."""
    places = cells.select(PLACE)
    villages = VillageRange(places.row(0), places.row(-1))
    return villages.holds & pl.col("scoring_year").is_in(cells["scoring_year"].unique().implode())


def _with_gone(before: Path, folder: Path, moved: MovedEvents) -> pl.DataFrame:
    """Villages and years of which any event of a run is gone (`CELL`): of most nights, none.

    Held against each other are ids alone, whatever village and year they are in, and of lines those that
    `moved`: what the files that are the same to the byte hold, and other lines, is on both sides.
    """
    others = zip(*(unlike(before, folder, table) for table in (UNPOSTED, REJECTS)), strict=True)
    had, have = (pl.concat([_placed(one).select(event=EVENT) for one in tables]) for tables in others)
    away = moved.away.lazy().select("event")
    gone = pl.concat([away, had]).join(have, on="event", how="anti").collect()["event"]
    gone = gone.filter(~gone.is_in(moved.there(gone).implode()))
    if gone.is_empty():
        return CELLS.to_frame()
    cells = events_of(before).filter(EVENT.is_in(gone.implode())).select(CELL).unique()
    return cells.collect(engine="streaming")


def _elsewhere(before: Path, folder: Path, suspects: pl.DataFrame) -> pl.Series:
    """Those of some events that a run has elsewhere, or as a reject without a place that says what it is.

    Where an event names a household that the register does not have, it is there if it was its row that
    changed; if it named the same household `before`, the register lost that, and with it the event.
    """
    asked = suspects.lazy().select("event")
    there = events_of(folder).select(event=EVENT).join(asked, on="event", how="semi")
    placeless = runs.scan(folder, REJECTS).filter(pl.col("village_id").is_null())
    rejects = placeless.select("reason", "household_id", event=EVENT).join(asked, on="event", how="semi")
    named = pl.concat(
        [
            runs.scan(before, one).select(event=EVENT, named="household_id")
            for one in (LEDGER, UNPOSTED, REJECTS)
        ]
    )
    same = named.join(asked, on="event", how="semi").rename({"named": "household_id"}).unique()
    unknown = pl.col("reason") == UNKNOWN_HOUSEHOLD.name
    changed = rejects.filter(unknown).join(same, on=["event", "household_id"], how="anti")
    told = pl.concat([one.select("event") for one in (there, rejects.filter(~unknown), changed)])
    return told.collect(engine="streaming")["event"].unique()


def _rows_without_id(folder: Path) -> int:
    """Rows that nobody can tell the id of, for they cannot be read: any lost event may be one of them."""
    rows = runs.scan(folder, REJECTS).filter(
        pl.col("reason") == UNREADABLE_ROW.name, pl.col("event_id").is_null()
    )
    return int(rows.select(pl.len()).collect().item())


def _ids(folder: Path, cells: pl.DataFrame) -> pl.DataFrame:
    """The events that a run has in some villages and years: `cell` and `event`, its id as a number."""
    some = cells.select(*CELL, "cell").lazy()
    return (
        events_of(folder)
        .filter(_in_range(cells))
        .join(some, on=CELL)
        .select("cell", event=EVENT)
        .collect(engine="streaming")
    )


def events_of(folder: Path) -> pl.LazyFrame:
    """Every event that a run has at a place, posted, waiting or rejected: `CELL` and `event_id`."""
    year = pl.col("occurred_on").dt.year().alias("scoring_year")
    others = [_placed(runs.scan(folder, table)) for table in (UNPOSTED, REJECTS)]
    placed = [one.select("town_id", "village_id", year, "event_id") for one in others]
    return pl.concat([_placed(runs.scan(folder, LEDGER)).select(*CELL, "event_id"), *placed])


def _placed(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of an event at a place: one whose household has gone from the register has none any more."""
    return rows.drop_nulls(["village_id", "event_id"])


def _described(folder: Path, lost_events: pl.DataFrame) -> tuple[list[dict[str, Any]], list[str]]:
    """Losses as `Missing` tells them, and the households that are not registered any more, sorted."""
    if lost_events.is_empty():
        return [], []
    orphans = (
        runs.scan(folder, REJECTS)
        .filter(pl.col("reason") == UNKNOWN_HOUSEHOLD.name)
        .select("household_id", event=EVENT)
        .join(lost_events.lazy().select("event"), on="event", how="semi")
        .unique()
        .collect()
    )
    unregistered = pl.col("event").is_in(orphans["event"].implode()).sum().cast(pl.Int64)
    losses = (
        lost_events.group_by(CELL)
        .agg(pl.col("had").first(), lost=pl.len().cast(pl.Int64), unregistered=unregistered)
        .sort(CELL)
    )
    return losses.to_dicts(), orphans["household_id"].unique().sort().to_list()


def counted(content: Mapping[str, Any]) -> pl.DataFrame:
    """Events by village and year, as a manifest tells them."""
    rows = [{name: row[name] for name in COUNTED} for row in content["events_by_village_year"]]
    return pl.DataFrame(rows, schema=COUNTED)
