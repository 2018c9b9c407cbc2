"""A statement of an older book that differs in more than one field, or by a whole item: still its doing."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program

BOOK = """
[book]
id = "b"
title = "细则"
source = "文件"
first_year = 2023
"""
ITEM = """
[[items]]
code = "{code}"
category = "平安"
task = "任务"
name = "{code}"
{text}
"""
# By a household whose events are of these items: what each item is in the older book, and in today's;
# null = it is not there.
EDITS = {
    "two points": {"help": ("points = 5", "points = 6"), "fire": ("points = 20", "points = 25")},
    "points and a cap": {"yard": ("points = 5", 'points = 6\ncap = "yard"')},
    "removed": {"gone": ("points = 7", None)},
    "added": {"new": (None, "points = 7")},
    "points and removed": {"soup": ("points = 3", "points = 4"), "tea": ("points = 2", None)},
    "a cap of another period and sum": {"talk": ('points = 5\ncap = "talk"', 'points = 5\ncap = "talk"')},
    "per and points": {"lamp": ("points = 20", 'points = 21\nper = "year"')},
    "a dated edit and one of another item": {
        "walk": ("points = [{from = 2023-01-01, points = 5}, {from = 2023-03-02, points = 4}]", "points = 5"),
        "run": ("points = 1", "points = 2"),
    },
}
CAPS = (
    '[caps]\nyard = 99\ntalk = {points = 10, period = "month"}\n',
    '[caps]\nyard = 12\ntalk = {points = 15, period = "year"}\n',
)


def book(which):
    """The older book, 0, or today's, 1."""
    items = {code: texts[which] for pair in EDITS.values() for code, texts in pair.items()}
    given = {
        code: text if "per =" in text else f'{text}\nper = "event"' for code, text in items.items() if text
    }
    written = (ITEM.format(code=code, text=text) for code, text in given.items())
    return BOOK + CAPS[which] + "".join(written)


def run(*words):
    ended = CliRunner().invoke(program, [str(word) for word in words])
    assert ended.exit_code in {0, 4}, ended.stderr[-1000:]
    return ended.stdout


@pytest.fixture(scope="module")
def breaks(tmp_path_factory):
    """By household: the causes of its breaks against the figures of the older book."""
    folder = tmp_path_factory.mktemp("two")
    rows = [
        {"event_id": f"{name}-{code}-{n}", "household_id": name, "item": code, "status": "approved"}
        | {"occurred_on": f"2023-0{1 + n}-01"}
        for name, pair in EDITS.items()
        for code in pair
        for n in range(1, 4)
    ]
    rows += [{**row, "event_id": f"{row['event_id']}-", "occurred_on": "2023-04-02"} for row in rows]
    pl.DataFrame(rows).write_csv(folder / "events.csv")
    spells = [{"household_id": name, "village_id": "v", "town_id": "t"} for name in EDITS]
    pl.DataFrame(spells).with_columns(enrolled_on=pl.lit("2023-01-01")).write_csv(folder / "register.csv")
    out, theirs = folder / "out", folder / "theirs.csv"
    for which in (0, 1):
        (folder / "book.toml").write_text(book(which), encoding="utf-8")
        inputs = "--events", folder / "events.csv", "--households", folder / "register.csv"
        run("run", *inputs, "--rules", folder / "book.toml", "--out", out, "--as-of", "2024-06-01",
            "--max-reject-rate", "1")  # fmt: skip
        if not which:
            balances = pl.read_parquet(f"{out}/current/balances/**/*.parquet")
            balances.select("household_id", "scoring_year", points="net").write_csv(theirs)
    found = json.loads(run("reconcile", "--out", out, "--statement", theirs, "--json"))["breaks"]
    return {name: [one["cause"] for one in found if one["household_id"] == name] for name in EDITS}


@pytest.mark.parametrize("name", EDITS)
def test_an_older_book_of_several_edits_is_the_cause(breaks, name):
    assert breaks[name] == ["older_rules"]
