"""What to write instead, as the sheet writes it, and all that is wrong in a row at once."""

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.desk.worklist.suggestions import _nearest, _spellings
from printed.reading import sheets
from worklist.conftest import AS_OF, Listed, rows

MAPPING = """
[file]
role = "events"
header_with = "户编号"
key = {event_id = ["户编号", "事项", "日期"]}
items_by_name = true

[columns]
household_id = "户编号"
item = "事项"
occurred_on = "日期"
status = "状态"

[values.status]
"已认定" = "approved"
"申报" = "declared"
"未通过审定" = "declined"

[values.item]
"灭火器" = "fire"
"""
ROWS = """\
户编号,事项,日期,状态
wang,志原服务,2023-05-01,已认定
wang,消防器村,2023-05-02,已认定
wagn,志愿服物,2023-05-03,已认订
li,志愿服务,2023-05-04,申报
li,志愿服务,2023-05-05,已认定
li,志愿服务,五月六日,已认定
"""


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    made = Listed(tmp_path_factory.mktemp("by-name"))
    made.homes = {"wang": "east", "li": "east"}
    made.folder.mkdir(exist_ok=True)
    (made.folder / "feed.csv").write_text(ROWS, encoding="utf-8")
    (made.folder / "events.toml").write_text(MAPPING, encoding="utf-8")
    names = {"village_id": ["east"], "town_id": ["town"], "village_name": ["东村"]}
    pl.DataFrame(names).write_csv(made.folder / "villages.csv")
    feed = {
        name: str(made.folder / file)
        for name, file in {"events": "feed.csv", "villages": "villages.csv"}.items()
    }
    made.night(AS_OF, mapping=(str(made.folder / "events.toml"),), **feed)
    return made


@pytest.fixture
def lists(village, tmp_path):
    def call(language="zh"):
        words = ["worklist", "--out", village.out, "--to", tmp_path / language, "--language", language]
        result = CliRunner().invoke(program, [*map(str, words)])
        assert result.exit_code == 0, result.stderr
        return {path.name: sheets(path.read_bytes()) for path in (tmp_path / language).iterdir()}

    return call


def test_a_sheet_with_items_by_name_is_offered_names_and_its_own_words(lists):
    found = [(row["积分事项"], row["改为"], row["状态"]) for row in rows(lists()["0001.xlsx"]["退回"])]
    assert found[:2] == [("志原服务", "志愿服务", "已认定"), ("消防器村", "灭火器", "已认定")]


def test_a_row_without_a_day_is_listed_in_the_village_where_its_household_is(lists):
    *_, one = rows(lists()["0001.xlsx"]["退回"])
    assert (one["户编号"], one["原因"]) == ("li", "这一行读不出")
    assert "五月六日" in one["说明"]


def test_what_no_row_has_is_no_column(lists):
    (one,) = rows(lists()["0000.xlsx"]["退回"])
    assert {"还有", "改为"} <= set(one)
    assert not {"成员序号", "截止日", "证明材料编号"} & set(one)


def test_all_that_is_wrong_in_a_row_is_told_together(lists):
    (one,) = rows(lists()["0000.xlsx"]["退回"])
    assert (one["原因"], one["还有"]) == ("状态无法识别", "名册中无此户")
    assert one["改为"] == "状态 已认定；户编号 wang"
    (one,) = rows(lists("en")["0000.xlsx"]["Rejects"], "household id")
    assert one["also wrong"] == "not in the register"
    assert one["write instead"] == "status 已认定; household id wang"


def test_what_to_do_is_said_in_the_words_of_the_sheet(lists):
    said = lists()["0001.xlsx"]["待评定"][1][0]
    assert "不予认定的改为 未通过审定" in said
    assert "状态改为 assessed" in said, "the sheet has no word of its own for that"


def test_a_village_is_called_by_the_name_that_the_list_of_villages_has(lists, village, tmp_path):
    assert lists()["0001.xlsx"]["概览"][0][0].startswith("东村 east")
    to = tmp_path / "notices"
    words = ["announce", "--out", village.out, "--quarter", "2023Q2", "--draft", "--notices", to]
    assert CliRunner().invoke(program, [*map(str, words)]).exit_code == 0
    assert any("东村" in path.name for path in to.iterdir())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("志原服务", "help"),
        ("志愿服", "help"),
        ("志愿服务务", "help"),
        ("愿志服务", "help"),
        ("原志服务", None),
        ("志愿", None),
        ("hepl", "help"),
        ("hlp", "help"),
        ("help ", "help"),
        ("HELP", "help"),
        ("", None),
    ],
)
def test_one_sign_wrong_missing_too_many_or_two_exchanged_is_near_and_no_more(text, meant):
    assert _nearest(text, _spellings({"help": ("help", "志愿服务"), "fire": ("fire", "消防器材")})) == meant


def test_what_is_as_near_to_two_is_not_guessed():
    assert _nearest("一级优良户", _spellings({"one": ("一级优秀户",), "two": ("一级优质户",)})) is None
