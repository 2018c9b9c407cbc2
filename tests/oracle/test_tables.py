"""Sums, ranks, announcements and participation of the oracle, by cases that a pencil can check."""

from __future__ import annotations

from jifen_batch.tables import OUTPUTS
from oracle.small import book, event, item, run, seen, spell

TABLES = {table.name: table for table in OUTPUTS}
RULES = book(
    item("x", category="甲"),
    item("bad", -4, category="甲"),
    item("rent", 20, category="乙"),
    item("fire", 0, category="丙", forfeits={"scope": "year", "items": ["rent"]}),
)
ROWS = [
    event("a", "x", "2023-02-01"),
    event("b", "bad", "2023-05-01"),
    event("c", "rent", "2023-05-02"),
    event("d", "fire", "2023-08-01"),
    event("e", "x", "2024-02-01"),
]


def test_every_table_has_its_columns_and_nulls_only_where_they_may_stand():
    rows = [*ROWS, event("f", "?"), event("g", "x", status="declared")]
    places = [{"village_id": "v", "town_id": "t"}]
    scored = run(rows, RULES, villages=places, households=[spell(group_id="1组")])
    for name, content in scored.tables.items():
        assert content, name
        for row in content:
            columns = set(TABLES[name].names) - {"detail"}  # a sentence, and not the oracle's
            assert set(row) == columns, name
            assert all(row[column] is not None for column in columns & set(TABLES[name].required)), name


def test_balances_hold_awards_deductions_and_reversals_apart():
    assert seen(
        run(ROWS, RULES), "balances", "scoring_year", "category", "awarded", "deducted", "reversed", "net"
    ) == [
        (2023, "丙", 0, 0, 0, 0),
        (2023, "乙", 20, 0, -20, 0),
        (2023, "甲", 10, -4, 0, 6),
        (2024, "甲", 10, 0, 0, 10),
    ]


def test_announcements_run_on_through_the_year_of_their_events():
    columns = ("scoring_year", "category", "quarter", "net", "year_to_date")
    assert sorted(seen(run(ROWS, RULES), "announcements", *columns)) == [
        (2023, "丙", "2023Q3", 0, 0),
        (2023, "乙", "2023Q2", 20, 20),
        (2023, "乙", "2023Q3", -20, 0),
        (2023, "甲", "2023Q1", 10, 10),
        (2023, "甲", "2023Q2", -4, 6),
        (2024, "甲", "2024Q1", 10, 10),
    ]


def test_ranks_leave_gaps_after_ties_and_those_who_left_have_none():
    households = [
        spell("top"),
        spell("h"),
        spell("k"),
        spell("last"),
        spell("gone", left_on="2023-12-31"),
        spell("far", village="w"),
        spell("later", enrolled_on="2024-01-01"),
    ]
    names = {"top": 5, "h": 3, "k": 3, "far": 4, "gone": 9}
    rows = [event(name, "x", household_id=name, quantity=times) for name, times in names.items()]
    scored = run(rows, RULES, households=households)
    assert seen(scored, "standings", "household_id", "net", "rank", "rank_in_town", "households") == [
        ("gone", 90, None, None, 4),
        ("h", 30, 2, 3, 4),
        ("k", 30, 2, 3, 4),
        ("last", 0, 4, 5, 4),
        ("top", 50, 1, 1, 4),
        ("far", 40, 1, 2, 1),
    ]


def test_standings_of_the_running_year_are_those_of_the_as_of_date():
    households = [spell("h", left_on="2023-06-01"), spell("k", enrolled_on="2023-06-02")]
    scored = run([event("a", "x", "2023-05-01")], RULES, households=households, as_of="2023-06-01")
    assert seen(scored, "standings", "household_id", "rank") == [("h", None)]


def test_standings_have_no_year_without_a_ledger_and_none_left_out_between():
    assert run([], RULES).tables["standings"] == []
    rows = [event("a", "x", "2023-05-01"), event("b", "x", "2025-05-01")]
    assert seen(run(rows, RULES), "standings", "scoring_year", "net") == [(2023, 10), (2024, 0), (2025, 10)]


def test_participation_counts_by_village_and_quarter():
    rows = [
        *ROWS[:4],
        event("f", "x", "2023-05-01", status="declared"),
        event("g", "x", "2023-05-01", status="assessed"),
        event("h", "?", "2023-05-01"),
        event("i", "x", "2023-05-01", decided_on="2030-01-01"),
        event("j", "x", "2023-06-30", decided_on="2023-07-20", household_id="k"),
    ]
    listed = [
        {"village_id": "v", "town_id": "t", "households_total": 9},
        {"village_id": "empty", "town_id": "t"},
    ]
    households = [spell(), spell("k", left_on="2023-06-30"), spell("m", left_on="2023-09-01")]
    scored = run(rows, RULES, households=households, villages=listed, as_of="2023-08-15")
    columns = ("enrolled", "earning", "active", "awards", "deductions", "declared", "assessed", "rejects")
    counted = seen(scored, "participation", "village_id", "quarter", "households_total", *columns)
    assert counted == [
        ("empty", "2023Q1", None, 0, 0, 0, 0, 0, 0, 0, 0),
        ("empty", "2023Q2", None, 0, 0, 0, 0, 0, 0, 0, 0),
        ("empty", "2023Q3", None, 0, 0, 0, 0, 0, 0, 0, 0),
        ("v", "2023Q1", 9, 3, 1, 1, 1, 0, 0, 0, 0),
        ("v", "2023Q2", 9, 2, 1, 2, 1, 1, 1, 1, 1),
        ("v", "2023Q3", 9, 2, 0, 1, 0, 0, 0, 0, 0),
    ]


def test_items_have_a_row_per_book_and_ledger_year_with_the_points_of_its_last_day():
    first = spell(enrolled_on="2023-01-01")["enrolled_on"]
    steps = [{"from": first, "points": 1}, {"from": first.replace(month=12, day=31), "points": 2}]
    base = book(item("x", steps, cap="c"), item("off"), caps={"c": 5}, last_year=2024)
    local = book({"code": "off", "disabled": True}, id="local", extends="base", scope={"towns": ["far"]})
    later = book(id="later", extends="base", scope={"villages": ["far"]}, first_year=2024)
    scored = run([event("a", "x"), event("b", "?", "2024-05-01")], base, local, later)
    assert seen(scored, "items", "book", "code", "scoring_year", "points", "cap") == [
        ("base", "off", 2023, 10, None),
        ("base", "x", 2023, 2, "c"),
        ("local", "x", 2023, 2, "c"),
    ]


def test_the_register_is_given_back_without_the_householder():
    households = [spell(householder="某某", village_name="", town_name="镇")]
    scored = run([], RULES, households=households)
    assert seen(scored, "register", "household_id", "village_name", "town_name") == [("h", None, "镇")]
    assert "householder" not in scored.tables["register"][0]
