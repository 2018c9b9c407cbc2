"""What the page of recipes tells to copy can be copied: every piece is accepted, and does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jifen_batch import rules
from oracle.small import event, run, seen

DOCS = Path(__file__).parents[2] / "docs" / "clerk"
HEAD = '[book]\nid = "b"\ntitle = "细则"\nsource = "文"\nfirst_year = 2023\n\n'
PIECES = {
    language: re.findall(
        r"```toml\n(.*?)```", (DOCS / f"rule-recipes.{language}.md").read_text("utf-8"), re.DOTALL
    )
    for language in ("zh", "en")
}


def piece(code):
    return next(HEAD + text for text in PIECES["zh"] if f'code = "{code}"' in text)


def points(code, *rows):
    return [line[0] for line in seen(run([*rows], piece(code)), "ledger", "points")]


def test_both_languages_have_the_same_pieces():
    assert PIECES["zh"] == PIECES["en"]


@pytest.mark.parametrize("text", PIECES["zh"])
def test_a_piece_is_accepted_without_a_warning(text, tmp_path):
    (tmp_path / "book.toml").write_text(HEAD + text, encoding="utf-8")
    assert rules.load([tmp_path]).warnings == []


def test_so_much_a_day():
    rows = [event(f"e{number}", "patrol", "2023-05-01") for number in range(4)]
    assert points("patrol", *rows, event("f", "patrol", "2023-05-02")) == [2, 2, 2, 0, 2]


def test_only_the_first_three():
    rows = [event(f"e{number}", "lecture", f"2023-05-0{number + 1}") for number in range(4)]
    assert points("lecture", *rows) == [4, 4, 4, 0]


def test_a_refund_only_of_what_was_deducted_and_once():
    rows = [
        event("a", "mended", "2023-02-01", matter_id="m"),
        event("b", "mess", "2023-03-01"),
        event("c", "mended", "2023-04-01", matter_id="n"),
        event("d", "mended", "2023-04-02", matter_id="n"),
    ]
    assert points("mended", *rows) == [0, -10, 5, 0]


def test_the_higher_of_two_duties():
    rows = [
        event("a", "fair.helper", "2023-05-01", matter_id="fair"),
        event("b", "fair.leader", "2023-05-01", matter_id="fair"),
    ]
    assert points("fair.leader", *rows) == [8, 12]


def test_a_mark_above_the_limit_is_held():
    assert points("judged", event("a", "judged", quantity=14)) == [10]


def test_an_item_that_begins_in_july_and_a_cap_that_falls_in_august():
    rows = [event(f"e{month}", "compost", f"2023-{month:02}-02") for month in range(6, 13)]
    assert points("compost", *rows) == [0, 5, 5, 5, 5, 5, 5]
