"""A county of any size with about eight events a household, and beside each flawed row what was meant.

Light on purpose: one scoring year, no files of its own. Flaws are rare, as they are where a system is
worth reconciling with: one row in eighty, and as many approved late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from jifen_batch.tables import EVENTS, HOUSEHOLDS

YEAR, AS_OF, GRACE_DAYS = 2024, date(2024, 12, 31), 15
LAST_DAY = 344
HOUSEHOLDS_A_VILLAGE, VILLAGES_A_TOWN = 400, 25
ONCE = {
    "safety.pledge": 0.6,
    "rental.none": 0.3,
    "fire.equipment": 0.4,
    "fire.charging": 0.25,
    "courtyard.contest": 0.4,
    "service.military": 0.06,
    "education.training": 0.05,
    "education.local_job": 0.1,
    "education.university": 0.02,
    "deliberation.pledge": 0.08,
    "waste.pledge": 0.08,
    "honour.moral.town": 0.03,
    "honour.family.town": 0.03,
    "deliberation.absence": 0.025,
    "environment.check_failed": 0.025,
    "violation.building": 0.003,
}
MONTHLY = {"environment.yard": 0.17, "custom.covenant": 0.12}
VOLUNTEERS = "volunteer.service"
# Row flaws: what share of the rows has each.
FLAWS = {
    "declared": 0.0025,
    "assessed": 0.0015,
    "declined": 0.002,
    "withdrawn": 0.0015,
    "late": 0.015,
    "early": 0.0015,
    "item": 0.00075,
    "member": 0.00075,
    "until": 0.0005,
    "household": 0.0005,
    "again": 0.004,
}
EARLY = date(2025, 1, 10)


@dataclass(frozen=True)
class County:
    """`rows` are the feed: the columns of `EVENTS`, `number` of the household, `flaw`; `meant`, row by row,
    are the columns of `EVENTS` without the flaw."""

    rows: pl.DataFrame
    meant: pl.DataFrame
    register: pl.DataFrame


def make(households: int, seed: int, first: int = 0) -> County:
    """The households from number `first` on."""
    rng = np.random.default_rng([seed, first])
    deeds = _deeds(rng, households)
    deeds = deeds.with_columns(pl.col("number") + first)
    meant = _entered(rng, deeds)
    rows, meant = _flawed(rng, meant)
    return County(rows, meant, _register(rng, households, first))


def ids(numbers: pl.Expr) -> pl.Expr:
    return pl.format("H{}", numbers.cast(pl.String).str.zfill(7))


def _deeds(rng, households):
    """One row per thing done: `number`, `item`, `day` of the year, `quantity`, `matter_id`."""
    everybody = np.arange(households)
    parts = [_of(item, everybody[rng.random(households) < share]) for item, share in ONCE.items()]
    for item, share in MONTHLY.items():
        household, month = np.nonzero(rng.random((households, 11)) < share)
        parts.append(_of(item, household, day=month * 30 + 5))
    keen = rng.random(households) < 0.02
    times = rng.poisson(np.where(keen, 22, 1.0))
    parts.append(_of(VOLUNTEERS, np.repeat(everybody, times)))
    for kind in ("moral", "family"):
        upgraded = everybody[rng.random(households) < 0.004]
        parts += [_of(f"honour.{kind}.{level}", upgraded) for level in ("town", "district")]
    letting = everybody[rng.random(households) < 0.06]
    for item in ("rental.registration", "rental.rules"):
        place, month = np.nonzero(rng.random((letting.size, 11)) < 0.3)
        parts.append(_of(item, letting[place], day=month * 30 + 8))
    parts.append(_of("rental.accident", letting[rng.random(letting.size) < 0.12]))
    hosts = everybody[rng.random(households) < 0.03]
    breaches = hosts[rng.random(hosts.size) < 0.1]
    parts += [_of("custom.banquet", hosts), _of("custom.banquet_breach", breaches)]
    deeds = pl.concat(parts, how="diagonal")
    days = pl.Series(rng.integers(0, LAST_DAY, deeds.height))
    quantity = pl.Series(np.where(rng.random(deeds.height) < 0.015, 3, 1))
    return deeds.with_columns(
        day=pl.coalesce("day", days),
        quantity=pl.when(pl.col("item") == VOLUNTEERS).then(quantity).otherwise(1).cast(pl.Int32),
        matter_id=pl.when(pl.col("item").str.starts_with("custom.banquet")).then(pl.format("B{}", "number")),
    )


def _of(item, household, day=None):
    columns = {
        "number": pl.Series(household, dtype=pl.Int64),
        "item": pl.repeat(item, len(household), eager=True),
    }
    if day is not None:
        columns["day"] = pl.Series(day, dtype=pl.Int64)
    return pl.DataFrame(columns)


def _entered(rng, deeds):
    """The deeds as rows of the feed, all approved within a fortnight."""
    again = deeds.filter(pl.col("item").is_in([*ONCE][:9]) & pl.Series(rng.random(deeds.height) < 0.008))
    deeds = pl.concat([deeds, again.with_columns(day=LAST_DAY - (LAST_DAY - pl.col("day")) // 2)])
    deeds = deeds.sort("number", maintain_order=True)
    occurred = pl.date(YEAR, 1, 1) + pl.duration(days="day")
    lag = pl.Series(rng.integers(0, 14, deeds.height))
    return deeds.select(
        "number",
        event_id=pl.format("E{}-{}", "number", pl.int_range(pl.len()).over("number")),
        household_id=ids(pl.col("number")),
        item="item",
        occurred_on=occurred,
        status=pl.lit("approved"),
        decided_on=occurred + pl.duration(days=lag),
        recorded_at=pl.datetime(YEAR, 12, 20),
        until=pl.lit(None, dtype=pl.Date),
        matter_id="matter_id",
        quantity="quantity",
        member_id=pl.lit("1"),
        decision_id=pl.lit(None, dtype=pl.String),
        evidence_id=pl.lit(None, dtype=pl.String),
    )


def _flawed(rng, meant):
    """The feed with its flaws, and what was meant, row by row."""
    edges = np.cumsum([0, *FLAWS.values()])
    kind = np.searchsorted(edges, rng.random(meant.height), side="right") - 1
    flaws = pl.Series([*FLAWS, None], dtype=pl.String).gather(kind)
    meant = meant.with_columns(flaw=flaws)
    flaw = pl.col("flaw")
    late = pl.min_horizontal(pl.col("decided_on") + pl.duration(days=50), pl.date(YEAR, 12, 28))
    decided = pl.when(flaw == "late").then(late).when(flaw == "early").then(pl.lit(EARLY))
    meant = meant.with_columns(decided_on=decided.otherwise("decided_on"))
    statuses = ["declared", "assessed", "declined", "withdrawn"]
    rows = meant.with_columns(
        status=pl.when(flaw.is_in(statuses)).then(flaw).otherwise("status"),
        item=pl.when(flaw == "item").then(pl.col("item") + " ").otherwise("item"),
        member_id=pl.when(flaw == "member").then(pl.lit("99999900001")).otherwise("member_id"),
        until=pl.when((flaw == "until") & ~pl.col("item").str.ends_with("pledge"))
        .then(pl.lit(AS_OF))
        .otherwise("until"),
        household_id=pl.when(flaw == "household")
        .then(pl.col("household_id") + " ")
        .otherwise("household_id"),
    )
    # An older revision of volunteering, with more of it: what stands is what was meant.
    older = (flaw == "again") & (pl.col("item") == VOLUNTEERS)
    before = rows.filter(older).with_columns(
        quantity=pl.lit(2, pl.Int32), recorded_at=pl.datetime(YEAR, 12, 10), flaw=pl.lit("older")
    )
    rows = pl.concat([rows, before])
    meant = pl.concat([meant, before])
    return rows, meant.select(EVENTS.names)


def _register(rng, households, first):
    """Nearly all enrolled long ago; some in the course of the year."""
    number = pl.int_range(first, first + households, eager=True)
    village = number // HOUSEHOLDS_A_VILLAGE
    newcomers = rng.random(households) < 0.015
    enrolled = pl.Series(np.where(newcomers, rng.integers(60, 250, households), 0))
    frame = pl.DataFrame({"number": number, "village": village, "day": enrolled})
    return frame.select(
        household_id=ids(pl.col("number")),
        village_id=pl.format("V{}", pl.col("village").cast(pl.String).str.zfill(5)),
        town_id=pl.format("T{}", (pl.col("village") // VILLAGES_A_TOWN).cast(pl.String).str.zfill(4)),
        enrolled_on=pl.date(YEAR, 1, 1) + pl.duration(days="day"),
        left_on=pl.lit(None, dtype=pl.Date),
        village_name=pl.lit(None, dtype=pl.String),
        town_name=pl.lit(None, dtype=pl.String),
        kind=pl.lit(None, dtype=pl.String),
        group_id=pl.lit(None, dtype=pl.String),
    ).cast(HOUSEHOLDS.schema)
