"""What a night comes to in figures for the report: sums over households, none of one household.

Every table is summed while it is read; what is left is as large as villages, categories and months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis import impact
from jifen_batch.columns.quarters import last_day
from jifen_batch.published import publish, runs
from jifen_batch.scheme.dispositions import CAPPED, NOT_ELIGIBLE, NOT_ENROLLED, REVERSED
from jifen_batch.tables import BALANCES, ITEMS, LEDGER, PARTICIPATION, REGISTER, REJECTS, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

MONTHS = 24
PLACE = ("town_id", "village_id")
NEVER_COUNTED = (NOT_ENROLLED.name, NOT_ELIGIBLE.name, REVERSED.name)


def names(run: Path) -> dict[str, str]:
    """Names of towns and villages by id, where the register has some."""
    register = runs.scan(run, REGISTER).select(
        "village_id", "village_name", "town_id", "town_name", "enrolled_on"
    ).sort("enrolled_on").collect()  # fmt: skip
    found: dict[str, str] = {}
    for key, name in (("village_id", "village_name"), ("town_id", "town_name")):
        found |= dict(register.select(key, name).drop_nulls().unique(key, keep="last").iter_rows())
    return found


def by_month(run: Path, as_of: date) -> pl.DataFrame:
    """Points of the last `MONTHS` months up to the day: `month`, `category`, `up`, `down`, in order."""
    points, month = pl.col("points"), pl.col("accrued_on").dt.truncate("1mo").alias("month")
    first = pl.lit(as_of).dt.truncate("1mo").dt.offset_by(f"-{MONTHS - 1}mo")
    lately = runs.scan(run, LEDGER).filter(pl.col("accrued_on") >= first)
    summed = lately.group_by(month, pl.col("category").cast(pl.String)).agg(
        up=points.clip(lower_bound=0).sum(), down=points.clip(upper_bound=0).sum()
    )
    return summed.sort("month", "category").collect(engine="streaming")


def caps(run: Path, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How far caps bite in a scoring year: by category, and by item, the hardest hit first.

    `given`, `capped` and `otherwise`: points that counted, that a cap took, and that another rule took, of
    awards. By item also `name`, and how many `households` have a line of it, and are `hit` by its cap.
    """
    lost = pl.col("gross") - pl.col("points")
    is_capped = pl.col("disposition").cast(pl.String) == CAPPED.name
    lines = runs.scan(run, LEDGER).filter(
        pl.col("scoring_year") == year,
        pl.col("gross") > 0,
        ~pl.col("disposition").cast(pl.String).is_in(NEVER_COUNTED),
    )
    sums = (
        pl.col("points").sum().alias("given"),
        lost.filter(is_capped).sum().alias("capped"),
        lost.filter(~is_capped).sum().alias("otherwise"),
    )
    household = pl.col("household_id")
    by_category = lines.group_by(pl.col("category").cast(pl.String)).agg(sums).sort("category")
    by_item = lines.group_by(pl.col("item").cast(pl.String)).agg(
        *sums, households=household.n_unique(), hit=household.filter(is_capped).n_unique()
    )
    named = runs.scan(run, ITEMS).select(item=pl.col("code"), name=pl.col("name")).unique("item", keep="any")
    by_item = by_item.join(named, on="item", how="left").sort("capped", "item", descending=[True, False])
    categories, items = pl.collect_all([by_category, by_item.filter(pl.col("capped") > 0)])
    return categories, items


def rejects(run: Path) -> pl.DataFrame:
    """Rejects by village and reason: `town_id`, `village_id` (null where unknown), `reason`, `rows`."""
    counted = runs.scan(run, REJECTS).group_by(*PLACE, "reason").agg(rows=pl.len().cast(pl.Int64))
    return counted.sort(*PLACE, "reason").collect()


def participation(run: Path) -> pl.DataFrame:
    """Participation as it was published (`PARTICIPATION`)."""
    return runs.read(run, PARTICIPATION)


def whole_quarter(quarters: list[str], as_of: date) -> str:
    """The last of some quarters that is over on a day, else the last; empty where there is none."""
    over = [one for one in quarters if last_day(one) <= as_of]
    return max(over or quarters, default="")


def last_year(run: Path) -> int | None:
    """The last scoring year that has standings; null where none has."""
    found: int | None = runs.scan(run, STANDINGS).select(pl.col("scoring_year").max()).collect().item()
    return found


def earning_in_year(run: Path, year: int) -> pl.DataFrame:
    """By village the households ranked in a scoring year, and those with an award: `PLACE`, both counted.

    `enrolled` and `earning`; who has left before the year's end, or the as-of date, is in neither.
    """
    keys = (*PLACE, "household_id")
    ranked = runs.scan(run, STANDINGS).filter(pl.col("scoring_year") == year, pl.col("rank").is_not_null())
    awarded = runs.scan(run, BALANCES).filter(pl.col("scoring_year") == year, pl.col("awarded") > 0)
    awarded = awarded.select(keys).unique().with_columns(earning=1)
    both = ranked.select(keys).join(awarded, on=keys, how="left")
    counted = both.group_by(PLACE).agg(
        enrolled=pl.len().cast(pl.Int64), earning=pl.col("earning").count().cast(pl.Int64)
    )
    return counted.collect(engine="streaming")


def nets(run: Path, year: int) -> tuple[pl.DataFrame, list[tuple[str, int, int]]]:
    """Net points of the ranked: `net` and `households`, ascending; and each grade's lowest net and size."""
    ranked = runs.scan(run, STANDINGS).filter(pl.col("scoring_year") == year, pl.col("rank").is_not_null())
    counted = ranked.group_by("net").agg(households=pl.len().cast(pl.Int64)).sort("net")
    grades = (
        ranked.drop_nulls("grade")
        .group_by(pl.col("grade").cast(pl.String))
        .agg(cut=pl.col("net").min(), households=pl.len().cast(pl.Int64))
        .sort("cut", "grade", descending=[True, False])
    )
    spread, cuts = pl.collect_all([counted, grades])
    return spread, list(cuts.iter_rows())


def before(out: Path, manifest: Mapping[str, Any]) -> Path | None:
    """The run that was current before this one; null where there was none, or it is no longer kept."""
    previous = manifest.get("previous")
    return publish.find_run(out, previous) if previous else None


def changes(earlier: Path, run: Path) -> pl.DataFrame:
    """What changed since an earlier run, village by village and scoring year (`VILLAGE_IMPACT`)."""
    moved = impact.by_village(impact.impact(runs.read(earlier, STANDINGS), runs.read(run, STANDINGS)))
    return moved.filter((pl.col("gaining") > 0) | (pl.col("losing") > 0) | (pl.col("ranks_changed") > 0))
