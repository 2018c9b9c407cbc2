"""Lines that stand on one side only: what became of their event on the other.

Its rows there say most: pending, declined, rejected with a reason, or none at all. Else a line is absent
for time had not come, for its event was corrected, or because another rule made other lines of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.attribution import reasons
from jifen_batch.analysis.attribution.pairs import AFTER, BEFORE
from jifen_batch.analysis.attribution.pieces import pieces
from jifen_batch.analysis.attribution.reasons import Reason, edited, first_fitting, said
from jifen_batch.analysis.attribution.side import REJECTS_READ, UNPOSTED_READ
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.scheme import reject_reasons as reject
from jifen_batch.scheme.states import OF_STATUS, SUPERSEDED

if TYPE_CHECKING:
    from jifen_batch.analysis.attribution.side import Side


def of_absent(pairs: pl.DataFrame, name: str, other: Side) -> pl.DataFrame:
    """One piece per line that stands only on the side `name`, and is not reversed.

    `pairs` are all that are not reversed, with `with_edits`; `other` is the side on which they are absent.
    """
    absent = AFTER if name == BEFORE else BEFORE
    lone = pairs.filter(pl.col("side") == name)
    lone = _with_twins(lone, pairs, absent)
    lone = lone.join(_states(other), on="event_id", how="left", maintain_order="left")
    lone = lone.join(_refusals(other), on="event_id", how="left", maintain_order="left")
    sign = 1 if name == AFTER else -1
    return pieces(lone, sign * pl.col(f"points_{name}"), _why(name, other))


def _with_twins(lone: pl.DataFrame, pairs: pl.DataFrame, absent: str) -> pl.DataFrame:
    """Lines with `twin_village` and `twin_year` of the same event's lines on the other side; null without.

    `stands_there`: the event has lines there, be it under another household.
    """
    keys = ["household_id", "event_id"]
    # All of them lie in one scoring year, and so in one village.
    there = pairs.filter(pl.col(f"points_{absent}").is_not_null())
    said = there.group_by(keys).agg(
        twin_village=pl.col(f"village_id_{absent}").first(), twin_year=pl.col("scoring_year").first()
    )
    lone = lone.join(said, on=keys, how="left", maintain_order="left")
    # Grants of all households bear the same ids.
    stands_there = pl.col("event_id").is_in(there["event_id"].unique().implode()) & ~IS_GRANT
    return lone.with_columns(stands_there=stands_there)


def _states(other: Side) -> pl.DataFrame:
    """Of each event without a line there: `state`, of the row that stands, `state_village`, `state_year`."""
    rows = other.unposted.select(UNPOSTED_READ).drop_nulls("event_id")
    rows = rows.sort(pl.col("state") == SUPERSEDED.name, maintain_order=True)
    return rows.group_by("event_id").agg(
        pl.col("state").first(),
        state_village=pl.col("village_id").first(),
        state_year=pl.col("occurred_on").first().dt.year(),
    )


def _refusals(other: Side) -> pl.DataFrame:
    """Of each rejected event there: `reason`, and what its first row says, as `refused_item`."""
    columns = [name for name in REJECTS_READ if name not in {"event_id", "reason"}]
    rows = other.rejects.select(REJECTS_READ).drop_nulls("event_id")
    return rows.group_by("event_id", maintain_order=True).agg(
        pl.col("reason").first(), *(pl.col(column).first().alias(f"refused_{column}") for column in columns)
    )


def _why(name: str, other: Side) -> Reason:
    """Why a line is absent there: the first of these that holds."""
    state, reason = pl.col("state"), pl.col("reason")
    made_otherwise = edited("item", pl.col(f"code_{name}"))
    year, village = pl.coalesce("state_year", "twin_year"), pl.coalesce("state_village", "twin_village")
    # Of another year the place may be another without a move of the register.
    elsewhere = (year == pl.col("scoring_year")) & (village != pl.col(f"village_id_{name}"))
    traced = pl.col(f"kept_{name}") | pl.col("twin_year").is_not_null() | state.is_not_null()
    return first_fitting(
        [
            (state.is_in(OF_STATUS), Reason(pl.lit("rows"), state)),
            (reason.is_not_null(), _refused(name)),
            (pl.col(f"posted_on_{name}") > other.as_of, said("due", "time")),
            (elsewhere, reasons.MOVED),
            (pl.col("accrual_edited"), made_otherwise),
            (traced, reasons.REVISED),
            (pl.col("stands_there"), said("rows", "household")),
        ],
        said("rows", "new" if name == AFTER else "missing"),
    )


def _refused(name: str) -> Reason:
    """Why the event is rejected there: for its rows, unless its rule refuses what another had taken.

    Rules and places are those of a scoring year: of a row that was corrected into another year they say
    nothing, for what that year's rule refuses its rule may have refused all along.
    """
    reason, item = pl.col("reason"), pl.col(f"item_{name}")
    same_item = pl.col("refused_item").eq_missing(item)
    same_matter = pl.col("refused_matter_id").eq_missing(pl.col(f"matter_id_{name}"))
    same_quantity = pl.col("refused_quantity").fill_null(1) == pl.col(f"quantity_{name}")
    same_year = pl.col("refused_occurred_on").dt.year() == pl.col("scoring_year")
    refuses = pl.any_horizontal(
        reason == reject.UNKNOWN_ITEM.name,
        # A line does not say until when it was pledged.
        (reason == reject.UNEXPECTED_UNTIL.name) & pl.col("accrual_edited"),
        (reason == reject.BAD_QUANTITY.name) & same_quantity,
        (reason == reject.MISSING_MATTER.name) & same_matter,
    )
    by_rule = same_year & same_item & refuses
    no_book = same_year & (reason == reject.NO_RULE_BOOK.name)
    other = pl.col("refused_household_id") != pl.col("household_id")
    elsewhere = pl.col("refused_village_id") != pl.col(f"village_id_{name}")
    book = Reason(pl.lit("book"), pl.lit("other_book"), pl.col(f"book_{name}"))
    return first_fitting(
        [
            # Of another household than the line's it was the row that changed, not the register.
            (
                reason == reject.UNKNOWN_HOUSEHOLD.name,
                first_fitting([(other, reasons.REVISED)], reasons.NOT_ENROLLED),
            ),
            ((by_rule | no_book) & elsewhere, reasons.MOVED),
            (no_book, book),
            (by_rule, edited("item", item)),
        ],
        Reason(pl.lit("rows"), reason),
    )
