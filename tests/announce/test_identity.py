"""Announcements where a household changed its id, or somebody disputes a line (specification 2.2)."""

from __future__ import annotations

import shutil

import polars as pl
import pytest

from agreement import QUIET
from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.compare.page import compare
from jifen_batch.desk.explain.page import explain
from jifen_batch.desk.verify.page import verify
from jifen_batch.errors import DecisionNeededError
from jifen_batch.worker import RunOptions, run

BOOK = """
[book]
id = "base"
title = "细则"
source = "文"
first_year = 2023
[caps]
c = 15
[[items]]
code = "a"
category = "类"
task = "事"
name = "甲"
points = 10
per = "event"
cap = "c"
"""
EVENTS = "event_id,household_id,item,occurred_on,status"
REGISTER = "household_id,village_id,town_id,enrolled_on,left_on"
SUCCESSIONS = "old_household_id,new_household_id,effective_on,kind"
OBJECTIONS = "objection_id,household_id,raised_on,status,event_id"
E2 = "e2,B,a,2023-02-01,approved"
RENAMED = "A,N,2023-05-01,renamed"


class Village:
    """Inputs as texts, runs and announcements in one folder."""

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"

    def copied_to(self, folder):
        """The village with all that it has published, for a test to go on with."""
        return Village(shutil.copytree(self.folder, folder, symlinks=True))

    def write(self, name, head, *lines):
        (self.folder / f"{name}.csv").write_text("\n".join([head, *lines]), encoding="utf-8")

    def run(self, as_of, **more):
        given = {path.stem: str(path) for path in self.folder.glob("*.csv")}
        day = pl.Series([as_of]).str.to_date()[0]
        return run(
            RunOptions(rules=(str(self.folder / "book.toml"),), out=self.out, as_of=day, **given, **more),
            QUIET,
        )

    def table(self, quarter, name):
        return pl.read_parquet(self.out / "announced" / f"quarter={quarter}" / f"{name}.parquet")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A quarter hangs, of two households; made once."""
    made = Village(tmp_path_factory.mktemp("begun"))
    (made.folder / "book.toml").write_text(BOOK, encoding="utf-8")
    made.write("events", EVENTS, "e1,A,a,2023-02-01,approved", "e2,B,a,2023-02-01,approved")
    made.write("households", REGISTER, "A,v,t,2023-01-01,", "B,v,t,2023-01-01,")
    made.run("2023-04-16")
    announce(made.out, "2023Q1")
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


def test_the_new_id_alone_corrects_nothing_and_the_notice_tells_of_it_once(village):
    village.write("events", EVENTS, "e1,N,a,2023-02-01,approved", "e2,B,a,2023-02-01,approved")
    village.write("households", REGISTER, "N,v,t,2023-01-01,", "B,v,t,2023-01-01,")
    village.write("successions", SUCCESSIONS, RENAMED)
    village.run("2023-07-16")
    done = announce(village.out, "2023Q2")
    assert done.renamed.select("old_household_id", "new_household_id").rows() == [("A", "N")]
    assert village.table("2023Q2", "corrections").height == 0
    assert village.table("2023Q2", "announcement").height == 0
    village.run("2023-10-16")
    assert announce(village.out, "2023Q3").renamed.height == 0
    assert announce(village.out, "2023Q2").outcome == "unchanged"
    assert verify(village.out).findings == []


def test_where_both_ids_had_lines_what_one_account_makes_of_them_is_corrected(village):
    village.write("events", EVENTS, "e1,A,a,2023-02-01,approved", "e3,N,a,2023-05-02,approved", E2)
    village.write(
        "households", REGISTER, "A,v,t,2023-01-01,2023-05-01", "N,v,t,2023-05-01,", "B,v,t,2023-01-01,"
    )
    village.run("2023-07-16", max_takeback=1.0)
    announce(village.out, "2023Q2")
    village.write("successions", SUCCESSIONS, RENAMED)
    village.run("2023-10-16", max_takeback=1.0)
    announce(village.out, "2023Q3")
    corrections = village.table("2023Q3", "corrections").select(
        "household_id", "event_id", "points", "change"
    )
    assert corrections.sort("change").rows() == [("N", "e3", 10, -1), ("N", "e3", 5, 1)]
    told = explain(village.out, "A")
    assert (told.household_id, told.former["old_household_id"].to_list()) == ("N", ["A"])
    assert told.lines.select("event_id", "points", "announced_in").rows() == [
        ("e1", 10, "2023Q1"),
        ("e3", 5, "2023Q3"),
    ]
    assert verify(village.out).findings == []


def test_a_line_that_somebody_disputes_is_not_put_up_unasked(village):
    lines = ["e1,A,a,2023-02-01,approved", "e2,B,a,2023-02-01,approved", "e4,B,a,2023-05-01,approved"]
    village.write("events", EVENTS, *lines)
    objections = ["o1,B,2023-06-01,open,e4", "o2,B,2023-06-01,open,e2", "o3,A,2023-06-01,dismissed,"]
    village.write("objections", OBJECTIONS, *objections, "o4,A,2023-07-17,open,")
    village.run("2023-07-16")
    with pytest.raises(DecisionNeededError) as raised:
        announce(village.out, "2023Q2")
    found = raised.value.figures["disputed"]
    assert [one["objection_id"] for one in found["named"]] == ["o1"], "e2 hangs already, o4 is not yet raised"
    assert (found["lines"], found["points"], found["households"]) == (1, 5, ["B"])
    assert announce(village.out, "2023Q2", dry_run=True).waiting["disputed"] == found
    assert announce(village.out, "2023Q2", accept_open=True).content["accepted_open"] == found
    village.write(
        "objections", OBJECTIONS, "o1,B,2023-06-01,upheld,e4", *objections[1:], "o4,A,2023-07-17,open,"
    )
    village.run("2023-07-16")
    assert announce(village.out, "2023Q2").outcome == "unchanged"


def test_a_household_under_an_open_objection_is_all_disputed(village):
    village.write("events", EVENTS, "e1,A,a,2023-02-01,approved", "e4,A,a,2023-05-01,approved", E2)
    village.write("objections", OBJECTIONS, "o1,A,2023-06-01,open,")
    village.run("2023-07-16", max_takeback=1.0)
    with pytest.raises(DecisionNeededError, match="1 open objection"):
        announce(village.out, "2023Q2")


def test_two_runs_between_which_only_an_id_changed_compare_as_the_same(village):
    before = village.run("2023-07-16")
    village.write("events", EVENTS, "e1,N,a,2023-02-01,approved", E2)
    village.write("households", REGISTER, "N,v,t,2023-01-01,", "B,v,t,2023-01-01,")
    village.write("successions", SUCCESSIONS, RENAMED)
    after = village.run("2023-07-16")
    found = compare(village.out, (before.run_id, after.run_id), 5)
    assert (
        found.difference,
        found.by_cause.height,
        found.impact.filter(pl.col("difference") != 0).height,
    ) == (*(0, 0, 0),)
