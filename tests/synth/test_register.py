"""The register of a made-up county: valid spells, real-looking codes, a few who come and go."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jifen_batch import synth
from jifen_batch.tables import HOUSEHOLDS, VILLAGES

HOUSEHOLDS_MADE = 9000


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    synth.generate(HOUSEHOLDS_MADE, 1, 11, folder)
    return folder


@pytest.fixture(scope="module")
def register(county):
    return pl.read_parquet(county / "households.parquet")


@pytest.fixture(scope="module")
def villages(county):
    return pl.read_parquet(county / "villages.parquet")


def test_columns_are_the_contracts_and_the_householder(register, villages):
    assert register.schema == pl.Schema({**HOUSEHOLDS.schema, "householder": pl.String()})
    assert villages.schema == VILLAGES.schema
    assert register.select(pl.exclude("left_on", "kind").null_count()).row(0) == (0,) * 8
    assert set(register["kind"]) == {None, "出租户"}


def test_spells_of_a_household_never_overlap_and_end_after_they_begin(register):
    spells = register.sort("household_id", "enrolled_on")
    again = spells["household_id"] == spells["household_id"].shift(1)
    before = spells.with_columns(pl.col("left_on").shift(1)).filter(again)
    assert before.height > 0
    assert before["left_on"].null_count() == 0
    assert (before["left_on"] <= before["enrolled_on"]).all()
    assert (spells["left_on"] > spells["enrolled_on"]).fill_null(value=True).all()


def test_a_village_lies_in_one_town_and_is_known(register, villages):
    places = register.select("village_id", "town_id", "village_name", "town_name").unique()
    assert places["village_id"].is_unique().all()
    assert places.join(villages, on=places.columns, how="anti").height == 0
    assert villages["village_id"].is_unique().all()


def test_codes_have_the_form_of_the_real_ones(register):
    assert register["town_id"].str.contains(r"^3101\d{5}$").all()
    assert (register["village_id"].str.head(9) == register["town_id"]).all()
    assert register["village_id"].str.contains(r"^\d{12}$").all()
    assert register["household_id"].str.contains(r"^\d{12}[01]\d{3}$").all()
    home = register.filter(register["household_id"].is_first_distinct())
    assert (home["household_id"].str.head(12) == home["village_id"]).all()


def test_every_household_is_there_once_and_a_few_left_moved_or_came_back(register):
    assert register["household_id"].n_unique() == HOUSEHOLDS_MADE
    spells = register.group_by("household_id").agg(
        pl.col("village_id").n_unique().alias("villages"),
        pl.len(),
        pl.col("left_on").null_count().alias("open"),
    )
    moved = spells.filter(pl.col("villages") > 1).height
    returned = spells.filter(pl.col("len") > 1, pl.col("villages") == 1).height
    left = spells.filter(pl.col("open") == 0).height
    assert moved > 0
    assert returned > 0
    assert left > 0
    assert 0.005 < (moved + returned + left) / HOUSEHOLDS_MADE < 0.025


def test_some_enrol_in_the_course_of_the_year(register):
    first = register.filter(register["household_id"].is_first_distinct())["enrolled_on"]
    share = first.is_between(date(2023, 1, 1), date(2023, 12, 31)).mean()
    assert 0.03 < share < 0.15


def test_no_village_enrols_more_households_than_live_there(register, villages):
    enrolled = register.filter(register["household_id"].is_first_distinct()).group_by("village_id").len()
    both = villages.join(enrolled, on="village_id", validate="1:1")
    assert both.height == villages.height
    assert (both["households_total"] >= both["len"]).all()
