"""What the villages of the six books hear at the counter: why not this grade, why nothing for this."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.worker import RunOptions, run
from oracle.small import book, item
from schemes.test_schemes import QUIET

SAID = {
    ("base-points", "J1"): ["等级：示范户", "本户类别不适用（本事项适用于外出户），不计分"],
    ("base-points", "J2"): [
        "为什么不是示范户：差 120 分；当年有“焚烧秸秆”的记录（j2-c）",
        "为什么不是合格户：差 50 分",
        "最低扣到 0 分，扣 25 分，现 0 分",
    ],
    ("base-points", "J3"): ["等级：合格户", "为什么不是示范户：差 40 分"],
    ("base-points", "J6"): ["等级：合格户", "为什么不是示范户：当年有“焚烧秸秆”的记录（j6-a）"],
    ("village-groups", "G2"): ["为什么不是最美人家：须在村内前 1 名，现第 2 名"],
    ("village-groups", "G4"): ["为什么不是最美人家：差 14 分；须在村内前 1 名，现第 4 名"],
    ("party-members", "P2"): ["为什么不是优秀党员：差 10 分；须在村内前 2 名，现第 3 名"],
    ("party-members", "P3"): ["年度上限 15 分（2023-08-01 起），此前已用 15，记 0 分"],
    ("stars-vetoes", "X5"): [
        "为什么不是十星户：差 20 分；当年有“通报批评”的记录（x5-w）",
        "为什么不是八星户：当年有“通报批评”的记录（x5-w）",
    ],
}


def said(out, household):
    """The page, and the sentence of each line, which a cell of it may fold."""
    asked = ["explain", "--out", str(out), household]
    page, found = CliRunner().invoke(program, asked), CliRunner().invoke(program, [*asked, "--json"])
    assert page.exit_code == 0, page.stderr
    lines = [line["explained"] for year in json.loads(found.stdout)["years"] for line in year["lines"]]
    return "\n".join([page.stdout, *lines])


@pytest.mark.parametrize(("scheme", "household"), SAID)
def test_the_counter_says_what_is_missing(scheme, household, out_of):
    heard = said(out_of(scheme), household)
    for sentence in SAID[scheme, household]:
        assert sentence in heard


def test_who_left_or_has_the_highest_is_told_of_no_other(out_of):
    for household in ("J1", "J5"):
        page = CliRunner().invoke(program, ["explain", "--out", str(out_of("base-points")), household])
        assert "为什么不是" not in page.stdout


def test_a_cap_that_fell_is_told_with_its_day_and_what_stays(tmp_path):
    """60, and 40 from August on: who had 55 in July keeps them, and has nothing more in September."""
    steps = [{"from": "2023-01-01", "points": 60}, {"from": "2023-08-01", "points": 40}]
    steps = [step | {"from": date.fromisoformat(step["from"])} for step in steps]
    text = book(item("help", 5, cap="help"), caps={"help": {"points": steps}})
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    home = {"household_id": "h", "village_id": "v", "town_id": "t", "enrolled_on": "2020-01-01"}
    pl.DataFrame([home]).write_csv(tmp_path / "households.csv")
    given = {"household_id": "h", "item": "help", "status": "approved"}
    rows = [
        given | {"event_id": "july", "occurred_on": "2023-07-01", "quantity": 11},
        given | {"event_id": "september", "occurred_on": "2023-09-01", "quantity": 1},
    ]
    pl.DataFrame(rows).write_csv(tmp_path / "events.csv")
    options = RunOptions(
        events=str(tmp_path / "events.csv"),
        households=str(tmp_path / "households.csv"),
        rules=(str(tmp_path / "book.toml"),),
        out=tmp_path / "out",
        as_of=date(2023, 12, 31),
    )
    run(options, QUIET)
    assert "年度上限 40 分（2023-08-01 起），此前已用 55，已得 55 分的不收回，记 0 分" in said(
        tmp_path / "out", "h"
    )
