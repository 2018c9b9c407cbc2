"""What took points from households, line by line: the lines that were, held against those of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import takeback
from jifen_batch.analysis.changes import changed_lines
from jifen_batch.dataclass import dataclass
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import MISSING_FIELD, UNKNOWN_STATUS
from jifen_batch.tables import LEDGER, REJECTS, UNPOSTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from jifen_batch.tables.rule_tables import RuleTables
    from jifen_batch.worker.draft import DraftRun

HOUSEHOLDS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Before:
    """What the lines that were came from: their compiled rule books, and their day."""

    books: RuleTables
    as_of: date


def put_down(
    drafted: DraftRun,
    households: pl.Series,
    last: str,
    before: Before,
    lines_of: Callable[[pl.Expr, pl.DataFrame], pl.DataFrame],
) -> Iterator[pl.DataFrame]:
    """What became of the lines of these households up to quarter `last`, by cause and input.

    `lines_of` gives those that were (`LEDGER`) of some households, beside the draft's own. Some households
    at a time; pieces as `takeback.put_down` gives them.
    """
    # Few nights take so much back.
    from jifen_batch.analysis import correction_causes  # noqa: PLC0415
    from jifen_batch.analysis.attribution import Side  # noqa: PLC0415

    for start in range(0, households.len(), HOUSEHOLDS_AT_ONCE):
        ids = households[start : start + HOUSEHOLDS_AT_ONCE]
        some = pl.col("household_id").is_in(ids.implode())
        ledger = runs.scan(drafted.folder, LEDGER).filter(some).collect()
        lines = lines_of(some, ledger)
        differing = changed_lines(lines, ledger)
        events = pl.col("event_id").is_in(correction_causes.removed_events(differing).implode())
        unposted, rejects = pl.collect_all(
            [runs.scan(drafted.folder, table).filter(events) for table in (UNPOSTED, REJECTS)]
        )
        was, now = (
            Side(before.books, before.as_of),
            Side(drafted.books.tables, drafted.day, unposted, rejects),
        )
        causes = correction_causes.causes(lines, ledger, last, was, now)
        yield takeback.put_down(_with_empty_status(causes, rejects))


def _with_empty_status(causes: pl.DataFrame, rejects: pl.DataFrame) -> pl.DataFrame:
    """Causes, those of events that are rejected for an empty status put down to it as to an unknown one."""
    is_empty = (pl.col("reason") == MISSING_FIELD.name) & pl.col("status").is_null()
    events = rejects.filter(is_empty)["event_id"].unique()
    by_status = (pl.col("what") == MISSING_FIELD.name) & pl.col("event_id").is_in(events.implode())
    return causes.with_columns(what=pl.when(by_status).then(pl.lit(UNKNOWN_STATUS.name)).otherwise("what"))
