"""Headers that nobody reads and that may stand for a column which the file has not."""

from datetime import date
from pathlib import Path

import pytest

from announce.village import QUIET
from both_languages import faults
from jifen_batch.engine import placed_rows
from jifen_batch.inputs.stand_ins import may_stand
from jifen_batch.tables.inputs import EVENTS, HOUSEHOLDS
from jifen_batch.worker import RunOptions, run
from jifen_batch.worker.intake import OPTIONAL_OF_REGISTER

BOOK = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"
OPTIONAL = (*placed_rows.OPTIONAL, *OPTIONAL_OF_REGISTER)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("qty", "quantity"),
        ("quant", "quantity"),
        ("times", "quantity"),
        ("次数", "quantity"),
        ("leave_on", "left_on"),
        ("left_date", "left_on"),
        ("迁出日期", "left_on"),
        ("valid_until", "until"),
        ("until_date", "until"),
        ("end_date", "until"),
        ("approved_on", "decided_on"),
        ("decided_date", "decided_on"),
        ("recorded_time", "recorded_at"),
        ("member", "member_id"),
        ("member_no", "member_id"),
        ("matter", "matter_id"),
        ("household_kind", "kind"),
        ("kidn", "kind"),
        ("kinds", "kind"),
        ("group", "group_id"),
    ],
)
def test_another_word_may_stand_for_a_column(header, column):
    assert may_stand(header, column)


OTHERS = ["member_name", "village", "remark", "unit", "phone", "photo_url", "source", "created_by", "备注"]


@pytest.mark.parametrize("header", [*OTHERS, *EVENTS.required, *HOUSEHOLDS.required])
def test_words_of_their_own_stand_for_none(header):
    assert [column for column in OPTIONAL if may_stand(header, column)] == []


EVENT_ROWS = (
    "event_id,household_id,item,occurred_on,status,qty\nE1,H1,volunteer.service,2023-02-01,approved,2\n"
)
REGISTER = "household_id,village_id,town_id,enrolled_on,leave_on\nH1,V1,T1,2023-01-01,2023-06-01\n"


def test_a_night_tells_of_both_inputs(tmp_path):
    for name, text in (("events", EVENT_ROWS), ("households", REGISTER)):
        (tmp_path / f"{name}.csv").write_bytes(text.encode())
    inputs = {name: str(tmp_path / f"{name}.csv") for name in ("events", "households")}
    options = RunOptions(rules=(str(BOOK),), out=tmp_path / "out", as_of=date(2023, 4, 15), **inputs)
    report = run(options, QUIET)
    warned = [one for one in report.manifest["warnings"] if "may stand for" in one["why"]]
    assert [(one["role"], one["name"], one["why"][:40]) for one in warned] == [
        ("households", "households.csv", "there is no column left_on, and 'leave_o"),
        ("events", "events.csv", "there is no column quantity, and 'qty', "),
    ]
    assert [faults(*one["sentence"].values()) for one in warned] == [[], []]
