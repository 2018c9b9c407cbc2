"""A night of too many rejects says which they are, and whether an edit that waits would take them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from announce.village import QUIET, Village
from jifen_batch.errors import TooManyRejectsError
from jifen_batch.worker import RunOptions, run

NEW_ITEM = """
[[items]]
code = "duty"
category = "新风"
task = "书屋"
name = "值班"
points = 5
per = "event"
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    for number in range(9):
        made.event(f"e{number}", date(2023, 2, 1 + number))
    made.night(date(2023, 4, 15))
    return made


@pytest.fixture
def village(begun, tmp_path):
    return begun.copied_to(tmp_path / "village")


def asked(village, as_of):
    """Options of a night under the village's rule files as they lie there."""
    return RunOptions(
        events=str(village.folder / "events.parquet"),
        households=str(village.folder / "households.parquet"),
        rules=(str(village.folder / "rules"),),
        out=village.out,
        as_of=as_of,
    )


def test_the_most_frequent_reasons_items_and_files_are_named_and_the_limit_last(village):
    village.event("x1", date(2023, 3, 1), item="nonsense")
    village.event("x2", date(2023, 3, 1), item="nonsense")
    village.event("x3", date(2023, 3, 1), status="maybe")
    with pytest.raises(TooManyRejectsError) as refused:
        village.night(date(2023, 4, 16), max_reject_rate=0.1)
    said = refused.value
    assert said.figures["most_frequent"] == {
        "reasons": {"unknown_item": 2, "unknown_status": 1},
        "items": {"nonsense": 2, "help": 1},
        "files": {"events.parquet": 3},
    }
    text = str(said)
    assert text.startswith("--events: 3 of 12 rows are rejected, more than 10.0%")
    assert "reasons [unknown_item: 2, unknown_status: 1]" in text
    assert text.index("at their source") < text.index("--max-reject-rate")
    assert Path(said.figures["rejects_folder"]).is_dir()
    assert "held back" not in text
    assert "细则中无此事项" in said.zh


@pytest.mark.parametrize("others", [False, True], ids=["no other reason", "others beside"])
def test_a_column_that_came_blank_is_named_with_its_file(village, others):
    for number in range(3):
        village.event(f"x{number}", None if number else date(2023, 3, 1), item=None)
    if others:
        village.event("y", date(2023, 3, 1), status="maybe")
    with pytest.raises(TooManyRejectsError) as refused:
        village.night(date(2023, 4, 16), max_reject_rate=0.1)
    said = refused.value
    assert said.figures["empty_cells"] == [
        {"column": "item", "rows": 3, "files": {"events.parquet": 3}},
        {"column": "occurred_on", "rows": 2, "files": {"events.parquet": 2}},
    ]
    assert "the required column item is empty in 3 row(s) of events.parquet, " in str(said)
    assert "events.parquet 有 3 行的必填栏 item 空着" in said.zh
    assert ("at their source" in str(said)) == others
    assert ("来源处更正" in said.zh) == others


def test_what_is_no_code_is_counted_and_not_named(village):
    for number, text in enumerate(["王小明 13800000000", "13800000000", "Help"]):
        village.event(f"x{number}", date(2023, 3, 1), item=text)
    with pytest.raises(TooManyRejectsError) as refused:
        village.night(date(2023, 4, 16), max_reject_rate=0.1)
    assert refused.value.figures["most_frequent"]["items"] == {"no code": 3}
    assert "王小明" not in str(refused.value) + refused.value.zh
    assert "不像代码的文字: 3" in refused.value.zh


def test_an_edit_that_waits_and_would_take_the_rows_is_named_with_its_fingerprint(village):
    village.hang("2023Q1")
    book = village.folder / "rules" / "book.toml"
    book.write_text(
        book.read_text(encoding="utf-8").replace("points = 5", "points = 4") + NEW_ITEM, encoding="utf-8"
    )
    night = asked(village, date(2023, 4, 16))
    held = run(night, QUIET)
    assert held.outcome == "held_back"
    edited = book.read_text(encoding="utf-8")
    village.event("d1", date(2023, 4, 16), item="duty")
    village.write()
    book.write_text(edited, encoding="utf-8")
    with pytest.raises(TooManyRejectsError) as refused:
        run(replace(night, as_of=date(2023, 4, 17)), QUIET)
    said = refused.value
    assert "items [duty: 1]" in str(said)
    assert "1 of them are taken by the edit of base that is held back" in str(said)
    assert f"--accept-rules {held.held_back['accept_rules']}" in str(said)
    assert said.figures["accept_rules"] == held.held_back["accept_rules"]
    assert "暂缓执行的细则修改" in said.zh
