"""A household's lines with what each operator left of them: how points came about, for telling.

The ledger says what became of a line; here its arithmetic is taken up again from the rule that was
applied: the item's words, the highest honour before it, what its matter and its cap had before (3.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.cap import moves
from jifen_batch.kernels.matters import matters
from jifen_batch.kernels.rulebook import books_in_force, rules_of
from jifen_batch.scheme.dispositions import OUT_OF_PLAY
from jifen_batch.tables import POSTING_ORDER

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

# What of an item's row stands in lines themselves, or is asked of none; all else is the line's facts.
NO_FACTS = (
    *("book", "code", "rule", "matter", "category", "task"),
    *("row", "pledge", "cap_row", "notice", "spendable"),
)
MATTER_FACTS = ("exclusive", "matter_cap")


@dataclass(frozen=True)
class LineArithmetic:
    """All that a run and the announcements say of one household; frames in the order of their tables.

    wallet
        Its wallet and what lapses when (`own_wallet`); null where the run has none.
    former
        The ids that it had before, a row each (`successions.renaming`).
    objections
        Open objections (`OBJECTIONS`) that concern it or one of its events, by the day they were raised.
    spells
        Its enrolment spells (`REGISTER`), by `enrolled_on`.
    standings
        One row per scoring year in which it stands (`neighbours`).
    grade_gaps
        One row per scoring year and grade that it has not (`grade_gaps`).
    balances
        One row per scoring year and category with a line (`BALANCES`).
    lines
        Its ledger in posting order, with the arithmetic (`told`) and `announced_in`, the quarter
        in whose announcement a line hangs; null while it does not.
    unposted, rejects
        Its rows of those tables, with the words of their item (`named`), by event.
    quarters
        One row per announced quarter, ascending: `quarter`, `as_of`, the day it was announced as of.
    announced_standings
        One row per scoring year in which it stands in the last announcement (`ANNOUNCED_STANDINGS`).
    hung
        One row per announced quarter, scoring year and category with something of this household
        (`ANNOUNCEMENT`).
    corrections
        Rows of `CORRECTIONS` with `announced_in`; `taken_down_next` are lines that hang and that the
        ledger has no more, with the quarter that they hang in; both with the item's `name`.
    """

    run_id: str
    as_of: str
    household_id: str
    former: pl.DataFrame
    objections: pl.DataFrame
    spells: pl.DataFrame
    standings: pl.DataFrame
    grade_gaps: pl.DataFrame
    balances: pl.DataFrame
    lines: pl.DataFrame
    unposted: pl.DataFrame
    rejects: pl.DataFrame
    quarters: pl.DataFrame
    announced_standings: pl.DataFrame
    hung: pl.DataFrame
    corrections: pl.DataFrame
    taken_down_next: pl.DataFrame
    wallet: dict[str, Any] | None = None


def told(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """The lines of one household in all its years and places, in posting order, with their arithmetic.

    `lines` are its whole ledger (`LEDGER`): tiers span the years. Added: the item's words and rules (all but
    `NO_FACTS`; null where the book has no such item any more), `matter_taken` (event, day or year: what a
    null matter was taken to mean, where that decides anything), `highest` (gross before it in its exclusive
    matter, null outside), `after_tier`, `matter_before` (what its matter had been granted,
    null without a matter cap), `after_matter`, `cap_before` (what its cap had granted; null where
    `cap_used` is), and of the event that is the `cause`: `cause_name`, `cause_occurred_on`,
    `cause_scope` and `cause_before`. Order matters and is made here (3.2).
    """
    lines = lines.sort(*POSTING_ORDER, maintain_order=True)
    lines = _with_rules(lines, book)
    lines = _with_tiers(lines)
    lines = _with_matter_caps(lines)
    lines = _with_caps(lines, book)
    return _with_causes(lines).drop("rule", "matter", "in_play")


def worded(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Ledger lines of any time with `name`, the item's by the book applied; null where it is gone."""
    names = _facts(book).select("book", "item", "name")
    return lines.join(names, on=["book", "item"], how="left", maintain_order="left", validate="m:1")


def _facts(book: RuleBook) -> pl.DataFrame:
    """One row per `book` (id) and `item` (code): its `rule`, `matter_taken` and the item's facts."""
    books = book.tables.books.select("book", pl.col("id").alias("book_id"))
    return book.tables.items.join(books, on="book").select(
        pl.col("book_id").alias("book"),
        pl.col("code").alias("item"),
        pl.col("rule").cast(pl.Int64),
        pl.col("matter").alias("matter_taken"),
        pl.exclude(*NO_FACTS, "book_id"),
    )


def _with_rules(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Lines with their `rule`, its facts, the number of their `matter`, and whether they `in_play`."""
    facts = _facts(book)
    lines = lines.join(facts, on=["book", "item"], how="left", maintain_order="left", validate="m:1")
    # A pledge's months are one event: "its own matter" is the same for all of them.
    event_row = lines.with_row_index("event_row").select(
        pl.col("event_row").cast(pl.Int64).min().over("event_id"), "rule"
    )
    decides = (pl.col("per") == "matter") | pl.any_horizontal(pl.col(MATTER_FACTS).is_not_null())
    return lines.with_columns(
        matters(event_row, lines, book),
        in_play=~pl.col("disposition").is_in(OUT_OF_PLAY),
        matter_taken=pl.when(pl.col("matter_id").is_null() & decides).then("matter_taken"),
    )


def _with_tiers(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with the `highest` gross before them in their tier, and what is left `after_tier` (3.3.3)."""
    lines = lines.with_columns(in_tier=pl.col("in_play") & pl.col("exclusive").is_not_null())
    before = pl.col("gross").cum_max().shift(1).over("in_tier", "exclusive", "matter").fill_null(0)
    lines = lines.with_columns(highest=pl.when("in_tier").then(before))
    left = pl.when("in_tier").then((pl.col("gross") - pl.col("highest")).clip(lower_bound=0))
    return lines.with_columns(after_tier=left.otherwise("gross")).drop("in_tier")


def _with_matter_caps(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with what their matter had `matter_before` them, and what is left `after_matter` (3.3.4)."""
    lines = lines.with_columns(capped=pl.col("in_play") & pl.col("matter_cap").is_not_null())
    summed = pl.min_horizontal(pl.col("after_tier").cum_sum(), "matter_cap")
    same = ("capped", "item", "scoring_year", "matter")
    lines = lines.with_columns(
        summed=pl.when("capped").then(summed.over(same)),
        matter_before=pl.when("capped").then(summed.shift(1).over(same).fill_null(0)),
    )
    held = pl.when("capped").then(pl.col("summed") - pl.col("matter_before"))
    return lines.with_columns(after_matter=held.otherwise("after_tier")).drop("capped", "summed")


def _with_caps(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Lines with what their own cap had `cap_before` them; null where `cap_used` is (3.3.5).

    What is forfeited counts on under its cap, though its own line does not tell how much.
    """
    capped = lines.with_row_index("row").filter(pl.col("in_play") & pl.col("cap").is_not_null())
    held = capped.select(
        "posted_on",
        "accrued_on",
        account="scoring_year",
        month=pl.col("accrued_on").dt.month(),
        rule=pl.col("rule").cast(pl.UInt32),
        points="after_matter",
    )
    _, _, before = moves(held, book.caps)
    found = capped.select("row", cap_before=pl.Series(before, dtype=pl.Int64))
    lines = lines.with_row_index("row").join(found, on="row", how="left", maintain_order="left").drop("row")
    return lines.with_columns(cap_before=pl.when(pl.col("cap_used").is_not_null()).then("cap_before"))


def _with_causes(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with the words of the event that is their cause; null where there is none."""
    events = lines.unique("event_id", keep="first", maintain_order=True).select(
        cause="event_id",
        cause_name="name",
        cause_occurred_on="occurred_on",
        cause_scope="forfeits_scope",
        cause_before="forfeits_before",
    )
    return lines.join(events, on="cause", how="left", maintain_order="left", validate="m:1")


def named(rows: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """Rows of `UNPOSTED` or `REJECTS` with the words of their item, in their order.

    Added: `name`, `clause`, `per` of the rule in force (null where no rule is) and `posts_on`, the day
    from which the row would stand in the ledger: that of its first month, or its own, or its approval
    (3.2); null without a date.
    """
    villages = places.villages.with_row_index("village")
    village = rows.join(villages, on=["town_id", "village_id"], how="left", maintain_order="left")["village"]
    books = books_in_force(book, village, rows["occurred_on"].dt.year())
    rules = rules_of(book, books, rows["item"])
    rows = rows.with_columns(book.of_rule(name, rules) for name in ("name", "clause", "per"))
    monthly = pl.col("per") == "month"
    accrued_on = pl.when(monthly).then(pl.col("occurred_on").dt.month_end()).otherwise("occurred_on")
    posts_on = pl.max_horizontal(accrued_on, "decided_on")
    return rows.with_columns(posts_on=pl.when(pl.col("occurred_on").is_not_null()).then(posts_on))
