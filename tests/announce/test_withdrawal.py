"""Quarters that were passed over, withdrawn, or lost: asked about, replaced with a trace, made again."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from announce.village import Village
from jifen_batch.desk.announce.rebuild import rebuild
from jifen_batch.desk.announce.withdraw import withdraw
from jifen_batch.desk.verify.page import verify
from jifen_batch.errors import DecisionNeededError, InputRefusedError, LossError, UsageRefusedError
from jifen_batch.published import announced, manifest, publish


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Events of three quarters, 5 points, 20 points and 5 points, and nothing announced."""
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    made.event("e1", date(2023, 2, 1))
    made.event("e2", date(2023, 5, 1), item="fire", household="li")
    made.event("e3", date(2023, 8, 1))
    made.night(date(2023, 10, 15))
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


def test_quarters_that_were_passed_over_are_asked_about_with_their_points(village):
    with pytest.raises(
        DecisionNeededError, match=r"2023Q1: 1 lines, \+5 points, 2023Q2: 1 lines, \+20"
    ) as asked:
        village.hang("2023Q3", with_earlier=False)
    assert asked.value.exit_code == 4
    assert asked.value.figures["passed_over"]["quarters"] == [
        {"quarter": "2023Q1", "lines": 1, "points": 5},
        {"quarter": "2023Q2", "lines": 1, "points": 20},
    ]
    assert announced.quarters(village.out) == []
    tried = village.hang("2023Q3", with_earlier=False, dry_run=True)
    assert (tried.outcome, list(tried.waiting)) == ("dry_run", ["passed_over"])
    done = village.hang("2023Q3", with_earlier=True)
    assert done.content["with_earlier"] == asked.value.figures["passed_over"]


def test_announced_one_after_the_other_nothing_is_asked(village):
    for quarter in ("2023Q1", "2023Q2", "2023Q3"):
        done = village.hang(quarter, with_earlier=False)
        assert done.outcome == "announced"
        assert "with_earlier" not in done.content


def test_an_announcement_of_three_quarters_that_is_withdrawn_leaves_all_three_to_be_announced(village):
    village.hang("2023Q3", with_earlier=True)
    withdraw(village.out, "2023Q3", "错")
    with pytest.raises(DecisionNeededError, match=r"2023Q1: 1 lines, .* 2023Q2: 1 lines"):
        village.hang("2023Q3", with_earlier=False)
    assert village.hang("2023Q2", with_earlier=True).content["with_earlier"]["quarters"][0]["points"] == 5
    done = village.hang("2023Q3", with_earlier=False)
    assert "with_earlier" not in done.content
    assert done.content["replaces"]["reason"] == "错"
    assert village.board("2023Q3") == {("east", "wang", "新风"): (5, 0, 5, 10)}


def test_a_damaged_quarter_comes_back_the_way_that_the_refusal_says(village):
    village.hang("2023Q1", with_earlier=False)
    village.hang("2023Q2", with_earlier=False)
    folders = [announced.folder(village.out, quarter) for quarter in ("2023Q1", "2023Q2")]
    whole = [manifest.path(one).read_bytes() for one in folders]

    def cut():
        (folders[0] / "lines.parquet").write_bytes(b"")
        with pytest.raises(InputRefusedError) as refused:
            village.night(date(2023, 10, 16))
        return str(refused.value)

    said = cut()
    assert "move 2023Q1, 2023Q2 away and announce again" in said
    assert said.endswith("announce --quarter 2023Q1, then announce --quarter 2023Q2")
    for one in folders:
        shutil.rmtree(one)
    village.hang("2023Q1", with_earlier=False)
    village.hang("2023Q2", with_earlier=False)
    assert [manifest.path(one).read_bytes() for one in folders] == whole
    village.night(date(2023, 10, 16))
    assert "move it away and make it again with announce --rebuild 2023Q1" in cut()
    shutil.rmtree(folders[0])
    rebuild(village.out, "2023Q1", None)
    village.night(date(2023, 10, 17))


def test_an_empty_quarter_may_be_passed_over(tmp_path):
    made = Village(tmp_path / "village")
    made.event("e3", date(2023, 8, 1))
    made.night(date(2023, 10, 15))
    assert made.hang("2023Q3", with_earlier=False).outcome == "announced"


def test_a_withdrawn_quarter_lies_whole_with_its_reason_and_the_next_says_what_it_replaces(village):
    village.hang("2023Q1")
    village.hang("2023Q2")
    village.night(date(2023, 10, 16))
    folder = announced.folder(village.out, "2023Q2")
    before = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageRefusedError, match="2023Q2 was announced after it"):
        withdraw(village.out, "2023Q1", "错")
    with pytest.raises(UsageRefusedError, match="2023Q3: is not announced"):
        withdraw(village.out, "2023Q3", "错")
    told = withdraw(village.out, "2023Q2", "村里名单有误")
    assert announced.quarters(village.out) == ["2023Q1"]
    (kept,) = announced.withdrawn(village.out)
    assert {path.name: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert json.loads((kept.parent / "withdrawal.json").read_bytes())["reason"] == "村里名单有误"
    assert kept.parent.name.startswith("_")
    # Nobody misses it: neither the night, nor verify, nor the next announcement.
    assert village.night(date(2023, 10, 17)).outcome == "published"
    assert verify(village.out).findings == []
    again = village.hang("2023Q2")
    assert again.content["replaces"]["sha256"] == told["sha256"]
    assert again.content["replaces"]["reason"] == "村里名单有误"
    assert village.night(date(2023, 10, 18)).outcome == "published"
    withdraw(village.out, "2023Q2", "又错")
    assert len(announced.withdrawn(village.out)) == 2
    assert village.hang("2023Q2").content["replaces"]["reason"] == "又错"


def test_a_withdrawal_that_was_cut_short_leaves_the_quarter_hanging_and_goes_on(village):
    village.hang("2023Q1")
    digest = announced.manifest_digest(village.out, "2023Q1")
    left = village.out / "announced" / "withdrawn" / f"_2023Q1-{digest[:16]}"
    left.mkdir(parents=True)
    (left / "withdrawal.json").write_text("{}", encoding="utf-8")
    assert announced.withdrawn(village.out) == []
    assert withdraw(village.out, "2023Q1", "错")["reason"] == "错"


def lost(village, folder):
    """The second quarter lost, as later nights know it; what it held."""
    village.hang("2023Q1")
    village.hang("2023Q2")
    village.night(date(2023, 10, 16))
    kept = folder / "kept"
    shutil.move(announced.folder(village.out, "2023Q2"), kept)
    return kept


def bytes_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_lost_quarter_is_made_again_of_the_run_that_is_kept_to_the_last_byte(village, tmp_path):
    kept = lost(village, tmp_path)
    with pytest.raises(LossError, match="announce --rebuild 2023Q2"):
        village.night(date(2023, 10, 17))
    rebuild(village.out, "2023Q2", None)
    assert bytes_of(announced.folder(village.out, "2023Q2")) == bytes_of(kept)
    assert village.night(date(2023, 10, 17)).outcome == "published"
    with pytest.raises(UsageRefusedError, match="is announced and there"):
        rebuild(village.out, "2023Q2", None)
    with pytest.raises(UsageRefusedError, match="no kept run knows it"):
        rebuild(village.out, "2023Q3", None)


def test_where_that_run_is_gone_one_of_the_inputs_of_its_day_is_wanted_and_proved(village, tmp_path):
    kept = lost(village, tmp_path)
    known = publish.read_manifest(publish.current(village.out))["announced"][1]
    shutil.rmtree(village.out / "runs" / known["run_id"])
    with pytest.raises(InputRefusedError, match=r"as of 2023-10-15 into an empty output folder"):
        rebuild(village.out, "2023Q2", None)
    scratch = Village(tmp_path / "scratch")
    scratch.events = dict(village.events)
    scratch.event("e2", date(2023, 5, 1), item="help", household="li")
    scratch.night(date(2023, 10, 15))
    with pytest.raises(DecisionNeededError, match="is not what hung"):
        rebuild(village.out, "2023Q2", scratch.out)
    assert announced.quarters(village.out) == ["2023Q1"]
    scratch.events = dict(village.events)
    scratch.night(date(2023, 10, 15))
    rebuild(village.out, "2023Q2", scratch.out)
    assert bytes_of(announced.folder(village.out, "2023Q2")) == bytes_of(kept)
