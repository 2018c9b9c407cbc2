"""The command on the village of the fixtures: what a villager is told, and what is refused."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_standing_and_distances_come_first(out, told):
    page = told(out, "TH-03", "--year", "2023")
    assert page[0].startswith("农户 TH-03（截至 2024-07-20，运行 ")
    assert page[1] == "参加积分：桃源镇桃花村（990113101201），2023-01-01 起"
    assert page[2] == "已公告季度：还没有"
    assert page[3] == (
        "2023年度 桃源镇桃花村（990113101201） 净积分 20 分 村内第 20 名（共 23 户） 镇内第 20 名"
    )
    assert page[4] == "离上一名（第 19 名，30 分）差 10 分；比下一名（第 21 名，0 分）多 20 分"
    assert page[-1].startswith("租赁安全事故：无房屋出租农户每年可得20分")
    assert not any("2024年度" in line for line in page)


def test_lines_stand_with_day_item_event_arithmetic_points_and_quarter(out, told):
    page = told(out, "TH-01", "--year", "2023")
    assert (
        "2023-11-11 志愿服务（未填事由，同一天算一事） 2023-0427 2023-11-11 "
        "5 × 2 次 = 10 分；年度上限 90 分，此前已用 85，记 5 分 5 2023Q4 未公告"
    ) in page
    assert "2023-03-31 3 月份 5 分；年度上限 60 分，已用 15/60 5 2023Q1 未公告" in page
    assert "合计 470 分" in page


def test_balances_stand_by_category(out, told):
    page = told(out, "TH-04", "--year", "2023")
    assert page[5:9] == ["各类别积分", "类别 得分 扣分 收回 净积分", page[7], "文明新风 120 -20 -60 40"]


@pytest.mark.parametrize(
    ("household", "sentence"),
    [
        ("TH-03", "因 8 月 15 日“租赁安全事故”（编号 2023-0322）全年不得分，收回 10 分"),
        ("TH-05", "60 分/事项；因 6 月 18 日“红白喜事违规”（编号 2023-0255）同一事项不得分，本笔不计"),
        ("TH-15", "已有更新版本（本版录入于 2023-01-10 08:12），以新版为准"),
        ("TH-19", "已撤回"),
        ("TH-19", "不予认定"),
        ("TH-19", "未到记分日，自 2024-07-25 起记分"),
        ("TH-19", "承诺未满一个月末（2024-06-03 至 2024-06-20），不计分"),
        ("TH-19", "已申报，待评定"),
        ("TH-19", "已评定，待审定"),
        ("ZL-10", "未到记分日，自 2024-07-31 起记分"),
        (
            "TH-05",
            "退回：缺少事由编号。该事项必须填写 matter_id（哪一次活动、哪一场宴席）（2024.csv 第 192 行）",
        ),
    ],
)
def test_every_outcome_is_said_in_a_sentence(out, told, household, sentence):
    years = told(out, household, "--json")["years"]
    kinds = ("lines", "unposted", "rejects")
    assert sentence in [row["explained"] for year in years for kind in kinds for row in year[kind]]


def test_who_left_before_the_year_ended_is_not_ranked(out, told):
    assert any("到期末已不参加积分，不排名次" in line for line in told(out, "TH-12"))


def test_events_without_a_line_stand_apart_by_day(out, told):
    page = told(out, "TH-19", "--year", "2023")
    assert page[5:] == [
        "本年度没有记分。",
        "没有记分的申报",
        "发生日 积分事项 事项编号 结果",
        page[8],
        "2023-01-09 无房屋出租 2023-0041 已撤回",
        "2023-09-16 志愿服务 2023-0358 不予认定",
    ]


def test_a_mover_has_a_year_in_each_village(out, told):
    years = told(out, "TH-11", "--json")["years"]
    assert [
        (
            year["scoring_year"],
            year["standing"]["village_id"][-6:],
            sum(line["points"] for line in year["lines"]),
        )
        for year in years
    ] == [(2023, "101201", 60), (2024, "102201", 36)]


def test_a_year_without_lines_says_so(out, told):
    page = told(out, "TH-01", "--year", "2031")
    assert page[-2:] == ["2031年度 不在积分榜上", "本年度没有记分。"]


def test_an_unknown_household_is_refused_and_one_that_it_resembles_is_named(out, asked):
    code, _, error = asked(out, "ＴＨ-01 ")
    assert code == 3
    assert "did you mean 'TH-01'?" in error
    code, _, error = asked(out, "NOBODY")
    assert code == 3
    assert "HOUSEHOLD: it is not in the register of run" in error
    assert "NOBODY" not in error, "who asks may have typed a name"


@pytest.mark.parametrize("year", ["1999", "next", "2100"])
def test_a_year_that_is_none_is_wrong_usage(out, asked, year):
    assert asked(out, "TH-01", "--year", year)[0] == 2


def test_an_unknown_run_is_refused(out, asked):
    assert asked(out, "TH-01", "--run", "ffffffff")[0] == 3


def test_no_householder_is_named_and_no_personal_number_repeated(out, asked, told):
    register = (ROOT / "fixtures/households.csv").read_text("utf-8").splitlines()
    names = {line.split(",")[5] for line in register[1:]} - {""}
    said = [asked(out, household, *form)[1] for household in ("TH-01", "ZL-10") for form in ((), ("--json",))]
    assert names
    assert [name for name in names if name in "".join(said)] == []
    row = next(row for year in told(out, "ZL-10", "--json")["years"] for row in year["rejects"])
    assert row["reason"] == "personal_number"
    assert row["member_id"] is None


@pytest.mark.parametrize("table", ["ledger", "register", "standings"])
def test_a_damaged_file_is_named(out, asked, tmp_path, table):
    copy = tmp_path / "out"
    shutil.copytree(out, copy, symlinks=True)
    for file in (copy / "current" / table).rglob("*.parquet"):
        file.chmod(0o600)
        file.write_bytes(b"PAR1" + b"\x00" * (file.stat().st_size - 8) + b"PAR1")
    code, page, error = asked(copy, "TH-01")
    assert (code, page) == (3, "")
    assert f"/{table}/" in error
    assert "is not as its manifest says; run again" in error
