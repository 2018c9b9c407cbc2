"""What a household is told of a line: a pencil case for each thing that can become of one."""

from datetime import date

import pytest

from jifen_batch.analysis import line_arithmetic
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.notices.explaining import sentences
from pencil import events, register, rules, scored

HERE = register()


def told(tables, *rows, people=HERE, **kwargs):
    """The sentences of household wang's lines, in posting order, with what each brings."""
    lines = scored(tables, events(*rows), people, **kwargs).ledger
    book = rule_book(tables, number_places(people))
    spells = people.filter(people["household_id"] == "wang").to_dicts()
    of = line_arithmetic.told(lines.filter(lines["household_id"] == "wang"), book).to_dicts()
    return [(line["points"], sentences.of_line(line, spells).zh) for line in of]


def event(event_id, item, on, **more):
    return {"event_id": event_id, "item": item, "occurred_on": on, **more}


def test_quantity_times_points():
    tables = rules({"code": "volunteer"})
    assert told(tables, event("e1", "volunteer", date(2023, 3, 1), quantity=2)) == [(10, "5 × 2 次 = 10 分")]


def test_months_of_a_pledge_and_what_the_cap_has_left():
    tables = rules({"code": "p", "per": "month", "pledge": True, "cap": "c", "cap_points": 8})
    rows = event("e1", "p", date(2023, 1, 5), until=date(2023, 3, 31))
    assert told(tables, rows) == [
        (5, "1 月份 5 分；年度上限 8 分，已用 5/8"),
        (3, "2 月份 5 分；年度上限 8 分，此前已用 5，记 3 分"),
        (0, "3 月份 5 分；年度上限 8 分，此前已用 8，记 0 分"),
    ]


def test_a_cap_by_net_says_that_deductions_make_room():
    cap = {"cap": "c", "cap_points": 6, "cap_net": True}
    tables = rules({"code": "a", **cap}, {"code": "b", "points": -5, **cap})
    rows = [event("e1", "a", date(2023, 1, 1)), event("e2", "b", date(2023, 2, 1))]
    assert told(tables, *rows) == [
        (5, "5 × 1 次 = 5 分；年度上限 6 分（扣分后可再得），已用 5/6"),
        (-5, "-5 × 1 次 = -5 分；年度上限 6 分（扣分后可再得），已用 0/6"),
    ]


def test_an_activity_has_its_own_maximum():
    tables = rules({"code": "v", "matter_cap": 10, "matter": "day"})
    rows = [
        event("e1", "v", date(2023, 3, 1), quantity=2, member_id="1", decision_id="d1"),
        event("e2", "v", date(2023, 3, 1), quantity=3),
        event("e3", "v", date(2023, 3, 2), quantity=3, decided_on=date(2023, 3, 2)),
    ]
    assert told(tables, *rows) == [
        (10, "5 × 2 次 = 10 分"),
        (0, "5 × 3 次 = 15 分；本活动最高 10 分，此前已用 10，记 0 分"),
        (10, "5 × 3 次 = 15 分；本活动最高 10 分，此前已用 0，记 10 分"),
    ]


def test_an_activity_of_the_same_id_begins_anew_in_another_year():
    tables = rules({"code": "v", "matter_cap": 5})
    days = (date(2022, 3, 1), date(2023, 3, 1))
    rows = [event(f"e{day.year}", "v", day, quantity=3, matter_id="m") for day in days]
    assert told(tables, *rows) == [(5, "5 × 3 次 = 15 分；本活动最高 5 分，此前已用 0，记 5 分")] * 2


def test_both_maxima_are_named_where_both_held():
    tables = rules({"code": "v", "matter_cap": 10, "cap": "c", "cap_points": 7})
    assert told(tables, event("e1", "v", date(2023, 3, 1), quantity=3)) == [
        (7, "5 × 3 次 = 15 分；本活动最高 10 分，此前已用 0，记 10 分；年度上限 7 分，此前已用 0，记 7 分"),
    ]


HONOURS = rules(
    {"code": "low", "points": 50, "exclusive": "g", "matter": "year", "name": "镇级荣誉"},
    {"code": "high", "points": 100, "exclusive": "g", "matter": "year", "name": "区级荣誉"},
)


def test_a_higher_honour_brings_the_difference_and_a_lower_one_nothing():
    rows = [
        event("e1", "low", date(2023, 4, 1)),
        event("e2", "high", date(2023, 9, 1)),
        event("e3", "low", date(2023, 11, 1)),
    ]
    assert told(HONOURS, *rows) == [
        (50, "50 × 1 次 = 50 分"),
        (
            50,
            (
                "100 × 1 次 = 100 分；就高不就低：同一事项先有 4 月 1 日“镇级荣誉”（编号 e1）50 分，"
                "只补差 100 − 50 = 50 分"
            ),
        ),
        (
            0,
            (
                "50 × 1 次 = 50 分；就高不就低：同一事项先有 9 月 1 日“区级荣誉”（编号 e2）100 分，"
                "不低于本件，不重复计分"
            ),
        ),
    ]


def test_an_honour_of_another_year_is_named_with_its_year():
    rows = [
        event("e1", "low", date(2022, 4, 1), matter_id="m"),
        event("e2", "high", date(2023, 9, 1), matter_id="m"),
    ]
    assert "同一事项先有 2022 年 4 月 1 日“镇级荣誉”（编号 e1）50 分" in told(HONOURS, *rows)[1][1]


def test_an_honour_that_a_cap_held_as_well_still_says_what_stood_before():
    cap = {"exclusive": "g", "matter": "year", "cap": "c", "cap_points": 60}
    tables = rules({"code": "low", "points": 50, **cap}, {"code": "high", "points": 100, **cap})
    rows = [event("e1", "low", date(2023, 4, 1)), event("e2", "high", date(2023, 9, 1))]
    assert told(tables, *rows)[1] == (
        10,
        (
            "100 × 1 次 = 100 分；就高不就低：同一事项此前最高 50 分，只补差 100 − 50 = 50 分；"
            "年度上限 60 分，此前已用 50，记 10 分"
        ),
    )


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ({"per": "month"}, "3 月份 5 分；同一月份已有 3 月 1 日“登记”（编号 e1），只计一次，本笔不计"),
        ({"per": "year"}, "5 分/年；同一年度已有 3 月 1 日“登记”（编号 e1），只计一次，本笔不计"),
        (
            {"per": "matter", "matter": "year"},
            "5 分/事项；同一事项已有 3 月 1 日“登记”（编号 e1），只计一次，本笔不计",
        ),
        (
            {"per": "year", "by_member": True},
            "5 分/年；均未填成员，同一年度已有 3 月 1 日“登记”（编号 e1），只计一次，本笔不计",
        ),
        (
            {"per": "year", "by_member": True, "member_id": "2"},
            "5 分/年；同一成员同一年度已有 3 月 1 日“登记”（编号 e1），只计一次，本笔不计",
        ),
    ],
    ids=["month", "year", "matter", "no member", "member"],
)
def test_a_duplicate_names_the_event_that_came_first(item, sentence):
    member = {"member_id": item.pop("member_id", None)}
    tables = rules({"code": "r", "name": "登记", **item})
    rows = [event("e1", "r", date(2023, 3, 1), **member), event("e2", "r", date(2023, 3, 2), **member)]
    assert told(tables, *rows)[1] == (0, sentence)


def test_an_incident_takes_back_what_was_posted_and_voids_what_follows():
    tables = rules(
        {"code": "rent", "per": "month"},
        {"code": "accident", "points": 0, "name": "安全事故", "forfeits": ("year", ["rent"])},
    )
    rows = [
        event("e1", "rent", date(2023, 7, 1)),
        event("e2", "accident", date(2023, 8, 3)),
        event("e3", "rent", date(2023, 9, 1)),
    ]
    assert told(tables, *rows) == [
        (5, "7 月份 5 分"),
        (-5, "因 8 月 3 日“安全事故”（编号 e2）全年不得分，收回 5 分"),
        (0, "仅登记，不计分"),
        (0, "9 月份 5 分；因 8 月 3 日“安全事故”（编号 e2）全年不得分，本笔不计"),
    ]


@pytest.mark.parametrize(("scope", "said"), [("month", "当月不得分"), ("matter", "同一事项不得分")])
def test_an_incident_says_how_far_it_reaches(scope, said):
    tables = rules(
        {"code": "feast", "matter": "required"},
        {"code": "breach", "points": -20, "matter": "required", "forfeits": (scope, ["feast"])},
    )
    rows = [
        event("e1", "feast", date(2023, 7, 1), matter_id="m"),
        event("e2", "breach", date(2023, 7, 3), matter_id="m"),
    ]
    by_points = dict(told(tables, *rows))
    assert by_points[-5] == f"因 7 月 3 日“breach”（编号 e2）{said}，收回 5 分"
    assert by_points[-20] == "-20 × 1 次 = -20 分"


def test_a_month_that_a_pledge_forfeits_is_named_where_it_began_in_another():
    tables = rules(
        {"code": "feast"}, {"code": "watch", "per": "month", "pledge": True, "forfeits": ("month", ["feast"])}
    )
    rows = [event("e1", "watch", date(2023, 1, 10)), event("e2", "feast", date(2023, 5, 10))]
    forfeited = (-5, "因 1 月 10 日“watch”（编号 e1） 5 月份不得分，收回 5 分")
    assert forfeited in told(tables, *rows, as_of=date(2023, 6, 10))


def test_points_that_are_taken_back_have_used_their_cap():
    cap = {"cap": "c", "cap_points": 5}
    tables = rules(
        {"code": "a", **cap}, {"code": "b", **cap}, {"code": "x", "points": -1, "forfeits": ("year", ["a"])}
    )
    days = {"x": date(2023, 1, 5), "a": date(2023, 2, 5), "b": date(2023, 3, 5)}
    assert told(tables, *(event(item, item, day) for item, day in days.items())) == [
        (-1, "-1 × 1 次 = -1 分"),
        (0, "5 × 1 次 = 5 分；因 1 月 5 日“x”（编号 x）全年不得分，本笔不计"),
        (0, "5 × 1 次 = 5 分；年度上限 5 分，此前已用 5，记 0 分"),
    ]


def test_a_day_without_enrolment_is_named_with_the_spells():
    spells = [
        ("village", "town", date(2020, 1, 1), date(2023, 5, 1)),
        ("village", "town", date(2023, 10, 1), None),
    ]
    tables = rules({"code": "m", "per": "month"})
    assert told(tables, event("e1", "m", date(2023, 6, 5)), people=register(wang=spells)) == [
        (
            0,
            "6 月份 5 分；6 月 30 日未参加积分，不计分（参加时间：2020-01-01 至 2023-04-30，2023-10-01 起）",
        )
    ]


@pytest.mark.parametrize(
    ("item", "given", "said"),
    [
        ({"matter_cap": 9, "matter": "event"}, None, "未填事由，每件各算一事"),
        ({"matter_cap": 9, "matter": "day"}, None, "未填事由，同一天算一事"),
        ({"exclusive": "g", "matter": "year"}, None, "未填事由，同一年度算一事"),
        ({"per": "matter", "matter": "day"}, None, "未填事由，同一天算一事"),
        ({"per": "matter", "matter": "day"}, "feast", "事由 feast"),
        ({"matter": "day"}, None, None),
    ],
)
def test_what_a_null_matter_was_taken_to_mean_is_said_where_it_decides(item, given, said):
    tables = rules({"code": "x", **item})
    lines = scored(tables, events(event("e1", "x", date(2023, 6, 5), matter_id=given))).ledger
    line = line_arithmetic.told(lines, rule_book(tables, number_places(HERE))).row(0, named=True)
    taken = sentences.of_matter(line)
    assert (taken and taken.zh) == said
