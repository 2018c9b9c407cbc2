"""The feed of a made-up county: the specification's columns, real rates, and all flaws of real feeds."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jifen_batch import synth
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import STATUSES
from jifen_batch.scheme.word import names
from jifen_batch.synth import items
from jifen_batch.tables import EVENTS

HOUSEHOLDS_MADE, YEARS = 6000, 2
BOOK = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    synth.generate(HOUSEHOLDS_MADE, YEARS, 23, folder)
    return folder


@pytest.fixture(scope="module")
def feed(county):
    return pl.read_parquet(
        county / "events" / "**" / "*.parquet", hive_partitioning=True, include_file_paths="file"
    )


@pytest.fixture(scope="module")
def known(county):
    return pl.read_parquet(county / "households.parquet")["household_id"].unique().implode()


@pytest.fixture(scope="module")
def book():
    return {item["code"]: item for item in tomllib.loads(BOOK.read_text(encoding="utf-8"))["items"]}


@pytest.fixture(scope="module")
def bad(feed, known, book):
    """The rows that are bad, with the reason, found by looking at them."""
    events = feed.select(EVENTS.names)
    single = [c for c, item in book.items() if item["per"] != "event" or "exclusive" in item]
    pledges = [code for code, item in book.items() if item.get("pledge")]
    required = [code for code, item in book.items() if item.get("matter") == "required"]
    day = pl.col("occurred_on")
    distinct = (
        events.unique()
        .group_by("event_id")
        .agg(
            households=pl.col("household_id").drop_nulls().n_unique(),
            tied=(pl.col("recorded_at") == pl.col("recorded_at").max()).sum() > 1,
        )
    )
    torn = distinct.filter(pl.col("households") > 1, pl.col("event_id").is_not_null())["event_id"]
    tied = distinct.filter(pl.col("households") <= 1, "tied", pl.col("event_id").is_not_null())["event_id"]
    dates = [pl.col(name).dt.year().is_between(2000, 2099) for name in ("occurred_on", "decided_on", "until")]
    found = {
        "conflicting_household": pl.col("event_id").is_in(torn.implode()),
        "conflicting_revision": pl.col("event_id").is_in(tied.implode()),
        "missing_field": pl.any_horizontal(pl.col(EVENTS.required).is_null()),
        "bad_date": ~pl.all_horizontal(dates),
        "unknown_status": ~pl.col("status").is_in(STATUSES),
        "unknown_household": ~pl.col("household_id").is_in(known),
        "no_rule_book": day.dt.year() < 2023,
        "unknown_item": ~pl.col("item").is_in(list(book)),
        "bad_quantity": ~pl.col("quantity").is_between(1, 1000)
        | (pl.col("item").is_in(single) & (pl.col("quantity") > 1) & (pl.col("quantity") != 3)),
        "unexpected_until": ~pl.col("item").is_in(pledges) & pl.col("until").is_not_null(),
        "until_before_start": pl.col("until") < day,
        "missing_matter": pl.col("item").is_in(required) & pl.col("matter_id").is_null(),
        "personal_number": pl.col("member_id").str.contains(r"\p{Nd}{11}"),
    }
    reason = pl.coalesce(pl.when(check).then(pl.lit(name)) for name, check in found.items())
    return events.with_columns(reason=reason).filter(pl.col("reason").is_not_null())


def test_the_columns_are_the_contracts(county):
    file = next((county / "events").rglob("*.parquet"))
    assert pl.read_parquet_schema(file) == dict(EVENTS.schema)


def test_every_code_is_an_item_of_the_shipped_book_and_all_of_them_happen(feed, book):
    assert sorted(items.CODES) == sorted(book)
    assert set(book) <= set(feed["item"])


def test_what_may_be_counted_promised_or_tied_to_a_matter_is_as_the_book_says(book):
    counted = {c for c, item in book.items() if item["per"] == "event" and "exclusive" not in item}
    assert set(items.COUNTED) <= counted
    pledges = [code for code, item in book.items() if item.get("pledge")]
    assert pledges == list(items.PLEDGES)
    required = [code for code, item in book.items() if item.get("matter") == "required"]
    assert required == [items.BANQUET, items.BREACH]


def test_a_household_makes_as_many_rows_a_year_as_were_counted_of_a_real_one(feed):
    assert 36 < feed.height / HOUSEHOLDS_MADE / YEARS < 40


def test_about_three_in_a_hundred_are_not_approved(feed):
    for status in STATUSES:
        assert feed.filter(pl.col("status") == status).height > 0
    assert 0.025 < (feed["status"] != "approved").mean() < 0.055


def test_about_one_in_two_hundred_is_sent_twice_and_some_of_those_in_another_month(feed):
    copies = feed.filter(feed.select(EVENTS.names).is_duplicated())
    assert 0.004 < (copies.height / 2) / feed.height < 0.006
    months = copies.group_by("event_id").agg(pl.col("month").n_unique())["month"]
    assert 0.1 < (months > 1).mean() < 0.5


def test_one_row_in_a_hundred_is_bad_and_every_reason_comes_up(feed, bad):
    # The county's books grant nothing, no source of it uses the ids of grants, and it writes no text files.
    never = {"reserved_id", "granted_item", "unreadable_row"}
    assert set(bad["reason"]) == set(names(REJECT_REASONS)) - never
    assert 0.007 < bad.height / feed.height < 0.013
    assert bad["reason"].value_counts()["count"].max() < bad.height / 3


def test_some_unknown_codes_look_like_known_ones(bad, book):
    odd = bad.filter(pl.col("reason") == "unknown_item")["item"].unique()
    alike = [code for code in odd if unicodedata.normalize("NFKC", code).strip() in book]
    assert len(alike) > 3


def test_revisions_follow_each_other_in_time_and_change_something(feed, bad):
    good = feed.select(EVENTS.names).unique().join(bad, on="event_id", how="anti")
    revised = good.filter(pl.col("event_id").is_duplicated()).sort("event_id", "recorded_at")
    events = revised.group_by("event_id", maintain_order=True).agg(
        pl.col("recorded_at").n_unique().alias("times"), pl.len(), pl.col("status")
    )
    assert 0.01 < events.height / feed.height < 0.02
    assert (events["times"] == events["len"]).all()
    assert {("declared", "approved"), ("assessed", "approved"), ("approved", "withdrawn")} <= {
        tuple(statuses) for statuses in events["status"]
    }


def test_some_approvals_come_after_the_quarter_and_its_days_of_grace(feed):
    quarter_begins = pl.col("occurred_on").dt.truncate("1q")
    late = feed.filter(pl.col("decided_on").dt.offset_by("-15d") >= quarter_begins.dt.offset_by("1q"))
    assert 0.005 < late.height / feed.height < 0.03


def test_a_file_holds_its_month_in_order_of_entry(feed):
    rows = feed.select("file", "month", "recorded_at")
    same_month = rows["recorded_at"].dt.strftime("%Y-%m") == rows["month"]
    assert same_month.mean() > 0.99
    inside = rows.filter(same_month)
    follows = (inside["recorded_at"] >= inside["recorded_at"].shift(1)) | (
        inside["file"] != inside["file"].shift(1)
    )
    assert follows.mean() > 0.99


def test_ids_count_the_events_of_a_town_and_year_in_order_of_entry(feed):
    first = (
        feed.drop_nulls("event_id").sort("recorded_at").unique("event_id", keep="last", maintain_order=True)
    )
    counted = first.with_columns(year=pl.col("event_id").str.head(7)).sort("year", "recorded_at", "event_id")
    follows = (counted["event_id"] > counted["event_id"].shift(1)) | (
        counted["year"] != counted["year"].shift(1)
    )
    assert counted["event_id"].str.contains(r"^E2[34]\d{11}$").all()
    assert follows.mean() > 0.98


def test_what_arrives_after_a_year_is_not_lost_with_it(feed):
    months = feed.filter(pl.col("item") == "custom.covenant").group_by(
        pl.col("occurred_on").dt.truncate("1mo").alias("month")
    )
    rows = dict(months.len().iter_rows())
    for year in (2023, 2024):
        assert 0.9 < rows[date(year, 12, 1)] / rows[date(year, 11, 1)] < 1.1


def test_nearly_all_rows_are_of_enrolled_households_and_a_few_are_not(county, feed):
    register = pl.read_parquet(county / "households.parquet")
    spells = feed.join(register, on="household_id", how="inner").with_columns(
        inside=(pl.col("occurred_on") >= pl.col("enrolled_on"))
        & (pl.col("occurred_on") < pl.col("left_on").fill_null(date(2100, 1, 1)))
    )
    outside = ~spells.group_by("event_id").agg(pl.col("inside").any())["inside"]
    assert 0.0005 < outside.mean() < 0.02


def test_volunteers_meet_at_activities_and_go_more_than_once_a_day(feed):
    service = feed.filter(pl.col("item") == items.VOLUNTEERING).unique("event_id")
    assert 0.3 < service["matter_id"].is_not_null().mean() < 0.5
    assert service.group_by("household_id", "occurred_on").len().filter(pl.col("len") > 1).height > 100
    of_month = service.group_by(pl.col("occurred_on").dt.month().alias("month")).len().sort("month")
    assert of_month["len"][2] > 2 * of_month["len"][0]


def test_breaches_are_of_banquets_that_were_held(feed):
    banquets = feed.filter(pl.col("item") == items.BANQUET)["matter_id"].drop_nulls()
    breaches = feed.filter(pl.col("item") == items.BREACH)["matter_id"].drop_nulls()
    assert breaches.len() > 0
    assert breaches.is_in(banquets.implode()).mean() > 0.9


def test_some_honours_reach_a_higher_tier_in_another_year(feed):
    honours = feed.filter(pl.col("item").str.starts_with("honour."), pl.col("matter_id").is_not_null())
    tiers = honours.group_by("matter_id").agg(
        pl.col("item").n_unique(), pl.col("occurred_on").dt.year().n_unique().alias("years")
    )
    assert tiers.filter(pl.col("item") > 1, pl.col("years") > 1).height > 0
    assert tiers.filter(pl.col("item") > 1, pl.col("years") == 1).height > 0


def test_no_name_is_in_the_feed(county, feed):
    names = pl.read_parquet(county / "households.parquet")["householder"].unique()
    texts = feed.select(pl.col(pl.String)).unpivot()["value"].drop_nulls().unique()
    assert not texts.is_in(names.implode()).any()
