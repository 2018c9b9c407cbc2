"""A piece: so many points of a changed line, and what they are put down to.

A line that changed for two reasons has two pieces; the pieces of a line sum to what it changed by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.attribution.pairs import KEY, SIDES
from jifen_batch.analysis.attribution.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = ("town_id", "village_id", "category")


def pieces(
    pairs: pl.DataFrame, points: pl.Expr, reason: Reason, at: Sequence[str] = SIDES[::-1]
) -> pl.DataFrame:
    """One piece per pair: `KEY`, `PLACE`, the columns of `Reason` and `points`.

    The place and category in which its points are summed are those of the first side of `at` on which the
    line stands: where it stands now, or stood last.
    """
    place = [pl.coalesce(f"{name}_{side}" for side in at).alias(name) for name in PLACE]
    said = [text.cast(pl.String).alias(name) for name, text in zip(Reason._fields, reason, strict=True)]
    return pairs.select(*KEY, *place, *said, points.cast(pl.Int64).alias("points"))
