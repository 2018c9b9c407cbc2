"""What became of the event rows: posted, rejected with a reason, or unposted in a state (specification 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import added, factorize, id_keys_within, rows_that
from jifen_batch.columns.packing import id_hashes, pack_keys
from jifen_batch.kernels.detail import details
from jifen_batch.kernels.naming import of_names
from jifen_batch.kernels.places import village_of
from jifen_batch.kernels.resolve import STANDS, with_names
from jifen_batch.kernels.validate import REASON
from jifen_batch.scheme.reject_reasons import RESOLVED
from jifen_batch.scheme.states import (
    APPROVED,
    GONE,
    POSTED,
    REJECTED,
    STATES,
    SUPERSEDED,
    UNPOSTED_NAMES,
    VALID,
)
from jifen_batch.scheme.word import names
from jifen_batch.tables import EVENTS, REJECTS, UNPOSTED

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

STATE = pl.Enum(names(state for state in STATES if state.name not in GONE))
# As by town, village and household: household places are numbered so, and without one there is no place.
BY_HOUSEHOLD = ("household_place", "household_id")
TEXTS = [name for name, kind in EVENTS.schema.items() if kind == pl.String]


def gone(events: pl.DataFrame) -> pl.DataFrame:
    """How many rows are not looked into at all: `state` and `len`; a copy of a row is not counted."""
    row_resolutions = events["row_resolution"].filter(~events["copy"])
    counts = row_resolutions.value_counts(name="len").select_seq(
        state=pl.col("row_resolution").cast(pl.String), len="len"
    )
    return counts.filter(pl.col("state").is_in(GONE))


def counted(states: pl.Series) -> pl.DataFrame:
    """How many rows have each state: `state` and `len`; rows without one are not counted."""
    return states.drop_nulls().value_counts(name="len").with_columns_seq(pl.col("state").cast(pl.String))


def final_reasons(events: pl.DataFrame, reasons: pl.Series) -> pl.Series:
    """Why each row is rejected, conflicts first; null = it is not. One `REASON` per row.

    Rows that are gone or superseded are not looked into: the row that stands for their event is.
    """
    row_resolution = events["row_resolution"]
    reasons = reasons.set(row_resolution != STANDS, None)
    for conflict in RESOLVED:
        reasons = reasons.scatter(rows_that(row_resolution == conflict), pl.Series([conflict], dtype=REASON))
    return reasons.alias("reason")


def approved_events(
    events: pl.DataFrame, placed: pl.DataFrame, reasons: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The valid approved events with their numbers, and their accounts.

    Events, by household place: `event_row` (row in `events`), what accrual needs of it, the `placed` numbers,
    `account`, and `id_key`, a number that sorts the events of a household place as their ids do.
    Accounts: one row per account number, by year and household place: `household_place`, `year`; dense, so
    that keys over them stay narrow, though some may be empty.
    """
    scored = (events["status"] == APPROVED) & (events["row_resolution"] == STANDS) & reasons.is_null()
    event_row = rows_that(scored)
    needed = ("event_id", "occurred_on", "decided_on", "until", "quantity")
    approved = (
        events.select_seq(needed)[event_row].hstack(placed[event_row]).with_columns_seq(event_row=event_row)
    )
    place, some = factorize(approved["household_place"])
    household_places, year = approved["household_place"][some], approved["year"]
    first_year, end = (int(year.min()), int(year.max()) + 1) if year.len() else (0, 0)  # type: ignore[arg-type]
    account = (year.to_numpy() - first_year) * household_places.len() + place
    accounts = pl.DataFrame({"year": pl.int_range(first_year, end, eager=True)}).join(
        household_places.to_frame(), how="cross", maintain_order="left_right"
    )
    approved = approved.with_columns_seq(
        account=pl.Series(account.astype(np.uint32)),
        id_key=id_keys_within(approved["household_place"], approved["event_id"]),
    )
    return approved, accounts


def row_states(
    events: pl.DataFrame, reasons: pl.Series, approved: pl.Series, waiting: pl.Series
) -> pl.Series:
    """State of each row (`STATE`); `waiting` says of each approved row why it has no line.

    Of a row that is gone it is whatever its status says: nobody asks.
    """
    waits = rows_that(waiting.is_not_null())
    others = {
        SUPERSEDED.name: rows_that(events["row_resolution"] == SUPERSEDED.name),
        REJECTED.name: rows_that(reasons.is_not_null()),
    }
    states = of_names(events["status"], _by_status).scatter(approved[waits], waiting[waits].cast(STATE))
    for state, rows in others.items():
        states = states.scatter(rows, pl.Series([state], dtype=STATE))
    return states.alias("state")


def _by_status(statuses: pl.Series) -> pl.Series:
    """The state that a row of each status has where nothing else is the matter."""
    return statuses.replace({APPROVED: POSTED.name}).cast(STATE, strict=False)


def located(events: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Rows with `household_place`, `village`, `book` (numbers) and `year`, where known.

    The caller adds `reason` and `state`; a null state is that of a row which another part gives back.
    """
    return events.drop("row_resolution", "copy").with_columns_seq(
        placed.select_seq("household_place", "village", "book", "year").get_columns()
    )


def unposted(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """The unposted rows (`UNPOSTED`); a quantity beyond Int32 is null."""
    states = rows["state"]
    kept = _kept(rows, states.is_in(UNPOSTED_NAMES), places)
    kept = kept.sort(*BY_HOUSEHOLD, "event_id", "recorded_at", "source", nulls_last=False)
    return kept.select_seq(_as_declared(UNPOSTED.schema))


def _kept(rows: pl.DataFrame, which: pl.Series, places: Places) -> pl.DataFrame:
    """The located rows that have a flag, with the ids of their place and household."""
    # Few rows of many columns: they are picked out, for a filter goes through every column.
    kept = with_names(rows[rows_that(which)], places)
    return kept.with_columns_seq(village_of(places, kept["household_place"]))


def rejects(rows: pl.DataFrame, unreadable: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """The rejected rows, `unreadable` ones too: `REJECTS` before the source's columns, and `source`."""
    kept = _kept(rows, rows["state"] == REJECTED.name, places).with_columns_seq(pl.col(TEXTS).cast(pl.String))
    kept = kept.with_columns_seq(details(kept, places, book))
    if unreadable.height:
        others = _kept(unreadable, unreadable["state"] == REJECTED.name, places)
        kept = pl.concat([kept, others], how="diagonal_relaxed")
    kept = kept.sort(*BY_HOUSEHOLD, "event_id", "source", nulls_last=False)
    columns = {name: kind for name, kind in REJECTS.schema.items() if not name.startswith("source_")}
    return kept.select_seq(*_as_declared(pl.Schema(columns)), "source")


def posted_or_waiting(states: pl.Series) -> pl.Series:
    """Whether a row of each state is a valid approved event, posted or not."""
    return states.is_in(VALID)


def events_by_village_year(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per `village` (number) and `year` in which an event that stands occurred.

    `valid`: its valid approved events, posted or not; `received`: all that stand, rejected ones too;
    `checksum` (UInt64, modulo 2^64): the hashes of the ids of those, added up.
    """
    standing = rows_that(rows["village"].is_not_null() & (rows["state"] != SUPERSEDED.name))
    village, year = rows["village"][standing], rows["year"][standing]
    groups, some = factorize(pack_keys([village, year]))
    valid = posted_or_waiting(rows["state"])[standing].alias("valid")
    checksum = np.zeros(len(some), dtype=np.uint64)
    of_ids = rows["id_hash"][standing].fill_null(id_hashes(pl.Series([None], dtype=pl.String))[0])
    np.add.at(checksum, groups, of_ids.to_numpy())
    return pl.DataFrame(
        {
            "village": village[some],
            "year": year[some].cast(pl.Int32),
            "valid": added(valid, groups, len(some)),
            "received": pl.Series(np.bincount(groups, minlength=len(some))),
            "checksum": pl.Series(checksum),
        }
    )


def _as_declared(schema: pl.Schema) -> list[pl.Expr]:
    """Columns in the order and the types of a schema; what does not fit a type is null."""
    return [pl.col(name).cast(kind, strict=False) for name, kind in schema.items()]
