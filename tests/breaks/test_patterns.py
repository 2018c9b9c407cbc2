"""What several breaks show together: another figure of a cap, a sum at which all stop, changed ids."""

from datetime import date

import polars as pl
import pytest

import pencil
from breaks.small import breaks
from jifen_batch.kernels.successions import RENAMING

CAPPED = {"code": "capped", "points": 30, "cap": "group", "cap_points": 50}
SERVICE = {"code": "service", "points": 7}
NAMES = "abcdefgh"


def people(count):
    return pencil.register(**dict.fromkeys(NAMES[:count]))


def events(*counts, item="capped"):
    """So many events of each household."""
    rows = [
        {"event_id": f"{name}{number}", "household_id": name, "item": item, "occurred_on": date(2024, 5, 10)}
        for name, count in zip(NAMES, counts, strict=False)
        for number in range(count)
    ]
    return pencil.events(*rows)


def seen(found):
    return found.select("household_id", "cause", "because", "strength").rows()


def test_the_same_other_figure_of_a_cap_explains_all_that_reach_it():
    theirs = [("a", 2024, 40), ("b", 2024, 40), ("c", 2024, 40), ("d", 2024, 30)]
    found = breaks(pencil.rules(CAPPED), events(2, 3, 4, 1), theirs, people=people(4))
    assert seen(found) == [(name, "cap_figure", "group 40 (50)", "proved") for name in "abc"]


def test_a_higher_figure_gives_what_is_beyond_ours_as_far_as_it_goes():
    theirs = [("a", 2024, 60), ("b", 2024, 70), ("c", 2024, 70), ("d", 2024, 30)]
    found = breaks(pencil.rules(CAPPED), events(2, 3, 4, 1), theirs, people=people(4))
    assert [(one[0], one[2]) for one in seen(found)][1:] == [("b", "group 70 (50)"), ("c", "group 70 (50)")]


def test_one_other_figure_of_two_breaks_only_fits():
    theirs = [("a", 2024, 45), ("b", 2024, 45)]
    found = breaks(pencil.rules(CAPPED), events(2, 2), theirs, people=people(2))
    assert {one[3] for one in seen(found)} <= {"fits", None}


def test_a_sum_at_which_all_stop_that_we_have_higher():
    theirs = [("a", 2024, 28), ("b", 2024, 28), ("c", 2024, 28), ("d", 2024, 14)]
    found = breaks(pencil.rules(SERVICE), events(5, 6, 7, 2, item="service"), theirs, people=people(4))
    assert seen(found) == [(name, "total_cap", "28", "proved") for name in "abc"]


def test_a_sum_that_one_household_exceeds_is_no_limit():
    theirs = [("a", 2024, 28), ("b", 2024, 28), ("c", 2024, 28), ("d", 2024, 70)]
    found = breaks(pencil.rules(SERVICE), events(5, 6, 7, 10, item="service"), theirs, people=people(4))
    assert not {one[1] for one in seen(found)} & {"total_cap"}


def test_all_of_a_village_differ_by_one_sum():
    theirs = [(name, 2024, 7 * count + 4) for name, count in zip(NAMES, (1, 2, 3, 4), strict=False)]
    found = breaks(pencil.rules(SERVICE), events(1, 2, 3, 4, item="service"), theirs, people=people(4))
    assert seen(found) == [(name, "same_difference", "village 4", "proved") for name in "abcd"]


@pytest.mark.parametrize("said", [True, False])
def test_a_household_under_another_id(said):
    renamed = RENAMING.to_frame()
    if said:
        renamed = pl.DataFrame([("old", "a", date(2024, 3, 1))], schema=RENAMING, orient="row")
    theirs = [("old", 2024, 14), ("b", 2024, 21)]
    found = breaks(
        pencil.rules(SERVICE), events(2, 3, item="service"), theirs, people=people(2), renamed=renamed
    )
    strength = "proved" if said else "fits"
    assert sorted(seen(found)) == [(name, "changed_id", "old = a", strength) for name in ("a", "old")]


def test_figures_that_two_households_have_name_neither():
    theirs = [("old", 2024, 14), ("c", 2024, 21)]
    found = breaks(pencil.rules(SERVICE), events(2, 2, 3, item="service"), theirs, people=people(3))
    assert ("old", "unknown_household", None, "proved") in seen(found)
    assert "changed_id" not in {one[1] for one in seen(found)}


def test_one_break_alone_only_fits():
    pending = {"event_id": "p", "item": "service", "status": "declared", "occurred_on": date(2024, 5, 10)}
    rows = pencil.events(pending, pending | {"event_id": "q", "status": "approved"})
    found = breaks(pencil.rules(SERVICE), rows, [("wang", 2024, 14)])
    assert seen(found) == [("wang", "pending", "p", "fits")]
