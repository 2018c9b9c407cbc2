"""What older books make of the households' rows: lines, and which of ours may bring other points there.

An older rule may take a row that ours refuses, accrue it otherwise, or refuse what ours takes. So what was
sent is validated and accrued once more under each older book, and its lines are held against ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.candidates import LEDGER_LINE, LINE, completed
from jifen_batch.analysis.rule_facts import rule_facts
from jifen_batch.columns.packing import id_keys
from jifen_batch.kernels.accrue import accrue
from jifen_batch.kernels.places import enrolled_on
from jifen_batch.kernels.rulebook import books_in_force, rule_book, rules_of
from jifen_batch.kernels.validate import place_events, reject_reasons
from jifen_batch.scheme.dispositions import given_by
from jifen_batch.scheme.operators import ENROLMENT
from jifen_batch.scheme.rule_fields import moving_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.evidence import Evidence, OlderRules
    from jifen_batch.kernels.rulebook import RuleBook

MADE_THERE = "made_there"
SAME_LINE = ("household", "event_id", "accrued_on")


@dataclass(frozen=True)
class Older:
    """What an older book makes of candidate lines: its `rules` (null: none), and which it may change."""

    rules: pl.Series
    differs: pl.Series


def with_older(found: Candidates, evidence: Evidence) -> tuple[pl.DataFrame, list[Older]]:
    """All candidate lines, and what each older book makes of them.

    Beside `found.lines` stand those that only older books make. `older_only`: no trial but that of an older
    book looks at the line; `exclusive`: it is of a tier under any of the books.
    """
    books = [rule_book(one.tables, found.places) for one in evidence.older]
    made = [_made(found, book, evidence) for book in books]
    beyond = [
        _beyond(found, lines, book).with_columns(number=pl.lit(number))
        for number, (lines, book) in enumerate(zip(made, books, strict=True))
    ]
    lines = pl.concat([found.lines.with_columns(number=None), *beyond], how="vertical_relaxed")
    theirs, number = lines["rule"], lines["number"]
    lines = lines.with_columns(
        line=pl.int_range(pl.len()).cast(pl.Int64),
        rule=pl.when(pl.col("number").is_null()).then("rule"),
        older_only=~pl.col("in_play") & (_in_ledger() | pl.col("number").is_not_null()),
    ).drop("number")
    older = []
    for place, (one, book) in enumerate(zip(evidence.older, books, strict=True)):
        own = _rules_of_ours(found, made[place], book)
        further = theirs.set(number.ne_missing(place), None)[found.lines.height :]
        rules = pl.concat([own, further.cast(own.dtype)])
        older.append(Older(rules, _differs(found, one, lines, rules)))
        exclusive = book.exclusive.gather(rules).fill_null(value=False)
        lines = lines.with_columns(exclusive=lines["exclusive"] | exclusive)
    return lines, older


def _in_ledger() -> pl.Expr:
    """Whether a line stands in the ledger, of a day on which its household was enrolled."""
    return (pl.col("origin") == LEDGER_LINE) & ~pl.col("disposition").is_in(given_by(ENROLMENT))


def _made(found: Candidates, book: RuleBook, evidence: Evidence) -> pl.DataFrame:
    """The lines that an older book makes of what was sent, of enrolled days, as `accrue` gives them."""
    placed = place_events(found.sent, found.places, book)
    valid = reject_reasons(found.sent, placed, book).is_null().arg_true()
    events = found.sent[valid].hstack(placed.select("year", "rule")[valid])
    events = events.with_columns(account=pl.lit(0, dtype=pl.Int64), id_key=id_keys(events["event_id"]))
    lines, _ = accrue(events, book, evidence.as_of, evidence.grace_days)
    lines = lines.filter(enrolled_on(found.places, lines["household"], lines["accrued_on"]))
    return lines.with_columns(event_id=found.events["event_id"].gather(lines["event_row"]))


def _beyond(found: Candidates, made: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Those of an older book's lines that the ledger has not, completed."""
    ours = found.lines.filter(_in_ledger())
    further = made.join(ours, on=SAME_LINE, how="anti", maintain_order="left")
    further = further.with_columns(
        origin=pl.lit(MADE_THERE),
        reason=pl.lit(None, dtype=pl.String),
        choice=pl.lit(0, dtype=pl.Int32),
        disposition=pl.lit(None, dtype=pl.String),
        points=pl.lit(0, dtype=pl.Int64),
    )
    return completed(further.select(LINE), found.events, found.accounts, found.places, book)


def _rules_of_ours(found: Candidates, made: pl.DataFrame, book: RuleBook) -> pl.Series:
    """The rule that an older book has for each line of ours; null where it has none, or makes none such."""
    lines = found.lines
    rules = rules_of(book, books_in_force(book, lines["village"], lines["year"]), lines["item"])
    there = made.select(*SAME_LINE, there=pl.lit(value=True)).unique()
    known = lines.select(*SAME_LINE, theirs=_in_ledger()).join(
        there, on=SAME_LINE, how="left", maintain_order="left"
    )
    return rules.set(known["theirs"] & known["there"].is_null(), None)


def _differs(found: Candidates, one: OlderRules, lines: pl.DataFrame, rules: pl.Series) -> pl.Series:
    """Whether a line that a trial of the older book looks at may bring other points than ours."""
    ours, theirs = rule_facts(found.book.tables), rule_facts(one.tables)
    differs = _unlike(ours, theirs, lines["rule"], rules)
    looked_at = lines["in_play"] | (lines["older_only"] & rules.is_not_null())
    return looked_at & differs


def _unlike(ours: pl.DataFrame, theirs: pl.DataFrame, own: pl.Series, other: pl.Series) -> pl.Series:
    """Whether rules that stand side by side say other things of what moves points, or one is missing."""
    sides: Sequence[pl.DataFrame] = (ours[own], theirs[other])
    differs = own.is_null() | other.is_null()
    for column in moving_points():
        differs |= sides[0][column].ne_missing(sides[1][column])
    return differs
