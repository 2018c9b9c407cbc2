"""What later knowledge changes of announced quarters, and what a quarter comes to with it (specification 4).

What hangs on the board is a sum of lines put up and taken down, each a full ledger row with `change`,
+1 or -1. The next announcement brings what is missing to the ledger as it stands now, and nothing else.
All frames are of the same whole villages, and of all their scoring years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.errors import InvariantBrokenError
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.tables import LEDGER, SUMS
from jifen_batch.tables.announced import ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jifen_batch.tables import Table

ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year", "category")
PARTS = (*SUMS, "adjusted")
UP = pl.lit(1, pl.Int32).alias("change")


def left_over(changes: pl.DataFrame, columns: Sequence[str] = LEDGER.names) -> pl.DataFrame:
    """Full rows whose changes do not cancel out, each as often as it is left, with `change` +1 or -1.

    `changes` has the ledger's columns and `change`. Rows are the same if they are so in all of `columns`,
    nulls included; of the same rows the last stands for all. Unordered.
    """
    rows = changes.select(columns)
    # Two independent hashes of 64 bits: that two different rows agree in both does not happen.
    hashed = pl.DataFrame(
        {
            "one": rows.hash_rows(seed=1),
            "other": rows.hash_rows(seed=2),
            "change": changes["change"],
            "row": pl.int_range(changes.height, eager=True),
        }
    )
    left = (
        hashed.group_by("one", "other")
        .agg(pl.col("change").cast(pl.Int64).sum(), pl.col("row").last())
        .filter(pl.col("change") != 0)
        .select(
            "row",
            times=pl.col("change").abs(),
            change=pl.col("change").sign().cast(pl.Int32),
        )
    )
    often = left.select(pl.col("row", "change").repeat_by("times")).explode("row", "change")
    return changes[often["row"]].with_columns(often["change"])


def standing(announced: pl.DataFrame) -> pl.DataFrame:
    """The lines that hang: what was put up and not taken down again, as ledger rows. Unordered.

    `announced` as `left_over` takes it; what else it has of a line is kept. Raises `InvariantBrokenError`
    where more was taken down than hung.
    """
    if (announced["change"] > 0).all():
        return announced.drop("change")
    left = left_over(announced)
    if (left["change"] < 0).any():
        raise InvariantBrokenError(
            "announced/: lines were taken down that never hung; nothing was announced: report this",
            "announced/：撤下了从未公告过的记分；没有公告任何内容；这是程序的错误，请报告",
        )
    return left.drop("change")


def completed(
    hung: pl.DataFrame, ledger: pl.DataFrame, older: Iterable[tuple[Sequence[str], Table]]
) -> pl.DataFrame:
    """Lines that hang (`LEDGER`), unordered; what older announcements could not say, as the ledger says it.

    A column that came later makes no line another: one that is the same in all that its announcement had
    is the ledger's line. `hung` has `announced_in`; `older` are quarters of one version of the tables each,
    and the ledger as that version had it.
    """
    parts = []
    for quarters, held in older:
        theirs = pl.col("announced_in").is_in(quarters)
        same = hung.filter(theirs).select(held.names)
        parts.append(same.join(ledger, on=held.names, how="left", nulls_equal=True, validate="m:1"))
        hung = hung.filter(~theirs)
    return pl.concat([frame.select(LEDGER.names) for frame in (hung, *parts)])


def announcement(
    own: pl.DataFrame, corrections: pl.DataFrame, to_date: pl.DataFrame, quarter: str
) -> pl.DataFrame:
    """The announcement (`ANNOUNCEMENT`): a row wherever there is a line of its own or a correction.

    `own`: its ledger lines; `corrections`: ledger rows with `change`; `to_date`: `nets` of all lines up to
    `quarter`. A row stands also where corrections sum to 0. `year_to_date` is of the place of the row:
    where a household was moved to another village, it is 0 in the old one.
    """
    reversal, points = TAKES_BACK, pl.col("points")
    loss = (points < 0) & ~reversal
    lines = own.select(
        *ACCOUNT,
        awarded=points.clip(lower_bound=0),
        deducted=pl.when(loss).then(points).otherwise(0),
        reversed=pl.when(reversal).then(points).otherwise(0),
        adjusted=pl.lit(0, pl.Int64),
    )
    nothing = [pl.lit(0, pl.Int64).alias(name) for name in SUMS]
    changes = corrections.select(*ACCOUNT, *nothing, adjusted=points * pl.col("change"))
    return (
        pl.concat([lines, changes])
        .group_by(ACCOUNT)
        .agg(pl.col(PARTS).sum())
        .join(to_date.rename({"net": "year_to_date"}), on=ACCOUNT, how="left", validate="1:1")
        .with_columns(
            pl.col("year_to_date").fill_null(0),
            net=pl.sum_horizontal(PARTS),
            quarter=pl.lit(quarter),
        )
        .sort(ANNOUNCEMENT.sort_keys)
        .select(ANNOUNCEMENT.names)
    )


def one_account(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of an announcement (`ANNOUNCEMENT`) in which an account may stand twice, added up."""
    sums = rows.group_by(*ACCOUNT, "quarter").agg(pl.col(*PARTS, "net", "year_to_date").sum())
    return sums.select(ANNOUNCEMENT.names)


def nets(lines: pl.DataFrame) -> pl.DataFrame:
    """Net points of each account with a line: `ACCOUNT` and `net`."""
    return lines.group_by(ACCOUNT).agg(net=pl.col("points").sum())


def broken_invariants(announcement: pl.DataFrame, before: pl.DataFrame, to_date: pl.DataFrame) -> list[str]:
    """The laws that an announcement breaks; none, unless the program or a frozen quarter is at fault.

    `before`: `ACCOUNT` and `net`, the sums of all earlier announcements; `to_date`: `nets` of the ledger
    up to the quarter. Source: specification 3.4, the sum of all announcements.
    """
    said = pl.concat([before.select(*ACCOUNT, "net"), announcement.select(*ACCOUNT, "net")])
    balance = pl.concat([said, to_date.select(*ACCOUNT, -pl.col("net"))])
    sums = balance.group_by(ACCOUNT).agg(pl.col("net").sum())
    told = said.join(announcement.select(*ACCOUNT, "year_to_date"), on=ACCOUNT, how="inner")
    told = told.group_by(*ACCOUNT, "year_to_date").agg(pl.col("net").sum())
    laws = {
        "the sum of all announcements is the net of the ledger": bool((sums["net"] == 0).all()),
        "the year to date is the sum of the announcements": bool((told["net"] == told["year_to_date"]).all()),
    }
    return [law for law, holds in laws.items() if not holds]
