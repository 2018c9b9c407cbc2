"""`what-if` on the fixture village: what a pencil says of an edit, and that nothing else is touched."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from jifen_batch.cli.exits import SignalledError
from jifen_batch.cli.program import program
from jifen_batch.desk.what_if.page import Asked
from jifen_batch.published import publish
from jifen_batch.tables import STANDINGS
from jifen_batch.tables.impact import IMPACT
from jifen_batch.worker import writing
from what_if.conftest import INPUTS, LOCAL, ROOT, SHIPPED, Published

BANQUET = (r'(?s)(code = "custom.banquet"\n.*?points = )60', r"\g<1>50")
NO_CONTEST = """
[book]
id = "taohua"
title = "桃花村细则"
source = "村民会议"
extends = "baoshan-2023"
scope = {villages = ["990113101201"]}
[[items]]
code = "courtyard.contest"
disabled = true
"""


def test_a_banquet_of_50_points_by_pencil(village, edited):
    """TH-04 keeps one of two feasts, TH-05 and SQ-07 have one each in 2024; what is taken back balances."""
    told = village.told("--rules", edited(BANQUET))
    assert (told["outcome"], told["run_id"]) == ("changed", village.run_id)
    assert (told["as_of"], told["grace_days"]) == ("2024-07-20", 15)
    assert [(one["key"], one["before"], one["after"]) for one in told["changes"]] == [
        ("custom.banquet", 60, 50)
    ] * 3
    assert [one["inherited"] for one in told["changes"]] == [False, True, True]
    totals = told["totals"]
    assert (totals["households"], totals["points_up"], totals["points_down"]) == (3, 0, -30)
    assert [(one["household_id"], one["difference"]) for one in told["households"]] == [
        ("SQ-07", -10),
        ("TH-04", -10),
        ("TH-05", -10),
    ]
    assert [(one["scoring_year"], one["losing"], one["points_down"]) for one in told["years"]] == [
        (2023, 1, -10),
        (2024, 2, -20),
    ]
    assert told["rows"] == []


def test_inputs_that_the_published_run_had_not_are_told(village, edited, tmp_path):
    """An empty feed changes nothing, and that is no answer to what the edit does to the real one."""
    empty, rules = tmp_path / "events.csv", edited(BANQUET)
    empty.write_text("event_id,household_id,item,occurred_on,status\n", encoding="utf-8")
    other = ["--events", str(empty), *INPUTS[2:]]
    told = village.told("--rules", rules, inputs=other)
    assert (told["outcome"], told["other_inputs"]) == ("unchanged", ["events events.csv"])
    shown = village.what_if("--rules", rules, inputs=other)
    assert "注意：对照运行没有用过这些输入（1 个）：events events.csv" in shown.stdout
    assert "other_inputs" in shown.stderr
    assert village.told("--rules", rules)["other_inputs"] == []


def test_what_a_folder_holds_beside_its_files_is_told(village, edited, tmp_path):
    """A note among the months is not read, and nobody may take it for read."""
    feed = tmp_path / "feed"
    shutil.copytree(ROOT / "fixtures" / "events", feed)
    (feed / "桃花村七月.txt").write_text("event_id,household_id\n", encoding="utf-8")
    shown = village.what_if("--rules", edited(BANQUET), inputs=["--events", str(feed), *INPUTS[2:]])
    assert (shown.exit_code, shown.stderr.count("passed over")) == (0, 1)
    assert "桃花村七月.txt" in shown.stderr


def test_announced_quarters_are_those_with_a_line_that_hangs_otherwise(village, edited):
    """2023Q2: TH-04's feast, the second report of it, TH-05's void one. 2023Q4: a feast and its reversal."""
    told = village.told("--rules", edited(BANQUET))
    assert [tuple(one.values()) for one in told["announced"]] == [
        ("2023Q2", 3, 3, 2, 0, -10),
        ("2023Q4", 2, 2, 1, 0, 0),
    ]


def test_an_item_put_out_of_force_turns_its_rows_into_rejects(village, edited):
    """In 桃花村 TH-08 and TH-16 were given it, TH-15 withdrew it, TH-19's waits: four rows name nothing."""
    told = village.told("--rules", edited(more=NO_CONTEST))
    assert [(one["kind"], one["key"]) for one in told["changes"]] == [
        ("book_added", None),
        ("item_disabled", "courtyard.contest"),
    ]
    assert [(one["household_id"], one["difference"]) for one in told["households"]] == [
        ("TH-08", -15),
        ("TH-16", -15),
    ]
    assert told["rows"] == [
        {"item": "courtyard.contest", "outcome": "assessed", "newly": 0, "no_longer": 1},
        {"item": "courtyard.contest", "outcome": "unknown_item", "newly": 4, "no_longer": 0},
        {"item": "courtyard.contest", "outcome": "withdrawn", "newly": 0, "no_longer": 1},
    ]


def test_it_ends_with_the_fingerprint_and_the_run_that_accepts_it(village, edited):
    books = edited(BANQUET)
    told = village.told("--rules", books)
    words = shlex.split(told["command"])
    given = [*INPUTS, "--rules", str(books), "--out", str(village.out)]
    assert words == ["jifen-batch", "run", *given, "--accept-rules", told["fingerprint"]]
    with program.make_context("jifen-batch", words[1:]) as ctx:
        assert ctx.command.get_command(ctx, "run").make_context("run", words[2:]).params["accept_rules"]


def test_people_read_it_in_chinese(village, edited):
    result = village.what_if("--rules", edited(BANQUET), "--top", 2)
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "custom.banquet 红白喜事 分值 60分/事项 50分/事项" in " ".join(lines)
    assert "共 3 户积分改变：增加合计 0 分，减少合计 -30 分；" in result.stdout
    assert any(line.startswith("2023年第二季度 2 3 3 0 -10") for line in lines)
    assert "影响最大的 2 户（各年度合计）" in lines
    assert any(line.startswith("SQ-07 石桥村（990113102202）") for line in lines)
    assert not any(line.startswith("TH-05") for line in lines)
    assert lines[-1].startswith("jifen-batch run --events ")


def test_villages_are_told_in_every_year_that_changes(village, edited):
    """An edit that only an earlier year feels is told by village in that year, not in the last one."""
    text = village.what_if("--rules", edited(BANQUET)).stdout
    assert text.index("2023年各村") < text.index("2024年各村")
    earlier = r'(?s)(code = "custom.banquet"\n.*?points = )60'
    dated = r"\g<1>[{from = 2023-01-01, points = 50}, {from = 2024-01-01, points = 60}]"
    text = village.what_if("--rules", edited((earlier, dated))).stdout
    assert "桃花村（990113101201）" in text[text.index("2023年各村") :].split("影响最大")[0]
    assert "2024年各村" not in text


def test_the_same_books_change_nothing_and_it_says_so(village, edited):
    books = edited()
    told = village.told("--rules", books)
    assert (told["outcome"], told["changes"], told["households"]) == ("unchanged", [], [])
    result = village.what_if("--rules", books)
    assert "两套细则内容相同，没有修改。" in result.stdout
    assert "没有一户的积分或名次改变" in result.stdout


def test_nothing_that_is_published_is_touched_and_nothing_is_left(village, edited):
    before = village.files()
    village.told("--rules", edited(BANQUET), "--as-of", "2024-06-30")
    assert village.files() == before


def test_it_waits_for_no_lock(village, edited):
    with publish.lock(village.out):
        assert village.told("--rules", edited(BANQUET))["totals"]["households"] == 3


def test_another_day_or_grace_scores_both_sides_anew(village, edited):
    """On the last day of 2023 no feast of 2024 is known; without grace TH-04's lies in the same quarter."""
    books = edited(BANQUET)
    told = village.told("--rules", books, "--as-of", "2023-12-31", "--grace-days", 0)
    assert (told["as_of"], told["grace_days"]) == ("2023-12-31", 0)
    assert [(one["household_id"], one["difference"]) for one in told["households"]] == [("TH-04", -10)]
    assert "--grace-days 0" in told["command"]


def test_other_rows_than_the_current_runs_score_both_sides_anew(village, edited):
    """Of the events that were entered in 2023, one feast counts."""
    events = ["--events", str(ROOT / "fixtures" / "events" / "2023.csv"), *INPUTS[2:]]
    told = village.told("--rules", edited(BANQUET), inputs=events)
    assert [one["household_id"] for one in told["households"]] == ["TH-04"]


def test_day_and_grace_are_the_current_runs_unless_given(tmp_path):
    ran = {"options": {"as_of": "2024-07-20", "grace_days": 3}}
    (tmp_path / "manifest.json").write_text(json.dumps(ran), encoding="utf-8")
    asked = Asked("e", "h", ("r",), tmp_path)
    assert (asked.options(tmp_path).day, asked.options(tmp_path).grace_days) == (date(2024, 7, 20), 3)
    given = replace(asked, as_of=date(2024, 1, 1), grace_days=0).options(tmp_path)
    assert (given.day, given.grace_days) == (date(2024, 1, 1), 0)


def test_the_impact_file_has_every_household_and_year(village, edited, tmp_path):
    path = tmp_path / "impact.parquet"
    assert village.told("--rules", edited(BANQUET), "--impact", path)["impact"] == str(path)
    rows = pl.read_parquet(path)
    standings = pl.read_parquet(village.out / "runs" / village.run_id / STANDINGS.name)
    assert rows.schema == IMPACT.schema
    assert rows.select(IMPACT.sort_keys).equals(standings.select(IMPACT.sort_keys))
    assert rows.filter(pl.col("difference") != 0).height == 3
    assert (rows["net_before"].to_list(), rows["rank_before"].to_list()) == (
        standings["net"].to_list(),
        standings["rank"].to_list(),
    )
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [tmp_path / "books", path]


@pytest.mark.parametrize("error", [RuntimeError("boom"), SignalledError(15)], ids=["error", "signal"])
def test_whatever_stops_it_leaves_nothing_behind(village, edited, monkeypatch, error):
    def fail(*_):
        assert list(village.out.glob(".what-if-*"))
        raise error

    before = village.files()
    monkeypatch.setattr(writing, "write_parts", fail)
    result = village.what_if("--rules", edited(BANQUET))
    assert result.exit_code == (1 if isinstance(error, RuntimeError) else 143)
    assert village.files() == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--rules is missing"),
        (("--readings", "x", "--impact", "y.parquet"), 2, "do not go together"),
        (("--rules", "x", "--impact", "no/where.parquet"), 2, "is no folder"),
        (("--rules", str(SHIPPED), "--rules", str(SHIPPED)), 2, "twice"),
        (("--rules", "nowhere.toml"), 3, "no such rule file or folder"),
        (("--rules", str(LOCAL)), 3, "baoshan-2023"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_a_sentence(village, words, code, said):
    before = village.files()
    result = village.what_if(*words)
    assert result.exit_code == code
    assert said in result.stderr
    assert village.files() == before


def test_without_a_published_run_there_is_nothing_to_hold_books_against(tmp_path):
    result = Published(tmp_path, "").what_if("--rules", SHIPPED)
    assert (result.exit_code, list(tmp_path.iterdir())) == (3, [])
    assert "nothing is published there yet" in result.stderr


def test_readings_are_tried_one_at_a_time_and_a_refused_one_is_told(village, tmp_path, monkeypatch):
    """By README of the fixture: 桃花村 has TH-18's second child, who counts where children do."""
    folder = tmp_path / "readings"
    folder.mkdir()
    shipped = ROOT / "configs" / "rules" / "readings"
    for name in ("education-by-member", "rental-none-inside-cap"):
        (folder / f"{name}.toml").write_bytes((shipped / f"{name}.toml").read_bytes())
    (folder / "broken.toml").write_text('# 写错的\n[book]\nid = "x"\nextends = "nowhere"\n', encoding="utf-8")
    at_once = []
    write_parts = writing.write_parts

    def watched(taken, into, stages):
        at_once.append(len(list(into.parent.iterdir())))
        return write_parts(taken, into, stages)

    monkeypatch.setattr(writing, "write_parts", watched)
    before = village.files()
    told = village.told("--readings", folder)
    assert at_once == [0, 0]
    assert village.files() == before
    assert [one["reading"] for one in told["readings"]] == [
        "broken",
        "education-by-member",
        "rental-none-inside-cap",
    ]
    broken, education, rental = told["readings"]
    assert (broken["households"], broken["sentence"]) == (None, "写错的")
    assert "nowhere" in broken["complaint"]
    assert (education["title"], education["sentence"][:6]) == ("升学就业：按人计", "附件原文：“")
    assert (education["households"], education["points_up"], education["points_down"]) == (1, 100, 0)
    assert education["quarters"] == ["2023Q4"]
    assert (rental["households"], rental["quarters"], rental["complaint"]) == (0, [], None)


def test_readings_lie_beside_edited_books_where_some_are_given(village, edited, tmp_path):
    """Under books that already count children, the reading finds nothing left to change."""
    by_member = (r'(?s)(code = "education.university"\n.*?points = 100)', r"\g<1>\nby_member = true")
    reading = ROOT / "configs" / "rules" / "readings" / "education-by-member.toml"
    (tmp_path / reading.name).write_bytes(reading.read_bytes())
    result = village.what_if("--rules", edited(by_member), "--readings", tmp_path)
    assert result.exit_code == 0
    [line] = [line for line in result.stdout.splitlines() if line.lstrip().startswith("education-by-member")]
    assert line.split()[-5:] == ["0", "0", "0", "0", "无"]
