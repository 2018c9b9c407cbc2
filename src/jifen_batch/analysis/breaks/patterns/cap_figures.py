"""A cap whose figure is another one there: seen where the same other figure explains several breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.patterns.strength import is_no_chance
from jifen_batch.scheme.causes import FITS, PROVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.evidence import Evidence

CAUSE = "cap_figure"
HOUSEHOLDS_MIN = 2


def cap_figures(
    keys: pl.DataFrame, atoms: pl.DataFrame, evidence: Evidence, names: Sequence[str]
) -> pl.DataFrame:
    """Keys that another figure of a cap explains: `key`, `cause`, `because` (cap and figure), `strength`.

    `keys` has `key`, `names` and `amount` (theirs - ours); of `atoms`, those without a cap say what is
    beyond it. With the figure at f, a cap that granted g brings g as long as that is less than f, else f;
    one that is full brings what is beyond it as well, up to f. Only where all lines under the cap are of one
    key. A cap whose deductions make room again is left out.
    """
    held = _held(keys, evidence, names).join(_beyond(atoms), on=["key", "cap"], how="left")
    held = held.with_columns(pl.col("beyond").fill_null(0))
    full = pl.col("granted") == pl.col("cap_points")
    guess = (
        held.filter((pl.col("amount") < 0) | (full & (pl.col("amount") <= pl.col("beyond"))))
        .with_columns(figure=pl.col("granted") + pl.col("amount"))
        .filter((pl.col("figure") >= 0) & (pl.col("figure") != pl.col("cap_points")))
    )
    figures = guess.group_by("cap", "figure").agg(households=pl.col("household_id").n_unique())
    figures = figures.filter(pl.col("households") >= HOUSEHOLDS_MIN).select("cap", "figure")
    tried = held.join(figures, on="cap")
    more = pl.min_horizontal("beyond", pl.col("figure") - pl.col("cap_points"))
    less = (pl.col("figure") - pl.col("granted")).clip(upper_bound=0)
    raised = pl.col("figure") > pl.col("cap_points")
    tried = tried.with_columns(
        change=pl.when(raised).then(pl.when(full).then(more).otherwise(0)).otherwise(less)
    )
    tried = tried.filter(pl.col("change") != 0)
    hit = pl.col("change") == pl.col("amount")
    judged = (
        tried.group_by("cap", "figure")
        .agg(
            explained=pl.col("household_id").filter(hit).n_unique(),
            touched=pl.col("household_id").n_unique(),
            guesses=pl.lit(1.0),
        )
        .filter(pl.col("explained") >= HOUSEHOLDS_MIN)
        .with_columns(
            strength=pl.when(is_no_chance("explained", "touched", "guesses"))
            .then(pl.lit(PROVED))
            .otherwise(pl.lit(FITS))
        )
        .sort("explained", "cap", "figure", descending=[True, False, False])
        .with_row_index("place")
    )
    told = tried.filter(hit).join(judged, on=["cap", "figure"]).sort("key", "place")
    told = told.unique("key", keep="first", maintain_order=True)
    because = pl.format("{} {} ({})", "cap", "figure", "cap_points")
    return told.select("key", cause=pl.lit(CAUSE), because=because, strength="strength")


def _held(keys: pl.DataFrame, evidence: Evidence, names: Sequence[str]) -> pl.DataFrame:
    """What each cap granted of each key: `key`, `household_id`, `amount`, `cap`, `cap_points`, `granted`."""
    books = evidence.tables.books.select("book", book_id="id")
    items = evidence.tables.items.filter(pl.col("cap_points").is_not_null() & ~pl.col("cap_net"))
    caps = items.join(books, on="book").select("cap", "cap_points", book="book_id", item="code")
    lines = evidence.lines.join(caps, on=["book", "item"]).filter(pl.col("cap_used").is_not_null())
    account = ("household_id", "scoring_year", "cap")
    granted = lines.group_by(*account, "cap_points").agg(granted=pl.col("cap_used").max())
    brought = lines.group_by(*dict.fromkeys((*names, *account))).agg(brought=pl.col("points").sum())
    whole = brought.join(granted, on=account).filter(pl.col("brought") == pl.col("granted"))
    return (
        keys.select("key", "amount", *names)
        .join(whole, on=list(names))
        .select("key", "household_id", "amount", "cap", "cap_points", "granted")
    )


def _beyond(atoms: pl.DataFrame) -> pl.DataFrame:
    """What each key would have more without a cap: `key`, `cap`, `beyond`."""
    without = atoms.filter((pl.col("cause") == "cap_not_applied") & pl.col("part").str.starts_with("cap "))
    return without.select("key", cap="because", beyond="amount").unique(["key", "cap"], keep="first")
