"""What no guard of a quarter sees: ids that changed unsaid, and points gone before anything hangs."""

from __future__ import annotations

from datetime import date

import pytest

from announce.village import Village
from both_languages import faults
from jifen_batch.errors import LossError

DAY, LATER = date(2023, 4, 15), date(2023, 4, 20)


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Ten households with 20 points each, and nothing announced."""
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    made.homes = {f"h{number:02}": "east" for number in range(10)}
    for name in made.homes:
        made.event(f"e-{name}", date(2023, 2, 1), item="fire", household=name)
    made.night(DAY)
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


def recode(village, old, new, *, events=True):
    """Give a household another id in the register, and in its events."""
    village.homes = {new if name == old else name: home for name, home in village.homes.items()}
    if events:
        village.events[f"e-{old}"] |= {"household_id": new}


def told(report):
    """What is said of the ledger."""
    said = [one for one in report.manifest["warnings"] if one["role"] == "ledger"]
    assert [faults(*one["sentence"].values()) for one in said] == [[]] * len(said)
    return [one["why"] for one in said]


def test_a_household_under_an_id_that_nobody_said_stops_the_night(village):
    village.hang("2023Q1")
    recode(village, "h03", "n03")
    with pytest.raises(LossError) as error:
        village.night(LATER)
    assert error.value.figures["recoded"] == [
        {"old": "h03", "new": "n03", "events": 1, "exchanged": False, "counts_from": None}
    ]
    assert "'h03' is 'n03' now" in str(error.value)
    assert "--successions" in str(error.value)
    assert village.night(LATER, accept_loss=error.value.figures["accept_loss"]).outcome == "published"
    assert village.night(date(2023, 4, 21)).outcome == "published"


def test_an_event_that_went_to_a_neighbour_is_no_new_id(village):
    village.event("other", date(2023, 2, 2), item="fire", household="h03")
    village.night(DAY)
    village.hang("2023Q1")
    village.events["e-h03"] |= {"household_id": "h04"}
    assert village.night(LATER).outcome == "published"


def test_an_id_that_changed_unsaid_is_asked_about_before_anything_hangs(village):
    recode(village, "h03", "n03")
    with pytest.raises(LossError, match="'h03' is 'n03' now"):
        village.night(LATER)


def test_a_new_id_beside_the_old_one_that_takes_its_events_is_the_same_household(village):
    village.homes["n03"] = "east"
    village.events["e-h03"] |= {"household_id": "n03"}
    with pytest.raises(LossError, match="'h03' is 'n03' now") as error:
        village.night(LATER)
    # Both may be enrolled, and then no succession can say it.
    assert "where the two ids are two households, give the events back" in str(error.value)
    assert "两个编号本是两户的" in error.value.zh


def test_two_households_that_exchange_their_events_stop_the_night(village):
    village.event("second", date(2023, 2, 2), item="fire", household="h03")
    village.night(DAY)
    for event, household in (("e-h03", "h04"), ("second", "h04"), ("e-h04", "h03")):
        village.events[event] |= {"household_id": household}
    with pytest.raises(LossError) as error:
        village.night(LATER)
    assert [(one["old"], one["new"]) for one in error.value.figures["recoded"]] == [
        ("h03", "h04"),
        ("h04", "h03"),
    ]
    assert "under each other's id ('h03' is 'h04' now, 'h04' is 'h03' now)" in str(error.value)
    assert faults(str(error.value), error.value.zh) == []


def test_two_that_exchange_as_many_points_stop_the_night_too(village):
    village.hang("2023Q1")
    for event, household in (("e-h03", "h04"), ("e-h04", "h03")):
        village.events[event] |= {"household_id": household}
    with pytest.raises(LossError) as error:
        village.night(LATER)
    assert [(one["old"], one["new"], one["exchanged"]) for one in error.value.figures["recoded"]] == [
        ("h03", "h04", True),
        ("h04", "h03", True),
    ]


def test_three_that_go_round_in_a_circle_are_found_by_the_one_that_has_less(village):
    village.event("second", date(2023, 2, 2), item="fire", household="h03")
    village.night(DAY)
    for event, household in (("e-h03", "h04"), ("second", "h04"), ("e-h04", "h05"), ("e-h05", "h03")):
        village.events[event] |= {"household_id": household}
    with pytest.raises(LossError) as error:
        village.night(LATER)
    assert [one["exchanged"] for one in error.value.figures["recoded"]] == [True, True, True]


def test_a_register_that_takes_most_points_before_anything_hangs_is_asked_about(village):
    village.enrolled_on = date(2023, 3, 1)
    with pytest.raises(LossError) as error:
        village.night(LATER)
    assert "east in 2023: 200 of 200" in str(error.value)
    assert "look at enrolled_on" in str(error.value)
    assert "(10 household(s), 200 points)" in str(error.value)
    assert faults(str(error.value), error.value.zh) == []
    assert village.night(LATER, accept_loss=error.value.figures["accept_loss"]).outcome == "published"
    assert told(village.night(date(2023, 4, 21))) == []


def test_what_later_quarters_bring_hides_no_wipe(village):
    """As much was earned since: by the sum alone nothing is gone."""
    village.enrolled_on = date(2023, 7, 1)
    for name in village.homes:
        village.event(f"l-{name}", date(2023, 8, 1), item="fire", household=name)
    with pytest.raises(LossError, match="200 of 200"):
        village.night(date(2023, 10, 20))


def test_points_that_are_gone_before_anything_hangs_are_told_of(village):
    for name in ("h00", "h01", "h02"):
        village.events[f"e-{name}"]["status"] = "assessed"
    (said,) = told(village.night(LATER))
    assert "east in 2023: 60 of 200" in said
    assert "compare" in said
    assert told(village.night(date(2023, 4, 21))) == []


def test_a_withdrawn_event_is_no_wipe(village):
    village.events["e-h03"] |= {"status": "withdrawn"}
    assert told(village.night(LATER)) == []


def test_the_notice_says_that_a_record_has_another_household_not_that_it_is_gone(village):
    village.hang("2023Q1")
    village.events["e-h03"] |= {"household_id": "h04"}
    village.night(date(2023, 7, 20))
    village.hang("2023Q2")
    assert village.corrections("2023Q2") == [
        ("e-h03", 20, -1, "rows.household"),
        ("e-h03", 20, 1, "rows.household"),
    ]
