"""Caps that another system counts by another period: by the year what is ours by quarter, or the reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.edits import of_rules
from jifen_batch.analysis.breaks.variants import PERIOD
from jifen_batch.kernels.cap_table import PERIOD_MONTHS
from jifen_batch.scheme.causes import CAP_PERIOD
from jifen_batch.scheme.dispositions import may_hide
from jifen_batch.scheme.operators import CAP

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.variants import Variants


def under_caps(found: Candidates) -> pl.DataFrame:
    """One row per line in play and cap that holds it, its own or one around.

    `account`, `month` and `disposition` of the line; `name`, `period` and `floor` (null: none) of the cap.
    """
    lines = found.lines.filter(pl.col("account").is_not_null() & pl.col("in_play"))
    caps = found.book.tables.caps.select("name", "period", "floor")
    held = [
        lines.select("account", "month", "disposition").hstack(caps[level.cap.gather(lines["rule"])])
        for level in found.book.caps.levels
    ]
    none = lines.select("account", "month", "disposition").clear().hstack(caps.clear())
    return pl.concat([none, *held]).drop_nulls("name")


def other_periods(under: pl.DataFrame, tried: Variants) -> pl.DataFrame:
    """Trials of each cap of an account by each other period; `under` as `under_caps`.

    Not where all lines are of one month: those share every period. A shorter one changes nothing where the
    cap took nothing.
    """
    bit = pl.col("disposition").is_in(may_hide(CAP))
    caps = under.group_by("account", "name", "period").agg(bit.any().alias("bit"), pl.col("month").n_unique())
    several = caps.filter(pl.col("month") > 1)
    numbers = [(*name[1:], at) for name, at in tried.numbers.items() if name[0] == PERIOD]
    kinds = {"name": pl.String, "other": pl.String, "variant": pl.Int32}
    tries = several.join(pl.DataFrame(numbers, schema=kinds, orient="row"), on="name")
    own, other = (pl.col(name).replace_strict(PERIOD_MONTHS) for name in ("period", "other"))
    tries = tries.filter((other > own) | (pl.col("bit") & (other < own)))
    return of_rules(
        tries.select(
            "account",
            "variant",
            part=pl.format("period {} {}", "name", "other"),
            because=pl.format("{} {} ({})", "name", "other", "period"),
        ),
        CAP_PERIOD,
        whole=False,
    )
