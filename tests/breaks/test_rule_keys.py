"""What the rule language brought, left out by another system: a cap's period, a floor, base points.

The figures of the others are counted by hand from the events of each household; theirs differ by just that.
"""

from datetime import date

import polars as pl
import pytest

import pencil
from breaks.small import YEARLY, breaks
from villages.toml import text_of

HEAD = {"id": "book", "title": "细则", "source": "文件", "first_year": 2000, "last_year": 2099}
NAMES = "abcdefgh"
JANUARY, FEBRUARY, MAY, AUGUST = (date(2024, month, 10) for month in (1, 2, 5, 8))


def tables(caps, *items):
    rows = [{**pencil.ITEM, "name": item["code"], **item} for item in items]
    return pencil.compiled(text_of({"book": HEAD, "caps": caps, "items": rows}))


def of_each(*days, item="work"):
    """Event rows: an event of each of the households a, b, … on each of its days."""
    return [
        {"event_id": f"{name}-{item}{number}", "household_id": name, "item": item, "occurred_on": day}
        for name, own in zip(NAMES, days, strict=False)
        for number, day in enumerate(own)
    ]


def people(count):
    return pencil.register(**dict.fromkeys(NAMES[:count]))


def of_year(*points):
    return [(name, 2024, sum_) for name, sum_ in zip(NAMES, points, strict=False)]


def seen(found):
    return found.select("household_id", "cause", "because", "strength").rows()


def proved(count, cause, because):
    return [(name, cause, because, "proved") for name in NAMES[:count]]


WORK = {"code": "work", "points": 30, "cap": "group"}


@pytest.mark.parametrize("period", ["month", "quarter", "half"])
def test_a_cap_that_they_count_by_the_year(period):
    # 40 in each of the periods, of 60 that were earned; they stop at 40 for the year.
    days = {"month": [JANUARY, FEBRUARY], "quarter": [JANUARY, MAY], "half": [MAY, AUGUST]}[period]
    caps = {"group": {"points": 40, "period": period}}
    rows = of_each(*[[*days, *days]] * 4)
    found = breaks(tables(caps, WORK), pencil.events(*rows), of_year(40, 40, 40, 40), people=people(4))
    assert {one[1] for one in seen(found)} == {"cap_period"}
    assert {one[3] for one in seen(found)} == {"proved"}


def test_a_cap_by_quarter_counted_by_the_year_where_a_half_year_would_be_another_sum():
    # Ours: 40 in each quarter with two events; by half-years c and d would have 80.
    days = ([JANUARY, JANUARY, MAY, MAY], [JANUARY, JANUARY, AUGUST], [MAY, MAY, AUGUST, AUGUST])
    caps = {"group": {"points": 40, "period": "quarter"}}
    rows = of_each(*days, days[2])
    found = breaks(tables(caps, WORK), pencil.events(*rows), of_year(40, 40, 40, 40), people=people(4))
    assert seen(found) == proved(4, "cap_period", "group year (quarter)")


@pytest.mark.parametrize(
    ("period", "of_a", "of_others"),
    [
        ("month", [JANUARY, JANUARY, FEBRUARY, FEBRUARY], [JANUARY, FEBRUARY]),
        ("quarter", [JANUARY, FEBRUARY, MAY, MAY], [JANUARY, MAY]),
        ("half", [JANUARY, MAY, AUGUST, AUGUST], [MAY, AUGUST]),
    ],
)
def test_a_yearly_cap_that_they_count_by_a_shorter_period(period, of_a, of_others):
    # Household a is held at 40 twice; the others earn 30 twice, as they would without a cap.
    book = tables({"group": {"points": 40}}, WORK)
    rows = of_each(of_a, *[of_others] * 3)
    found = breaks(book, pencil.events(*rows), of_year(80, 60, 60, 60), people=people(4))
    assert seen(found) == proved(4, "cap_period", f"group {period} (year)")


def test_no_cap_at_all_stays_that_where_a_period_explains_fewer():
    rows = of_each(*[[JANUARY, MAY]] * 3, [JANUARY, JANUARY, MAY])
    found = breaks(
        tables({"group": {"points": 40}}, WORK),
        pencil.events(*rows),
        of_year(60, 60, 60, 90),
        people=people(4),
    )
    assert seen(found) == proved(4, "cap_not_applied", "group")


def test_a_period_of_the_cap_around():
    caps = {"inner": {"points": 40, "period": "month"}, "outer": {"points": 50, "period": "quarter"}}
    caps["inner"]["within"] = "outer"
    other = {"code": "other", "points": 45, "cap": "outer"}
    rows = [*of_each(*[[JANUARY]] * 4), *of_each(*[[MAY]] * 4, item="other")]
    found = breaks(
        tables(caps, {**WORK, "cap": "inner"}, other),
        pencil.events(*rows),
        of_year(50, 50, 50, 50),
        people=people(4),
    )
    assert {(one[1], one[3]) for one in seen(found)} == {("cap_period", "proved")}
    assert {one[2] for one in seen(found)} <= {"outer year (quarter)", "outer half (quarter)"}


FINE = {"code": "fine", "points": -20, "cap": "group"}
NET = {"group": {"points": 100, "basis": "net", "floor": 0}}


def test_deductions_that_go_below_a_floor():
    # 30 - 20 - 20 stops at 0, and so does 0 - 20; what is earned afterwards counts from there.
    rows = [
        *of_each([JANUARY], [], [JANUARY], [AUGUST]),
        *of_each([MAY, MAY], [MAY], [MAY, MAY, MAY], [MAY, MAY], item="fine"),
    ]
    found = breaks(
        tables(NET, WORK, FINE), pencil.events(*rows), of_year(-10, -20, -30, -10), people=people(4)
    )
    assert seen(found) == proved(4, "floor_not_held", "group")


def test_a_floor_that_one_household_shows_only_fits():
    rows = [*of_each([JANUARY]), *of_each([MAY, MAY], item="fine")]
    found = breaks(tables(NET, WORK, FINE), pencil.events(*rows), of_year(-10), people=people(1))
    assert seen(found) == [("a", "floor_not_held", "group", "fits")]


def test_no_cap_at_all_where_a_floor_explains_fewer():
    # Household d earned 120, of which the cap took 20; the others go below the floor alone.
    rows = [
        *of_each([], [], [], [JANUARY] * 4),
        *of_each([MAY], [MAY, MAY], [MAY], item="fine"),
    ]
    found = breaks(
        tables(NET, WORK, FINE), pencil.events(*rows), of_year(-20, -40, -20, 120), people=people(4)
    )
    assert seen(found) == proved(4, "cap_not_applied", "group")


FREE = {"code": "work", "points": 30}
BASE = {"code": "base", "points": 100, "per": "year", "grant": True}


def test_base_points_that_they_leave_out():
    rows = of_each([JANUARY], [JANUARY, MAY], [MAY], [])
    found = breaks(
        tables({}, BASE, FREE),
        pencil.events(*rows),
        of_year(30, 60, 30, 0),
        people=people(4),
    )
    assert seen(found) == proved(4, "base_points_left_out", "base")


@pytest.mark.parametrize("theirs", [(-20, -40, -60, -20), (-20, -40, -60, -40)])
def test_base_points_left_out_where_deductions_use_them_up(theirs):
    caps = {"group": {"basis": "net", "floor": 0}}
    rows = of_each(*[[MAY] * (-points // 20) for points in theirs], item="fine")
    found = breaks(
        tables(caps, {**BASE, "cap": "group"}, FINE), pencil.events(*rows), of_year(*theirs), people=people(4)
    )
    assert seen(found) == proved(4, "base_points_left_out", "base")


def test_base_points_left_out_under_a_floor_that_they_hold():
    # Without the base 30 - 20 - 20 stops at 0, and 30 are earned afterwards.
    caps = {"group": {"basis": "net", "floor": 0}}
    rows = [
        *of_each([JANUARY, AUGUST], [JANUARY], [JANUARY, AUGUST], [JANUARY, AUGUST]),
        *of_each([MAY, MAY], [MAY, MAY], [MAY, MAY, MAY], [MAY, MAY], item="fine"),
    ]
    book = tables(caps, {**BASE, "cap": "group"}, FINE, WORK)
    found = breaks(book, pencil.events(*rows), of_year(30, 0, 30, 30), people=people(4))
    assert seen(found) == proved(4, "base_points_left_out", "base")


def test_of_two_grants_the_one_that_is_left_out():
    more = {"code": "more", "points": 7, "per": "month", "grant": True}
    rows = of_each(*[[JANUARY]] * 5)
    # 84 = 12 months of 7; household e has neither.
    theirs = of_year(*[30 + 84] * 4, 30)
    found = breaks(tables({}, BASE, more, FREE), pencil.events(*rows), theirs, people=people(5))
    assert seen(found)[:4] == proved(4, "base_points_left_out", "base")
    assert seen(found)[4] == ("e", "base_points_left_out", "base, more", "fits")


@pytest.mark.parametrize("grain", [(), ("category",), ("category", "item", "quarter")])
def test_typing_errors_in_a_village_that_has_all_of_it_prove_nothing(grain):
    caps = {"group": {"points": 60, "period": "quarter", "basis": "net", "floor": 0, "within": "all"}}
    caps["all"] = {"points": 150, "basis": "net"}
    names = [f"h{number:03}" for number in range(200)]
    register = pencil.register(**dict.fromkeys(names))
    rows = [
        {"event_id": f"{name}-{at}", "household_id": name, "item": item, "occurred_on": day}
        for number, name in enumerate(names)
        for at, (item, day) in enumerate(
            [("work", JANUARY), ("fine", FEBRUARY), ("work", MAY), ("fine", AUGUST), ("work", AUGUST)]
            * (1 + number % 3)
        )
        if (at + number) % 4
    ]
    events = pencil.events(*rows)
    book = tables(caps, {**BASE, "cap": "all"}, WORK, FINE)
    ledger = pencil.scored(book, events, register, date(2024, 12, 31), 15).ledger
    keys = (*YEARLY, *grain)
    ours = ledger.group_by(keys).agg(pl.col("points").sum()).sort(keys)
    # Digits exchanged, one more, one less: a different slip in each row.
    slips = pl.Series([9, -9, 1, -1, 10, -10, 100, -100, 3, 27, -27, 18, 90, -90], dtype=pl.Int64)
    typed = ours.with_columns(pl.col("points") + slips.gather(pl.Series(range(ours.height)) % slips.len()))
    found = breaks(book, events, typed.rows(), keys, people=register)
    assert found.height == ours.height
    assert "proved" not in set(found["strength"])
