"""Scoring as a page: what happens to the rows of some households, in order (specification 3).

Pure: no file, no clock, no log. `score` takes the rows of any set of whole households, all in one
pass; households only ever meet in the standings and the participation, which `conclude` makes.

Parts are scored side by side, so that kernels ask polars for one thing after another (`select_seq`): to
hand a column over to the pool, and wait, takes longer than most of what is done to it. What gathers is
UInt32, polars' own numbers of rows: others are looked through and converted each time.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.kernels import invariants, participate
from jifen_batch.kernels import rows as outcomes
from jifen_batch.kernels.accrue import accrue
from jifen_batch.kernels.context import Context
from jifen_batch.kernels.grade import barring_lines, graded
from jifen_batch.kernels.grants import grants, with_grants
from jifen_batch.kernels.naming import household_place_names, with_own_names
from jifen_batch.kernels.operators import operated
from jifen_batch.kernels.post import ledger, ledger_order
from jifen_batch.kernels.posted_events import PostedEvents, posted_events
from jifen_batch.kernels.rank import groups, ranked, standings, years_of
from jifen_batch.kernels.resolve import resolve
from jifen_batch.kernels.same_day import same_day
from jifen_batch.kernels.total import announcements, balances, by_disposition, nets, quarter_totals
from jifen_batch.kernels.unreadable import of_part
from jifen_batch.kernels.validate import place_events, reject_reasons
from jifen_batch.scheme.states import GONE
from jifen_batch.tables import OFTEN_SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook


@dataclass(frozen=True)
class Terms:
    """What rows are scored by: the numbered register, the compiled books, and two options of the run.

    `follows` says whether there is a run before, which asks what of its events has a line.
    """

    places: Places
    book: RuleBook
    as_of: date
    grace_days: int
    follows: bool = False


@dataclass(frozen=True)
class Tally:
    """The little that is left of a part once its tables are written.

    `states` counts rows by `state`, also those that are gone (`rows.gone`), `reasons` rejects by `reason`,
    `dispositions` the `lines` and `points` of each; `events` are counted by `village` and `year`
    (`rows.events_by_village_year`), and `posted_events` are those that have a line, by number, null where
    nobody asks; `nets` are net points by `household_place` and `year`; `bar_lines` are the lines that may
    bar a grade (`grade.BAR_LINES`); `counts` is the participation by `village` and `quarter`;
    `first_quarter` (year * 4 + 0 to 3) is that of the first line, null without; `broken_invariants` names
    the laws that do not hold. `respelt_events` are those of `same_day` that are one under two ids, as whoever
    reads texts finds them.
    """

    states: pl.DataFrame
    reasons: pl.DataFrame
    dispositions: pl.DataFrame
    events: pl.DataFrame
    posted_events: PostedEvents | None
    nets: pl.DataFrame
    bar_lines: pl.DataFrame
    counts: pl.DataFrame
    first_quarter: int | None
    broken_invariants: list[str]
    respelt_events: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True)
class Scored:
    """What came of the rows of some households: the tables of those names, and the tally.

    `rejects` has `source`, the row's number, instead of the source's columns; `same_day` are approved events
    that may be one under two ids (`SAME_DAY`).
    """

    ledger: pl.DataFrame
    balances: pl.DataFrame
    announcements: pl.DataFrame
    unposted: pl.DataFrame
    rejects: pl.DataFrame
    same_day: pl.DataFrame
    tally: Tally


def score(
    rows: pl.DataFrame,
    terms: Terms,
    cross_household_ids: pl.DataFrame,
    household_places: range,
    unreadable: pl.DataFrame,
) -> Scored:
    """Score the rows of some whole households.

    `rows` are all rows of the households that have a household place among `household_places`, as
    `with_household_places` gives them, each once. Only rows and lines of these household places, and rows
    without one, are given back; the others served their households. `cross_household_ids` are the
    resolutions of rows that only all households together tell (`resolve`). `unreadable` are all rows that
    cannot be read (`at_their_places`).
    """
    judged = _judged(rows, terms, cross_household_ids, household_places)
    sent = rows.height
    del rows  # held until the tables are made, beside what was made of them, they would take fresh memory
    posted, states = _posted(judged, terms, household_places, sent)
    located = outcomes.located(judged.events, judged.placed).with_columns_seq(judged.reasons, states)
    return _summed_up(posted, located, judged.events, of_part(unreadable, household_places), terms)


@dataclass(frozen=True)
class Judged:
    """Rows with how each is resolved (`events`), and their numbers and reasons, the grants behind them."""

    events: pl.DataFrame
    placed: pl.DataFrame
    reasons: pl.Series


def _judged(
    rows: pl.DataFrame, terms: Terms, cross_household_ids: pl.DataFrame, household_places: range
) -> Judged:
    """What of the rows counts, before any line is made."""
    places, book = terms.places, terms.book
    row_resolutions = resolve(rows, terms.as_of, cross_household_ids, places)
    events = with_own_names(rows.with_columns_seq(row_resolutions), *OFTEN_SHARED)
    placed = place_events(events, places, book)
    reasons = outcomes.final_reasons(events, reject_reasons(events, placed, book))
    granted = grants(places, book, household_places, terms.as_of)
    return Judged(*with_grants(events, placed, reasons, granted))


@dataclass(frozen=True)
class Posted:
    """Posted `lines`, their rows in the ledger's `order`, and the laws `broken` by their households.

    `same_day` are approved events that may be one under two ids.
    """

    lines: pl.DataFrame
    order: pl.Series
    broken: list[str]
    same_day: pl.DataFrame


def _posted(judged: Judged, terms: Terms, household_places: range, sent: int) -> tuple[Posted, pl.Series]:
    """The lines that rows come to, and the state of each row; of the rows the first `sent` are no grants.

    What it needs on the way is let go of before the tables are made, which else would take fresh memory.
    """
    events = judged.events
    accrued = _accrued(judged, terms, household_places)
    lines = operated(accrued.lines, Context(events, terms.book, terms.places))
    lines = lines.with_columns_seq(accrued.accounts[lines["account"]])
    # Of whole households: what lines of other parts' places brought before is why one of ours brings less.
    broken = invariants.broken_invariants(lines, events, accrued.waiting, terms.book)

    own = (
        judged.placed["household_place"]
        .is_between(household_places.start, household_places.stop, closed="left")
        .fill_null(value=True)
    )
    states = accrued.states.set(~own | events["row_resolution"].is_in(GONE), None)
    states = states.scatter(pl.int_range(sent, events.height, dtype=pl.UInt32, eager=True), None)
    if not own.all():
        lines = lines.filter(own[lines["event_row"]])
    return Posted(lines, ledger_order(lines), broken, accrued.same_day), states


class Accrued(NamedTuple):
    """Candidate `lines` and the `accounts` they name; `waiting` says of each approved row why it has no line.

    `states` has one state per row, whoseever part it is; `same_day` are `SAME_DAY`.
    """

    lines: pl.DataFrame
    accounts: pl.DataFrame
    waiting: pl.Series
    states: pl.Series
    same_day: pl.DataFrame


def _accrued(judged: Judged, terms: Terms, household_places: range) -> Accrued:
    """What rows come to before any operator."""
    approved, accounts = outcomes.approved_events(judged.events, judged.placed, judged.reasons)
    lines, waiting = accrue(approved, terms.book, terms.as_of, terms.grace_days)
    states = outcomes.row_states(judged.events, judged.reasons, approved["event_row"], waiting)
    alike = same_day(approved, judged.events["source"], household_places)
    return Accrued(lines, accounts, waiting, states, alike)


def _summed_up(
    posted: Posted, located: pl.DataFrame, events: pl.DataFrame, unreadable: pl.DataFrame, terms: Terms
) -> Scored:
    """The tables that lines and rows come to, the unreadable ones among the rejects."""
    places, book, lines = terms.places, terms.book, posted.lines
    totals = quarter_totals(lines, book)
    names = household_place_names(places, lines["household_place"])
    rejected = located.select_seq("state", "reason").drop_nulls()["reason"]
    return Scored(
        ledger=ledger(lines, posted.order, events, names, book),
        balances=balances(totals, names, book),
        announcements=announcements(totals, names, book),
        unposted=outcomes.unposted(located, places),
        rejects=outcomes.rejects(located, unreadable, places, book),
        same_day=posted.same_day,
        tally=Tally(
            states=pl.concat(
                [outcomes.gone(events), *map(outcomes.counted, (located["state"], unreadable["state"]))]
            ),
            reasons=pl.concat([rejected, unreadable["reason"]]).value_counts(name="len"),
            dispositions=by_disposition(lines),
            events=outcomes.events_by_village_year(located),
            posted_events=posted_events(lines, events) if terms.follows else None,
            nets=nets(totals),
            bar_lines=barring_lines(lines, events, book),
            counts=participate.activity(totals, located, unreadable, places),
            first_quarter=lines["quarter"].min(),  # type: ignore[arg-type]
            broken_invariants=posted.broken + invariants.broken_sums(lines, totals),
        ),
    )


@dataclass(frozen=True)
class Concluded:
    """Where households meet: the tables of those names."""

    standings: pl.DataFrame
    groups: pl.DataFrame
    participation: pl.DataFrame


def conclude(parts: Sequence[Tally], villages: pl.DataFrame, terms: Terms) -> Concluded:
    """Standings, groups and participation from what all parts came to; `villages` may be empty.

    They span the scoring years of the ledger, and the quarters from its first to the as-of date's;
    without a line both are empty.
    """
    nets = pl.concat([part.nets for part in parts])
    quarters = range(0)
    if nets.height:
        first = min(part.first_quarter for part in parts if part.first_quarter is not None)
        quarters = range(first, participate.quarter_of(terms.as_of) + 1)
    counts = participate.summed([part.counts for part in parts])
    rows = ranked(nets, terms.places, years_of(nets), terms.as_of)
    rows = graded(rows, pl.concat([part.bar_lines for part in parts]), terms.book)
    return Concluded(
        standings=standings(rows),
        groups=groups(rows),
        participation=participate.participation(counts, villages, quarters, terms.places, terms.as_of),
    )
