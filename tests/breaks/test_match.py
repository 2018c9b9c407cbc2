"""Every key lands in exactly one outcome, and the totals come to what is shown."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_batch.analysis.breaks.match import match
from jifen_batch.analysis.breaks.totals import control_totals
from jifen_batch.scheme.outcomes import KEY_OUTCOMES
from jifen_batch.scheme.word import names
from jifen_batch.tables.reconciled import CONTROL_TOTALS, KEYS

YEARLY = ("household_id", "scoring_year")

OUTCOMES = names(KEY_OUTCOMES)


def side(rows, keys, figure):
    types = {key: pl.Int32 if key == "scoring_year" else pl.String for key in keys}
    return pl.DataFrame(rows, schema=types | {figure: pl.Int64}, orient="row")


def matched(ours, theirs, keys=YEARLY, tolerance=0):
    mine = side(ours, keys, "ours").with_columns(town_id=pl.lit("town"), village_id=pl.lit("village"))
    return match(mine, side(theirs, keys, "points"), keys, tolerance)


@pytest.mark.parametrize(
    ("ours", "theirs", "outcome"),
    [
        ([("a", 2024, 5)], [("a", 2024, 5)], "matched"),
        ([("a", 2024, 5)], [("a", 2024, 6)], "amount_differs"),
        ([("a", 2024, 5)], [("b", 2024, 0)], "only_ours"),
        ([], [("a", 2024, 6)], "only_theirs"),
        ([], [("a", 2024, 0)], "matched"),
        ([("a", 2024, 10)], [("a", 2024, 5), ("a", 2024, 5)], "duplicated_theirs"),
    ],
)
def test_a_key_has_the_one_outcome_that_fits(ours, theirs, outcome):
    found = matched(ours, theirs).filter(pl.col("household_id") == "a")
    assert found["outcome"].to_list() == [outcome]
    assert found.schema == KEYS.schema


def test_rows_of_one_key_are_summed_and_equal_ones_once_beside_it():
    found = matched([("a", 2024, 5)], [("a", 2024, 5), ("a", 2024, 5), ("a", 2024, 1)])
    assert found.select("theirs", "theirs_once", "rows_theirs", "difference").rows() == [(11, 6, 3, -6)]


def test_a_difference_within_the_tolerance_matches_but_not_a_duplicate():
    found = matched(
        [("a", 2024, 5), ("b", 2024, 5)], [("a", 2024, 7), ("b", 2024, 2), ("b", 2024, 3)], tolerance=2
    )
    assert dict(found.select("household_id", "outcome").rows()) == {"a": "matched", "b": "duplicated_theirs"}


def test_years_and_quarters_that_the_statement_does_not_have_are_not_held_against_it():
    keys = (*YEARLY, "quarter")
    ours = [("a", 2024, "2024Q1", 5), ("a", 2024, "2024Q2", 5), ("a", 2023, "2023Q1", 5)]
    assert matched(ours, [("b", 2024, "2024Q1", 1)], keys).height == 2


def test_a_key_that_only_they_have_stands_at_the_place_of_its_household():
    keys = (*YEARLY, "category")
    found = matched(
        [("a", 2024, "一", 5)], [("a", 2024, "一", 5), ("a", 2024, "二", 3), ("b", 2024, "一", 1)], keys
    )
    places = dict(found.select(pl.concat_str("household_id", "category"), "village_id").rows())
    assert places == {"a一": "village", "a二": "village", "b一": None}


KEY = st.tuples(st.sampled_from("abc"), st.sampled_from([2023, 2024]), st.sampled_from(["一", "二"]))


@settings(max_examples=60)
@given(
    ours=st.dictionaries(KEY, st.integers(-9, 9)),
    theirs=st.lists(st.tuples(KEY, st.integers(-9, 9))),
    tolerance=st.integers(0, 3),
)
def test_ours_less_theirs_is_the_sum_of_breaks_and_of_what_was_tolerated(ours, theirs, tolerance):
    keys = (*YEARLY, "category")
    rows = [(*key, points) for key, points in theirs]
    found = matched([(*key, points) for key, points in ours.items()], rows, keys, tolerance)
    assert found.select(keys).is_duplicated().sum() == 0
    assert found["theirs"].sum() == sum(row[-1] for row in rows)
    assert found["outcome"].is_in(OUTCOMES).all()

    totals = control_totals(found)
    assert totals.schema == CONTROL_TOTALS.schema
    for level in totals["level"].unique():
        of_level = totals.filter(pl.col("level") == level)
        assert of_level["ours"].sum() - of_level["theirs"].sum() == found["difference"].sum()
        assert (of_level["difference"] == of_level["of_breaks"] + of_level["within_tolerance"]).all()
        assert sum(of_level[outcome].sum() for outcome in OUTCOMES) == of_level["keys"].sum() == found.height
