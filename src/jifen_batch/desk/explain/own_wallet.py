"""The wallet of one household as a run has it, and what of it lapses when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis import point_lots, wallet_ledger
from jifen_batch.analysis.lapses import lapses
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.published import not_spendable, runs
from jifen_batch.tables.wallets import REDEMPTIONS, WALLETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

KEYS = ("household_id", "scoring_year", "announced")
FIGURES = tuple(name for name in WALLETS.names if name not in {"town_id", "village_id", "household_id"})


def own_wallet(  # noqa: PLR0913, PLR0917 - what hangs of a household, and the terms
    run: Path,
    out: Path,
    ids: Sequence[str],
    hung: pl.DataFrame,
    quarters: pl.DataFrame,
    places: Places,
    book: RuleBook,
    as_of: date,
) -> dict[str, Any] | None:
    """The household's row of `WALLETS`, and `lapses`: on which days how much of it ends.

    Null where the run was given no redemptions: then nobody knows what was spent. `ids` are its id of now,
    then those that it had; `hung` are its rows of all announcements by the first, `quarters` these with the
    days as of which they were announced.
    """
    wallets = runs.scan(run, WALLETS)
    if wallets.head(1).collect().is_empty():
        return None
    row = wallets.filter(pl.col("household_id") == ids[0]).collect()
    if row.is_empty():
        return {**dict.fromkeys(FIGURES, 0), "taken_back_in": None, "lapses": []}
    told = row.row(0, named=True)
    days = quarters.with_columns(pl.col("as_of").str.to_date())
    points = spendable(out, ids, hung, quarters["quarter"].to_list())
    nothing = (REDEMPTIONS.schema.to_frame(), RENAMING.to_frame())
    of = wallet_ledger.accounts(points, days, *nothing, places, book, as_of)
    lots = point_lots.settle(of.increments)[0].select("day", "points")
    return {**{name: told[name] for name in FIGURES}, "lapses": lapses(lots, told["available"]).to_dicts()}


def spendable(out: Path, ids: Sequence[str], hung: pl.DataFrame, quarters: Sequence[str]) -> pl.DataFrame:
    """Its announced points that can be spent, by scoring year and announcement, under its id of now."""
    # Of no quarters at all the numbers would stay names.
    number = pl.col("announced_in").replace_strict(quarters, [*range(len(quarters))]).cast(pl.Int32)
    points = hung.with_columns(announced=number).select(*KEYS, points="net")
    withheld = not_spendable.points(out, quarters).filter(pl.col("household_id").is_in(ids))
    withheld = withheld.select(pl.lit(ids[0]).alias(KEYS[0]), *KEYS[1:], points=-pl.col("not_spendable"))
    return pl.concat([points, withheld]).group_by(KEYS).agg(pl.col("points").sum())
