"""Forfeitures with `all`, `quarter` and `before`, by cases that a pencil can check (3.3.6)."""

from __future__ import annotations

from oracle.small import book, event, item, reversed_last, run, seen, told


def veto(scope="year", items="all", **more):
    return item("fire", 0, forfeits={"scope": scope, "items": items} | more)


def test_all_means_what_is_positive_at_some_date_negative_at_none_and_no_incident():
    rules = book(
        veto(),
        item("x"),
        item("honour", 50, exclusive="h", matter="required"),
        item("other", 5, forfeits={"scope": "month", "items": ["x"]}),
        item("bad", -3),
        item("nil", 0),
    )
    rows = [
        event("a", "x", "2023-05-01"),
        event("b", "honour", "2023-05-02", matter_id="m"),
        event("c", "other", "2023-06-03"),
        event("d", "bad", "2023-05-04"),
        event("e", "nil", "2023-05-05"),
        event("f", "fire", "2023-07-01"),
        event("g", "honour", "2023-08-01", matter_id="n"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 10, None),
        ("b", "awarded", 50, None),
        ("d", "deducted", -3, None),
        ("e", "noted", 0, None),
        ("c", "awarded", 5, None),
        ("f", "noted", 0, None),
        ("g", "forfeited", 0, "f"),
        ("a", "reversed", -10, "f"),
        ("b", "reversed", -50, "f"),
    ]


def test_all_reaches_what_an_extending_book_adds():
    local = book(item("own", 7), id="v", extends="base", scope={"villages": ["v"]})
    rows = [event("a", "own", "2023-05-01"), event("f", "fire", "2023-07-01")]
    assert reversed_last(told(run(rows, book(veto()), local))) == [
        ("a", "awarded", 7, None),
        ("f", "noted", 0, None),
        ("a", "reversed", -7, "f"),
    ]


def test_all_by_matter_takes_just_the_items_whose_matter_is_required():
    rules = book(
        item("fire", 0, matter="required", forfeits={"scope": "matter", "items": "all"}),
        item("x"),
        item("y", 4, matter="required"),
    )
    rows = [
        event("a", "x", "2023-05-01", matter_id="m"),
        event("b", "y", "2023-05-02", matter_id="m"),
        event("c", "y", "2023-05-03", matter_id="n"),
        event("f", "fire", "2023-05-04", matter_id="m"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 10, None),
        ("b", "awarded", 4, None),
        ("c", "awarded", 4, None),
        ("f", "noted", 0, None),
        ("b", "reversed", -4, "f"),
    ]


def test_a_quarter_is_that_of_the_day_it_counts_for():
    rules = book(veto("quarter", ["x"]), item("x"))
    rows = [
        event("a", "x", "2023-03-31", decided_on="2023-04-02"),
        event("b", "x", "2023-04-01"),
        event("f", "fire", "2023-06-30", decided_on="2023-07-05"),
        event("c", "x", "2023-06-30", decided_on="2023-08-01"),
        event("d", "x", "2023-07-01"),
    ]
    assert sorted(told(run(rows, rules))) == [
        ("a", "awarded", 10, None),
        ("b", "awarded", 10, None),
        ("b", "reversed", -10, "f"),
        ("c", "forfeited", 0, "f"),
        ("d", "awarded", 10, None),
        ("f", "noted", 0, None),
    ]


def test_before_takes_back_what_was_posted_on_an_earlier_day_and_leaves_alone_the_rest():
    rules = book(veto(reach="before"), item("x"))
    rows = [
        event("a", "x", "2023-04-30"),
        event("b", "x", "2023-05-01"),
        event("c", "x", "2023-04-01", decided_on="2023-05-02"),
        event("f", "fire", "2023-05-01"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 10, None),
        ("b", "awarded", 10, None),
        ("f", "noted", 0, None),
        ("c", "awarded", 10, None),
        ("a", "reversed", -10, "f"),
    ]


def test_of_two_resets_each_takes_what_came_since_the_one_before():
    rules = book(veto(reach="before"), item("x"))
    rows = [
        event("a", "x", "2023-04-01"),
        event("f", "fire", "2023-05-01"),
        event("b", "x", "2023-05-02"),
        event("g", "fire", "2023-06-01"),
        event("c", "x", "2023-06-02"),
    ]
    columns = ("event_id", "points", "cause", "posted_on", "disposition")
    lines = reversed_last(seen(run(rows, rules), "ledger", *columns))
    assert [(name, points, cause, str(day)[5:]) for name, points, cause, day, _ in lines] == [
        ("a", 10, None, "04-01"),
        ("f", 0, None, "05-01"),
        ("b", 10, None, "05-02"),
        ("g", 0, None, "06-01"),
        ("c", 10, None, "06-02"),
        ("a", -10, "f", "05-01"),
        ("b", -10, "g", "06-01"),
    ]


def test_the_earliest_trigger_that_takes_this_very_line_is_its_cause():
    rules = book(
        item("reset", 0, forfeits={"scope": "year", "items": ["x"], "reach": "before"}),
        item("fire", 0, forfeits={"scope": "year", "items": ["x"]}),
        item("x"),
    )
    rows = [
        event("a", "x", "2023-04-01"),
        event("r", "reset", "2023-05-01"),
        event("b", "x", "2023-05-02"),
        event("f", "fire", "2023-06-01"),
        event("c", "x", "2023-07-01"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 10, None),
        ("r", "noted", 0, None),
        ("b", "awarded", 10, None),
        ("f", "noted", 0, None),
        ("c", "forfeited", 0, "f"),
        ("a", "reversed", -10, "r"),
        ("b", "reversed", -10, "f"),
    ]


def test_a_reset_by_month_reaches_only_its_own_month():
    rules = book(veto("month", ["x"], reach="before"), item("x"))
    rows = [
        event("a", "x", "2023-04-30"),
        event("b", "x", "2023-05-01"),
        event("f", "fire", "2023-05-02"),
        event("c", "x", "2023-05-03"),
    ]
    assert [line[:3] for line in reversed_last(told(run(rows, rules)))] == [
        ("a", "awarded", 10),
        ("b", "awarded", 10),
        ("f", "noted", 0),
        ("c", "awarded", 10),
        ("b", "reversed", -10),
    ]


def test_a_forfeited_honour_still_stands_before_the_next_of_its_matter():
    rules = book(
        veto("month"),
        item("town", 50, exclusive="h", matter="required"),
        item("city", 80, exclusive="h", matter="required"),
    )
    rows = [
        event("a", "town", "2023-05-01", matter_id="m"),
        event("f", "fire", "2023-05-02"),
        event("b", "city", "2023-06-01", matter_id="m"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 50, None),
        ("f", "noted", 0, None),
        ("b", "topped_up", 30, "a"),
        ("a", "reversed", -50, "f"),
    ]


def test_a_superseded_honour_is_forfeited_with_the_others():
    rules = book(
        veto("year"),
        item("town", 50, exclusive="h", matter="required"),
        item("city", 80, exclusive="h", matter="required"),
    )
    rows = [
        event("a", "city", "2023-05-01", matter_id="m"),
        event("b", "town", "2023-05-02", matter_id="m"),
        event("f", "fire", "2023-05-03"),
        event("c", "town", "2023-05-04", matter_id="m"),
    ]
    assert reversed_last(told(run(rows, rules))) == [
        ("a", "awarded", 80, None),
        ("b", "superseded", 0, "a"),
        ("f", "noted", 0, None),
        ("c", "forfeited", 0, "f"),
        ("a", "reversed", -80, "f"),
    ]
