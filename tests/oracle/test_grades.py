"""Grades, groups and who bars whom, by cases that a pencil can check (2.3 Grades, 4)."""

from __future__ import annotations

from oracle.small import book, event, item, run, seen, spell

STARS = [
    {"name": "五星户", "at_least": 30, "bars": ["bad"]},
    {"name": "三星户", "at_least": 10},
]
GRADED = ("household_id", "net", "rank", "grade", "barred_by")


def people(*names, **more):
    return [spell(name, **more) for name in names]


def stars(points, grades, *more, items=(), households=None, **rest):
    """The standings of households that each have one award of so many points, and what else happened."""
    rows = [event(f"e-{name}", f"p{n}", household_id=name) for name, n in points.items()]
    own = [item(f"p{n}", n) for n in sorted(set(points.values()))]
    rules = book(*own, item("bad", -1), *items, grades=grades)
    scored = run([*rows, *more], rules, households=households or people(*points), **rest)
    return seen(scored, "standings", *GRADED)


def test_the_first_grade_that_fits_stands():
    assert stars({"a": 30, "b": 29, "c": 9}, STARS, as_of="2023-12-31") == [
        ("a", 30, 1, "五星户", None),
        ("b", 29, 2, "三星户", None),
        ("c", 9, 3, None, None),
    ]


def test_a_line_bars_a_grade_and_the_next_may_still_fit():
    bad = event("bad-1", "bad", "2023-06-01", household_id="a")
    assert stars({"a": 40}, STARS, bad, as_of="2023-12-31") == [("a", 39, 1, "三星户", "bad-1")]


def test_who_would_not_have_the_grade_anyway_is_not_barred_from_it():
    bad = event("bad-1", "bad", "2023-06-01", household_id="a")
    assert stars({"a": 30}, STARS, bad, as_of="2023-12-31") == [("a", 29, 1, "三星户", None)]


def test_barred_by_is_the_earliest_line_of_the_first_grade_that_a_line_bars():
    grades = [
        {"name": "one", "at_least": 10, "bars": ["late"]},
        {"name": "two", "at_least": 10, "bars": ["bad", "late"]},
    ]
    more = [
        event("x", "bad", "2023-06-01", household_id="a"),
        event("z", "late", "2023-07-02", household_id="a"),
        event("y", "late", "2023-07-01", household_id="a", decided_on="2023-07-09"),
    ]
    assert stars({"a": 40}, grades, *more, items=[item("late", 0)], as_of="2023-12-31") == [
        ("a", 39, 1, None, "z")
    ]


def test_a_grade_that_fits_after_a_barred_one_hides_no_bar_and_bars_behind_it_are_not_looked_at():
    grades = [{"name": "two", "at_least": 10}, {"name": "one", "at_least": 5, "bars": ["bad"]}]
    bad = event("bad-1", "bad", "2023-06-01", household_id="a")
    assert stars({"a": 40}, grades, bad, as_of="2023-12-31") == [("a", 39, 1, "two", None)]


def test_a_duplicate_a_line_without_enrolment_or_of_another_kind_bars_nothing():
    households = [spell("a", enrolled_on="2023-02-01")]
    items = [item("once", 0, per="year"), item("kind", 0, kinds=["k"])]
    grades = [{"name": "g", "at_least": 1, "bars": ["kind", "bad"]}]
    more = [
        event("k", "kind", "2023-06-01", household_id="a"),
        event("n", "bad", "2023-01-31", household_id="a"),
    ]
    told = stars({"a": 5}, grades, *more, items=items, households=households, as_of="2023-12-31")
    assert told == [("a", 5, 1, "g", None)]


def test_a_bar_of_another_scoring_year_counts_only_there():
    bad = event("bad-1", "bad", "2024-01-01", household_id="a")
    assert stars({"a": 40}, STARS, bad, as_of="2024-01-31") == [
        ("a", 40, 1, "五星户", None),
        ("a", -1, 1, None, None),
    ]


def test_a_reversed_or_forfeited_line_of_a_barring_item_bars_too():
    items = [item("good", 5), item("fire", 0, forfeits={"scope": "year", "items": ["good"]})]
    grades = [{"name": "g", "at_least": 1, "bars": ["good"]}]
    more = [
        event("x", "good", "2023-06-01", household_id="a"),
        event("f", "fire", "2023-07-01", household_id="a"),
    ]
    assert stars({"a": 5}, grades, *more, items=items, as_of="2023-12-31") == [("a", 5, 1, None, "x")]


def test_top_and_percent_take_ties_in_and_round_down():
    grades = [{"name": "first", "top": 1}, {"name": "half", "top_percent": 50}]
    assert stars({"a": 9, "b": 9, "c": 5, "d": 4, "e": 3}, grades, as_of="2023-12-31") == [
        ("a", 9, 1, "first", None),
        ("b", 9, 1, "first", None),
        ("c", 5, 3, None, None),
        ("d", 4, 4, None, None),
        ("e", 3, 5, None, None),
    ]
    assert [row[3] for row in stars({"a": 9, "b": 8, "c": 7, "d": 7}, grades, as_of="2023-12-31")] == [
        "first",
        "half",
        None,
        None,
    ]


def test_ten_percent_of_nine_households_is_nobody():
    points = {f"h{n}": n for n in range(1, 10)}
    grades = [{"name": "g", "top_percent": 10}]
    assert {row[3] for row in stars(points, grades, as_of="2023-12-31")} == {None}


def test_only_the_ranked_have_a_grade_or_are_barred():
    households = [spell("a"), spell("b", left_on="2023-12-01")]
    bad = event("bad-1", "bad", "2023-06-01", household_id="b")
    assert stars({"a": 12, "b": 40}, STARS, bad, households=households, as_of="2023-12-31") == [
        ("a", 12, 1, "三星户", None),
        ("b", 39, None, None, None),
    ]


def test_a_more_local_list_replaces_the_inherited_one_and_an_empty_one_removes_it():
    base = book(item("x", 40), grades=STARS)
    own = book(id="v", extends="base", scope={"villages": ["v"]}, grades=[{"name": "好", "top": 1}])
    none = book(id="w", extends="base", scope={"villages": ["w"]}, grades=[])
    households = [spell("a"), spell("b", village="w"), spell("c", village="z")]
    rows = [event(name, "x", household_id=name) for name in "abc"]
    scored = run(rows, base, own, none, households=households, as_of="2023-12-31")
    assert seen(scored, "standings", "household_id", "grade") == [("a", "好"), ("b", None), ("c", "五星户")]


def test_no_grade_where_no_book_governs():
    assert stars({"a": 40}, STARS, as_of="2023-12-31", items=[item("y")])[0][3] == "五星户"
    later = [event("late", "x", "2025-05-01", household_id="a")]
    local = book(item("x", 40), first_year=2025, grades=STARS)
    base = book(item("y", 1), first_year=2023, last_year=2023, id="old")
    scored = run(
        [event("e", "y", household_id="a"), *later], local, base, households=people("a"), as_of="2025-12-31"
    )
    assert seen(scored, "standings", "scoring_year", "rank", "grade") == [
        (2023, 1, None),
        (2024, 1, None),
        (2025, 1, "五星户"),
    ]


def test_groups_are_ranked_and_summed_by_the_spell_of_the_last_day():
    households = [
        spell("a", group_id="1组"),
        spell("b", left_on="2023-06-01", group_id="1组"),
        spell("b", enrolled_on="2023-06-01", group_id="2组"),
        spell("c", group_id="1组"),
        spell("d"),
        spell("e", left_on="2023-06-01", group_id="1组"),
        spell("f", left_on="2023-06-01", group_id="1组"),
        spell("f", village="w", enrolled_on="2023-06-01", group_id="9组"),
    ]
    points = {"a": 5, "b": 7, "c": 5, "d": 9, "e": 8, "f": 3}
    rows = [event(f"e-{name}", f"p{n}", household_id=name) for name, n in points.items()]
    rules = book(*[item(f"p{n}", n) for n in sorted(set(points.values()))])
    scored = run(rows, rules, households=households, as_of="2023-12-31")
    columns = ("household_id", "rank", "households", "group_id", "rank_in_group")
    assert seen(scored, "standings", *columns) == [
        ("a", 3, 5, "1组", 1),
        ("b", 2, 5, "2组", 1),
        ("c", 3, 5, "1组", 1),
        ("d", 1, 5, None, None),
        ("e", None, 5, None, None),
        ("f", 5, 5, None, None),
    ]
    assert seen(scored, "groups", "village_id", "group_id", "scoring_year", "households", "net") == [
        ("v", "1组", 2023, 2, 10),
        ("v", "2组", 2023, 1, 7),
    ]
