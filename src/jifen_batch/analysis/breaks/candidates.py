"""Candidate lines of the households that break: those of the ledger, and those that might have been.

Every candidate that ever met an operator has its line in the ledger, so a household can be scored again
from there, exactly, under other rules or with other lines (specification 3.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.repair import taken_as_good
from jifen_batch.analysis.breaks.sent import as_sent, with_granted
from jifen_batch.clock import LAST_YEAR
from jifen_batch.columns.packing import id_keys
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.accrue import accrue
from jifen_batch.kernels.places import enrolled_on, household_numbers, household_places_in_year, number_places
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.validate import place_events
from jifen_batch.scheme.dispositions import OUT_OF_PLAY
from jifen_batch.scheme.states import NOT_YET_POSTED

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.analysis.breaks.evidence import Evidence
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

LEDGER_LINE = "ledger"
EVENT = ("event_id", "member_id", "matter_id", "occurred_on")
LINE = (
    "event_row",
    "household",
    "rule",
    "accrued_on",
    "posted_on",
    "quarter",
    "quantity",
    "origin",
    "reason",
    "choice",
    "disposition",
    "points",
)


@dataclass(frozen=True)
class Candidates:
    """Candidates, numbered.

    accounts
        One row per household and scoring year that breaks: `account`, `household`, `household_id`,
        `scoring_year`.
    lines
        One row per candidate line: `line` (row number), `account` (null where that year does not break),
        `year`, `month`, `event_row` (its event), `household`, `village`, `rule` (numbers), `accrued_on`,
        `posted_on`, `quarter` (year * 4 + 0 to 3), `quantity`, `id_key`, `event_id`, `item`; `origin`
        (ledger, or the state of an unposted row, or rejected), `reason` (of a reject), `choice` (0, or
        the number of another reading of a reject), `disposition` and `points` of a ledger line;
        `in_play`: it is in the ledger and not out of play; `exclusive`: its rule is.
    events
        One row per event: `event_id`, `member_id`, `matter_id`, `occurred_on`.
    sent
        One row per approved event as its source sent it (`sent.as_sent`), or as an older book grants it
        (`with_granted`), and its `event_row`.
    older
        The older books, in the order of the evidence.
    """

    accounts: pl.DataFrame
    lines: pl.DataFrame
    events: pl.DataFrame
    sent: pl.DataFrame
    older: tuple[RuleBook, ...]
    places: Places
    book: RuleBook


def candidates(keys: pl.DataFrame, evidence: Evidence) -> Candidates:
    """Candidates for the households and years of some keys; households that nobody knows have none."""
    places = number_places(evidence.register)
    book = rule_book(evidence.tables, places)
    accounts = keys.select("household_id", "scoring_year").unique()
    accounts = accounts.with_columns(household_numbers(accounts["household_id"], places))
    accounts = accounts.drop_nulls("household").sort("household", "scoring_year").with_row_index("account")
    accounts = accounts.with_columns(pl.col("account").cast(pl.Int64))
    posted = evidence.lines.filter(~TAKES_BACK)
    events = posted.unique(["household_id", "event_id"], keep="first", maintain_order=True)
    events = events.select("household_id", *EVENT)
    rows = taken_as_good(evidence.unposted, evidence.rejects, places.households["household_id"])
    rows = rows.with_columns(event_row=pl.int_range(pl.len()).cast(pl.Int64) + events.height)
    rows = rows.with_columns(household_numbers(rows["household_id"], places))
    lines = pl.concat(
        [
            _of_ledger(posted, events, places, evidence),
            _of_rows(
                rows.filter(pl.col("origin") != NOT_YET_POSTED.name), places, book, evidence, evidence.as_of
            ),
            _of_rows(rows.filter(pl.col("origin") == NOT_YET_POSTED.name), places, book, evidence, None),
        ]
    )
    older = tuple(rule_book(one.tables, places) for one in evidence.older)
    sent = with_granted(as_sent(evidence, places), older, places, evidence.as_of)
    sent = sent.with_columns(event_row=pl.int_range(pl.len()).cast(pl.Int64) + events.height + rows.height)
    events = pl.concat([one.select(EVENT) for one in (events, rows, sent)])
    lines = completed(lines, events, accounts, places, book)
    return Candidates(accounts, lines, events, sent, older, places, book)


def _of_ledger(
    posted: pl.DataFrame, events: pl.DataFrame, places: Places, evidence: Evidence
) -> pl.DataFrame:
    """The ledger's own lines, without reversals: those are made again."""
    event_row = events.select("household_id", "event_id", event_row=pl.int_range(pl.len()).cast(pl.Int64))
    books = evidence.tables.books.select("book", id="id")
    rules = evidence.tables.items.join(books, on="book").select(
        book="id", item="code", rule=pl.col("rule").cast(pl.UInt32)
    )
    year, quarter = pl.col("quarter").str.head(4), pl.col("quarter").str.tail(1)
    return (
        posted.with_columns(household_numbers(posted["household_id"], places))
        .join(event_row, on=["household_id", "event_id"], maintain_order="left")
        .join(rules, on=["book", "item"], maintain_order="left")
        .with_columns(
            quarter=year.cast(pl.Int32) * 4 + quarter.cast(pl.Int32) - 1,
            origin=pl.lit(LEDGER_LINE),
            reason=pl.lit(None, dtype=pl.String),
            choice=pl.lit(0, dtype=pl.Int32),
        )
        .select(LINE)
    )


def _of_rows(
    rows: pl.DataFrame, places: Places, book: RuleBook, evidence: Evidence, as_of: date | None
) -> pl.DataFrame:
    """Lines that rows without one would have, had they been approved; those of enrolled days only."""
    placed = place_events(rows, places, book)
    known = (placed["household_place"].is_not_null() & placed["rule"].is_not_null()).arg_true()
    events = rows[known].hstack(placed.select("year", "rule")[known])
    events = events.with_columns(account=pl.lit(0, dtype=pl.Int64), id_key=id_keys(events["event_id"]))
    far = pl.date(LAST_YEAR, 12, 31)
    day: date = as_of or pl.select(far).item()
    lines, _ = accrue(events, book, day, evidence.grace_days)
    lines = lines.filter(enrolled_on(places, lines["household"], lines["accrued_on"]))
    told = rows.select("event_row", "origin", "reason", "choice")
    return (
        lines.join(told, on="event_row", maintain_order="left")
        .with_columns(disposition=pl.lit(None, dtype=pl.String), points=pl.lit(0, dtype=pl.Int64))
        .select(LINE)
    )


def completed(
    lines: pl.DataFrame, events: pl.DataFrame, accounts: pl.DataFrame, places: Places, book: RuleBook
) -> pl.DataFrame:
    """Lines (`LINE`) with all that follows from their numbers, those of rules being the book's."""
    lines = lines.with_columns(
        event_id=events["event_id"].gather(lines["event_row"]),
        id_key=id_keys(events["event_id"]).gather(lines["event_row"]),
        item=book.of_rule("code", lines["rule"]),
        exclusive=book.exclusive.gather(lines["rule"]),
        year=pl.col("accrued_on").dt.year().cast(pl.Int64),
        month=pl.col("accrued_on").dt.month().cast(pl.Int64),
        in_play=(pl.col("origin") == LEDGER_LINE) & ~pl.col("disposition").is_in(OUT_OF_PLAY),
        line=pl.int_range(pl.len()).cast(pl.Int64),
    )
    household_place = household_places_in_year(places, lines["household"], lines["year"])
    number = accounts.select("account", "household", year=pl.col("scoring_year").cast(pl.Int64))
    return lines.with_columns(village=places.household_places["village"].gather(household_place)).join(
        number, on=["household", "year"], how="left", maintain_order="left"
    )
