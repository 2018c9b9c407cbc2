"""Wallets for a pencil: what was announced and what was spent, told in a line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

import pencil
from jifen_batch.analysis.wallet import broken_invariants, wallets
from jifen_batch.analysis.wallet_ledger import accounts
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.tables.wallets import REDEMPTIONS

COUNTED = ("announced", "lapsed", "spent", "available", "taken_back", "uncovered", "below_zero")


@cache
def books(*expires):
    """Rule tables of a base book, and one for the village `far` where a second expiry is given."""
    tables = pencil.rules({"code": "x"})
    number = [*range(len(expires))]
    scopes = tables.scopes
    if len(expires) > 1:
        far = tables.scopes.with_columns(
            level=pl.lit(2, pl.Int8), place_id=pl.lit("far"), book=pl.lit(1, pl.Int32)
        )
        scopes = pl.concat([scopes, far])
    told = pl.DataFrame({"book": number, "id": [f"b{one}" for one in number], "expires": [*expires]})
    return replace(tables, books=told, scopes=scopes)


def announced_rows(households):
    """Announced points as the store gives them: {household: [(quarter, day, {year: points})]}."""
    told = sorted({(quarter, day) for entries in households.values() for quarter, day, _ in entries})
    announcements = pl.DataFrame(told, schema={"quarter": pl.String, "as_of": pl.Date}, orient="row")
    rows = [
        (name, year, told.index((quarter, day)), points)
        for name, entries in households.items()
        for quarter, day, years in entries
        for year, points in years.items()
    ]
    schema = {"household_id": pl.String, "scoring_year": pl.Int32, "announced": pl.Int32, "points": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row"), announcements


def redeemed_rows(households):
    """Redemptions: {household: [(day, points)]}, done unless a third word says otherwise."""
    rows = [
        (f"{name}-{number}", name, day, points, *(status or ["done"]), "毛巾")
        for name, spends in households.items()
        for number, (day, points, *status) in enumerate(spends)
    ]
    return pl.DataFrame(rows, schema=REDEMPTIONS.schema, orient="row")


def kept(announced, redeemed, *expires, as_of, people=None, merged=()):
    """The wallets of several households, held to their laws; `merged`: whose passed to whom."""
    places = number_places(pencil.register() if people is None else people)
    book = rule_book(books(*(expires or ["none"])), places)
    pairs = [(*pair, as_of) for pair in merged]
    passed = pl.DataFrame(pairs, schema=RENAMING, orient="row")
    of = accounts(*announced_rows(announced), redeemed_rows(redeemed), passed, places, book, as_of)
    result = wallets(of, places)
    assert broken_invariants(of, result) == []
    return result


def purse(announced, spends, expires="none", *, as_of="2030-01-01"):
    """Household wang's wallet, its zeros left out; entries are (quarter, "day", {year: points})."""
    told = {"wang": [(quarter, date.fromisoformat(day), years) for quarter, day, years in announced]}
    redeemed = {"wang": [(date.fromisoformat(day), *rest) for day, *rest in spends]}
    rows = kept(told, redeemed, expires, as_of=date.fromisoformat(as_of)).rows.to_dicts()
    row = rows[0] if rows else dict.fromkeys((*COUNTED, "taken_back_in"), 0)
    return {name: row[name] for name in COUNTED if row[name]} | (
        {"in": row["taken_back_in"]} if row["taken_back_in"] else {}
    )
