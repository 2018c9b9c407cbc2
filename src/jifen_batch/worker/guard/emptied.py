"""Whether empty cells of required columns are behind what a draft lacks or takes back.

A row without its id, household or day is lost among those of other villages and years, and no input is
missing; one without item or status is rejected, and nobody revised it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.takeback import EMPTY, EVENTS, STATUS
from jifen_batch.dataclass import dataclass
from jifen_batch.worker import empty_cells
from jifen_batch.worker.guard import missing_events

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.guard.missing_events import Missing

# Without one of these nobody can tell which event of which village and year a row is.
TELL_WHICH = ("event_id", "household_id", "occurred_on")


@dataclass(frozen=True)
class Emptied:
    """The columns that are behind it (`empty_cells.counted`), none = none is.

    `lost_events`: as many rows lack what tells which events they are as events are gone.
    """

    cells: list[dict[str, Any]]
    lost_events: bool


def behind(found: Mapping[str, Any], missing: Missing, drafted: DraftRun) -> Emptied:
    """What of what the guard found is the doing of empty cells."""
    inputs = {one["input"]: one["households"] for one in found["by_input"]}
    gone = events_gone(found, missing)
    if not gone and not {EMPTY, STATUS} & set(inputs):
        return Emptied([], lost_events=False)
    cells = empty_cells.counted(drafted.folder)
    rows = max((one["rows"] for one in cells if one["column"] in TELL_WHICH), default=0)
    lost_events = 0 < gone <= rows
    told = {
        *(TELL_WHICH if lost_events else ()),
        *((one["column"] for one in cells) if EMPTY in inputs else ()),
        *(("status",) if STATUS in inputs else ()),
    }
    return Emptied([one for one in cells if one["column"] in told], lost_events)


def events_gone(found: Mapping[str, Any], missing: Missing) -> int:
    """How many events villages lost at least, and years of which none is left."""
    households = (int(one["households"]) for one in found["by_input"] if one["input"] == EVENTS)
    lost = sum(int(one["lost"] - one["unregistered"]) for one in found["losses"])
    lost = max(lost, *households, 0)
    if not found["vanished_years"]:
        return lost
    had = missing_events.counted(missing.before or {"events_by_village_year": []})
    vanished = had.filter(pl.col("scoring_year").is_in(found["vanished_years"]))["received"].sum()
    return max(lost, int(vanished), 1)
