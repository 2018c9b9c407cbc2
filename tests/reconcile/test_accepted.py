"""The register of accepted breaks: a known break is silent until its day, or until it changes."""

from datetime import date

import polars as pl
import pytest

from jifen_batch.analysis import acceptance
from jifen_batch.errors import AcceptedRefusedError
from jifen_batch.inputs import accepted_breaks
from jifen_batch.tables.reconciled import BREAKS
from jifen_batch.tables.statement import ACCEPTED

DAY = date(2024, 7, 20)
ENTRY = {"household_id": "a", "scoring_year": 2023, "difference": -20, "who": "x", "why": "y", "until": DAY}
TEXT = """[[accepted]]
household_id = "a"
scoring_year = 2023
difference = -20
who = "村会计"
why = "对方年底补录"
until = 2024-07-20
"""


def entries(*changes):
    rows = [{**ENTRY, "line": 1, **change} for change in changes]
    return pl.DataFrame(rows, schema=ACCEPTED.schema)


def breaks(*changes):
    """Breaks of one point of difference each, unless told otherwise."""
    plain = {"household_id": "a", "scoring_year": 2023, "outcome": "amount_differs", "difference": -20}
    rows = [{**dict.fromkeys(BREAKS.names), **plain, **change} for change in changes]
    return pl.DataFrame(rows, schema=BREAKS.schema)


@pytest.mark.parametrize(
    ("entry", "became"),
    [
        ({}, "accepted"),
        ({"until": date(2024, 7, 19)}, "expired"),
        ({"difference": -21}, "changed"),
        ({"difference": -21, "until": date(2024, 7, 19)}, "changed"),
        ({"household_id": "b"}, None),
        ({"scoring_year": 2024}, None),
        ({"category": "村民议事"}, None),
        ({"quarter": "2023Q3"}, None),
    ],
)
def test_a_break_is_accepted_with_its_key_its_difference_and_in_time(entry, became):
    judged = acceptance.judged(breaks({}), entries(entry), DAY)
    assert judged["acceptance"].item() == became
    assert judged.select(acceptance.is_open()).item() is (became != "accepted")


def test_breaks_keep_their_order_and_number():
    """The register neither doubles a break nor loses one."""
    several = breaks(*({"household_id": name} for name in "cabd"))
    judged = acceptance.judged(several, entries({}, {"household_id": "d"}), DAY)
    assert judged["household_id"].to_list() == list("cabd")
    assert judged["acceptance"].to_list() == [None, "accepted", None, "accepted"]


def test_causes_are_counted_the_most_frequent_first():
    """Equals by outcome and cause, those without a cause last; several that disagree are told apart."""
    causes = ((None, 0), ("pending", 2), (None, 0), ("declined", 1), ("pending", 1), (None, 3))
    rows = ({"cause": cause, "explanations": many} for cause, many in causes)
    judged = acceptance.judged(breaks(*rows), entries({}), DAY)
    counted = acceptance.by_cause(judged)
    assert counted.rows() == [
        ("amount_differs", "pending", None, False, 2, 0, -40),
        ("amount_differs", None, None, False, 2, 0, -40),
        ("amount_differs", "declined", None, False, 1, 0, -20),
        ("amount_differs", None, None, True, 1, 0, -20),
    ]


def test_entries_without_a_break_are_obsolete():
    """Not those of a year, or of quarters, that the statement says nothing about."""
    keys = pl.concat([breaks({}), breaks({"household_id": "b", "outcome": "matched", "difference": 0})])
    given = entries(
        {}, {"household_id": "b"}, {"household_id": "c"}, {"scoring_year": 2022}, {"quarter": "2023Q1"}
    )
    assert acceptance.obsolete(given, keys, [])["household_id"].to_list() == ["b", "c"]


def test_the_register_is_read(tmp_path):
    path = tmp_path / "accepted.toml"
    path.write_text(TEXT + "\n" + TEXT + 'quarter = "2023年三季度"\n', encoding="utf-8")
    read = accepted_breaks.read(str(path))
    assert read.schema == ACCEPTED.schema
    assert read["quarter"].to_list() == [None, "2023Q3"]
    assert read["line"].to_list() == [1, 9]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (TEXT.replace('who = "村会计"\n', ""), 1, "缺少 who"),
        (TEXT.replace("村会计", " "), 5, "是空白"),
        (TEXT.replace("-20\n", "-20.5\n", 1), 4, "我方减对方的差额"),
        (TEXT.replace("2024-07-20", "'2024-07-20'"), 7, "不加引号"),
        (TEXT.replace("2024-07-20", ""), 7, "等号后面的值无法识别"),
        (TEXT.replace("2023", "1999"), 3, "不小于 2000"),
        (TEXT + "quarter = '三季度'\n", 8, "2023Q3"),
        (TEXT + "quater = '2023Q3'\n", 8, "请改为 quarter"),
        (TEXT + TEXT, 8, "与第 1 行是同一处差异"),
        (TEXT.replace("[[accepted]]", "[accepted]"), 1, "[[accepted]]"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(tmp_path, text, line, said):
    path = tmp_path / "accepted.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AcceptedRefusedError) as refused:
        accepted_breaks.read(str(path))
    (complaint,) = refused.value.complaints
    assert complaint.line == line
    assert said in complaint.sentence.zh
