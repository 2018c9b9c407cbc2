"""The approved events of households as their source sent them, told from what a run keeps of them.

What a run published says of a row what its own rules made of it; another rule book wants the row itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.grants import grants
from jifen_batch.kernels.places import household_numbers
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.scheme.reject_reasons import RESOLVED, UNREADABLE_ROW
from jifen_batch.scheme.states import APPROVED, WAITING
from jifen_batch.tables import EVENTS, LEDGER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jifen_batch.analysis.breaks.evidence import Evidence
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

KEY = ("household_id", "event_id")
# What a line says of its event as the event said it itself.
CARRIED = [name for name in EVENTS.names if name in LEDGER.names and name not in KEY]

# Rejects of which it is not known what was sent.
SAYS_NOTHING = (*RESOLVED, UNREADABLE_ROW.name)


def as_sent(evidence: Evidence, places: Places) -> pl.DataFrame:
    """One row per approved event, and row that is rejected for what it says: `EVENTS` and its `household`.

    A ledger line tells when a late approval came, and the last of a pledge's months when it ended; an
    approval before the line was due moves no line, and is taken for the day of the event.
    """
    waiting = evidence.unposted.filter(pl.col("state").is_in(WAITING))
    refused = evidence.rejects.filter((pl.col("status") == APPROVED) & ~pl.col("reason").is_in(SAYS_NOTHING))
    rows = pl.concat([one.select(EVENTS.names) for one in (_of_ledger(evidence), waiting, refused)])
    return rows.with_columns(household_numbers(rows["household_id"], places))


def with_granted(sent: pl.DataFrame, books: Sequence[RuleBook], places: Places, as_of: date) -> pl.DataFrame:
    """What was sent, and behind it what each of some books grants: `granted_by` is its number, else null."""
    everywhere = range(places.household_places.height)
    rows = [sent.with_columns(granted_by=pl.lit(None, dtype=pl.Int32))]
    for number, book in enumerate(books):
        given = grants(places, book, everywhere, as_of)
        if given.height:
            names = places.households["household_id"][given["household"]]
            items = book.of_rule("code", given["rule"])
            given = given.select("household", "event_id", "occurred_on").with_columns(
                names, items.alias("item"), status=pl.lit(APPROVED), granted_by=pl.lit(number, dtype=pl.Int32)
            )
            rows.append(given)
    return pl.concat(rows, how="diagonal_relaxed").select(rows[0].columns)


def _of_ledger(evidence: Evidence) -> pl.DataFrame:
    """The events behind the ledger's lines; nobody sent what is granted."""
    lines = evidence.lines.filter(~TAKES_BACK & ~IS_GRANT)
    books = evidence.tables.books.select("book", book_id="id")
    rules = evidence.tables.items.join(books, on="book").select("pledge", book="book_id", item="code")
    lines = lines.join(rules, on=["book", "item"], how="left", maintain_order="left")
    last = pl.col("accrued_on").max()
    next_month = last.dt.offset_by("1d").dt.month_end()
    # Where a month that is over has no line any more, the pledge had ended.
    ended = pl.col("pledge").any() & (next_month <= evidence.as_of) & (next_month.dt.year() == last.dt.year())
    events = lines.group_by(KEY, maintain_order=True).agg(
        pl.col(CARRIED).first(),
        decided_on=pl.col("posted_on").filter(pl.col("posted_on") > pl.col("accrued_on")).max(),
        until=pl.when(ended).then(last),
    )
    events = events.with_columns(status=pl.lit(APPROVED), recorded_at=None)
    return events.select(pl.col(name).cast(kind) for name, kind in EVENTS.schema.items())
