"""Rule edits that would change what hangs on the board wait until somebody accepts them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import structlog

from jifen_batch import rules
from jifen_batch.desk.announce.page import announce
from jifen_batch.published import announced, manifest, publish, runs
from jifen_batch.tables import LEDGER
from jifen_batch.worker import RunOptions, run

ROOT = Path(__file__).parents[2]
LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The fixture village with rule files of its own, one run, and 2023Q4 announced."""
    folder = tmp_path_factory.mktemp("begun") / "town"
    books = folder / "rules"
    books.mkdir(parents=True)
    shipped = [
        ROOT / "configs" / "rules" / "baoshan-2023.toml",
        *(ROOT / "fixtures" / "rules").glob("*.toml"),
    ]
    for file in shipped:
        (books / file.name).write_bytes(file.read_bytes())
    given = RunOptions(
        events=str(ROOT / "fixtures" / "events"),
        households=str(ROOT / "fixtures" / "households.csv"),
        rules=(str(books),),
        out=folder / "out",
        as_of=date(2024, 7, 20),
    )
    run(given, LOG)
    announce(given.out, "2023Q4", with_earlier=True)
    return given


@pytest.fixture
def options(begun, tmp_path):
    """A copy for one test."""
    folder = shutil.copytree(begun.out.parent, tmp_path / "town", symlinks=True)
    return replace(begun, rules=(str(folder / "rules"),), out=folder / "out")


def edit(options, old, new, file="baoshan-2023.toml"):
    """A clerk's edit: the first `old` after the waste pledge's code becomes `new`."""
    path = Path(options.rules[0]) / file
    head, code, tail = path.read_text(encoding="utf-8").partition('code = "waste.pledge"')
    path.write_text(head + code + tail.replace(old, new, 1), encoding="utf-8")


def pledged(report):
    """Points of a month of the waste pledge by year, under the district's own book."""
    lines = runs.scan(report.folder, LEDGER).filter(item="waste.pledge", book="baoshan-2023")
    return dict(lines.group_by("scoring_year").agg(pl.col("gross").max()).collect().iter_rows())


def test_an_edit_of_announced_points_is_held_back_by_name_and_the_night_goes_on(options):
    before = publish.current(options.out)
    edit(options, "points = 5", "points = 3")
    held = run(replace(options, as_of=date(2024, 7, 21)), LOG)
    assert (held.outcome, held.held_back["books"]) == (
        "held_back",
        ["baoshan-2023", "qingxi-2023"],
    )
    assert publish.current(options.out).name == held.run_id != before.name
    assert set(pledged(held).values()) == {5}
    assert held.held_back["edits"] == ["baoshan-2023 垃圾分类承诺（waste.pledge）分值：5分/月 → 3分/月"]
    assert held.held_back["quarters"][0]["quarter"] == "2023Q4"
    assert held.held_back["quarters"][0]["points_down"] < 0
    assert held.manifest["held_back"] == held.held_back
    kept = rules.load([held.folder / "rules"])
    assert kept.fingerprint == rules.load([before / "rules"]).fingerprint


def test_nothing_of_the_edit_is_left_but_its_fingerprint_that_lets_it_through(options):
    edit(options, "points = 5", "points = 7")
    held = run(options, LOG)
    assert held.outcome == "held_back"
    assert [path.name for path in (options.out / "runs").iterdir()] == [held.run_id]

    again = run(replace(options, accept_rules="0" * 16), LOG)
    assert again.outcome == "held_back"
    accepted = run(replace(options, accept_rules=held.held_back["accept_rules"]), LOG)
    assert (accepted.outcome, accepted.held_back) == ("published", None)
    assert set(pledged(accepted).values()) == {7}
    assert run(options, LOG).outcome == "unchanged", "accepted once, it is the accepted book"


def test_going_back_to_books_that_were_published_before_is_an_edit_too(options):
    first = publish.current(options.out)
    edit(options, "points = 5", "points = 7")
    fingerprint = rules.load([Path(options.rules[0])]).fingerprint
    second = run(replace(options, accept_rules=fingerprint), LOG)
    edit(options, "points = 7", "points = 5")
    back = run(options, LOG)
    assert (back.outcome, back.run_id) == ("held_back", second.run_id)
    assert publish.current(options.out).name == second.run_id != first.name
    assert first.exists()


def test_an_edit_from_a_year_on_that_nobody_has_announced_passes(options):
    dated = "points = [{from = 2023-01-01, points = 5}, {from = 2024-01-01, points = 7}]"
    edit(options, "points = 5", dated)
    passed = run(options, LOG)
    assert (passed.outcome, pledged(passed)) == ("published", {2023: 5, 2024: 7})


def test_a_run_as_of_a_day_before_the_last_announcement_accepts_no_edit(options):
    """It has not all that hangs: the edit would pass unseen, and change all of it the next night."""
    path = manifest.path(announced.folder(options.out, "2023Q4"))
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"as_of": "2024-01-20"}), encoding="utf-8")
    early = replace(options, as_of=date(2022, 6, 1))
    assert run(early, LOG).outcome == "kept"
    edit(options, "points = 5", "points = 7")
    held = run(early, LOG)
    assert (held.outcome, held.held_back["quarters"], held.held_back["early"]) == ("held_back", [], True)
    held = run(options, LOG)
    assert (held.outcome, held.held_back["early"]) == ("held_back", False)
    assert run(replace(early, accept_rules=held.held_back["accept_rules"]), LOG).outcome == "kept"


def test_a_comment_is_no_edit(options):
    path = Path(options.rules[0]) / "baoshan-2023.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# seen by the council\n", encoding="utf-8")
    assert run(options, LOG).outcome == "published"


def test_books_that_nobody_touched_are_compiled_once(options, monkeypatch):
    load, loaded = rules.load, []
    monkeypatch.setattr(rules, "load", lambda paths: loaded.append(paths) or load(paths))
    books = Path(options.rules[0])
    run(options, LOG)
    assert loaded == [[books]]
    (books / "baoshan-2023.toml").rename(books / "renamed.toml")
    run(options, LOG)
    assert loaded == [[books], [books]]
    (books / "renamed.toml").write_text((books / "renamed.toml").read_text("utf-8") + "# 一句\n", "utf-8")
    run(options, LOG)
    assert len(loaded) == 4


def test_before_anything_is_announced_an_edit_counts_at_once(options):
    manifest.path(announced.folder(options.out, "2023Q4")).unlink()
    edit(options, "points = 5", "points = 7")
    assert run(options, LOG).outcome == "published"
