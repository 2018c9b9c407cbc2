"""`compare` on published runs: figures that add up, files that are passed over, and what is refused."""

from __future__ import annotations

import json
import shutil
from functools import partial

import polars as pl

from jifen_batch.analysis.attributed import BY_ITEM, sums
from jifen_batch.desk.compare import page
from jifen_batch.published import runs, village_range
from jifen_batch.tables import LEDGER
from jifen_batch.tables.compared import ATTRIBUTED


def test_an_edited_book_is_behind_all_that_changes(published, jifen):
    code, said = jifen("compare", "--json", "--out", published.out, published.plain, published.edited[:6])
    told = json.loads(said)
    assert code == 0
    assert told["outcome"] == "different"
    assert told["difference"] == told["attributed"] == told["after"]["points"] - told["before"]["points"] < 0
    assert told["unattributed"] == told["lines_unattributed"] == 0
    assert {(one["cause"], one["what"]) for one in told["causes"]} <= {
        ("points", "edited"),
        ("cap", "followed"),
    }
    assert [change["key"] for change in told["rules"] if not change["inherited"]] == ["waste.pledge"]
    assert [one["item"] for one in told["items"]] == ["waste.pledge"]
    moved = sum(one["points_up"] + one["points_down"] for one in told["villages"])
    assert moved == told["difference"]
    for household in told["households"]:
        assert sum(cause["points"] for cause in household["causes"]) == household["difference"]


def test_a_line_with_two_causes_counts_under_each_but_once_for_its_item():
    line = dict.fromkeys(ATTRIBUTED.names) | {"event_id": "a", "item": "walk", "reversed": False}
    told = [line | {"cause": "points", "points": 3}, line | {"cause": "cap", "points": -1}]
    lines = pl.DataFrame(told, schema=ATTRIBUTED.schema)
    assert sums(lines, BY_ITEM).rows() == [("walk", 1, 3, -1)]
    assert sorted(sums(lines, ["cause"]).rows()) == [("cap", 1, 0, -1), ("points", 1, 3, 0)]


def test_what_became_of_events_is_looked_up_on_the_other_side(published, jifen, tmp_path):
    file = tmp_path / "lines.parquet"
    wanted = {("2023-0001", "declared"), ("2023-0003", "declined"), ("2023-0004", "missing_field")}
    for sides in ((published.plain, published.amended), (published.amended, published.plain)):
        assert jifen("compare", "--lines", file, "--out", published.out, *sides)[0] == 0
        lines = pl.read_parquet(file).filter(pl.col("what") != "followed")
        assert set(lines.select("event_id", "what").unique().rows()) == wanted
        assert lines["cause"].unique().to_list() == ["rows"]


def test_a_later_day_brings_what_was_due(published, jifen):
    code, said = jifen("compare", "--json", "--out", published.out, published.early, published.plain)
    told = json.loads(said)
    assert code == 0
    assert told["unattributed"] == told["lines_unattributed"] == 0
    assert "due" in {one["cause"] for one in told["causes"]}
    assert {one["cause"] for one in told["causes"]} <= {"due", "rows", "forfeiture", "once", "cap"}


def test_people_read_what_is_left_without_a_cause_and_that_equal_runs_are_equal(published, jifen):
    code, said = jifen("compare", "--out", published.out, published.plain, published.edited)
    assert code == 0
    assert "原因不明 +0（0 笔）" in said
    assert "垃圾分类承诺（waste.pledge）" in said
    code, said = jifen("compare", "--out", published.out, published.early, "current")
    assert (code, "两次结果完全相同。" in said) == (0, True)


def test_every_changed_line_is_written_with_its_cause(published, jifen, tmp_path):
    file = tmp_path / "lines.parquet"
    words = ("--out", published.out, published.plain, published.edited)
    code, said = jifen("compare", "--json", "--lines", file, *words)
    lines = pl.read_parquet(file)
    assert code == 0
    assert lines.schema == ATTRIBUTED.schema
    assert lines["points"].sum() == json.loads(said)["difference"]
    assert [path.name for path in tmp_path.iterdir()] == ["lines.parquet"]


def test_the_pieces_in_which_ledgers_are_read_change_nothing(published, monkeypatch):
    named = (published.early, published.edited)
    whole = page.compare(published.out, named, 5)
    monkeypatch.setattr(village_range, "cut", partial(village_range.cut, lines_at_once=1))
    monkeypatch.setattr(page, "HOUSEHOLDS_AT_ONCE", 1)
    apart = page.compare(published.out, named, 5)
    assert len(list(page._pieces(apart.before, apart.after, pl.DataFrame()))) > 2  # noqa: SLF001 - how many is not told
    for name in ("by_cause", "by_village", "by_item", "reasons"):
        assert getattr(apart, name).equals(getattr(whole, name))


def test_files_that_are_the_same_are_not_read_and_others_must_be_as_written(published, jifen, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(published.out, out, symlinks=True)
    ledger = next((runs.find(out, published.plain) / LEDGER.name).rglob("*.parquet"))
    ledger.write_bytes(b"no ledger any more")
    words = ("compare", "--json", "--out", out, published.plain)
    assert jifen(*words, published.plain)[0] == 0
    code, said = jifen(*words, published.edited)
    assert code == 3
    assert "is not as its manifest says" in json.loads(said)["error"]


def test_what_is_refused(published, jifen, tmp_path):
    both = (published.plain, published.edited)
    assert jifen("compare", "--out", published.out, "0123456789abcdef", "current")[0] == 3
    assert jifen("compare", "--out", tmp_path, "current", "current")[0] == 3
    assert jifen("compare", "--out", published.out, "current")[0] == 2
    inside = published.out / "runs" / "lines.parquet"
    for file in (tmp_path / "lines.csv", tmp_path / "none" / "lines.parquet", inside):
        assert jifen("compare", "--out", published.out, "--lines", file, *both)[0] == 2
