"""What a correction notice says of an account, for a pencil."""

from jifen_batch.analysis import notice_rows
from kernels.board import books, causes, lines

OLD = books(help=("旧名", "item"), kind=("好事", "hidden"), fire=("消防", "category"))
NEW = books(help=("志愿服务", "category"), kind=("好事", "item"), new=("新增", "item"))


def test_the_stricter_word_of_the_old_and_the_new_book_holds_and_the_later_name():
    rows = (
        notice_rows.naming(OLD, NEW).sort("item").select("book", "item", "name", "clause", "open", "hidden")
    )
    assert rows.rows() == [
        ("base", "fire", "消防", "clause of 消防", False, False),
        ("base", "help", "志愿服务", "clause of 志愿服务", False, False),
        ("base", "kind", "好事", "clause of 好事", False, True),
        ("base", "new", "新增", "clause of 新增", True, False),
    ]


NAMES = notice_rows.naming(
    books(help=("志愿服务", "item"), kind=("好事", "category"), quiet=("密", "hidden"), fire=("消防", "item"))
)
ROW = (
    "category",
    "announced",
    "now",
    "difference",
    "cause",
    "what",
    "item",
    "name",
    "rule",
    "events",
    "because",
    "points",
)


def said(found, hung=()):
    """Rows of adjustments, without the place and the household."""
    return notice_rows.adjustments(found, lines(*hung), NAMES).select(ROW).rows()


def test_an_account_says_what_hung_what_it_is_now_and_by_which_events():
    found = causes(
        {"event_id": "b", "points": 4},
        {"event_id": "a", "points": 3, "rule": None},
        {"event_id": "a", "points": -2, "cause": "cap", "what": "followed", "rule": "r", "because": "z"},
    )
    hung = (
        {"event_id": "h1"},
        {"event_id": "h2", "points": -1},
        {"household_id": "li"},
        {"category": "平安"},
    )
    # No event is said to be the reason where what it is is not known.
    assert said(found, hung) == [
        ("新风", 4, 9, 5, "cap", "followed", "help", "志愿服务", "r", ["a"], [], -2),
        ("新风", 4, 9, 5, "rows", "new", "help", "志愿服务", None, ["a", "b"], [], 7),
    ]


def test_an_account_that_hung_nowhere_was_0_and_one_that_moved_no_point_says_nothing():
    assert said(causes({"points": 5})) == [
        ("新风", 0, 5, 5, "rows", "new", "help", "志愿服务", None, ["e1"], [], 5)
    ]
    assert said(causes({"points": 0})) == []


def test_items_that_may_not_be_named_share_a_row_without_rule_or_events():
    found = causes(
        {"item": "kind", "event_id": "k", "points": 3, "rule": "kind"},
        {"item": "quiet", "event_id": "q", "points": 7, "rule": "quiet"},
        {"item": "nobody knows", "event_id": "n", "points": 1},
        {"item": "fire", "event_id": "f", "points": 20},
    )
    assert said(found) == [
        ("新风", 0, 31, 31, "rows", "new", "fire", "消防", None, ["f"], [], 20),
        ("新风", 0, 31, 31, "rows", "new", None, None, None, [], [], 11),
    ]


def test_the_event_behind_is_named_only_where_both_items_may_be():
    def because(item, of):
        row = {"item": item, "points": 1, "because": "x", "because_item": of, "because_book": "base"}
        return said(causes(row))[0][-2]

    assert because("help", "fire") == ["x"]
    assert because("help", "kind") == []
    assert because("kind", "fire") == []
    assert because("help", None) == []


def test_accounts_stand_in_the_order_of_places_households_years_and_categories():
    found = causes(
        {"household_id": "b", "points": 1},
        {"household_id": "a", "scoring_year": 2024, "points": 1},
        {"household_id": "a", "category": "平安", "points": 1},
        {"household_id": "a", "points": 1},
        {"household_id": "z", "village_id": "a", "points": 1},
    )
    rows = notice_rows.adjustments(found, lines(), NAMES).select(notice_rows.ACCOUNT[1:])
    assert rows.rows() == [
        ("a", "z", 2023, "新风"),
        ("east", "a", 2023, "平安"),
        ("east", "a", 2023, "新风"),
        ("east", "a", 2024, "新风"),
        ("east", "b", 2023, "新风"),
    ]
