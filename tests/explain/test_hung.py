"""Which lines hang: announced ones, corrected ones, and those that were taken down again."""

from datetime import date

import polars as pl
import pytest

from jifen_batch.analysis import announced_lines
from jifen_batch.tables import LEDGER
from jifen_batch.tables.announced import CORRECTIONS, LINES

TEXTS = {name: "x" for name, kind in LEDGER.schema.items() if kind == pl.String}


def line(event_id, points, *, quarter="2023Q1", month=1, disposition="awarded"):
    day = date(2023, month, 28)
    numbers = {"scoring_year": 2023, "quantity": 1, "gross": points, "points": points, "cap_used": None}
    days = dict.fromkeys(("occurred_on", "accrued_on", "posted_on"), day)
    return TEXTS | numbers | days | {"event_id": event_id, "quarter": quarter, "disposition": disposition}


def board(*own):
    """Announced lines: (line, the quarter it hung in)."""
    rows = [row | {"announced_in": quarter} for row, quarter in own]
    return pl.DataFrame(rows, schema={**LINES.schema, "announced_in": pl.String()})


def put_right(*changes):
    """Corrections: (line, change, the quarter of the notice)."""
    rows = [row | {"change": change, "reason": "r", "announced_in": at} for row, change, at in changes]
    return pl.DataFrame(rows, schema={**CORRECTIONS.schema, "announced_in": pl.String()})


def hangs(ledger, own, corrections):
    """Where each ledger line hangs, and the points of lines that hang and are gone."""
    lines = pl.DataFrame(ledger, schema=LEDGER.schema)
    hanging = announced_lines.hanging(own, corrections)
    where = announced_lines.announced(lines, hanging)["announced_in"].to_list()
    return where, announced_lines.taken_down_next(lines, hanging)["points"].to_list()


OLD, NEW = line("e1", 5), line("e1", 3)


@pytest.mark.parametrize(
    ("ledger", "own", "corrections", "expected"),
    [
        ([OLD], [], [], ([None], [])),
        ([OLD], [(OLD, "2023Q1")], [], (["2023Q1"], [])),
        ([], [(OLD, "2023Q1")], [], ([], [5])),
        ([NEW], [(OLD, "2023Q1")], [], ([None], [5])),
        ([NEW], [(OLD, "2023Q1")], [(OLD, -1, "2023Q2"), (NEW, 1, "2023Q2")], (["2023Q2"], [])),
        ([OLD], [(OLD, "2023Q1")], [(OLD, -1, "2023Q2")], ([None], [])),
        (
            [OLD],
            [(OLD, "2023Q1")],
            [(OLD, -1, "2023Q2"), (OLD, 1, "2023Q3")],
            (["2023Q3"], []),
        ),
        (
            [OLD],
            [(OLD, "2023Q1")],
            [(OLD, -1, "2023Q2"), (OLD | {"cap_used": 5}, 1, "2023Q2")],
            (["2023Q1"], []),
        ),
        ([OLD, line("e1", 5, month=2)], [(OLD, "2023Q1")], [], (["2023Q1", None], [])),
    ],
    ids=[
        "not yet",
        "own",
        "gone",
        "changed since",
        "corrected",
        "taken down",
        "up again",
        "never down",
        "another month",
    ],
)
def test_where_a_line_hangs(ledger, own, corrections, expected):
    assert hangs(ledger, board(*own), put_right(*corrections)) == expected


def test_an_award_and_its_reversal_are_told_apart():
    award, back = line("e1", 0), line("e1", 0, disposition="reversed")
    assert hangs([award, back], board((award, "2023Q1")), put_right()) == (["2023Q1", None], [])
