"""The wallets of a run: announced points against redemptions, checked, written and summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis import wallet
from jifen_batch.analysis.prices import mispriced
from jifen_batch.analysis.wallet_ledger import accounts
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.kernels.successions import merges, under_new_ids
from jifen_batch.published import spendable
from jifen_batch.published.parquet_form import write_table
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.analysis.wallet import Wallets
    from jifen_batch.published.spendable import SpendableQuarter
    from jifen_batch.worker.intake import Intake

NAMED_AT_MOST = 20
SUMMED = (
    "announced",
    "not_spendable",
    "lapsed",
    "spent",
    "available",
    "taken_back",
    "uncovered",
    "below_zero",
)


def write(taken: Intake, redemptions: pl.DataFrame, out: Path, folder: Path) -> dict[str, Any]:
    """Write the wallets of a run; what the manifest says of them.

    Raises `InvariantBrokenError` where one does not balance: a fault of the program.
    """
    terms = taken.terms
    hung = pl.DataFrame(
        {
            "quarter": [one.quarter for one in taken.announced],
            "as_of": [one.as_of for one in taken.announced],
        },
        schema={"quarter": pl.String, "as_of": pl.Date},
    )
    renamed = terms.places.renamed
    points, withheld = (
        rows.with_columns(under_new_ids(rows["household_id"], renamed))
        for rows in spendable.points(out, taken.announced)
    )
    merged = merges(taken.successions, renamed, terms.as_of)
    of = accounts(points, hung, redemptions, merged, terms.places, terms.book, terms.as_of)
    made = wallet.wallets(of, terms.places)
    broken = wallet.broken_invariants(of, made)
    if broken:
        laws = "; ".join(broken)
        raise InvariantBrokenError(
            f"the wallets break their own laws ({laws}); nothing was published: report this",
            f"积分账户不满足自身的规律（{laws}）；没有发布任何结果；这是程序的错误，请报告",
        )
    withheld = withheld.group_by("household_id").agg(pl.col("not_spendable").sum())
    made = wallet.with_not_spendable(made, withheld)
    write_table(made.rows, WALLETS, folder, 0)
    return summary(made, taken.announced) | _held_against_prices(taken, redemptions, folder)


def _held_against_prices(taken: Intake, redemptions: pl.DataFrame, folder: Path) -> dict[str, Any]:
    """Write the redemptions that the price list does not bear out; how many; nothing without a list."""
    if taken.prices is None:
        return {}
    off = mispriced(redemptions, taken.prices, taken.register, taken.terms.as_of)
    if off.height:
        write_table(off, MISPRICED, folder, 0)
    return {"mispriced": off.height}


def summary(made: Wallets, announced: list[SpendableQuarter]) -> dict[str, Any]:
    """What wallets come to: `quarters` they rest on, `households` with each kind, `points` of each kind.

    `most_taken_back` names the households that spent most of what was taken back since, with the
    quarters that took it, the most first.
    """
    rows = made.rows
    most = rows.filter(pl.col("taken_back") > 0).sort(
        "taken_back", *WALLETS.sort_keys, descending=[True, False, False, False]
    )
    most = most.head(NAMED_AT_MOST)
    named = made.taken_back.filter(pl.col("household_id").is_in(most["household_id"].implode()))
    took: dict[str, dict[str, int]] = {}
    for household, quarter, points in named.sort("household_id", "quarter").iter_rows():
        took.setdefault(household, {})[quarter] = points
    return {
        "quarters": [{"quarter": one.quarter, "sha256": one.sha256} for one in announced],
        "households": {
            "all": rows.height,
            **{name: rows.filter(pl.col(name) != 0).height for name in SUMMED},
        },
        "points": {name: rows[name].sum() for name in SUMMED},
        "most_taken_back": [
            row | {"by_quarter": took[row["household_id"]]}
            for row in most.select(
                "town_id", "village_id", "household_id", "announced", "spent", "taken_back"
            ).to_dicts()
        ],
    }
