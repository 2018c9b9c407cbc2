"""What no guard of a quarter sees: ids that changed unsaid, and points gone before anything hangs."""

from __future__ import annotations

from datetime import date

import pytest

from announce.village import Village
from both_languages import faults
from jifen_batch.errors import LossError

DAY, LATER = date(2023, 4, 15), date(2023, 4, 20)


@pytest.fixture
def village(tmp_path):
    """Ten households with 20 points each, and nothing announced."""
    made = Village(tmp_path / "village")
    made.homes = {f"h{number:02}": "east" for number in range(10)}
    for name in made.homes:
        made.event(f"e-{name}", date(2023, 2, 1), item="fire", household=name)
    made.night(DAY)
    return made


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
    assert error.value.figures["recoded"] == [{"old": "h03", "new": "n03", "events": 1, "counts_from": None}]
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


def test_points_that_are_gone_before_anything_hangs_are_told_of(village):
    for event in village.events.values():
        event["status"] = "assessed"
    (said,) = told(village.night(LATER))
    assert "east in 2023: 200 of 200" in said
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
