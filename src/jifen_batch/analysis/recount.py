"""What a published ledger comes to, worked out again from its lines, to hold what was published against.

The sums are made by other means than the run makes them: from the texts of the published rows, with no
number of a register or a rule book between. All frames are of the same whole villages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.announced_standings import with_quarter_ranks
from jifen_batch.analysis.changes import one_sided
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.columns.calendar import quarter_number
from jifen_batch.columns.packing import ID_SEED
from jifen_batch.kernels.participate import COUNTS
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.scheme.dispositions import DISPOSITIONS, OUTSIDE_CAPS, WITH_CAUSE, Brings, bringing
from jifen_batch.scheme.word import names
from jifen_batch.tables import ANNOUNCEMENTS, BALANCES
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS

if TYPE_CHECKING:
    from datetime import date

HOUSEHOLD_PLACE = ("town_id", "village_id", "household_id")
VILLAGE = ("town_id", "village_id")


def balances(lines: pl.DataFrame) -> pl.DataFrame:
    """The balances (`BALANCES`) of ledger lines, unordered."""
    return _sums(lines, ACCOUNT).select(BALANCES.names)


def announcements(lines: pl.DataFrame) -> pl.DataFrame:
    """The announcements (`ANNOUNCEMENTS`) of ledger lines, in their quarters' order."""
    sums = _sums(lines, (*ACCOUNT, "quarter")).sort("quarter")
    return sums.with_columns(year_to_date=pl.col("net").cum_sum().over(ACCOUNT)).select(ANNOUNCEMENTS.names)


def nets(lines: pl.DataFrame) -> pl.DataFrame:
    """Net points of each household, at its place, and year with a line: `HOUSEHOLD_PLACE`, year, `net`."""
    return lines.group_by(*HOUSEHOLD_PLACE, "scoring_year").agg(net=pl.col("points").sum())


def by_disposition(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` and `points` of each `disposition`."""
    return lines.group_by("disposition").agg(lines=pl.len().cast(pl.Int64), points=pl.col("points").sum())


def twice(lines: pl.DataFrame) -> int:
    """How many lines share the ledger's key with another: household, event, accrued_on, whether reversed."""
    key = lines.select("household_id", "event_id", "accrued_on", takes_back=TAKES_BACK)
    return lines.height - key.n_unique()


def unlawful(lines: pl.DataFrame, as_of: date) -> int:
    """How many lines contradict themselves: what no line of a ledger as of that day can say.

    A points above its gross, or other than its disposition allows; a cause where none can be, or none
    where one must; a cap used by a line that no cap holds; days that do not follow each other; a quarter
    before its month; another year's event.
    """
    points, gross, state = pl.col("points"), pl.col("gross"), pl.col("disposition")
    may_be = {
        Brings.ALL: (points == gross) & (points > 0),
        Brings.PART: (points >= 0) & (points <= gross),
        Brings.NOTHING: points == 0,
        Brings.LOSS: (points == gross) & (points < 0),
        Brings.PART_LOSS: (gross < points) & (points <= 0),
    }
    brings = pl.coalesce(pl.when(state.is_in(bringing(what))).then(holds) for what, holds in may_be.items())
    accrued, posted, occurred = pl.col("accrued_on"), pl.col("posted_on"), pl.col("occurred_on")
    days = (occurred <= accrued) & (accrued <= posted) & (posted <= as_of)
    year = pl.col("scoring_year")
    years = (occurred.dt.year() == year) & (accrued.dt.year() == year)
    quarter = pl.format("{}Q{}", accrued.dt.year(), accrued.dt.quarter()) <= pl.col("quarter")
    sound = (
        state.is_in(names(DISPOSITIONS))
        & brings
        & (state.is_in(WITH_CAUSE) == pl.col("cause").is_not_null())
        & ~(state.is_in(OUTSIDE_CAPS) & pl.col("cap_used").is_not_null())
        & days
        & years
        & quarter
        & (pl.col("quantity") > 0)
    )
    return lines.height - lines.filter(sound).height


def posted_events(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per event with a line: `HOUSEHOLD_PLACE`, `event_id`, `occurred_on`; grants are no events."""
    return lines.filter(~IS_GRANT).select(*HOUSEHOLD_PLACE, "event_id", "occurred_on").unique()


def events(rows: pl.DataFrame, *, valid: pl.Expr) -> pl.DataFrame:
    """Events that stand by village and year, as `rows.events_by_village_year` counts them.

    `rows` have `VILLAGE`, `event_id` and `occurred_on`; those without a place or day count nowhere, and
    superseded ones are not to be among them. `valid` says which are valid approved events.
    """
    placed = rows.drop_nulls([*VILLAGE, "occurred_on"])
    return placed.group_by(*VILLAGE, scoring_year=pl.col("occurred_on").dt.year()).agg(
        events=valid.sum().cast(pl.Int64),
        received=pl.len().cast(pl.Int64),
        checksum=pl.col("event_id").hash(ID_SEED).sum(),
    )


def activity(lines: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """`COUNTS` of lines by `VILLAGE` and `quarter` (number): earning, awards, deductions and active.

    `waiting`: rows of valid approved events without a line.
    """
    own = pl.col("quarter").str.slice(0, 4).cast(pl.Int32) * 4 + pl.col("quarter").str.slice(5).cast(pl.Int32)
    points = pl.when(~IS_GRANT).then("points")
    of_lines = lines.group_by(*VILLAGE, quarter=own - 1).agg(
        earning=pl.col("household_id").filter(points > 0).n_unique(),
        awards=(points > 0).sum(),
        deductions=((points < 0) & ~TAKES_BACK).sum(),
    )
    both = pl.concat(
        [rows.select(*HOUSEHOLD_PLACE, "occurred_on") for rows in (lines.filter(~IS_GRANT), waiting)]
    )
    households = both.select(*HOUSEHOLD_PLACE, quarter=quarter_number(pl.col("occurred_on"))).unique()
    active = households.group_by(*VILLAGE, "quarter").agg(active=pl.len())
    return counted([of_lines, active])


def waiting_work(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows of one state by `VILLAGE` and `quarter` of the event, counted in `column`; see `COUNTS`."""
    placed = rows.drop_nulls([*VILLAGE, "occurred_on"])
    number = quarter_number(pl.col("occurred_on"))
    return counted([placed.group_by(*VILLAGE, quarter=number).agg(pl.len().alias(column))])


def counted(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several parts as one: `VILLAGE`, `quarter` and all `COUNTS` (Int64), unordered."""
    absent = dict.fromkeys(COUNTS, pl.Int64)
    empty = pl.DataFrame(
        schema={"town_id": pl.String, "village_id": pl.String, "quarter": pl.Int64, **absent}
    )
    number = {"quarter", *COUNTS}
    cast = [
        part.with_columns(pl.col([name for name in part.columns if name in number]).cast(pl.Int64))
        for part in parts
    ]
    together = pl.concat([empty, *cast], how="diagonal")
    return together.group_by(*VILLAGE, "quarter").agg(pl.col(COUNTS).fill_null(0).sum())


def ranked(standings: pl.DataFrame) -> pl.DataFrame:
    """Announced standings with ranks and counts made anew, among those that have a rank."""
    place = pl.when(pl.col("rank").is_not_null()).then("net").rank("min", descending=True).cast(pl.Int32)
    village = ("town_id", "village_id", "scoring_year")
    grouped = place.over(*village, "group_id")
    made = standings.with_columns(
        rank=place.over(village),
        rank_in_town=place.over("town_id", "scoring_year"),
        households=pl.col("rank").count().cast(pl.Int32).over(village),
        rank_in_group=pl.when(pl.col("group_id").is_not_null()).then(grouped),
    )
    return with_quarter_ranks(made).select(ANNOUNCED_STANDINGS.names)


def with_nets(standings: pl.DataFrame, netted: pl.DataFrame) -> pl.DataFrame:
    """The standings with the nets of `nets` in place of their own, 0 where a household has none."""
    joined = standings.drop("net").join(
        netted, on=[*HOUSEHOLD_PLACE, "scoring_year"], how="left", maintain_order="left"
    )
    return joined.with_columns(pl.col("net").fill_null(0)).select(ANNOUNCED_STANDINGS.names)


def unlike(said: pl.DataFrame, computed: pl.DataFrame, key: tuple[str, ...]) -> tuple[int, str]:
    """How many keys have another row than was worked out, and the first of them, as text."""
    keys = one_sided(said, computed, said.columns).select(key).unique().sort(key)
    return keys.height, "/".join(str(value) for value in keys.row(0)) if keys.height else ""


def _sums(lines: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    points = pl.col("points")
    parts = {
        "awarded": points.filter(points > 0),
        "deducted": points.filter((points < 0) & ~TAKES_BACK),
        "reversed": points.filter(TAKES_BACK),
        "net": points,
    }
    return lines.group_by(by).agg(part.sum().alias(name) for name, part in parts.items())
