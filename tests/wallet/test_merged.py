"""Wallets that passed to another household: one account from then on, whose points stay whose they were."""

from __future__ import annotations

from datetime import date

import pencil
from wallet.purse import COUNTED, kept

DAY = date(2023, 7, 16)


def seen(result):
    return {
        row["household_id"]: {name: row[name] for name in COUNTED if row[name]}
        for row in result.rows.to_dicts()
    }


def entry(points, quarter="2023Q2", day=DAY):
    return (quarter, day, {2023: points})


def test_the_new_household_has_what_both_had_and_owes_what_both_owed():
    announced = {"wang": [entry(30)], "li": [entry(10)], "zhao": [entry(5)]}
    redeemed = {"wang": [(date(2023, 7, 20), 25)], "zhao": [(date(2023, 7, 20), 9)]}
    people = pencil.register(wang=None, li=None, zhao=None)
    apart = kept(announced, redeemed, as_of=date(2023, 8, 1), people=people)
    assert seen(apart)["zhao"] == {"announced": 5, "spent": 9, "uncovered": 4}
    merged = [("wang", "zhao"), ("zhao", "li")]
    assert seen(kept(announced, redeemed, as_of=date(2023, 8, 1), people=people, merged=merged)) == {
        "li": {"announced": 45, "spent": 34, "available": 11}
    }


def test_points_lapse_as_where_they_were_earned():
    far = [("far", "town", date(2020, 1, 1), None)]
    people = pencil.register(wang=None, li=far)
    announced = {"wang": [entry(30)], "li": [entry(10)]}
    result = kept(
        announced, {}, "12-31", "none", as_of=date(2025, 1, 1), people=people, merged=[("li", "wang")]
    )
    assert seen(result) == {"wang": {"announced": 40, "lapsed": 30, "available": 10}}
