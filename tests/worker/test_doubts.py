"""Ids that come back under another head, books of deserted villages, books that end with their base."""

from __future__ import annotations

import re
from datetime import date

import pytest

from agreement import QUIET
from both_languages import faults
from jifen_batch.worker import RunOptions, run

HEAD = "household_id,village_id,town_id,enrolled_on,left_on,householder"
ITEM = '[[items]]\ncode = "a"\ncategory = "类"\ntask = "事"\nname = "甲"\npoints = 10\nper = "event"\n'
BASE = f'[book]\nid = "base"\ntitle = "细则"\nsource = "文"\nfirst_year = 2023\n{{}}\n{ITEM}'
LOCAL = '[book]\nid = "local"\ntitle = "村"\nsource = "会"\nextends = "base"\nscope = {villages = ["v"]}\n'


@pytest.fixture
def warned(tmp_path):
    """What a run as of a day says of a register, under a base book with more lines in its head."""

    def call(*spells, ends="", day=date(2024, 5, 1), villages=None):
        (tmp_path / "events.csv").write_text(
            "event_id,household_id,item,occurred_on,status\n", encoding="utf-8"
        )
        (tmp_path / "households.csv").write_text("\n".join([HEAD, *spells, ""]), encoding="utf-8")
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / "base.toml").write_text(BASE.format(ends), encoding="utf-8")
        (tmp_path / "rules" / "local.toml").write_text(LOCAL, encoding="utf-8")
        options = RunOptions(
            events=str(tmp_path / "events.csv"),
            households=str(tmp_path / "households.csv"),
            rules=(str(tmp_path / "rules"),),
            out=tmp_path / "out",
            as_of=day,
            villages=villages,
        )
        found = run(options, QUIET).manifest["warnings"]
        assert [faults(*one["sentence"].values()) for one in found] == [[]] * len(found)
        return [(one["role"], one["why"]) for one in found]

    return call


def test_nothing_is_said_of_a_sound_register(warned):
    assert (
        warned("h,v,t,2023-01-01,2023-06-01,张三", "h,v,t,2023-06-01,,李四", "k,v,t,2023-01-01,,王五") == []
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ("0901", "901", r"--villages: the column village_id .*'901' for '0901'"),
        ("0901", "0901.0", r"--villages: the column village_id .*'0901.0' for '0901'"),
        ("901", "0901", r"--households: the column village_id .*'901' for '0901'"),
        ("0901", "0901", None),
        ("0901", "0902", None),
    ],
)
def test_a_list_of_villages_that_writes_ids_otherwise_is_told(warned, tmp_path, ours, theirs, said):
    """A village of the list that nobody is enrolled in is none of these: it stands with 0."""
    listed = tmp_path / "villages.csv"
    listed.write_text(
        f"village_id,town_id,village_name,town_name,households_total\n{theirs},t,桃花村,桃源镇,9\n", "utf-8"
    )
    told = [
        why
        for role, why in warned(f"h,{ours},t,2023-01-01,,张三", villages=str(listed))
        if role == "villages"
    ]
    assert [bool(re.search(said or "", one)) for one in told] == ([True] if said else [])


def test_who_comes_back_under_another_head_is_told_and_never_by_name(warned):
    spells = ["h,v,t,2023-01-01,2023-06-01,张三", "h,v,t,2023-07-01,,李四"]
    spells += ["k,v,t,2023-01-01,2023-06-01,张 三", "k,v,t,2023-07-01,,张三"]
    ((role, why),) = warned(*spells)
    assert role == "households"
    assert "household(s) h come back" in why
    assert "张" not in why
    assert "李" not in why


def test_a_book_whose_village_has_another_code_now_is_told(warned):
    ((role, why),) = warned("h,v,t,2023-01-01,2024-01-01,张三", "h,v2,t,2024-01-01,,张三")
    assert role == "rules"
    assert "book local: nobody is enrolled any more in v;" in why
    assert warned("h,v,t,2023-01-01,2024-01-01,张三", "h,v2,t,2024-01-01,,张三", day=date(2023, 12, 31)) == []


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (
            "v.0",
            "--households: the column village_id is written otherwise than in the rule books ('v.0' for 'v')",
        ),
        ("V", "write the letters alike"),
        ("w", "check the id of the village, or remove it"),
    ],
)
def test_a_register_that_writes_the_village_of_a_book_otherwise_is_told_with_pairs(warned, ours, said):
    """On a first night, which has nothing to hold the register against but the rule books."""
    ((role, why),) = warned(f"h,{ours},t,2023-01-01,,张三", ends="last_year = 2099")
    assert role == "rules"
    assert "line 6: the scope names village “v”, which the register does not have; " in why
    assert said in why
    assert ("or remove it" in why) == (ours == "w")


def test_a_book_that_ends_because_its_base_does_is_told(warned):
    ((role, why),) = warned("h,v,t,2023-01-01,,张三", ends="last_year = 2024")
    assert role == "rules"
    assert "book local: ends with 2024 only because the book that it extends does" in why
    assert warned("h,v,t,2023-01-01,,张三", ends="last_year = 2025") == []
