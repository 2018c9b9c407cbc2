"""All trials scored in one pass: each is a household of its own, and the operators do not know it.

What a mistake would bring is never estimated: the household's lines, with the mistake made, go through
the very operators of specification 3.3, with all that caps, tiers and incidents do to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.edits import TRIAL
from jifen_batch.analysis.breaks.variants import NO_RULE, OLDER, UNREVERSED
from jifen_batch.columns.groups import all_alike
from jifen_batch.kernels.accrue import in_posting_order
from jifen_batch.kernels.context import Context
from jifen_batch.kernels.enrol import opened
from jifen_batch.kernels.operators import operated
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.kernels.rulebook import points_on
from jifen_batch.scheme.operators import ENROLMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.variants import Variants

LINES_AT_A_TIME = 1_500_000
CARRIED = ("event_row", "month", "accrued_on", "posted_on", "quarter", "quantity", "id_key")


def figures(
    steps: pl.DataFrame, found: Candidates, tried: Variants, grain: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The trials, one row each, and the figures of each of them by `grain`.

    Trials: the columns of `TRIAL` and `trial`, its number. Figures: `trial`, those of category, item and
    quarter (year * 4 + 0 to 3) that are in the grain, `points`; no row where a trial has no line.
    """
    trials = steps.select(TRIAL).unique(maintain_order=True).with_row_index("trial")
    trials = trials.with_columns(pl.col("trial").cast(pl.Int64))
    named = steps.drop_nulls("line").join(trials, on=TRIAL, nulls_equal=True).select("trial", "line", "added")
    members = _members(found, tried)
    sums = [
        _scored(part, members, named, found, tried).group_by("trial", *grain).agg(pl.col("points").sum())
        for part in _batches(trials, members)
    ]
    return trials, pl.concat(sums)


def _members(found: Candidates, tried: Variants) -> pl.DataFrame:
    """What an account is scored from: its lines in play, and the tiers of its household in other years.

    And those lines at which only the trial of an older book looks, marked `older_only`.
    """
    columns = ("line", "older_only")
    lines = tried.lines.filter(pl.col("in_play") | pl.col("older_only"))
    own = lines.filter(pl.col("account").is_not_null()).select("account", *columns)
    tiers = lines.filter("exclusive").select("household", "year", *columns)
    accounts = found.accounts.select("account", "household", own=pl.col("scoring_year").cast(pl.Int64))
    company = accounts.join(tiers, on="household").filter(pl.col("year") != pl.col("own"))
    return pl.concat([own, company.select("account", *columns)])


def _batches(trials: pl.DataFrame, members: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Trials in portions of about so many lines; at least one, that the result has its columns."""
    sizes = members.group_by("account").len("lines")
    loads = trials.join(sizes, on="account", how="left", maintain_order="left")["lines"].fill_null(0) + 1
    portion = loads.cum_sum() // LINES_AT_A_TIME
    for number in range(int(portion.max() or 0) + 1):  # type: ignore[arg-type]
        yield trials.filter(portion == number)


def _scored(
    trials: pl.DataFrame, members: pl.DataFrame, named: pl.DataFrame, found: Candidates, tried: Variants
) -> pl.DataFrame:
    """Points of each line of each trial, in the trial's own year: `trial`, `category`, `item`, `quarter`."""
    lines = _lines(trials, members, named, found, tried)
    book = tried.book
    lines = operated(in_posting_order(lines), Context(found.events, book, found.places), after=ENROLMENT)
    unreversed = (pl.col("variant") == tried.numbers[UNREVERSED]) & TAKES_BACK
    posted = lines.filter(pl.col("own") & ~unreversed)
    return posted.select(
        "quarter",
        "points",
        trial="household",
        category=book.tables.items["category"].gather(posted["rule"]),
        item=book.tables.items["code"].gather(posted["rule"]),
    )


def _lines(
    trials: pl.DataFrame, members: pl.DataFrame, named: pl.DataFrame, found: Candidates, tried: Variants
) -> pl.DataFrame:
    """Candidate lines of all trials, each trial a household with accounts of its own."""
    older = [tried.numbers[OLDER, *name] for name in tried.older]
    kept = trials.select("trial", "account", "variant").join(members, on="account")
    kept = kept.filter(~pl.col("older_only") | pl.col("variant").is_in(older)).drop("older_only")
    kept = kept.join(named.filter(~pl.col("added")), on=["trial", "line"], how="anti")
    more = trials.select("trial", "account", "variant").join(named.filter("added"), on="trial")
    rows = pl.concat([kept, more.select(kept.columns)])
    rows = rows.with_columns(tried.rules_of(rows["variant"], rows["line"])).filter(pl.col("rule") != NO_RULE)
    year = tried.lines["year"].gather(rows["line"])
    own_year = found.accounts["scoring_year"].gather(rows["account"]).cast(pl.Int64)
    lines = tried.lines.select(CARRIED)[rows["line"]].with_columns(
        rows["rule"],
        rows["variant"],
        household=rows["trial"],
        account=rows["trial"] * _span(tried.lines["year"]) + (year - (tried.lines["year"].min() or 0)),
        own=year == own_year,
    )
    gross = points_on(tried.book, lines["rule"], lines["accrued_on"]) * lines["quantity"]
    lines = lines.with_columns(gross=gross)
    # A mistake that counts days on which nobody was enrolled counts them as if one were.
    return opened(lines, all_alike(value=True, kind=pl.Boolean, height=lines.height))


def _span(years: pl.Series) -> int:
    """How many years there are from the first to the last."""
    return int(years.max()) - int(years.min()) + 1 if years.len() else 1  # type: ignore[arg-type]
