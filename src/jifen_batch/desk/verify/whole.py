"""The tables of a run that are made of all villages, or of no event, worked out again.

Their rows are households and villages, not events: memory holds them whole, as it does in a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis import recount
from jifen_batch.analysis.named_standings import named_standings
from jifen_batch.kernels import participate
from jifen_batch.kernels.grade import JUDGED
from jifen_batch.kernels.listing import items_of_years
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rank import groups
from jifen_batch.published import manifest
from jifen_batch.published.finding import Finding
from jifen_batch.tables import GROUPS, ITEMS, PARTICIPATION, REGISTER, STANDINGS, VILLAGES
from jifen_batch.tables.wallets import WALLETS

if TYPE_CHECKING:
    from jifen_batch.desk.verify.recounted import Recounted
    from jifen_batch.kernels.places import Places

QUARTERS_IN_YEAR = 4


def whole_tables(of: Recounted) -> list[Finding]:
    """What does not follow in standings, participation, items, books and wallets. Raises `DamagedError`.

    Of a run that other code made, wallets alone: that code may have ranked and compiled otherwise.
    """
    if of.claims.by_other_code:
        return _wallets(of)
    places = number_places(of.sheets[REGISTER.name].whole())
    return [
        *_standings(of, places),
        *_participation(of, places),
        *_books(of),
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
    """Standings and groups; grades only where the books are read as that version read them."""
    said = of.sheets[STANDINGS.name].whole()
    rows = named_standings(of.nets, of.bar_lines, places, of.books, of.claims.as_of)
    shown = [name for name in STANDINGS.names if of.books or name not in JUDGED]
    groups_said = of.sheets[GROUPS.name].whole()
    return [
        *_held(of, STANDINGS.name, said.select(shown), rows.select(shown), STANDINGS.sort_keys),
        *_held(of, GROUPS.name, groups_said, groups(rows), GROUPS.sort_keys),
    ]


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


def _books(of: Recounted) -> list[Finding]:
    """Books and items by the rule files of the run."""
    if of.books is None:
        return [Finding("rules", f"{of.folder}/{manifest.RULES}")]
    found = []
    if of.books.books.drop("book").to_dicts() != of.claims.books:
        found.append(Finding("rules", f"{of.folder}/{manifest.RULES}"))
    computed = items_of_years(of.books, of.nets["scoring_year"].unique().sort().to_list())
    return found + _held(of, ITEMS.name, of.sheets[ITEMS.name].whole(), computed, ITEMS.sort_keys)


def _wallets(of: Recounted) -> list[Finding]:
    """Wallets balance, come to what the manifest says, and rest on the quarters that the run saw."""
    rows, claimed = of.sheets[WALLETS.name].whole(), of.claims.wallets
    if claimed is None:
        return [Finding("wallets", f"{of.folder}/{WALLETS.name}")] if rows.height else []
    # An older version knew of no points that are kept out of wallets.
    balance = pl.col("announced") - pl.col("not_spendable").fill_null(0) - pl.col("lapsed") - pl.col("spent")
    told = pl.col("available") - pl.col("taken_back") - pl.col("uncovered") - pl.col("below_zero")
    sums: dict[str, Any] = {name: rows[name].sum() for name in claimed["points"]}
    households = {"all": rows.height} | {name: int((rows[name] != 0).sum()) for name in claimed["points"]}
    sound = rows.filter(balance != told).is_empty()
    rested = claimed["quarters"].items() <= of.claims.seen.items()
    if sound and rested and sums == claimed["points"] and households == claimed["households"]:
        return []
    return [Finding("wallets", f"{of.folder}/{WALLETS.name}")]
