"""How deeds become rows of the feed: who approved them and when, when they were entered, their ids.

Rows have the columns of `EVENTS` and three of our own: `household` and `code` (the item's place in
`ITEM`), by which later steps choose rows, and `arrived`, the time at which the feed delivered the row,
by which files are cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.scheme.states import STATUSES
from jifen_batch.synth.chance import Days, Flags, Numbers, Purpose, stream
from jifen_batch.synth.items import CODES, PLEDGES
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.synth.people import People
    from jifen_batch.synth.places import Town
    from jifen_batch.synth.times import Year

OURS = (("household", pl.Int32()), ("code", pl.Int32()), ("arrived", pl.Datetime("us")))
ROWS = pl.Schema([*((column.name, column.dtype) for column in EVENTS), *OURS])
SECOND, DAY = 1_000_000, 86_400_000_000
OFFICE_OPENS, OFFICE_CLOSES, DAY_ENDS = 17 * 1800, 35 * 1800, 48 * 1800

# declared, assessed, approved, declined, withdrawn
STATUS_SHARES = (0.012, 0.006, 0.97, 0.007, 0.005)
DECLARED, ASSESSED, APPROVED, DECLINED, WITHDRAWN = range(len(STATUSES))
ONLINE_SHARE = 0.5
LATE_SHARE, LATE_ENTRY_SHARE = 0.018, 0.006
STRAY_SHARE = 0.04
WRITTEN_OUT_EVERY = 12


def enter(deeds: pl.DataFrame, town: Town, people: People, year: Year, seed: int) -> pl.DataFrame:
    """The rows of a year's deeds, one each, in order of entry, without any flaw."""
    rng = stream(seed, Purpose.ENTRY, town.number, year.number)
    deeds = deeds.filter(_enrolled_or_stray(rng, people, deeds))
    household, day = deeds["household"].to_numpy(), deeds["day"].to_numpy()
    code = deeds["item"].to_physical().cast(pl.Int32)
    status = rng.choice(len(STATUSES), day.size, p=STATUS_SHARES)
    online = code.is_in([CODES.index(item) for item in PLEDGES]).to_numpy() & (
        rng.random(day.size) < ONLINE_SHARE
    )
    village = people.village[household]
    month = _month_decided(rng, year.month_of(day))
    met = np.isin(status, (APPROVED, DECLINED)) & ~online
    decided = np.where(met, year.meetings(village, month), day)
    recorded = _recorded(rng, decided, met)
    order = pl.Series(np.argsort(recorded, kind="stable"))
    rows = deeds.with_columns(
        code=code,
        status=pl.Series(STATUSES).gather(status),
        decided_on=pl.Series(decided, dtype=pl.Int32).cast(pl.Date).set(pl.Series(~met), None),
        recorded_at=pl.Series(recorded).cast(pl.Datetime("us")),
        decision_id=_decisions(town, year, village, month).set(pl.Series(~met), None),
    )
    return _columns(rows[order], town, people, year)


def _enrolled_or_stray(rng: np.random.Generator, people: People, deeds: pl.DataFrame) -> Flags:
    """Committees enter some deeds of households that are not enrolled: those are the scorer's to see."""
    enrolled = people.enrolled_on(deeds["household"].to_numpy(), deeds["day"].to_numpy())
    return enrolled | (rng.random(deeds.height) < STRAY_SHARE)


def _month_decided(rng: np.random.Generator, month: Numbers) -> Numbers:
    """The month of the meeting that decides: the next one, or for the late ones up to four further."""
    late = rng.random(month.size) < LATE_SHARE
    return month + 1 + late * rng.integers(1, 5, month.size)


def _recorded(rng: np.random.Generator, decided: Days, met: Flags) -> Numbers:
    """Microseconds at which each row was entered: some days after the meeting, or online."""
    late = rng.random(decided.size) < LATE_ENTRY_SHARE
    lag = np.minimum(rng.geometric(0.55, decided.size) - 1, 9) + late * rng.integers(30, 90, decided.size)
    # The office's form keeps minutes.
    office = rng.integers(OFFICE_OPENS, OFFICE_CLOSES, decided.size) // 60 * 60
    online = rng.integers(OFFICE_OPENS, DAY_ENDS, decided.size)
    second = np.where(met, office, online)
    microseconds: Numbers = (decided.astype(np.int64) + lag) * DAY + second * SECOND
    return microseconds


def _decisions(town: Town, year: Year, village: Numbers, month: Numbers) -> pl.Series:
    """Ids of the meetings: the village and the month."""
    months = [f"{name[2:4]}{name[5:7]}" for name in year.month_names()]
    ids = pl.Series([f"{place}-{name}" for place in town.village_ids for name in months])
    return ids.gather(village * len(months) + month)


def _columns(rows: pl.DataFrame, town: Town, people: People, year: Year) -> pl.DataFrame:
    """The specification's columns and ours; ids count the year's entries of the town."""
    prefix = f"E{year.number % 100:02d}{town.number:04d}"
    serial = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)
    # Some forms write the 1 that others leave out.
    said = pl.when(pl.int_range(pl.len()) % WRITTEN_OUT_EVERY == 0).then(1)
    members = pl.Series([str(serial) for serial in range(10)])
    return rows.select(
        event_id=pl.lit(prefix) + serial,
        household_id=people.ids.gather(rows["household"]),
        item=pl.Series(CODES).gather(rows["code"]),
        occurred_on=pl.col("day").cast(pl.Date),
        status="status",
        decided_on="decided_on",
        recorded_at="recorded_at",
        until=pl.col("until").cast(pl.Date),
        matter_id="matter_id",
        quantity=pl.col("quantity").fill_null(said),
        member_id=members.gather(rows["member"].cast(pl.UInt32)),
        decision_id="decision_id",
        # The offices' form keeps proofs on paper, in the folder of the meeting.
        evidence_id=pl.lit(None, pl.String),
        household="household",
        code="code",
        arrived="recorded_at",
    ).cast(ROWS)
