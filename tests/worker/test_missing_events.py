"""Events that vanish stop the night, unless somebody says that they may."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import structlog

import one_feed
from jifen_batch.analysis.loss import cells_that_differ, lost, missing, to_look_at, too_many
from jifen_batch.desk.announce.page import announce
from jifen_batch.errors import LossError
from jifen_batch.published import publish
from jifen_batch.worker import run
from jifen_batch.worker.guard import missing_events

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


def cells(**counted):
    rows = [
        {"town_id": "t", "village_id": village, "scoring_year": 2023, "received": many, "checksum": checksum}
        for village, (many, checksum) in counted.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"scoring_year": pl.Int32})


def had(*cells):
    rows = [(cell, event) for cell, events in enumerate(cells) for event in events]
    return pl.DataFrame(rows, schema={"cell": pl.UInt32, "event": pl.UInt64}, orient="row")


def events(*ids):
    return pl.Series("event", ids, dtype=pl.UInt64)


def test_only_villages_whose_events_are_not_the_same_are_looked_at():
    before = cells(a=(2, "7"), b=(2, "7"), c=(2, "7"))
    after = cells(a=(2, "7"), b=(3, "7"), d=(1, "1"))
    assert cells_that_differ(before, after)["village_id"].to_list() == ["b", "c"]


@pytest.mark.parametrize(("gone", "asked"), [(1, False), (2, True)], ids=["1 of 20", "2 of 20"])
def test_more_than_one_in_twenty_is_too_many(gone, asked):
    found = missing(had(range(20)), events(*range(gone, 20)))
    assert sorted(found.rows()) == [(0, number, 20) for number in range(gone)]
    assert sorted(too_many(found).rows()) == [(0, number, 20) for number in range(gone) if asked]
    assert sorted(lost(found, events()).rows()) == [(0, number, 20) for number in range(gone) if asked]


def test_an_event_seen_twice_counts_once_and_one_that_moved_is_there():
    assert missing(had([1, 1, 2], [3]), events(1, 2, 9, 3)).height == 0
    found = missing(had([1, 1, 2], [3]), events(2, 3))
    assert lost(found, events()).rows() == [(0, 1, 2)]
    assert lost(found, events(1)).height == 0


def test_what_leaks_night_by_night_is_looked_at_before_it_can_be_one_in_twenty():
    counted = cells(a=(100, "7"), b=(100, "7"), c=(10, "7"))
    nights = cells(a=(1, ""), b=(2, "")).vstack(cells(a=(1, ""), b=(1, ""), d=(9, "")))
    gone = nights.select("town_id", "village_id", "scoring_year", events="received")
    assert to_look_at(counted, gone)["village_id"].to_list() == ["b"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The fixture village's feed as one file, and its first run."""
    given = one_feed.village_in(tmp_path_factory.mktemp("begun") / "town")
    run(given, LOG)
    return given


@pytest.fixture
def options(begun, tmp_path):
    """A copy of both for one test."""
    return one_feed.copied(begun, tmp_path / "town")


def keep(options, condition):
    feed = pl.read_csv(options.events, infer_schema=False)
    feed.filter(condition).write_csv(options.events)


def test_the_pieces_in_which_events_are_read_change_nothing(options, monkeypatch):
    keep(
        options, pl.col("occurred_on").str.starts_with("2024") | pl.col("household_id").str.starts_with("TH")
    )
    said = []
    for at_once in (1 << 22, 1):
        monkeypatch.setattr(missing_events, "EVENTS_AT_ONCE", at_once)
        with pytest.raises(LossError) as refused:
            run(options, LOG)
        said.append(refused.value.figures["losses"])
    assert len(said[0]) == 2
    assert said[0] == said[1]


def test_a_year_that_vanished_stops_the_night_until_it_is_accepted(options):
    before = publish.current(options.out)
    keep(options, pl.col("occurred_on").str.starts_with("2024"))
    with pytest.raises(LossError, match=r"villages have lost .* --accept-loss [0-9a-f]{16}") as refused:
        run(options, LOG)
    assert refused.value.exit_code == 9
    assert publish.current(options.out) == before
    assert [path.name for path in (options.out / "runs").iterdir()] == [before.name]
    assert {one["scoring_year"] for one in refused.value.figures["losses"]} == {2022, 2023}

    with pytest.raises(LossError):
        run(replace(options, accept_loss="0" * 16), LOG)
    accepted = run(replace(options, accept_loss=refused.value.figures["accept_loss"]), LOG)
    assert accepted.outcome == "published"
    assert publish.current(options.out).name == accepted.run_id


def test_an_announced_year_of_which_nothing_is_left_is_named_even_if_no_run_is(options):
    announce(options.out, "2023Q4", with_earlier=True)
    keep(options, pl.col("occurred_on").str.starts_with("2024"))
    with pytest.raises(LossError, match="no event is left of the announced year") as refused:
        run(options, LOG)
    assert refused.value.figures["vanished_years"] == [2023]
    (options.out / "current").unlink()
    shutil.rmtree(options.out / "runs")
    with pytest.raises(LossError, match="no event is left of the announced year") as refused:
        run(options, LOG)
    assert (refused.value.figures["vanished_years"], refused.value.figures["losses"]) == ([2023], [])
    run(replace(options, accept_loss=refused.value.figures["accept_loss"]), LOG)
    # Accepted once, it is not asked again.
    assert run(replace(options, grace_days=20), LOG).outcome == "published"


def test_an_event_withdrawn_or_moved_to_another_day_is_not_missing(options):
    feed = pl.read_csv(options.events, infer_schema=False)
    feed = feed.with_columns(status=pl.lit("withdrawn"))
    feed.write_csv(options.events)
    assert run(options, LOG).outcome == "published"


def test_new_events_do_not_hide_those_that_are_missing(options):
    feed = pl.read_csv(options.events, infer_schema=False)
    renamed = pl.concat([feed[:100], feed[100:].with_columns(pl.format("new-{}", "event_id"))])
    renamed.write_csv(options.events)
    with pytest.raises(LossError):
        run(options, LOG)


def test_going_back_to_an_earlier_input_is_a_loss_too(options, tmp_path):
    first = publish.current(options.out)
    feed = pl.read_csv(options.events, infer_schema=False)
    more = feed.filter(pl.col("item") == "covenant.month").with_columns(pl.format("b-{}", "event_id"))
    more = more if more.height else feed.with_columns(pl.format("b-{}", "event_id"))
    larger = tmp_path / "larger" / "events.csv"
    larger.parent.mkdir()
    pl.concat([feed, more]).write_csv(larger)
    second = run(replace(options, events=str(larger), max_reject_rate=1.0), LOG)
    assert second.run_id != first.name
    with pytest.raises(LossError):
        run(options, LOG)
    assert publish.current(options.out).name == second.run_id


def test_a_run_as_of_an_earlier_day_sees_less_by_design(options):
    earlier = run(replace(options, as_of=date(2024, 1, 31)), LOG)
    assert earlier.outcome == "kept"


def test_a_run_of_an_earlier_day_between_hides_no_loss(options):
    run(replace(options, as_of=date(2024, 1, 31)), LOG)
    keep(options, pl.col("occurred_on").str.starts_with("2024"))
    run(replace(options, as_of=date(2022, 6, 30), grace_days=20), LOG)
    with pytest.raises(LossError, match="an earlier run had"):
        run(options, LOG)
    with pytest.raises(LossError, match="an earlier run had"):
        run(replace(options, as_of=date(2024, 2, 29)), LOG)


def test_households_gone_from_the_register_are_named_as_its_loss_and_no_event_is(options, tmp_path):
    register = pl.read_csv(options.households, infer_schema=False)
    (tmp_path / "register").mkdir()
    fewer = tmp_path / "register" / "households.csv"
    register.filter(~pl.col("household_id").str.starts_with("SQ-")).write_csv(fewer)
    with pytest.raises(LossError) as refused:
        run(replace(options, households=str(fewer), max_reject_rate=1.0), LOG)
    assert str(refused.value).startswith("--households: the register no longer has ")
    assert "--events" not in str(refused.value)
    assert "农户名册中不再有" in refused.value.zh
    assert all(one["lost"] == one["unregistered"] for one in refused.value.figures["losses"])
    assert all(name.startswith("SQ-") for name in refused.value.figures["unregistered"])


def test_rows_recorded_after_the_day_are_named_instead_of_an_input_that_is_missing(options):
    feed = pl.read_csv(options.events, infer_schema=False)
    of_year = pl.col("occurred_on").str.starts_with("2024")
    later = pl.when(of_year).then(pl.lit("2025-01-05T10:00:00")).otherwise("recorded_at")
    feed.with_columns(recorded_at=later).write_csv(options.events)
    with pytest.raises(LossError, match="recorded after 2024-07-20 and do not count yet") as refused:
        run(options, LOG)
    assert "find the missing input" not in str(refused.value)
    assert "录入时间晚于 2024-07-20" in refused.value.zh

    # Rows that are nowhere are missing, though a few are recorded later, too.
    feed.filter(~of_year | (pl.int_range(pl.len()).over(of_year) == 0)).with_columns(
        recorded_at=later
    ).write_csv(options.events)
    with pytest.raises(LossError, match="find the missing input") as refused:
        run(options, LOG)
    assert "do not count yet" not in str(refused.value)


def test_a_leak_of_less_than_one_in_twenty_a_night_is_stopped_before_one_in_twenty_is_gone(options):
    """Three of 100 events of a village's year a night: gone are 3, then 6."""
    feed = pl.read_csv(options.events, infer_schema=False)
    village = feed.filter(
        pl.col("household_id").str.starts_with("TH-"),
        pl.col("occurred_on").str.starts_with("2023"),
        pl.col("status") == "approved",
    ).unique("event_id", maintain_order=True)
    many = pl.concat(
        [
            village[:1].with_columns(event_id=pl.lit(f"L{number:03}"), item=pl.lit("volunteer.service"))
            for number in range(100)
        ]
    )
    kept = feed.filter(
        ~(pl.col("household_id").str.starts_with("TH-") & pl.col("occurred_on").str.starts_with("2023"))
    )
    pl.concat([kept, many]).write_csv(options.events)
    fresh = replace(options, out=options.out.parent / "other", max_reject_rate=1.0)
    run(fresh, LOG)
    pl.concat([kept, many[3:]]).write_csv(options.events)
    run(replace(fresh, as_of=date(2024, 7, 21)), LOG)
    pl.concat([kept, many[6:]]).write_csv(options.events)
    with pytest.raises(LossError) as refused:
        run(replace(fresh, as_of=date(2024, 7, 22)), LOG)
    (loss,) = refused.value.figures["losses"]
    assert (loss["had"], loss["lost"]) == (100, 6)
    accepted = replace(fresh, as_of=date(2024, 7, 22), accept_loss=refused.value.figures["accept_loss"])
    assert run(accepted, LOG).outcome == "published"
    # Accepted, it is not asked again, and counts from then on: 4 of the 94 that were left.
    pl.concat([kept, many[10:]]).write_csv(options.events)
    assert run(replace(fresh, as_of=date(2024, 7, 23)), LOG).outcome == "published"
