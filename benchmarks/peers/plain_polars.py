"""The specification of scoring as an ordinary user of Polars writes it: strings, joins on them, and `over`.

Whole frames in memory, one step after another; lazy where reading gains by it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

import plain_lines as lines_of
from annex import COLUMNS_BEYOND
from ask import asked
from jifen_batch import tables
from plain_rows import EVENT_COLUMNS, enrolled, judged, places, read_rows, with_items, with_states

if TYPE_CHECKING:
    from ask import Asked

LEDGER = [name for name in tables.LEDGER.names if name not in COLUMNS_BEYOND]
EVENT = [*EVENT_COLUMNS, "town_id", "village_id"]
ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year", "category")
RULES = ("books", "scopes", "items", "points", "forfeits")


def sums(lines: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Awarded, deducted, reversed and net by these keys."""
    points, back = pl.col("points"), pl.col("disposition") == "reversed"
    return lines.group_by(keys).agg(
        awarded=points.filter(points > 0).sum(),
        deducted=points.filter((points < 0) & ~back).sum(),
        reversed=points.filter(back).sum(),
        net=points.sum(),
    )


def standings(ledger: pl.DataFrame, spells: pl.DataFrame, placed: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Every household enrolled in a ledger year, ranked where it still is on the year's last day."""
    nets = ledger.group_by("household_id", "scoring_year").agg(net=pl.col("points").sum())
    years = range(nets["scoring_year"].min(), nets["scoring_year"].max() + 1) if nets.height else ()
    span = pl.DataFrame({"scoring_year": pl.Series(years, dtype=pl.Int32)})
    first_day, last_day = pl.date("scoring_year", 1, 1), pl.date("scoring_year", 12, 31)
    lasts = pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("last_day"))
    rows = (
        spells.join(span.with_columns(last_day=pl.min_horizontal(last_day, as_of)), how="cross")
        .filter(
            pl.col("enrolled_on") <= pl.col("last_day"),
            pl.col("left_on").is_null() | (pl.col("left_on") > first_day),
            pl.col("last_day") >= first_day,
        )
        .group_by("household_id", "scoring_year")
        .agg(ranked=lasts.any())
        .join(placed, on=["household_id", "scoring_year"])
        .join(nets, on=["household_id", "scoring_year"], how="left")
        .with_columns(pl.col("net").fill_null(0))
    )
    rank = pl.when("ranked").then("net").rank("min", descending=True).cast(pl.Int32)
    return rows.select(
        "town_id",
        "village_id",
        "household_id",
        "scoring_year",
        "net",
        rank=rank.over("village_id", "scoring_year"),
        rank_in_town=rank.over("town_id", "scoring_year"),
        households=pl.col("ranked").sum().over("village_id", "scoring_year").cast(pl.Int32),
    ).sort("town_id", "village_id", "household_id", "scoring_year")


def quarters(ledger: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """All quarters from the ledger's first to the as-of date's, with their year and last day."""
    first = ledger["quarter"].min()
    if first is None:
        return pl.DataFrame(schema={"quarter": pl.String, "scoring_year": pl.Int32, "day": pl.Date})
    starts = pl.date_range(date(int(first[:4]), int(first[5]) * 3 - 2, 1), as_of, "1q", eager=True)
    ends = starts.dt.offset_by("1q") - timedelta(days=1)
    return pl.DataFrame({"start": starts, "day": ends}).select(
        lines_of.quarter(pl.col("start")).alias("quarter"),
        scoring_year=pl.col("start").dt.year(),
        day=pl.min_horizontal("day", as_of),
    )


def participation(
    ledger: pl.DataFrame, rows: pl.DataFrame, spells: pl.DataFrame, placed: pl.DataFrame, asked: Asked
) -> pl.DataFrame:
    """What a village's households did in a quarter."""
    totals = pl.DataFrame(
        schema={"town_id": pl.String, "village_id": pl.String, "households_total": pl.Int32}
    )
    if asked.villages:
        totals = pl.read_parquet(asked.villages, columns=totals.columns)
    known = pl.concat(
        [spells.select("town_id", "village_id"), totals.select("town_id", "village_id")]
    ).unique()
    points, cell = pl.col("points"), ["village_id", "quarter"]
    of_lines = ledger.group_by(cell).agg(
        earning=pl.col("household_id").filter(points > 0).n_unique(),
        awards=(points > 0).sum(),
        deductions=((points < 0) & (pl.col("disposition") != "reversed")).sum(),
    )
    valid = pl.col("state").is_in(["posted", "not_yet_posted", "no_month_end"])
    located = rows.filter(pl.col("village_id").is_not_null())
    of_rows = (
        located.with_columns(quarter=lines_of.quarter(pl.col("occurred_on")))
        .group_by(cell)
        .agg(
            active=pl.col("household_id").filter(valid).n_unique(),
            declared=(pl.col("state") == "declared").sum(),
            assessed=(pl.col("state") == "assessed").sum(),
            rejects=(pl.col("state") == "rejected").sum(),
        )
    )
    calendar = quarters(ledger, asked.as_of)
    everybody = spells.select("household_id").unique().join(calendar, how="cross")
    here = everybody.join(enrolled(spells, everybody, "day"), on=["household_id", "day"])
    of_register = here.join(placed, on=["household_id", "scoring_year"]).group_by(cell).agg(enrolled=pl.len())
    counts = ("enrolled", "earning", "active", "awards", "deductions", "declared", "assessed", "rejects")
    return (
        known.join(calendar.select("quarter"), how="cross")
        .join(of_register, on=cell, how="left")
        .join(of_lines, on=cell, how="left")
        .join(of_rows, on=cell, how="left")
        .join(
            totals.select("village_id", pl.col("households_total").cast(pl.Int32)),
            on="village_id",
            how="left",
        )
        .with_columns(pl.col(counts).fill_null(0).cast(pl.Int32))
        .select("town_id", *cell, "households_total", *counts)
        .sort("town_id", "village_id", "quarter")
    )


def write(frame: pl.DataFrame, folder: str, asked: Asked, partition: str | None = None) -> None:
    """One table, by its partitions where it has some; rows keep their order."""
    parts = frame.partition_by(partition, as_dict=True, include_key=False) if partition else {("",): frame}
    for (value,), part in parts.items():
        target = asked.out / folder / (f"{partition}={value}" if partition else "")
        target.mkdir(parents=True, exist_ok=True)
        part.write_parquet(target / "part-0.parquet", compression="zstd", row_group_size=1 << 18)


def score(asked: Asked) -> None:
    """Read, judge, accrue, operate, sum up, write."""
    rules = {name: pl.read_parquet(asked.rules / f"{name}.parquet") for name in RULES}
    spells = pl.read_parquet(
        asked.households, columns=["household_id", "village_id", "town_id", "enrolled_on", "left_on"]
    )
    rows = read_rows(asked)
    years = set(rows["occurred_on"].dt.year().drop_nulls().unique())
    placed = places(
        spells, sorted(years | set(range(min(years, default=asked.as_of.year), asked.as_of.year + 1)))
    )
    rows = with_items(rows, placed, rules)
    rows = with_states(judged(rows, spells["household_id"].unique()), asked.as_of)

    approved = rows.filter(pl.col("state") == "posted").select(lines_of.NEEDED)
    approved = approved.with_columns(pl.col(lines_of.WORDS).cast(pl.Categorical))
    rows = rows.select(*EVENT, "state", "reason")  # wide frames of millions of rows: what is done with goes

    lines = lines_of.accrue(approved, rules["points"], asked)
    lines = lines_of.open_accounts(lines, spells)
    lines = lines_of.once(lines)
    lines = lines_of.tier(lines)
    lines = lines_of.cap_matters(lines)
    lines = lines_of.cap_years(lines)
    lines = lines_of.post(lines_of.forfeit(lines, rules["forfeits"]))

    ledger = lines.rename({"book_id": "book"}).select(LEDGER).cast({pl.Categorical: pl.String})
    del lines
    ledger = ledger.sort("town_id", "village_id", "household_id", *lines_of.ORDER)
    write(ledger, "ledger", asked, "scoring_year")
    write(sums(ledger, *ACCOUNT).sort(ACCOUNT), "balances", asked)
    announced = sums(ledger, *ACCOUNT, "quarter").sort(*ACCOUNT, "quarter")
    announced = announced.with_columns(year_to_date=pl.col("net").cum_sum().over(ACCOUNT))
    write(announced, "announcements", asked, "quarter")
    write(standings(ledger, spells, placed, asked.as_of), "standings", asked)
    write(participation(ledger, rows, spells, placed, asked), "participation", asked)
    told = [pl.col(name).cast(pl.Int32, strict=False) if name == "quantity" else name for name in EVENT]
    places_first = ("town_id", "village_id", "household_id", "event_id", "recorded_at")
    hanging = rows.filter(~pl.col("state").is_in(["posted", "rejected"]))
    write(hanging.select(*told, "state").sort(places_first), "unposted", asked)
    rejected = rows.filter(pl.col("state") == "rejected")
    write(rejected.select(*told, "reason").sort(places_first), "rejects", asked)


if __name__ == "__main__":
    score(asked())
