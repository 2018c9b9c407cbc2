"""What people read folds between words: never within a figure, an id or a date, however narrow it is."""

from __future__ import annotations

import random
import re

import pytest
from rich.console import Console

from jifen_batch.notices.fold import folded, shared_out
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.sentence import Sentence

DAY, ID, SUM = "2023-05-01", "990113101201", "-1,234,567"
SAID = Sentence(
    f"Of household {ID}, 1,234,567 points stand since {DAY} (rank 12 of 345), and that is all there is.",
    f"农户 {ID} 自 2023年5月1日 起共有1,234,567分（全村345户中第12名），原公告-45分，现为 +60 分；到此为止。",
)


def cells(text):
    """How wide a terminal shows a text."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def printed(part, language, width):
    """The lines of a part as a terminal of some width shows them."""
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(part.here(language))
    return captured.get().splitlines()


@pytest.mark.parametrize("width", range(24, 81, 7))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_figure_of_a_sentence_is_broken(language, width):
    lines = printed(Lines(SAID), language, width)
    assert max(map(cells, lines)) <= width
    figures = re.findall(r"[-+]?\d[\d,-]*年?|\d+月\d+日", SAID.here(language))
    assert [one for one in figures if not any(one in line for line in lines)] == []
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", SAID.here(language))


def test_a_chinese_sentence_keeps_its_marks_and_its_days_together():
    lines = folded("自2023年5月1日起，共计5分。", 14).split("\n")
    assert lines == ["自2023年5月1日", "起，共计5分。"]


def test_what_goes_on_stands_below_what_began():
    assert folded("    one two three", 12) == "    one two\n    three"


def test_only_what_is_longer_than_the_line_is_broken_behind_a_slash():
    assert folded("see /out/runs/0123456789/rejects", 16).split("\n") == [
        "see /out/runs/",
        "0123456789/",
        "rejects",
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_cell_that_is_a_figure_is_broken(seed, language, width):
    chance = random.Random(seed)  # noqa: S311 - can be run again
    headers = [Sentence(f"column {n}", f"第{n}列") for n in range(chance.randint(3, 12))]
    kinds = [chance.choice((DAY, ID, None, "text", "figure")) for _ in headers]

    def cell(kind):
        return {"text": SAID, "figure": chance.randint(-9_999_999, 9_999_999)}.get(kind, kind)

    rows = [[cell(kind) for kind in kinds] for _ in range(5)]
    lines = printed(
        Grid(Sentence("Title", "标题"), headers, rows, note=SAID, whole=headers[:2]), language, width
    )
    assert max(map(cells, lines)) <= width
    whole = {f"{one:,}" if isinstance(one, int) else one for row in rows for one in row}
    short = [one for one in whole if isinstance(one, str)]
    assert [one for one in short if not any(one in line for line in lines)] == []


def test_a_table_with_room_stands_as_a_table_and_one_without_row_by_row():
    grid = Grid(Sentence("Sums", "合计"), ["village", "ours", "theirs"], [[ID, -1_234_567, 5]])
    assert any("village" in line and "theirs" in line for line in printed(grid, "en", 60))
    assert printed(grid, "en", 26) == ["Sums", "", f"village: {ID}", "  ours: -1,234,567", "  theirs: 5", ""]


def test_columns_share_the_room_the_widest_giving_way_first():
    assert shared_out([5, 5, 5], [5, 40, 60], 45) == [5, 20, 20]
    assert shared_out([5, 30, 5], [5, 40, 60], 45) == [5, 30, 10]
    assert shared_out([5, 5], [5, 6], 90) == [5, 6]
    assert shared_out([30, 30], [40, 40], 50) is None
