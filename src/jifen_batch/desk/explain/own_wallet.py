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
    from datetime import date
    from pathlib import Path

    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

FIGURES = tuple(name for name in WALLETS.names if name not in {"town_id", "village_id", "household_id"})


def own_wallet(  # noqa: PLR0913, PLR0917 - what hangs of a household, and the terms
    run: Path,
    out: Path,
    household: str,
    hung: pl.DataFrame,
    quarters: pl.DataFrame,
    places: Places,
    book: RuleBook,
    as_of: date,
) -> dict[str, Any] | None:
    """The household's row of `WALLETS`, and `lapses`: on which days how much of it ends.

    Null where the run was given no redemptions: then nobody knows what was spent. `hung` are its rows of all
    announcements, `quarters` these with the days as of which they were announced.
    """
    wallets = runs.scan(run, WALLETS)
    if wallets.head(1).collect().is_empty():
        return None
    row = wallets.filter(pl.col("household_id") == household).collect()
    if row.is_empty():
        return {**dict.fromkeys(FIGURES, 0), "taken_back_in": None, "lapses": []}
    told = row.row(0, named=True)
    lots = _lots(out, household, hung, quarters, places, book, as_of)
    return {**{name: told[name] for name in FIGURES}, "lapses": lapses(lots, told["available"]).to_dicts()}


def _lots(  # noqa: PLR0913, PLR0917 - likewise
    out: Path,
    household: str,
    hung: pl.DataFrame,
    quarters: pl.DataFrame,
    places: Places,
    book: RuleBook,
    as_of: date,
) -> pl.DataFrame:
    """Its announced points that can be spent, as lots with their last days."""
    names = quarters["quarter"].to_list()
    # Of no quarters at all the numbers would stay names.
    number = pl.col("announced_in").replace_strict(names, [*range(len(names))]).cast(pl.Int32)
    keys = ("household_id", "scoring_year", "announced")
    points = hung.with_columns(announced=number).group_by(keys).agg(points=pl.col("net").sum())
    withheld = not_spendable.points(out, names).filter(pl.col("household_id") == household)
    points = points.join(withheld, on=keys, how="left").with_columns(
        points=pl.col("points") - pl.col("not_spendable").fill_null(0)
    )
    days = quarters.with_columns(pl.col("as_of").str.to_date())
    nothing = (REDEMPTIONS.schema.to_frame(), RENAMING.to_frame())
    of = wallet_ledger.accounts(points.drop("not_spendable"), days, *nothing, places, book, as_of)
    return point_lots.settle(of.increments)[0].select("day", "points")
