"""`announce` at the command line: its exit codes, what it prints, and the document for machines."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from announce.village import Village
from jifen_batch.cli.program import program


def call(village, quarter, *words):
    return CliRunner().invoke(program, ["announce", "--out", str(village.out), "--quarter", quarter, *words])


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """2023Q1 hangs; since then a slip of the pen and a late record have come in."""
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    made.event("e1", date(2023, 2, 1))
    made.night(date(2023, 4, 15))
    made.hang("2023Q1")
    made.event("late", date(2023, 3, 2), quantity=2)
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


@pytest.mark.parametrize("quarter", ["2023Q5", "2023q1", "23Q1", "2023", "1999Q4", "２023Q1", "2023Q1 "])
def test_what_is_no_quarter_is_wrong_usage(village, quarter):
    assert call(village, quarter).exit_code == 2


def test_the_notice_is_printed_and_the_quarter_hangs(village):
    village.night(date(2023, 7, 15))
    dry = call(village, "2023Q2", "--dry-run")
    assert (dry.exit_code, "试算" in dry.stdout) == (0, True)
    done = call(village, "2023Q2")
    assert done.exit_code == 0
    for said in ("更正公告", "wang", "新风", "补记：志愿服务（late） +10", "2023年第一季度"):
        assert said in done.stdout
    again = call(village, "2023Q2", "--json")
    assert (again.exit_code, json.loads(again.stdout)["outcome"]) == (0, "unchanged")
    (account,) = json.loads(again.stdout)["adjustments"]
    assert (account["difference"], account["reasons"][0]["events"]) == (10, ["late"])


def test_an_edited_rule_is_told_with_what_it_was_and_is_but_for_what_nobody_may_name(village):
    """志愿服务 brought 5 points and brings 6, and so does an item that is not to be named bring another."""
    village.points |= {"help": 6, "quiet": 9}
    village.night(date(2023, 7, 15))
    told = call(village, "2023Q2", "--dry-run")
    edits = [f"base 志愿服务（help）{field}：5分/次 → 6分/次" for field in ("细则原文", "分值")]
    assert "\n  ".join(["上次公告以来的细则修改", *edits]) in told.stdout
    assert "不公开事项" not in told.stdout
    assert "（e1） +1；补记：志愿服务（late） +12" in told.stdout
    call(village, "2023Q2")
    again = json.loads(call(village, "2023Q2", "--json").stdout)
    assert again["manifest"]["adjusted"]["edits"] == edits


def test_a_village_is_called_by_its_name(village):
    village.named = "东村"
    village.night(date(2023, 7, 15))
    assert "东村（east） 2023年第二季度更正公告" in call(village, "2023Q2", "--dry-run").stdout


def test_what_needs_a_decision_ends_four_with_what_it_is_about(village):
    village.event("e1", date(2023, 2, 1), item="hlep")
    village.night(date(2023, 7, 15))
    for words in ((), ("--dry-run",)):
        asked = call(village, "2023Q2", *words)
        assert (asked.exit_code, "细则中无此事项" in asked.stdout) == (4, True)
        told = json.loads(call(village, "2023Q2", "--json", *words).stdout)
        assert told["rejected"]["named"][0]["event_id"] == "e1"
    assert not (village.out / "announced" / "quarter=2023Q2").exists()
    differs = call(village, "2023Q1")
    assert (differs.exit_code, "现算与之不同" in differs.stdout) == (4, True)
    assert json.loads(call(village, "2023Q1", "--json").stdout)["differs"]["points"] == 5
    assert call(village, "2023Q2", "--accept-rejects").exit_code == 0


def test_what_lies_among_the_quarters_and_is_none_is_told(village):
    """Who reads announced/ as a table would read a copy with them."""
    quarter = village.out / "announced" / "quarter=2023Q1"
    (quarter.with_name("quarter=2023Q1 (1)")).mkdir()
    (quarter.with_name(".DS_Store")).touch()
    done = call(village, "2023Q1", "--json", "--dry-run")
    assert done.exit_code == 0
    (line,) = [json.loads(one) for one in done.stderr.splitlines() if "passed over" in one]
    assert (line["role"], line["name"]) == ("announced", "announced/quarter=2023Q1 (1)")


def test_too_early_is_wrong_usage(village):
    assert call(village, "2023Q2").exit_code == 2
