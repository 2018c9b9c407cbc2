"""`what-if --as-if`: an edit that begins in the future, tried on a year that is past."""

from __future__ import annotations

import pytest

from jifen_batch import rules
from jifen_batch.rules.moved import begins, moved
from what_if.conftest import LOCAL, ROOT, SHIPPED
from what_if.test_what_if import BANQUET

LATER = (
    r'(?s)(code = "custom.banquet"\n.*?points = )60',
    r"\g<1>[{from = 2023-01-01, points = 60}, {from = 2026-01-01, points = 50}]",
)
NO_CONTEST = """
[book]
id = "taohua"
title = "桃花村细则"
source = "村民会议"
extends = "baoshan-2023"
scope = {villages = ["990113101201"]}
first_year = 2027
[[items]]
code = "courtyard.contest"
disabled = true
"""
GRADED = '\n[[grades]]\nname = "文明户"\nat_least = 300\n'


def households(found):
    return [(one["household_id"], one["difference"]) for one in found["households"]]


def test_points_of_2026_are_seen_on_the_feasts_of_a_year_that_was(village, edited):
    """Banquets of 50 points: TH-04 had the one of 2023; in 2024 TH-05 and SQ-07 had theirs."""
    books = edited(LATER)
    now = village.told("--rules", books)
    assert (now["outcome"], now["as_if"]) == ("unchanged", None)
    of_2023 = village.told("--rules", books, "--as-if", 2023)
    assert of_2023["as_if"] == {"year": 2023, "from_year": 2026, "years_earlier": 3}
    assert households(of_2023) == [("TH-04", -10)]
    assert [one["scoring_year"] for one in of_2023["years"]] == [2023]
    of_2024 = village.told("--rules", books, "--as-if", 2024)
    assert households(of_2024) == [("SQ-07", -10), ("TH-05", -10)]
    assert (of_2024["announced"], of_2024["rows"]) == ([], [])


def test_it_says_what_the_same_edit_would_have_said_from_the_start(village, edited):
    moved_back = village.told("--rules", edited(LATER), "--as-if", 2024)
    at_once = village.told("--rules", edited(BANQUET), "--as-if", 2024)
    assert at_once["as_if"] == {"year": 2024, "from_year": None, "years_earlier": 0}
    for figure in ("totals", "years", "villages", "households"):
        assert moved_back[figure] == at_once[figure]


def test_a_book_of_2027_is_tried_as_if_it_began_in_2023(village, edited):
    """The village takes the contest of fine yards out: who took part loses 15, as with a book of 2023."""
    later = village.told("--rules", edited(more=NO_CONTEST), "--as-if", 2023)
    assert later["as_if"]["years_earlier"] == 4
    at_once = village.told("--rules", edited(more=NO_CONTEST.replace("2027", "2023")), "--as-if", 2023)
    assert later["totals"] == at_once["totals"]
    assert later["totals"]["points_down"] < 0
    assert later["rows"] == at_once["rows"]


def test_grades_that_a_future_book_gives_are_told_by_household(village, edited):
    books = edited(more=NO_CONTEST + GRADED)
    found = village.told("--rules", books, "--as-if", 2023)
    assert found["totals"]["grades_changed"] == len(found["grades"]) > 0
    assert {(one["grade_before"], one["grade_after"]) for one in found["grades"]} == {(None, "文明户")}
    assert all(one["net_after"] >= 300 for one in found["grades"])
    page = village.what_if("--rules", books, "--as-if", 2023).stdout
    assert "按 2023 年的申报试算 2027 年起用的修改：两套细则整体提前 4 年" in page
    assert "2023年等级的变动" in page
    assert "需要更正" not in page


@pytest.mark.parametrize(
    "words", [("--as-if", 2025), ("--as-if", 1999), ("--readings", ROOT, "--as-if", 2023)]
)
def test_a_year_to_come_and_readings_are_wrong_usage(words, village, edited):
    assert village.what_if("--rules", edited(LATER), *words).exit_code == 2


HEAD = '[book]\nid = "b"\ntitle = "细则"\nsource = "文"\nfirst_year = 2023\n'
ITEM = (
    '[[items]]\ncode = "a"\ncategory = "类"\ntask = "任务"\nname = "事"\nper = "event"\npoints = 5\n'
    'cap = "c"\n'
)
CAPS = '[caps]\nc = {points = 20, within = "d"}\nd = 90\n'
STEPPED = "d = {points = [{from = 2023-01-01, points = 90}, {from = 2026-08-01, points = 60}]}\n"


def from_then_on(day):
    """The item's points as 6 from that day."""
    return ITEM.replace("5", f"[{{from = 2023-01-01, points = 5}}, {{from = {day}, points = 6}}]")


def loaded(folder, text):
    path = folder / "book.toml"
    path.write_text(text, encoding="utf-8")
    return rules.load([path])


@pytest.mark.parametrize(
    ("edited", "year"),
    [
        (HEAD + CAPS + ITEM, None),
        (HEAD + CAPS + ITEM.replace("points = 5", "points = 6"), None),
        (HEAD + CAPS.replace("d = 90\n", STEPPED) + ITEM, 2026),
        (HEAD + CAPS + from_then_on("2024-02-29"), None),
        (HEAD + CAPS + from_then_on("2028-02-29"), 2028),
        (HEAD + "last_year = 2029\n" + CAPS + ITEM, 2030),
        (HEAD + CAPS + ITEM + GRADED, None),
    ],
    ids=["nothing", "at once", "an outer cap", "past", "a leap day", "an end", "a grade"],
)
def test_the_year_in_which_an_edit_begins(edited, year, tmp_path):
    """As of 2024; what differs in every year alike begins in none to come."""
    assert begins(loaded(tmp_path, HEAD + CAPS + ITEM), loaded(tmp_path, edited), 2024) == year


def test_what_is_moved_says_the_same_so_many_years_earlier():
    books = rules.load([SHIPPED, LOCAL])
    earlier = moved(books, 4).tables
    assert earlier.books["first_year"].to_list() == [year - 4 for year in books.tables.books["first_year"]]
    of_2023 = books.tables.scopes.filter(scoring_year=2023).drop("scoring_year")
    assert earlier.scopes.filter(scoring_year=2019).drop("scoring_year").equals(of_2023)
    assert moved(books, 4).fingerprint != books.fingerprint
    assert moved(books, 0) is books
