"""The tables of a run that are made of all villages, or of no event, worked out again.

Their rows are households and villages, not events: memory holds them whole, as it does in a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import recount
from jifen_batch.errors import JifenError
from jifen_batch.kernels import participate
from jifen_batch.kernels.listing import items_of_years
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rank import standings_of
from jifen_batch.published.finding import Finding
from jifen_batch.tables import ITEMS, PARTICIPATION, REGISTER, STANDINGS, VILLAGES
from jifen_batch.tables.wallets import WALLETS

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.desk.verify.recounted import Recounted
    from jifen_batch.kernels.places import Places

RULES = "rules"
QUARTERS_IN_YEAR = 4


def whole_tables(of: Recounted, folder: Path) -> list[Finding]:
    """What does not follow in standings, participation, items, books and wallets. Raises `DamagedError`.

    Of a run that other code made, wallets alone: that code may have ranked and compiled otherwise.
    """
    if of.claims.by_other_code:
        return _wallets(of)
    places = number_places(of.sheets[REGISTER.name].whole())
    return [
        *_standings(of, places),
        *_participation(of, places),
        *_books(of, folder),
        *_wallets(of),
    ]


def _held(
    of: Recounted, name: str, said: pl.DataFrame, computed: pl.DataFrame, key: tuple[str, ...]
) -> list[Finding]:
    """The finding about a table that is not as worked out, if it is not, as far as its version tells."""
    columns = [column for column in of.sheets[name].held.names if column in said.columns]
    if not columns:
        return []
    count, first = recount.unlike(said.select(columns), computed, key)
    return [Finding(name, f"{of.folder}/{name}", {"rows": count, "first": first})] if count else []


def _standings(of: Recounted, places: Places) -> list[Finding]:
    computed = standings_of(of.nets, places, of.claims.as_of)
    said = of.sheets[STANDINGS.name].whole()
    return _held(of, STANDINGS.name, said, computed, STANDINGS.sort_keys)


def _participation(of: Recounted, places: Places) -> list[Finding]:
    """Villages of `--villages` that nobody is enrolled in must have no count; totals are taken as said."""
    as_of, quarters = of.claims.as_of, range(0)
    if of.first_quarter:
        year, number = of.first_quarter.split("Q")
        first = int(year) * QUARTERS_IN_YEAR + int(number) - 1
        quarters = range(first, participate.quarter_of(as_of) + 1)
    numbers = places.villages.with_row_index("village")
    counts = of.activity.join(numbers, on=recount.VILLAGE, how="inner").drop(recount.VILLAGE)
    computed = participate.participation(counts, VILLAGES.schema.to_frame(), quarters, places, as_of)
    said = of.sheets[PARTICIPATION.name].whole()
    empty = said.join(places.villages, on=recount.VILLAGE, how="anti").with_columns(
        pl.lit(0, pl.Int32).alias(name) for name in ("enrolled", *participate.COUNTS)
    )
    sides = [rows.drop("households_total") for rows in (said, pl.concat([computed, empty]))]
    return _held(of, PARTICIPATION.name, sides[0], sides[1], PARTICIPATION.sort_keys)


def _books(of: Recounted, folder: Path) -> list[Finding]:
    """Books and items by the rule files of the run."""
    try:
        books = rules.load([folder / RULES])
    except JifenError:
        return [Finding("rules", f"{of.folder}/{RULES}")]
    found = []
    if books.tables.books.drop("book").to_dicts() != of.claims.books:
        found.append(Finding("rules", f"{of.folder}/{RULES}"))
    computed = items_of_years(books.tables, of.nets["scoring_year"].unique().sort().to_list())
    return found + _held(of, ITEMS.name, of.sheets[ITEMS.name].whole(), computed, ITEMS.sort_keys)


def _wallets(of: Recounted) -> list[Finding]:
    """Wallets balance, come to what the manifest says, and rest on the quarters that the run saw."""
    rows, claimed = of.sheets[WALLETS.name].whole(), of.claims.wallets
    if claimed is None:
        return [Finding("wallets", f"{of.folder}/{WALLETS.name}")] if rows.height else []
    balance = pl.col("announced") - pl.col("lapsed") - pl.col("spent")
    told = pl.col("available") - pl.col("taken_back") - pl.col("uncovered") - pl.col("below_zero")
    sums: dict[str, Any] = {name: rows[name].sum() for name in claimed["points"]}
    households = {"all": rows.height} | {name: int((rows[name] != 0).sum()) for name in claimed["points"]}
    sound = rows.filter(balance != told).is_empty()
    rested = claimed["quarters"].items() <= of.claims.seen.items()
    if sound and rested and sums == claimed["points"] and households == claimed["households"]:
        return []
    return [Finding("wallets", f"{of.folder}/{WALLETS.name}")]
