"""What is behind corrections: their points put down to causes, and a reason for each line (specification 4).

The same attribution that compares two runs, between what hangs and the ledger. A line that hung may
stand in the quarter that is announced now: there it is a line of its own, and no correction.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.attribution import Side, attribute
from jifen_batch.analysis.attribution.pairs import KEY
from jifen_batch.analysis.changes import ADDED, REMOVED, changed_lines
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.scheme.causes import LATER
from jifen_batch.tables.compared import ATTRIBUTED

# Beyond the causes of `attribute`: what hung is announced in this quarter instead.
PUT_LATER = (LATER.name, "quarter")
OF_LINE = (*KEY, "town_id", "village_id", "category", "item", "book")
SAID = ("cause", "what", "rule", "because")
OF_BECAUSE = ("because_item", "because_book")
CAUSES = pl.Schema(
    {
        **{name: ATTRIBUTED.schema[name] for name in (*OF_LINE, *SAID, "points")},
        **dict.fromkeys(OF_BECAUSE, pl.String()),
    }
)


def causes(hung: pl.DataFrame, ledger: pl.DataFrame, last: str, before: Side, after: Side) -> pl.DataFrame:
    """What corrections are put down to: one row (`CAUSES`) per corrected line and cause, unordered.

    The line's key and account, `cause`, `what`, `rule` and `because` as `attribute` says them, `points`,
    the `item` and `book` of the line, and those of the event `because`. By account, the points sum to
    what is adjusted. `hung`, the lines that hang up to quarter `last`, and `ledger`, those of the run up
    to the quarter to announce, are of whole households.
    """
    changes = changed_lines(hung, ledger)
    keyed = changes.with_columns(reversed=TAKES_BACK)
    is_own = (pl.col("change") == ADDED) & (pl.col("quarter") > last)
    corrected = keyed.filter(~is_own).select(KEY).unique()
    put_later = keyed.filter(is_own).join(corrected, on=KEY, how="semi")
    found = pl.concat(
        [
            attribute(changes, before, after)
            .join(corrected, on=KEY, how="semi")
            .select(*OF_LINE, *SAID, "points"),
            _later(put_later),
        ]
    )
    events = pl.concat([hung, ledger]).select(
        "household_id", because="event_id", because_item="item", because_book="book"
    )
    events = events.unique(["household_id", "because"], keep="last", maintain_order=True)
    found = found.join(events, on=["household_id", "because"], how="left", validate="m:1")
    return found.select(CAUSES.names())


def _later(lines: pl.DataFrame) -> pl.DataFrame:
    """What own lines bring that hung before: not the correction's, which takes down what hung."""
    cause, what = (pl.lit(word) for word in PUT_LATER)
    nothing = [pl.lit(None, pl.String).alias(name) for name in ("rule", "because")]
    return lines.with_columns(-pl.col("points"), *nothing, cause=cause, what=what).select(
        *OF_LINE, *SAID, "points"
    )


def reasons(found: pl.DataFrame) -> pl.DataFrame:
    """One row per corrected line: its key, and `reason`, all its causes as `cause.what`, joined by +."""
    word = pl.concat_str("cause", "what", separator=".")
    return found.group_by(KEY).agg(reason=word.unique().sort().str.join("+"))


def corrections(hung: pl.DataFrame, ledger: pl.DataFrame, last: str) -> pl.DataFrame:
    """Ledger rows of quarters up to `last`, with `change`, by which what hangs differs from the ledger."""
    changes = changed_lines(hung, ledger.filter(pl.col("quarter") <= last))
    return changes.drop("kept")


def removed_events(changed: pl.DataFrame) -> pl.Series:
    """Events of corrections that take a line down."""
    return changed.filter(pl.col("change") == REMOVED)["event_id"].unique()
