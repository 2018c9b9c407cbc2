"""Successions and objections: what specification 2.2 calls an input error is one, by file, column and row."""

import polars as pl
import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.objections import read_objections
from jifen_batch.inputs.run_inputs import read_register
from jifen_batch.inputs.successions import read_successions
from jifen_batch.kernels.successions import renaming

HEAD = "old_household_id,new_household_id,effective_on,kind"
TWICE = "row 3: names a household that an earlier row"
OBJECTIONS_HEAD = "objection_id,household_id,raised_on,status,event_id,note"


@pytest.fixture
def given(tmp_path):
    """The files of an input with these lines."""

    def call(role, head, *lines):
        (tmp_path / f"{role}.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
        return find(str(tmp_path / f"{role}.csv"), role).files

    return call


def test_chains_of_any_length_are_followed(given):
    lines = [f"h{number},h{number + 1},2023-01-0{1 + number % 9},renamed" for number in range(1000)]
    rows = read_successions(given("successions", HEAD, *lines, "z,h3,2023-01-01,merged"))
    found = renaming(rows, rows["effective_on"].max())
    assert dict(found.select("old_household_id", "new_household_id").iter_rows()) == {
        f"h{number}": "h1000" for number in range(1000)
    }


def test_rows_that_are_equal_are_one(given):
    assert read_successions(given("successions", HEAD, *["a,b,2023-01-01,renamed"] * 2)).height == 1


@pytest.mark.parametrize(
    ("complaint", "lines"),
    [
        (
            TWICE,
            ["a,b,2023-01-01,renamed", "a,c,2023-01-01,renamed"],
        ),
        (
            TWICE,
            ["a,b,2023-01-01,renamed", "a,b,2090-01-01,renamed"],
        ),
        (TWICE, ["a,b,2023-01-01,renamed", "a,c,2023-01-01,merged"]),
        (TWICE, ["a,b,2023-01-01,merged", "a,c,2023-01-01,merged"]),
        ("row 2: names a household that comes to itself", ["a,a,2023-01-01,renamed"]),
        (
            r"rows 3, 4, 5: names a household that comes to itself",
            [
                "z,a,2023-01-01,renamed",
                "a,b,2023-01-01,merged",
                "b,c,2090-01-01,renamed",
                "c,a,2023-01-01,merged",
            ],
        ),
        ("effective_on, row 2: is not within", ["a,b,1999-12-31,renamed"]),
        ("effective_on, row 2: is not within", ["a,b,2100-01-01,merged"]),
        ("kind, row 2: is none of renamed, merged", ["a,b,2023-01-01,改名"]),
        ("new_household_id, row 2: is empty", ["a,,2023-01-01,renamed"]),
    ],
)
def test_impossible_successions_are_refused(given, complaint, lines):
    with pytest.raises(InputRefusedError, match=complaint):
        read_successions(given("successions", HEAD, *lines))


def test_spells_of_both_ids_that_overlap_are_refused_from_the_day_on(given):
    rows = read_successions(given("successions", HEAD, "a,n,2023-06-01,renamed"))
    files = given(
        "households", "household_id,village_id,town_id,enrolled_on", "a,v,t,2023-01-01", "n,v,t,2023-06-01"
    )
    day = rows["effective_on"][0]
    before = renaming(rows, day.replace(day=1, month=5))
    assert read_register(files, before).spells["household_id"].to_list() == ["a", "n"]
    with pytest.raises(InputRefusedError, match="under the old and the new id overlap for household n;"):
        read_register(files, renaming(rows, day))


def test_the_note_of_an_objection_is_never_read(given):
    lines = ["o1,a,2023-05-01,open,e1,张三 13800138000", "o2,a,2023-05-01,upheld,,"]
    rows = read_objections(given("objections", OBJECTIONS_HEAD, *lines))
    assert rows.select("objection_id", "status", "event_id").rows() == [
        ("o1", "open", "e1"),
        ("o2", "upheld", None),
    ]
    assert rows.schema["raised_on"] == pl.Date


@pytest.mark.parametrize(
    ("complaint", "lines"),
    [
        ("row 3: names an objection", ["o1,a,2023-05-01,open,,", "o1,a,2023-05-01,dismissed,,"]),
        ("status, row 2: is none of open, upheld, dismissed", ["o1,a,2023-05-01,Open,,"]),
        ("raised_on, row 2: is not within", ["o1,a,2100-05-01,open,,"]),
        ("household_id, row 2: is empty", ["o1,,2023-05-01,open,,"]),
    ],
)
def test_impossible_objections_are_refused(given, complaint, lines):
    with pytest.raises(InputRefusedError, match=complaint):
        read_objections(given("objections", OBJECTIONS_HEAD, *lines))
