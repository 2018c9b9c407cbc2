"""Ids of the run before that a sheet program has written otherwise: 1001 for 001001, or 001001.0.

To who compares ids byte by byte such households have left and others have come; what people have to do is
to mend a column, and neither to bring rows back nor to say that ids were changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.takeback import REVISION
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import spoilt_ids
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import UNKNOWN_HOUSEHOLD
from jifen_batch.tables import REJECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.worker.draft import DraftRun

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Respelt:
    """Pairs of an id as it was and as it is written now: of households that lost events, and of `places`.

    `places` are pairs of villages or of towns, by the register's column of theirs, empty where none is
    written otherwise. `recoded` are those among households whose events stand under another id, `rejected`
    those of events whose household the register has as it was.
    """

    households: Pairs
    places: Mapping[str, Pairs]
    recoded: Pairs
    rejected: Pairs


def find(found: Mapping[str, Any], before: Mapping[str, Any], drafted: DraftRun) -> Respelt:
    """What of what the guard found is another spelling; `before` is the manifest of the run before."""
    old = pl.Series([one["old"] for one in found["recoded"]], dtype=pl.String)
    new = pl.Series([one["new"] for one in found["recoded"]], dtype=pl.String)
    gone = pl.Series(found["unregistered"], dtype=pl.String)
    inputs = {one["input"] for one in found["by_input"]}
    return Respelt(
        households=spoilt_ids.respelt(gone, _registered(drafted)) if gone.len() else [],
        places=_places(before, drafted.content) if found["taken_back"] or found["wiped"] else {},
        recoded=spoilt_ids.respelt(old, new) if old.len() else [],
        rejected=_rejected(drafted) if found["vanished_years"] or REVISION in inputs else [],
    )


def _rejected(drafted: DraftRun) -> Pairs:
    """Registered households, and what most events that name an unknown one call them; none if few do."""
    unknown = runs.scan(drafted.folder, REJECTS).filter(pl.col("reason") == UNKNOWN_HOUSEHOLD.name)
    ids = unknown.select(pl.col("household_id").unique()).collect(engine="streaming")["household_id"]
    pairs = spoilt_ids.respelt(_registered(drafted), ids) if ids.len() else []
    return pairs if 2 * len(pairs) >= ids.len() else []


def _registered(drafted: DraftRun) -> pl.Series:
    """The ids of the register; none of a run that was published before, which is not read again."""
    if drafted.taken is None:
        return pl.Series(dtype=pl.String)
    return drafted.taken.terms.places.households["household_id"]


def _places(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Pairs]:
    """Villages and towns without events by now, where one that is new is the same written otherwise."""
    pairs = {column: _of_column(column, before, now) for column in ("village_id", "town_id")}
    return {column: some for column, some in pairs.items() if some}


def _of_column(column: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Pairs:
    """Those of one column."""
    had, has = (
        {one[column] for one in content.get("events_by_village_year", [])} for content in (before, now)
    )
    return spoilt_ids.respelt(
        pl.Series(sorted(had - has), dtype=pl.String), pl.Series(sorted(has - had), dtype=pl.String)
    )
