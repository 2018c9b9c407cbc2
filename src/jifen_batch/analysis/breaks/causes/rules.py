"""Rules that another system may lack, or have in an older form: caps, tiers, forfeiture, older books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.causes.caps import other_periods, under_caps
from jifen_batch.analysis.breaks.edits import of_rules
from jifen_batch.analysis.breaks.variants import FLOOR, OLDER, UNREVERSED
from jifen_batch.scheme.causes import CAP_NOT_APPLIED, FLOOR_NOT_HELD, OLDER_RULES
from jifen_batch.scheme.dispositions import FLOORED, REVERSED, may_hide
from jifen_batch.scheme.operators import CAP

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.variants import Variants


def other_rules(found: Candidates, tried: Variants) -> list[pl.DataFrame]:
    """Trials of every rule that took something from an account, and of older books that differ for it."""
    own = found.lines.filter(pl.col("account").is_not_null() & (pl.col("in_play")))
    items = found.book.tables.items
    own = own.with_columns(
        cap=items["cap"].gather(own["rule"]),
        matter_cap=pl.when(items["matter_cap"].gather(own["rule"]).is_not_null()).then(pl.lit("*")),
        tier=items["exclusive"].gather(own["rule"]),
    )
    capped = own.filter(pl.col("disposition").is_in(may_hide(CAP)))
    under = under_caps(found)
    floored = under.filter(pl.col("disposition") == FLOORED.name, pl.col("floor").is_not_null())
    return [
        *_each_and_all(capped.rename({"cap": "name"}), tried, "cap", CAP_NOT_APPLIED),
        *_each_and_all(capped.rename({"matter_cap": "name"}), tried, "matter_cap", CAP_NOT_APPLIED),
        *_each_and_all(capped.with_columns(name=pl.lit("*")), tried, "limit", CAP_NOT_APPLIED),
        *_each_and_all(floored, tried, FLOOR, FLOOR_NOT_HELD),
        other_periods(under, tried),
        *_each_and_all(own.rename({"tier": "name"}), tried, "exclusive", "tier_counted_twice"),
        *_forfeitures(found, tried),
        *_older_books(found, tried),
    ]


def _each_and_all(lines: pl.DataFrame, tried: Variants, kind: str, cause: str) -> list[pl.DataFrame]:
    """Accounts with lines under a rule of some name: without that one, and without all of the kind."""
    named = lines.select("account", "name").drop_nulls().unique()
    numbers = {name[1]: number for name, number in tried.numbers.items() if name[0] == kind}
    each = named.filter(pl.col("name") != "*").with_columns(
        part=pl.format(kind + " {}", "name"),
        because="name",
        variant=pl.col("name").replace_strict(numbers, default=None, return_dtype=pl.Int32),
    )
    every = named.filter((pl.len().over("account") > 1) | (pl.col("name") == "*")).select("account").unique()
    every = every.with_columns(
        part=pl.lit(f"* {kind}"), because=pl.lit(kind), variant=pl.lit(numbers.get("*"), dtype=pl.Int32)
    )
    columns = ("account", "part", "variant", "because")
    return [
        of_rules(each.select(columns), cause, whole=False),
        of_rules(every.select(columns), cause, whole=True),
    ]


def _forfeitures(found: Candidates, tried: Variants) -> list[pl.DataFrame]:
    """Nothing forfeited, by any incident or by those of one item; or what was posted not taken back."""
    cause = "forfeiture_not_taken_back"
    triggers = found.book.triggering.gather(found.lines["rule"])
    hit = found.lines.filter(triggers & found.lines["in_play"] & found.lines["account"].is_not_null())
    named = hit.select("account", name="item")
    standing = named.select("account").with_columns(
        part=pl.lit("* reversals"),
        variant=pl.lit(tried.numbers[UNREVERSED], dtype=pl.Int32),
        because=pl.lit(REVERSED.name),
    )
    return [*_each_and_all(named, tried, "forfeits", cause), of_rules(standing, cause, whole=True)]


def _older_books(found: Candidates, tried: Variants) -> list[pl.DataFrame]:
    """Older books, for the accounts in which a line meets a rule that was another then."""
    trials = []
    for name, differs in tried.older.items():
        lines = tried.lines.filter(differs)
        # Tiers meet across the years: what another year's line brings may change this one's.
        households = lines.filter("exclusive").select("household").unique()
        elsewhere = found.accounts.join(households, on="household", how="semi").select("account")
        accounts = pl.concat([lines.select("account").drop_nulls(), elsewhere]).unique()
        part, variant = pl.lit(f"* {name[0]}"), pl.lit(tried.numbers[OLDER, *name], dtype=pl.Int32)
        accounts = accounts.with_columns(part=part, variant=variant, because=pl.lit(name[0]))
        trials.append(of_rules(accounts, OLDER_RULES, whole=True))
    return trials
