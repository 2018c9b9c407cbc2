"""Ids of the run before that a sheet program has written otherwise: 1001 for 001001, or 001001.0.

To who compares ids byte by byte such households have left and others have come, and such events are gone;
what people have to do is to mend a column, and neither to bring rows back nor to say that ids were changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.loss import CELL, LOST_OF_HUNDRED
from jifen_batch.analysis.takeback import REVISION, STATUS
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import respelling
from jifen_batch.published import runs
from jifen_batch.tables import REGISTER, REJECTS
from jifen_batch.worker import respelt_cells
from jifen_batch.worker.guard import missing_events
from jifen_batch.worker.noted_events import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.inputs.respelling import Pairs
    from jifen_batch.published.differing import Opened
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.guard.missing_events import Missing
    from jifen_batch.worker.respelt_cells import RespeltCells

# Of the villages that lost events, those that many have: one is spoilt as another is.
EVENTS_AT_MOST = 1 << 17
REJECTS_AT_MOST = 1 << 20
HOUSEHOLD = "household_id"


@dataclass(frozen=True)
class Respelt:
    """Pairs of an id as it was and as it is written now: of households that lost events, and of `places`.

    `places` are pairs of villages or of towns, by the register's column of theirs, empty where none is
    written otherwise. `recoded` are those among households whose events stand under another id, `events`
    those of events that stand under another id themselves, and `all_events` says that no others are gone.
    `registered` are those of a register where nothing else tells of its households.
    `rejected` are columns for which most rows are rejected that are rejected for such a column.
    """

    households: Pairs
    places: Mapping[str, Pairs]
    recoded: Pairs
    events: Pairs
    all_events: bool
    registered: Pairs
    rejected: list[RespeltCells]

    @property
    def names_no_household(self) -> bool:
        """Whether events name no household of the register, for they write its id otherwise."""
        return any(one.column == HOUSEHOLD for one in self.rejected)


def find(found: Mapping[str, Any], last: Opened | None, missing: Missing, drafted: DraftRun) -> Respelt:
    """What of what the guard found is another spelling; `last` is the run before, null = none."""
    before = last.content if last else {}
    old = pl.Series([one["old"] for one in found["recoded"]], dtype=pl.String)
    new = pl.Series([one["new"] for one in found["recoded"]], dtype=pl.String)
    gone = pl.Series(found["unregistered"], dtype=pl.String)
    inputs = {one["input"] for one in found["by_input"]}
    is_rejected = found["vanished_years"] or {REVISION, STATUS} & inputs
    cells = respelt_cells.found(drafted) if is_rejected else []
    events, all_events = _events(found["losses"], missing, drafted, placeless=bool(cells))
    known = respelt_cells.known(drafted, HOUSEHOLD)
    elsewhere = found["recoded"] or found["unregistered"] or [one for one in cells if one.column == HOUSEHOLD]
    return Respelt(
        households=respelling.pairs(gone, known),
        places=_places(before, drafted.content) if found["taken_back"] or found["wiped"] else {},
        recoded=respelling.pairs(old, new),
        events=events,
        all_events=all_events,
        registered=_registered(last, known) if found["taken_back"] and not elsewhere else [],
        rejected=[one for one in cells if one.share >= 0.5],  # noqa: PLR2004 - most
    )


def _events(
    losses: list[dict[str, Any]], missing: Missing, drafted: DraftRun, *, placeless: bool
) -> tuple[Pairs, bool]:
    """Ids of lost events and of ones that are there now; and whether these are as good as all.

    `placeless` asks for those, too, that are rejected and have no village.
    """
    lost = pl.DataFrame(losses, schema=missing_events.LOSSES).filter(pl.col("lost") > pl.col("unregistered"))
    before = pl.col("lost").cum_sum() - pl.col("lost")
    cells = lost.filter(before < EVENTS_AT_MOST).select(CELL).lazy()
    if lost.is_empty():
        return [], False
    of_cells = [
        missing_events.events_of(folder).join(cells, on=CELL, how="semi").select("event_id")
        for folder in (*missing.runs, drafted.folder)
    ]
    if placeless:
        rejects = runs.scan(drafted.folder, REJECTS).filter(pl.col("village_id").is_null())
        of_cells[-1] = pl.concat([of_cells[-1], rejects.select("event_id").head(REJECTS_AT_MOST)])
    *had, has = [one.unique().collect(engine="streaming")["event_id"] for one in of_cells]
    is_lost = NUMBERS["event"].is_in(missing.events.implode())
    gone = pl.concat(had).unique().to_frame().filter(is_lost)["event_id"]
    pairs = respelling.pairs(gone, has)
    return pairs, 100 * (gone.len() - len(pairs)) <= LOST_OF_HUNDRED * gone.len()


def _registered(last: Opened | None, known: pl.Series) -> Pairs:
    """Households of the register of the run before that the one now has written otherwise."""
    if last is None:
        return []
    had = runs.scan(last.folder, REGISTER).select(pl.col(HOUSEHOLD).cast(pl.String)).unique().collect()
    is_gone = ~pl.col(HOUSEHOLD).is_in(known.cast(pl.String).implode())
    return respelling.pairs(had.filter(is_gone)[HOUSEHOLD], known)


def _places(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Pairs]:
    """Villages and towns without events by now, where one that is new is the same written otherwise."""
    pairs = {column: _of_column(column, before, now) for column in ("village_id", "town_id")}
    return {column: some for column, some in pairs.items() if some}


def _of_column(column: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Pairs:
    """Those of one column."""
    had, has = (
        {one[column] for one in content.get("events_by_village_year", [])} for content in (before, now)
    )
    return respelling.pairs(
        pl.Series(sorted(had - has), dtype=pl.String), pl.Series(sorted(has - had), dtype=pl.String)
    )
