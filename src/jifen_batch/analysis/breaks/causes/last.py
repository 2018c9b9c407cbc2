"""What is only looked at where no mistake explains a key: an older run's figure, an event they lack.

Either fits many a difference by chance, so neither may speak against a cause that was tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence


def earlier_figures(keys: pl.DataFrame, earlier: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Atoms of figures that an earlier run of ours had for these keys: `earlier` has `run`, `points`."""
    had = keys.select("key", "ours", *names).join(earlier, on=list(names))
    return had.select(
        "key",
        cause=pl.lit("older_run"),
        part="run",
        whole=pl.lit(value=True),
        because="run",
        amount=pl.col("points") - pl.col("ours"),
    )


def missing_events(keys: pl.DataFrame, lines: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Atoms of events that they lack; only those whose amount no other event of the key brought."""
    ours = keys.select("key", *names).join(lines, on=list(names))
    events = ours.group_by("key", "event_id").agg(amount=-pl.col("points").sum())
    events = events.filter(pl.len().over("key", "amount") == 1)
    return events.select(
        "key",
        cause=pl.lit("missing_there"),
        part="event_id",
        whole=pl.lit(value=False),
        because="event_id",
        amount="amount",
    )
