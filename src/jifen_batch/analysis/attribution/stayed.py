"""Lines that stand on both sides: how much of what changed is each operator's.

A line's points are its gross less what operators took, so what it changed by is the change of its gross
less the change of what each took. What takes all of a line, takes it whatever the gross (specification 3.3).
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.attribution import reasons
from jifen_batch.analysis.attribution.pairs import AFTER, BEFORE, SIDES, TAKES_ALL, differs
from jifen_batch.analysis.attribution.pieces import pieces
from jifen_batch.analysis.attribution.reasons import HELD, TIERED, UNATTRIBUTED, first_fitting

_SHARES = ("by_rows", "by_points", "by_all", "by_tier", "by_cap")


def of_stayed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pieces of lines that stand on both sides and are not reversed; of each line one at least.

    `pairs` with `with_edits`, `with_first_changed` and `trigger_changed`. A line that moved to another
    place or category takes its points along: a piece less there, and a piece more here.
    """
    pairs = _with_shares(pairs)
    why = (reasons.REVISED, reasons.of_item(), reasons.of_all_taking(), reasons.of_tier(), reasons.of_cap())
    found = [pieces(pairs, pl.col(share), reason) for share, reason in zip(_SHARES, why, strict=True)]
    rest = pl.col("change") - pl.sum_horizontal(_SHARES)
    found += [pieces(pairs, rest, UNATTRIBUTED), *_taken_along(pairs)]
    brings_the_same = pl.all_horizontal(pl.col(share) == 0 for share in _SHARES) & ~_goes_elsewhere()
    return pl.concat(
        [
            *(piece.filter(pl.col("points") != 0) for piece in found),
            pieces(pairs.filter(brings_the_same), pl.lit(0), reasons.of_no_points()),
        ]
    )


def _with_shares(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `change`, what points changed by, and the shares of it."""
    unit_before, unit_after = (pl.col(f"gross_{side}") // pl.col(f"quantity_{side}") for side in SIDES)
    in_play = ~reasons.on_either(list(TAKES_ALL))
    # Where the event was corrected, all but the price of the old event is the correction's.
    price = (unit_after - unit_before) * pl.col("quantity_before")
    pairs = pairs.with_columns(
        change=pl.col("points_after") - pl.col("points_before"),
        by_points=pl.when(in_play & ~differs("item")).then(price).otherwise(0),
        **_taken(),
    )
    left_alone = pl.when(in_play & ~pl.col("revised"))
    by_tier = pl.col("tier_took_before") - pl.col("tier_took_after")
    by_both = pl.col("took_before") - pl.col("took_after")
    return pairs.with_columns(
        by_rows=pl.when("revised").then(pl.col("change") - pl.col("by_points")).otherwise(0),
        by_all=pl.when(~in_play & ~pl.col("revised")).then("change").otherwise(0),
        by_tier=left_alone.then(by_tier).otherwise(0),
        by_cap=left_alone.then(by_both - by_tier).otherwise(0),
    )


def _taken() -> dict[str, pl.Expr]:
    """What tiers and caps took together on each side (`took_…`), and of that the tiers (`tier_took_…`).

    A capped line does not say what its tier had taken before: as much as on the other side, if so much
    is missing at all.
    """
    took: dict[str, pl.Expr] = {}
    by_tier: dict[str, pl.Expr] = {}
    for side in SIDES:
        disposition = pl.col(f"disposition_{side}")
        loss = pl.col(f"gross_{side}") - pl.col(f"points_{side}")
        took[side] = pl.when(disposition.is_in([*TIERED, *HELD])).then(loss).otherwise(0)
        by_tier[side] = pl.when(disposition.is_in(TIERED)).then(loss).otherwise(0)
    shares = {f"took_{side}": took[side] for side in SIDES}
    for side, other in ((BEFORE, AFTER), (AFTER, BEFORE)):
        capped = pl.when(pl.col(f"disposition_{side}").is_in(HELD))
        # What a floor spares a deduction is below 0, and no tier's.
        hidden = pl.min_horizontal(took[side], by_tier[other]).clip(lower_bound=0)
        shares[f"tier_took_{side}"] = capped.then(hidden).otherwise(by_tier[side])
    return shares


def _goes_elsewhere() -> pl.Expr:
    """Whether points that the line had are summed elsewhere now."""
    return (pl.col("moved") | differs("category")) & (pl.col("points_before") != 0)


def _taken_along(pairs: pl.DataFrame) -> list[pl.DataFrame]:
    """The pieces that carry a line's points from its old place or category to its new one."""
    reason = first_fitting(
        [(differs("item"), reasons.REVISED), (pl.col("moved"), reasons.MOVED)],
        reasons.edited("item", pl.col("code_after")),
    )
    going = pairs.filter(_goes_elsewhere())
    points = pl.col("points_before")
    return [pieces(going, -points, reason, at=[BEFORE]), pieces(going, points, reason, at=[AFTER])]
