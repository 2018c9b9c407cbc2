"""The mappings that come with the program, each over a workbook of the kind that it is for."""

from datetime import date

import pytest

from inputs import twin
from inputs.test_clerk import workbook
from jifen_batch.inputs import mapping, statement
from jifen_batch.inputs.find import find
from jifen_batch.inputs.redemptions import read_redemptions
from jifen_batch.inputs.run_inputs import read_register, read_villages
from jifen_batch.kernels.successions import RENAMING

CATEGORIES = frozenset({"村民议事", "平安建设", "文明新风", "美亮村宅"})
NOBODY = RENAMING.to_frame()


@pytest.fixture
def files(tmp_path):
    """The files of a role: a workbook of these rows, read by the example of that name."""

    def call(role, name, *rows):
        path = workbook(tmp_path / "sheet.xlsx", {"Sheet1": rows})
        return find(str(path), role, mapping.load(str(twin.MAPPINGS / name))).files

    return call


def test_households(files):
    header = ["户编号", "户主", "组别", "村", "镇", "加入日期"]
    row = ["TH-01", "孙某", "一组", "桃花村", "桃源镇", "2023年5月1日"]
    found = files("households", "households.toml", ["名册"], header, row, ["合计"])
    (row,) = read_register(found, NOBODY).spells.to_dicts()
    assert (row["household_id"], row["village_id"], row["town_name"]) == ("TH-01", "990113101201", "桃源镇")
    assert row["enrolled_on"] == date(2023, 5, 1)


def test_villages(files):
    header = ["镇编号", "镇", "村编号", "村", "总户数"]
    rows = [
        ["t1", "桃源镇", "v1", "桃花村", "1,234户"],
        [None, None, "v2", "杏花村", "87户"],
        [None] * 2 + ["合计"],
    ]
    nobody = twin.pl.DataFrame(schema={"village_id": twin.pl.String, "town_id": twin.pl.String})
    read = read_villages(files("villages", "villages.toml", header, *rows), nobody)
    assert read.select("town_id", "village_id", "households_total").rows() == [
        ("t1", "v1", 1234),
        ("t1", "v2", 87),
    ]


def test_redemptions(files):
    header = ["单号", "户编号", "兑换日期", "积分", "状态", "物品"]
    rows = [
        ["D1", "TH-01", date(2023, 9, 1), "30分", "已兑换", "毛巾"],
        ["D2", "TH-02", "2023.9.2", 5, "退回", None],
    ]
    read = read_redemptions(files("redemptions", "redemptions.toml", ["兑换登记"], header, *rows, ["合计"]))
    assert read.select("redemption_id", "redeemed_on", "points", "status").rows() == [
        ("D1", date(2023, 9, 1), 30, "done"),
        ("D2", date(2023, 9, 2), 5, "returned"),
    ]


def of_statement(tmp_path, name, *rows):
    path = workbook(tmp_path / "sheet.xlsx", {"汇总": rows})
    known = statement.Known(CATEGORIES, frozenset({"deliberation.pledge"}))
    return statement.read(str(path), mapping.load(str(twin.MAPPINGS / name)), known).rows


def test_statement(tmp_path):
    header = ["户编号", "积分年度", "积分", "类别", "积分事项名称", "季度"]
    row = ["TH-01", 2023, 55, "议事类", "承诺积极参加村民议事", "2023年第三季度"]
    read = of_statement(tmp_path, "statement.toml", header, row, ["合计", None, 55])
    assert read.rows() == [("TH-01", 2023, 55, "村民议事", "deliberation.pledge", "2023Q3")]


def test_a_wide_statement_is_a_row_for_each_cell_that_says_something(tmp_path):
    header = ["户编号", "户主", "议事", "平安建设", "文明新风", "合计"]
    rows = [
        ["TH-01", "孙某", "5分", None, -10, -5],
        ["TH-02", "钱某", None, 20, 0, 20],
        ["合计", None, 5, 20, -10],
    ]
    read = of_statement(tmp_path, "statement-wide.toml", ["积分汇总"], header, *rows)
    assert read.rows() == [
        ("TH-01", 2023, 5, "村民议事"),
        ("TH-01", 2023, -10, "文明新风"),
        ("TH-02", 2023, 20, "平安建设"),
        ("TH-02", 2023, 0, "文明新风"),
    ]
