"""What older books make of the households' rows: lines, and which of ours may bring other points there.

An older rule may take a row that ours refuses, accrue it otherwise, or refuse what ours takes. So what was
sent is validated and accrued once more under each older book, and its lines are held against ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.candidates import LEDGER_LINE, LINE, completed
from jifen_batch.analysis.rule_facts import rule_facts
from jifen_batch.columns.packing import id_keys
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.accrue import accrue
from jifen_batch.kernels.places import enrolled_on
from jifen_batch.kernels.rulebook import books_in_force, rules_of
from jifen_batch.kernels.validate import place_events, reject_reasons
from jifen_batch.scheme.dispositions import NOT_ELIGIBLE, given_by
from jifen_batch.scheme.operators import ENROLMENT
from jifen_batch.scheme.rule_fields import moving_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.evidence import Evidence, OlderRules
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.tables.rule_tables import RuleTables

MADE_THERE = "made_there"
SAME_LINE = ("household", "event_id", "accrued_on")


@dataclass(frozen=True)
class Older:
    """What an older book makes of candidate lines: its `rules` (null: none), and which it may change.

    `name` is that of the book, and of what is assumed where it is not known of which kind a household is.
    """

    name: tuple[str, ...]
    tables: RuleTables
    rules: pl.Series
    differs: pl.Series


def with_older(found: Candidates, evidence: Evidence) -> tuple[pl.DataFrame, list[Older]]:
    """All candidate lines, and what each older book makes of them.

    Beside `found.lines` stand those that only older books make. `older_only`: no trial but that of an older
    book looks at the line; `exclusive`: it is of a tier under any of the books.
    """
    tried = [
        (one, book, lines, assumed)
        for number, (one, book) in enumerate(zip(evidence.older, found.older, strict=True))
        for assumed, lines in _of_kinds(found, _made(found, number, evidence), book).items()
    ]
    beyond = [
        _beyond(found, lines, book).with_columns(number=pl.lit(number))
        for number, (_, book, lines, _) in enumerate(tried)
    ]
    lines = pl.concat([found.lines.with_columns(number=None), *beyond], how="vertical_relaxed")
    theirs, number = lines["rule"], lines["number"]
    lines = lines.with_columns(
        line=pl.int_range(pl.len()).cast(pl.Int64),
        rule=pl.when(pl.col("number").is_null()).then("rule"),
        older_only=~pl.col("in_play") & (_in_ledger() | pl.col("number").is_not_null()),
    ).drop("number")
    older = []
    for place, (one, book, made, assumed) in enumerate(tried):
        own = _rules_of_ours(found, made, book)
        further = theirs.set(number.ne_missing(place), None)[found.lines.height :]
        rules = pl.concat([own, further.cast(own.dtype)])
        older.append(Older((one.name, *assumed), one.tables, rules, _differs(found, one, lines, rules)))
        exclusive = book.exclusive.gather(rules).fill_null(value=False)
        lines = lines.with_columns(exclusive=lines["exclusive"] | exclusive)
    return lines, older


def _of_kinds(found: Candidates, made: pl.DataFrame, book: RuleBook) -> dict[tuple[str, ...], pl.DataFrame]:
    """An older book's lines without those that are not for the household's kind.

    A run publishes no kinds: what became of the line under its own rule tells whether the household is of
    one of that rule's. Where that leaves it open, the book is tried twice: as if all were eligible there, and
    as if none were.
    """
    there, here = _kinds(book, made["rule"], "there"), found.lines.filter(pl.col("origin") == LEDGER_LINE)
    here = here.select(*SAME_LINE, not_eligible=pl.col("disposition") == NOT_ELIGIBLE.name).with_columns(
        _kinds(found.book, here["rule"], "here")
    )
    lines = made.with_columns(there).join(here, on=SAME_LINE, how="left", maintain_order="left")
    wider = pl.col("here").list.set_difference("there").list.len() == 0
    narrower = pl.col("there").list.set_difference("here").list.len() == 0
    eligible = (
        pl.when(pl.col("there").is_null() | (~pl.col("not_eligible") & wider))
        .then(pl.lit(value=True))
        .when(pl.col("not_eligible") & narrower)
        .then(pl.lit(value=False))
    )
    known = lines.select(eligible.alias("eligible"))["eligible"]
    if known.null_count() == 0:
        return {(): made.filter(known)}
    return {
        ("eligible",): made.filter(known.fill_null(value=True)),
        ("not",): made.filter(known.fill_null(value=False)),
    }


def _kinds(book: RuleBook, rules: pl.Series, name: str) -> pl.Series:
    """The kinds of household that each rule is for, as a list; null where it is for all."""
    lists = book.tables.kinds.group_by("rule").agg("kind")
    every = book.tables.items.select("rule").join(lists, on="rule", how="left", maintain_order="left")
    return every["kind"].gather(rules).alias(name)


def _in_ledger() -> pl.Expr:
    """Whether a line stands in the ledger, of a day on which its household was enrolled."""
    return (pl.col("origin") == LEDGER_LINE) & ~pl.col("disposition").is_in(given_by(ENROLMENT))


def _made(found: Candidates, number: int, evidence: Evidence) -> pl.DataFrame:
    """The lines that an older book makes of what was sent and of what it grants, of enrolled days.

    They are as `accrue` gives them, with their `event_id`; kinds of households are not looked at.
    """
    book = found.older[number]
    sent = found.sent.filter(pl.col("granted_by").is_null() | (pl.col("granted_by") == number))
    placed = place_events(sent, found.places, book)
    reasons = reject_reasons(sent, placed, book)
    taken = (reasons.is_null() | sent["granted_by"].is_not_null()).arg_true()
    events = sent[taken].hstack(placed.select("year", "rule")[taken])
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
