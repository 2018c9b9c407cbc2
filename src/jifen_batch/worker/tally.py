"""What all parts of a run come to: the row accounting of specification 3.4, and the control totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import STATES
from jifen_batch.scheme.word import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.kernels.places import Places
    from jifen_batch.scoring import Tally


def accounting(rows: int, parts: Sequence[Tally]) -> dict[str, int]:
    """How many rows were read, and what became of each."""
    states = _counted(pl.concat([part.states for part in parts]), "state", "len")
    return {"rows": rows} | {state: states.get(state, 0) for state in names(STATES)}


def unaccounted(accounts: dict[str, int]) -> int:
    """Rows read that are in no other count; 0 by the first law of specification 3.4."""
    return 2 * accounts["rows"] - sum(accounts.values())


def rejects_by_reason(parts: Sequence[Tally]) -> dict[str, int]:
    """How many rows each reason rejected, in the order of the checks."""
    counts = _counted(pl.concat([part.reasons for part in parts]), "reason", "len")
    return {reason: counts[reason] for reason in names(REJECT_REASONS) if reason in counts}


def by_disposition(parts: Sequence[Tally]) -> dict[str, dict[str, int]]:
    """Lines and points of each disposition that occurs."""
    together = pl.concat([part.dispositions for part in parts])
    lines, points = (_counted(together, "disposition", column) for column in ("lines", "points"))
    return {
        name: {"lines": lines[name], "points": points[name]} for name in names(DISPOSITIONS) if name in lines
    }


def events_by_village_year(parts: Sequence[Tally], places: Places) -> list[dict[str, Any]]:
    """Events of each village and scoring year, by town, village and year.

    `events`: valid approved ones; `received`: all that stand, whatever became of them; `checksum`: of
    the ids of those, by which the next run sees at once where nothing is missing.
    """
    together = pl.concat([part.events for part in parts])
    summed = together.group_by("village", "year").agg(pl.col("valid", "received", "checksum").sum())
    summed = summed.sort("village", "year")
    named = places.villages[summed["village"]].hstack(
        summed.select(
            scoring_year="year",
            events="valid",
            received="received",
            checksum=pl.format("{}", "checksum"),
        )
    )
    return named.select("town_id", "village_id", "scoring_year", "events", "received", "checksum").to_dicts()


def _counted(counts: pl.DataFrame, key: str, column: str) -> dict[str, int]:
    """Counts of several parts added up by a key."""
    summed = counts.group_by(pl.col(key).cast(pl.String)).agg(pl.col(column).cast(pl.Int64).sum())
    return dict(summed.select(key, column).iter_rows())
