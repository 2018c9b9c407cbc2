"""Wallets that a pencil can check: what is not named is 0."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import polars as pl

import pencil
from jifen_batch.analysis.wallet import Wallets, broken_invariants
from jifen_batch.tables.wallets import WALLETS
from wallet.purse import COUNTED, kept, purse

Q1, Q2, Q3, Q4 = (
    ("2023Q1", "2023-04-20"),
    ("2023Q2", "2023-07-20"),
    ("2023Q3", "2023-10-20"),
    ("2023Q4", "2024-01-20"),
)
NEXT_Q1, NEXT_Q2 = ("2024Q1", "2024-04-20"), ("2024Q2", "2024-07-20")
HUNDRED = [(*Q1, {2023: 100})]


def test_what_is_announced_and_not_spent_is_available():
    assert purse([*HUNDRED, (*Q2, {2023: 20})], [("2023-05-01", 30)]) == {
        "announced": 120,
        "spent": 30,
        "available": 90,
    }


def test_what_is_returned_was_not_spent():
    told = [("2023-05-01", 30, "returned"), ("2023-05-02", 10)]
    assert purse(HUNDRED, told) == {"announced": 100, "spent": 10, "available": 90}


def test_what_comes_after_the_as_of_date_does_not_exist_yet():
    announced = [*HUNDRED, (*Q2, {2023: 50})]
    assert purse(announced, [("2023-06-01", 10)], as_of="2023-05-31") == {"announced": 100, "available": 100}


def test_a_wallet_stands_for_who_was_redeemed_nothing_but_a_return():
    assert purse([], [("2023-05-01", 30, "returned")]) == {}


def test_points_are_valid_up_to_and_with_their_last_day():
    for expires, last, after in (
        ("12-31", "2024-12-31", "2025-01-01"),
        ("03-31", "2024-03-31", "2024-04-01"),
    ):
        assert purse(HUNDRED, [], expires, as_of=last) == {"announced": 100, "available": 100}
        assert purse(HUNDRED, [], expires, as_of=after) == {"announced": 100, "lapsed": 100}
        assert purse(HUNDRED, [(last, 60)], expires) == {"announced": 100, "spent": 60, "lapsed": 40}
        late = {"announced": 100, "lapsed": 100, "spent": 60, "uncovered": 60}
        assert purse(HUNDRED, [(after, 60)], expires) == late


def test_points_without_an_expiry_stay():
    assert purse(HUNDRED, [], as_of="2099-12-31") == {"announced": 100, "available": 100}


def test_the_oldest_points_are_spent_first():
    announced = [*HUNDRED, (*NEXT_Q1, {2024: 50})]
    kept_by_spending = purse(announced, [("2024-06-01", 100)], "12-31", as_of="2025-06-01")
    assert kept_by_spending == {"announced": 150, "spent": 100, "available": 50}


def test_points_taken_back_after_they_were_spent_are_for_people_to_decide_on():
    announced = [*HUNDRED, (*Q2, {2023: -40})]
    assert purse(announced, [("2023-05-01", 90)]) == {
        "announced": 60,
        "spent": 90,
        "taken_back": 30,
        "in": "2023Q2",
    }


def test_what_was_not_spent_is_taken_back_in_silence():
    announced = [*HUNDRED, (*Q2, {2023: -40})]
    assert purse(announced, [("2023-05-01", 60)]) == {"announced": 60, "spent": 60}


def test_what_is_announced_later_makes_good_what_was_owed():
    announced = [*HUNDRED, (*Q2, {2023: -40}), (*Q3, {2023: 50})]
    assert purse(announced, [("2023-05-01", 90)]) == {"announced": 110, "spent": 90, "available": 20}


def test_what_came_last_to_be_owed_is_made_good_first():
    announced = [*HUNDRED, (*Q2, {2023: -40}), (*Q3, {2023: 15})]
    spends = [("2023-05-01", 100), ("2023-08-01", 10)]
    assert purse(announced, spends) == {"announced": 75, "spent": 110, "taken_back": 35, "in": "2023Q2"}


def test_spending_before_the_announcement_is_uncovered_until_it_hangs():
    spends = [("2023-04-19", 30)]
    assert purse(HUNDRED, spends, as_of="2023-04-19") == {"spent": 30, "uncovered": 30}
    assert purse(HUNDRED, spends, as_of="2023-04-20") == {"announced": 100, "spent": 30, "available": 70}


def test_points_may_be_spent_on_the_day_of_their_announcement():
    assert purse(HUNDRED, [("2023-04-20", 100)], as_of="2023-04-20") == {"announced": 100, "spent": 100}


def test_spending_too_much_and_taking_back_are_told_apart():
    announced = [*HUNDRED, (*Q2, {2023: -40})]
    assert purse(announced, [("2023-05-01", 120)]) == {
        "announced": 60,
        "spent": 120,
        "taken_back": 40,
        "uncovered": 20,
        "in": "2023Q2",
    }


def test_deductions_beyond_all_points_are_no_spending():
    announced = [(*Q1, {2023: -100})]
    assert purse(announced, [("2023-05-01", 20)]) == {
        "announced": -100,
        "spent": 20,
        "uncovered": 20,
        "below_zero": 100,
    }


def test_a_deduction_bites_points_of_other_years_but_not_those_that_lapsed_before():
    announced = [*HUNDRED, (*NEXT_Q2, {2024: -30})]
    assert purse(announced, [], "12-31", as_of="2024-12-01") == {"announced": 70, "available": 70}
    assert purse(announced, [], "12-31") == {"announced": 70, "lapsed": 70}
    assert purse(announced, [], "03-31") == {"announced": 70, "lapsed": 100, "below_zero": 30}


def test_a_correction_of_points_that_lapsed_takes_nothing_from_anybody():
    announced = [*HUNDRED, (*NEXT_Q1, {2024: 50}), (*NEXT_Q2, {2023: -30})]
    assert purse(announced, [], "03-31", as_of="2024-08-01") == {
        "announced": 120,
        "lapsed": 70,
        "available": 50,
    }


def test_points_announced_after_their_year_has_lapsed_can_be_spent_as_those_of_that_year():
    announced = [*HUNDRED, (*NEXT_Q2, {2023: 30})]
    assert purse(announced, [], "03-31", as_of="2025-03-31") == {
        "announced": 130,
        "lapsed": 100,
        "available": 30,
    }
    assert purse(announced, [], "03-31", as_of="2025-04-01") == {"announced": 130, "lapsed": 130}


def test_points_announced_on_their_last_day_are_of_their_own_year():
    announced = [("2023Q4", "2024-03-31", {2023: 30})]
    assert purse(announced, [], "03-31", as_of="2024-03-31") == {"announced": 30, "available": 30}
    assert purse(announced, [], "03-31", as_of="2024-04-01") == {"announced": 30, "lapsed": 30}


def test_a_quarter_counts_no_earlier_than_the_ones_before_it():
    announced = [("2023Q1", "2023-08-01", {2023: 100}), ("2023Q2", "2023-07-20", {2023: 10})]
    assert purse(announced, [], as_of="2023-07-31") == {}
    assert purse(announced, [], as_of="2023-08-01") == {"announced": 110, "available": 110}


def test_a_household_that_moved_keeps_the_expiry_of_where_it_earned():
    spells = [("near", "town", date(2020, 1, 1), date(2024, 1, 1)), ("far", "town", date(2024, 1, 1), None)]
    announced = {"wang": [("2024Q1", date(2024, 4, 20), {2023: 10, 2024: 7})]}
    people = pencil.register(wang=spells)
    (row,) = kept(announced, {}, "12-31", "none", as_of=date(2027, 1, 1), people=people).rows.to_dicts()
    assert (row["village_id"], row["lapsed"], row["available"]) == ("far", 10, 7)


def test_what_lapses_first_is_spent_first():
    spells = [("far", "town", date(2020, 1, 1), date(2024, 1, 1)), ("near", "town", date(2024, 1, 1), None)]
    announced = {"wang": [("2024Q1", date(2024, 4, 20), {2023: 10, 2024: 7})]}
    spent = {"wang": [(date(2024, 5, 1), 8)]}
    people = pencil.register(wang=spells)
    (row,) = kept(announced, spent, "12-31", "none", as_of=date(2027, 1, 1), people=people).rows.to_dicts()
    assert (row["lapsed"], row["available"]) == (0, 9)


def test_a_household_that_the_register_does_not_know_has_a_wallet_without_a_place():
    first = ("2023Q1", date(2023, 4, 20), {2023: 10})
    announced = {"wang": [first], "nobody": [first]}
    spent = {"stranger": [(date(2023, 5, 1), 5)]}
    rows = kept(announced, spent, "12-31", as_of=date(2027, 1, 1)).rows
    assert rows.select("town_id", "household_id", "available", "uncovered").rows() == [
        (None, "nobody", 10, 0),
        (None, "stranger", 0, 5),
        # Where no book governs, nothing lapses; hers has.
        ("town", "wang", 0, 0),
    ]


def test_a_deduction_after_a_lapse_is_not_owed_for_what_was_spent_before_it():
    announced = [*HUNDRED, (*NEXT_Q2, {2024: -30})]
    spent = [("2023-05-01", 60)]
    assert purse(announced, spent, "03-31") == {"announced": 70, "lapsed": 40, "spent": 60, "below_zero": 30}


def test_on_the_day_of_an_announcement_it_takes_back_before_anybody_spends():
    announced = [*HUNDRED, (*Q2, {2023: -40})]
    assert purse(announced, [("2023-05-01", 100), (Q2[1], 10)]) == {
        "announced": 60,
        "spent": 110,
        "taken_back": 40,
        "uncovered": 10,
        "in": "2023Q2",
    }


def test_what_a_year_loses_is_not_taken_from_another_that_lost_too():
    late = ("2025Q1", "2025-04-20")
    announced = [(*Q1, {2023: 50}), (*Q2, {2023: -10}), (*NEXT_Q1, {2024: 5}), (*late, {2024: -20})]
    assert purse(announced, [], "12-31") == {"announced": 25, "lapsed": 40, "below_zero": 15}


def test_a_single_point_counts():
    assert purse([(*Q1, {2023: 1})], []) == {"announced": 1, "available": 1}
    assert purse([(*Q1, {2023: -1})], []) == {"announced": -1, "below_zero": 1}
    assert purse(HUNDRED, [("2023-05-01", 101)]) == {"announced": 100, "spent": 101, "uncovered": 1}
    announced = [*HUNDRED, (*Q2, {2023: -1})]
    assert purse(announced, [("2023-05-01", 100)])["taken_back"] == 1


def test_a_year_that_loses_twice_owes_both():
    assert purse([(*Q1, {2023: -10}), (*Q2, {2023: -20})], []) == {"announced": -30, "below_zero": 30}


def broken(**wrong):
    """The laws that one wallet breaks, sound but for what is said."""
    sound = {"announced": 10, "lapsed": 0, "spent": 0, "available": 10}
    told = dict.fromkeys(WALLETS.names, 0) | sound | wrong
    rows = pl.DataFrame([told], schema_overrides=dict.fromkeys(COUNTED, pl.Int64))
    taken = pl.DataFrame({"points": [told["taken_back"]]})
    of = SimpleNamespace(
        increments=pl.DataFrame({"points": [told["announced"]]}),
        spends=pl.DataFrame({"points": [told["spent"]]}),
    )
    return broken_invariants(of, Wallets(rows.select(WALLETS.names), taken))


def test_a_wallet_that_breaks_a_law_is_named():
    owes, has = "nobody owes for spending more than was spent", "who owes has nothing to spend"
    assert broken() == []
    assert broken(available=9) == ["a wallet balances"]
    assert broken(lapsed=11, available=-1) == ["no column of a wallet is below 0"]
    assert broken(announced=0, spent=30, available=0, taken_back=20, uncovered=10) == []
    assert broken(announced=0, spent=19, available=1, taken_back=10, uncovered=10) == [owes, has]
    assert broken(announced=0, spent=10, available=0, taken_back=5, uncovered=6, below_zero=-1) == [
        "no column of a wallet is below 0",
        owes,
    ]
    assert broken(announced=0, spent=10, available=1, taken_back=10, uncovered=1) == [owes, has]
    assert broken(announced=0, available=1, below_zero=1) == [has]
    assert broken(announced=0, spent=1, available=1, uncovered=1, below_zero=1) == [has]
    assert broken(announced=0, spent=1, available=0, uncovered=1, below_zero=0) == []
