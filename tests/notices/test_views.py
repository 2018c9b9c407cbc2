"""What people read: pencil cases of each view, compared as the text that they see."""

import polars as pl
import pytest
from rich.console import Console

from jifen_batch.notices import announcement, rule_book, run_report, standings
from jifen_batch.notices.grid import Grid
from jifen_batch.sentence import alike


def seen(*parts):
    """Lines of the text that a reader sees, without the space around cells."""
    console = Console(width=200, markup=False)
    with console.capture() as captured:
        for part in parts:
            console.print(part.here("zh"))
    return [" ".join(line.split()) for line in captured.get().splitlines() if line.strip()]


def ranked(*rows):
    names = ("village_id", "household_id", "scoring_year", "net", "rank", "rank_in_town")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def test_standings_show_the_first_of_the_latest_year_by_rank_then_id():
    table = ranked(
        ("v1", "h3", 2024, 10, 2, 9),
        ("v1", "h2", 2024, 10, 2, 9),
        ("v1", "h1", 2024, 50, 1, 3),
        ("v1", "h4", 2024, 90, None, None),
        ("v1", "h9", 2023, 99, 1, 1),
    )
    lines = seen(*standings.top(table, {"v1": "海星村"}, first=2, villages=9))
    assert lines[0] == "海星村 2024年积分榜（前2名，共3户）"
    assert lines[1] == "名次 户编号 净积分 镇内名次"
    assert lines[3:] == ["1 h1 50 3", "2 h2 10 9"]


def test_standings_show_villages_by_id_and_no_more_than_asked():
    table = ranked(*((f"v{at}", "h", 2024, 1, 1, 1) for at in (3, 1, 2)))
    titles = [line for line in seen(*standings.top(table, {}, first=1, villages=2)) if "积分榜" in line]
    assert [title[:2] for title in titles] == ["v1", "v2"]


def test_standings_of_nobody_are_nothing():
    empty = ranked().cast({"scoring_year": pl.Int32, "rank": pl.Int32})
    assert list(standings.top(empty, {}, first=5, villages=5)) == []


def announced(*rows):
    names = (
        "village_id",
        "household_id",
        "scoring_year",
        "category",
        "awarded",
        "deducted",
        "reversed",
        "net",
    )
    return pl.DataFrame(rows, schema=list(names), orient="row")


def test_an_announcement_has_a_row_a_household_and_a_column_a_category():
    table = announced(
        ("v1", "h1", 2023, "村民议事", 15, -5, 0, 10),
        ("v1", "h2", 2023, "村民议事", 5, -5, 0, 0),
        ("v1", "h2", 2023, "平安建设", 60, 0, -20, 40),
        ("v2", "h5", 2023, "美亮村宅", 1, 0, 0, 1),
    )
    lines = seen(*announcement.tables(table, {"v1": "海星村"}, "2023Q3", first=9, villages=1))
    assert lines[0] == "海星村 2023年第三季度积分公告"
    assert lines[1] == "户编号 积分年度 平安建设 村民议事 本季合计 得分 扣分 收回"
    assert lines[3:] == ["h2 2023 40 0 40 65 -5 -20", "h1 2023 — 10 10 15 -5 0"]


def test_an_announcement_says_how_many_more_there_are():
    table = announced(*(("v1", f"h{at}", 2023, "村民议事", 5, 0, 0, 5) for at in range(4)))
    lines = seen(*announcement.tables(table, {}, "2023Q3", first=3, villages=1))
    assert lines[-1] == "其余 1 户见 announcements/"
    assert [line[:2] for line in lines[3:-1]] == ["h0", "h1", "h2"], "equals stand by id"


def test_the_two_years_of_one_quarter_stay_apart():
    table = announced(("v1", "h1", 2023, "村民议事", 5, 0, 0, 5), ("v1", "h1", 2024, "村民议事", 7, 0, 0, 7))
    lines = seen(*announcement.tables(table, {}, "2024Q1", first=9, villages=1))
    assert lines[3:] == ["h1 2024 7 7 7 0 0", "h1 2023 5 5 5 0 0"]


def test_dispositions_add_up():
    totals = {"awarded": {"lines": 3, "points": 1500}, "reversed": {"lines": 1, "points": -500}}
    lines = seen(run_report.dispositions({"control_totals": {"dispositions": totals}}))
    assert lines[3:] == ["全额记分 awarded 3 1,500", "收回已得分 reversed 1 -500", "合计 4 1,000"]


def test_reject_reasons_come_most_first():
    lines = seen(
        run_report.rejects({"rejects_by_reason": {"bad_date": 1, "unknown_item": 3, "missing_field": 1}})
    )
    assert lines[3:6] == [
        "细则中无此事项 unknown_item 3",
        "日期超出范围 bad_date 1",
        "缺少必填项 missing_field 1",
    ]


def item(code, **fields):
    given = {name: {"book": "base"} for name in fields}
    return {
        "code": code,
        "category": "平安建设",
        "name": code,
        "per": "year",
        "points": 20,
        "given": given,
    } | fields


CAP = {"points": 240, "basis": "awards", "period": "year", "within": None, "floor": None}


@pytest.fixture
def book():
    return {
        "book": {
            "id": "town",
            "title": "样张",
            "source": "附件",
            "first_year": 2023,
            "last_year": None,
            "extends": ["base"],
            "scope": {"towns": ["t1"]},
        },
        "caps": {"rental": CAP | {"given": {"points": {"book": "base"}}}},
        "items": [
            item("accident", row=None, forfeits={"scope": "year", "items": ["fire"]}),
            item("fire", row=9, cap="rental"),
            item("pledge", row=1),
            item("honour", row=2, exclusive="honours", per="event", category="文明新风"),
        ],
        "grades": [],
        "disabled": ["gone"],
    }


def test_a_book_reads_like_the_annex(book):
    lines = seen(*rule_book.parts(book, 2024))
    assert lines[0] == "样张（town，2024年适用）"
    assert lines[3] == "在 base 之上修改"
    categories = [line for line in lines if line in {"平安建设", "文明新风"}]
    assert categories == ["平安建设", "文明新风"], "in the order of the annex's rows, each once"
    assert lines.index("9 fire fire 20分/年 rental 240分 —") < next(
        at for at, line in enumerate(lines) if line.startswith("— accident")
    )
    assert "全年取消 fire" in "".join(lines)
    assert "就高不就低 honours" in "".join(lines)
    assert lines[-1] == "已停用：gone"


def test_a_book_says_which_fields_a_nearer_book_gave(book):
    changed = book["items"][1]
    changed["points"] = [{"from": "2023-01-01", "points": 20}, {"from": "2024-07-01", "points": 30}]
    changed["given"] = {"row": {"book": "base"}, "points": {"book": "town"}}
    shown = "".join(seen(*rule_book.parts(book, 2024)))
    assert "points：town" in shown
    assert "2024-07-01起 30分/年" in shown


def test_an_item_of_the_nearer_book_alone_is_no_change(book):
    book["items"] = [item("new", row=1) | {"given": {"points": {"book": "town"}}}]
    assert "：town" not in "".join(seen(*rule_book.parts(book, 2024)))


def test_a_code_stays_whole_while_a_clause_folds():
    code, clause = "honour.courtyard.district", "同一事项积分，就高不就低。" * 20
    lines = seen(Grid(alike("t"), ["代码", "原文"], [[code, clause]], whole=("代码",)))
    assert any(line.startswith(code) for line in lines)
    assert "".join(line.removeprefix(code).strip() for line in lines[3:]) == clause, "nothing is cut off"


def test_a_cell_shows_markup_as_it_was_written():
    assert seen(Grid(alike("t"), ["a"], [["[bold]x[/bold]"]]))[-1] == "[bold]x[/bold]"
