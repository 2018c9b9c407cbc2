"""What real feeds have beside good rows: copies, revisions, and about one row in a hundred that is bad.

Rows come as `entry` makes them. Which are chosen is by lot, each row for one flaw at most, so that a bad
row is bad for the reason that it was made for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.synth.chance import Numbers, Purpose, Shares, stream
from jifen_batch.synth.items import CODES
from jifen_batch.synth.spoil import SPOILERS

if TYPE_CHECKING:
    from jifen_batch.synth.places import Town
    from jifen_batch.synth.times import Year

REVISED_SHARE = 0.015
# Declared first, assessed first, first with another quantity, withdrawn later.
REVISION_SHARES = (0.5, 0.2, 0.15, 0.15)
SENT_TWICE_SHARE, SENT_LATER_SHARE = 0.005, 0.4


def flawed(rows: pl.DataFrame, town: Town, year: Year, seed: int) -> pl.DataFrame:
    """All rows of the feed, in order of arrival; those that a flaw adds are among them."""
    rng = stream(seed, Purpose.FLAWS, town.number, year.number)
    lot = rng.random(rows.height)
    flaw = _flaws(lot, rows["code"].to_numpy())
    made = [spoiler.make(rng, rows.filter(flaw == number)) for number, spoiler in enumerate(SPOILERS)]
    revised = pl.Series((lot >= 1 - REVISED_SHARE) & (rows["status"] == "approved").to_numpy())
    fed = pl.concat([rows.filter(flaw < 0), _revisions(rng, rows.filter(revised)), *made])
    return pl.concat([fed, _copies(rng, fed)]).sort("arrived", maintain_order=True)


def _flaws(lot: Shares, code: Numbers) -> pl.Series:
    """The number of each row's flaw in `SPOILERS`, -1 for none: each owns a stretch of the lots."""
    bounds = np.cumsum([spoiler.share for spoiler in SPOILERS])
    drawn = np.searchsorted(bounds, lot, side="right")
    fits = np.array([[item in spoiler.codes for item in CODES] for spoiler in SPOILERS])
    fits = np.vstack([fits, np.zeros(len(CODES), dtype=bool)])
    return pl.Series(np.where(fits[drawn, code], drawn, -1))


def _revisions(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """Other revisions of these approved rows: mostly earlier ones, some that withdraw the event later."""
    kind = pl.Series(rng.choice(len(REVISION_SHARES), rows.height, p=REVISION_SHARES))
    declared, assessed, miscounted, withdrawn = (rows.filter(kind == number) for number in range(4))
    open_still = {"decided_on": pl.lit(None, pl.Date), "decision_id": pl.lit(None, pl.String)}
    days_after = pl.Series(rng.integers(1, 80, withdrawn.height))
    revisions = (
        _entered_before(rng, declared).with_columns(status=pl.lit("declared"), **open_still),
        _entered_before(rng, assessed).with_columns(status=pl.lit("assessed"), **open_still),
        _entered_before(rng, miscounted).with_columns(quantity=pl.lit(3, pl.Int32)),
        withdrawn.with_columns(
            status=pl.lit("withdrawn"),
            recorded_at=pl.col("recorded_at") + pl.duration(days=pl.lit(days_after)),
        ),
    )
    return pl.concat(revisions).with_columns(arrived="recorded_at")


def _entered_before(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a time of entry between the day they occurred on and their own, in whole seconds."""
    begun = rows["occurred_on"].cast(pl.Datetime("us"))
    elapsed = (rows["recorded_at"] - begun).dt.total_seconds()
    seconds = (elapsed * pl.Series(rng.uniform(0.1, 0.9, rows.height))).cast(pl.Int64)
    return rows.with_columns(recorded_at=begun + pl.duration(seconds=pl.lit(seconds)))


def _copies(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that the feed sends once more, some weeks later and so in another month's file."""
    again = rows.filter(pl.Series(rng.random(rows.height) < SENT_TWICE_SHARE))
    later = rng.random(again.height) < SENT_LATER_SHARE
    days = pl.Series(later * rng.integers(1, 45, again.height))
    return again.with_columns(arrived=pl.col("arrived") + pl.duration(days=pl.lit(days)))
