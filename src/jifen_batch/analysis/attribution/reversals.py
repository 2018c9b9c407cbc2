"""Reversed lines: they follow the award that they take back, unless the incident itself came or went."""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.attribution import reasons
from jifen_batch.analysis.attribution.pairs import AFTER, BEFORE, KEY, differs
from jifen_batch.analysis.attribution.pieces import pieces
from jifen_batch.analysis.attribution.reasons import Reason, first_fitting

AWARD = [name for name in KEY if name != "reversed"]


def of_reversed(reversals: pl.DataFrame, awards: pl.DataFrame, of_awards: pl.DataFrame) -> pl.DataFrame:
    """Pieces of reversed lines; `awards` are the other changed lines, and `of_awards` their pieces.

    Both `reversals` and `awards` have `with_edits`, the reversals `trigger_changed`. A reversal that follows
    has its award's pieces with the sign turned: where a cap gave an award more that is taken back
    anyway, the cap has changed nothing in all.
    """
    found = reversals.join(
        awards.select(*AWARD, *(pl.col(name).alias(f"award_{name}") for name in _AWARD_SAYS)),
        on=AWARD,
        how="left",
        maintain_order="left",
    )
    found = found.with_columns(follows=_follows())
    following = found.filter("follows").select(*AWARD)
    turned = of_awards.join(following, on=AWARD, how="semi").with_columns(
        reversed=pl.lit(value=True), points=-pl.col("points")
    )
    own = found.filter(~pl.col("follows"))
    change = pl.col("points_after").fill_null(0) - pl.col("points_before").fill_null(0)
    return pl.concat([turned, pieces(own, change, _why())])


_AWARD_SAYS = (
    *("side", "moved", "revised", "other_book"),
    *("points_before", "points_after"),
)


def _follows() -> pl.Expr:
    """Whether a reversal is there, gone or other for its award is.

    It follows an award that stands on the same side, or on both, as it does. Where it stands on one side
    only and its award on both, it follows if the award brings nothing on the other, for then there is
    nothing to take back there; unless the incident changed too.
    """
    changed = pl.col("award_points_before").is_not_null() | pl.col("award_points_after").is_not_null()
    empty = []
    for side, other in ((BEFORE, AFTER), (AFTER, BEFORE)):
        here = (pl.col("side") == side) & pl.col("award_side").is_null()
        empty.append(here & (pl.col(f"award_points_{other}") == 0))
    incident = pl.col("trigger_changed") | pl.col("forfeiture_edited")
    follows = (
        pl.col("side").is_null()
        | (pl.col("award_side") == pl.col("side"))
        | (pl.any_horizontal(empty) & ~incident)
    )
    return (changed & follows).fill_null(value=False)


def _why() -> Reason:
    """Why a reversal that does not follow its award came, went or changed."""
    trigger = pl.coalesce("cause_after", "cause_before")
    return first_fitting(
        [
            (pl.col("award_revised").fill_null(value=False), reasons.REVISED),
            (pl.col("trigger_changed") | pl.col("forfeiture_edited"), reasons.forfeited(trigger)),
            (pl.col("award_other_book").fill_null(value=False) & pl.col("award_moved"), reasons.MOVED),
            (pl.col("award_other_book").fill_null(value=False), reasons.OTHER_BOOK),
            (pl.col("side").is_null() & differs("quarter"), reasons.GRACE),
        ]
    )
