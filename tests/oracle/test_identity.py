"""Ids that change and villages that change their town, by pencil (specification 2.2 and 3.1.2)."""

from __future__ import annotations

import pytest

from oracle.register import Place, Register
from oracle.small import book, day, event, item, run, seen, spell, told
from oracle.successions import RefusedError, renaming


def succession(old, new, on="2023-06-01", kind="renamed"):
    return {"old_household_id": old, "new_household_id": new, "effective_on": day(on), "kind": kind}


CAPPED = book(item("a", cap="c"), caps={"c": 15})


def test_two_ids_are_one_account_under_one_cap_from_the_day_on():
    events = [event("e1", "a"), event("e2", "a", household_id="n", occurred_on="2023-07-01")]
    spells = [spell(left_on="2023-06-01"), spell("n", enrolled_on="2023-06-01")]
    before = run(events, CAPPED, households=spells, successions=[succession("h", "n")], as_of="2023-05-31")
    assert seen(before, "ledger", "household_id", "points") == [("h", 10)]
    after = run(events, CAPPED, households=spells, successions=[succession("h", "n")], as_of="2023-07-01")
    assert seen(after, "ledger", "household_id", "points") == [("n", 10), ("n", 5)]
    assert seen(after, "standings", "household_id", "net", "rank") == [("n", 15, 1)]


def test_rows_of_one_event_under_both_ids_are_revisions_and_not_a_conflict():
    rows = [
        event("e1", "a", recorded_at="2023-05-01T08:00:00"),
        event("e1", "a", household_id="n", recorded_at="2023-05-02T08:00:00", quantity=2),
        event("e2", "a", recorded_at="2023-05-01T08:00:00"),
        event("e2", "a", household_id="n", recorded_at="2023-05-01T08:00:00"),
    ]
    scored = run(rows, book(item("a")), successions=[succession("h", "n")], as_of="2023-12-31")
    assert told(scored) == [("e1", "awarded", 20, None), ("e2", "awarded", 10, None)]
    assert (scored.accounting["collapsed"], scored.accounting["superseded"]) == (1, 1)
    apart = run(rows, book(item("a")), successions=[succession("h", "n", "2024-01-01")], as_of="2023-12-31")
    assert {row["reason"] for row in apart.tables["rejects"]} == {"conflicting_household"}


def test_a_reject_stands_under_the_new_id():
    scored = run(
        [event("e1", "a", household_id="x"), event("e2", "b")],
        CAPPED,
        successions=[succession("h", "n"), succession("x", "y")],
    )
    assert seen(scored, "rejects", "household_id", "reason") == [
        ("y", "unknown_household"),
        ("n", "unknown_item"),
    ]


def test_chains_are_followed_as_far_as_they_count():
    rows = [succession("b", "c", "2023-03-01"), succession("a", "b", "2023-05-01")]
    assert renaming(rows, day("2023-02-28")) == {}
    assert renaming(rows, day("2023-03-01")) == {"b": "c"}
    assert renaming(rows, day("2023-05-01")) == {"a": "c", "b": "c"}
    assert renaming([succession("a", "b", kind="merged")], day("2023-12-31")) == {}


REFUSED = {
    "a circle": [succession("a", "b"), succession("b", "c", "2090-01-01", "merged"), succession("c", "a")],
    "an id that becomes itself": [succession("a", "a")],
    "renamed twice": [succession("a", "b"), succession("a", "c", "2090-01-01")],
    "renamed and merged": [succession("a", "b"), succession("a", "c", kind="merged")],
    "a day too early": [succession("a", "b", "1999-12-31")],
    "a day too late": [succession("a", "b", "2100-01-01")],
}


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
def test_what_no_successions_may_say(rows):
    with pytest.raises(RefusedError):
        renaming(rows, day("2023-01-01"))


def test_spells_of_the_two_ids_must_not_overlap_from_the_day_on():
    spells = [spell(), spell("n", enrolled_on="2023-06-01")]
    rows = [succession("h", "n")]
    run([], CAPPED, households=spells, successions=rows, as_of="2023-05-31")
    with pytest.raises(RefusedError):
        run([], CAPPED, households=spells, successions=rows, as_of="2023-06-01")


def test_a_village_keeps_its_town_until_the_year_ends():
    spells = [
        spell("h", left_on="2023-07-01"),
        spell("h", enrolled_on="2023-07-01", town_id="u"),
        spell("left", left_on="2023-02-01"),
        spell("late", enrolled_on="2023-09-01", town_id="u"),
    ]
    register = Register(spells)
    assert [register.place(name, 2023).town for name in ("h", "left", "late")] == ["t", "t", "t"]
    assert [register.place(name, 2024).town for name in ("h", "left", "late")] == ["u", "u", "u"]
    assert [register.place(name, 2019) for name in ("h", "late")] == [Place("t", "v"), Place("t", "v")]


def test_without_a_spell_in_the_year_the_town_is_that_of_the_last_one_before():
    register = Register(
        [
            spell("a", enrolled_on="2020-01-01", left_on="2020-03-01"),
            spell("b", enrolled_on="2020-05-01", left_on="2020-06-01", town_id="u"),
            spell("c", enrolled_on="2023-04-01", town_id="w"),
        ]
    )
    assert [register.place("a", year).town for year in range(2018, 2025)] == [
        *("t", "t", "t"),
        *("u", "u"),
        *("w", "w"),
    ]


def test_lines_books_and_ranks_follow_the_town_of_the_year():
    local = book(item("a", points=3), id="town", extends="base", scope={"towns": ["t"]})
    spells = [spell("h", left_on="2024-02-01"), spell("h", enrolled_on="2024-02-01", town_id="u")]
    events = [event("e1", "a"), event("e2", "a", "2024-03-01"), event("e3", "a", "2025-03-01")]
    scored = run(events, book(item("a")), local, households=spells)
    assert seen(scored, "ledger", "scoring_year", "town_id", "points") == [
        (2023, "t", 3),
        (2024, "t", 3),
        (2025, "u", 10),
    ]
