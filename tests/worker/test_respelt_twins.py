"""An event under two spellings of its id counts as two, for ids are compared byte by byte: it is told."""

import pytest

from both_languages import faults
from hunt import world
from jifen_batch.errors import TooManyRejectsError
from worker.test_respelt import MENDS, as_float, behind_blank, in_full_width, quoted, without_zeros


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return world.announced(tmp_path_factory.mktemp("twins") / "good")


@pytest.fixture
def later(good, tmp_path):
    return good.copied(tmp_path / "w")


def numbered(made):
    """The events under numbers with zeros in front, as many exports have them."""
    return [row | {"event_id": f"00{at:04}7a"} for at, row in enumerate(made.events)]


def told(made, rows, beside, name="b.csv"):
    """What a first night says of a folder of two files, or of one in which the rows stand together."""
    before = len(made.log.entries)
    # A night that says nothing leaves no entry: folders are counted, not entries.
    out = made.at(f"other-{len([*made.folder.glob('other-*')])}")
    made.options = {"as_of": world.FIRST_NIGHT, "out": out, "events": str(made.at("in"))}
    made.put("in/a.csv", world.text_of(rows if name else rows + beside))
    if name:
        made.put(f"in/{name}", world.text_of(beside))
    report = made.night()
    found = [one for one in made.log.entries[before:] if one["event"] == "may be wrong"]
    assert report.manifest["warnings"] == [
        {"role": one["role"], "name": one["name"], "why": one["why"].en, "sentence": one["why"]._asdict()}
        for one in found
    ]
    assert [faults(*one["why"]) for one in found] == [[]] * len(found)
    return [one for one in found if "written otherwise" in one["why"].en]


@pytest.mark.parametrize("name", ["b.csv", "0.csv", None], ids=["read after", "read before", "one file"])
@pytest.mark.parametrize("done", [without_zeros, as_float, in_full_width, quoted, behind_blank, str.upper])
def test_a_copy_whose_ids_are_spelt_otherwise_is_told_with_pairs_files_and_remedy(later, done, name):
    rows = numbered(later)
    (one,) = told(later, rows, [row | {"event_id": done(row["event_id"])} for row in rows], name)
    english, chinese = one["why"]
    first = (rows[0]["event_id"], done(rows[0]["event_id"]))
    pair = first if name != "0.csv" else first[::-1]
    assert "26 event(s)" in english
    assert "26 件" in chinese
    assert f"{pair[0]!r} = {pair[1]!r}" in english
    assert {one["name"]} | ({"a.csv", name} & {*english.split()}) == {"a.csv", name or "a.csv"}
    assert MENDS[done] in english
    assert ("leave only one of the two files" in english) == bool(name)


def test_an_older_file_of_fewer_rows_and_another_order_is_told(later):
    rows = numbered(later)
    older = [row | {"event_id": as_float(row["event_id"])} for row in rows[9:2:-1]]
    (one,) = told(later, rows, older)
    assert "7 event(s) of a.csv" in one["why"].en
    assert f"{rows[3]['event_id']!r} = {older[-1]['event_id']!r}" in one["why"].en


def test_a_row_whose_other_ids_are_spelt_otherwise_too_is_told(later):
    """What a sheet program does to one id it does to all that are numbers."""
    rows = [row | {"matter_id": "017", "member_id": "01"} for row in numbered(later)]
    beside = [
        row | {name: as_float(row[name]) for name in ("event_id", "matter_id", "member_id")} for row in rows
    ]
    assert len(told(later, rows, beside)) == 1


def test_of_many_files_the_first_are_named_and_the_rest_counted(later):
    rows = numbered(later)
    for at in range(8):
        later.put(f"in/z{at}.csv", world.text_of([rows[at] | {"event_id": f"'{rows[at]['event_id']}"}]))
    found = told(later, rows, [rows[9]])
    assert [one["name"] for one in found] == [f"z{at}.csv" for at in range(6)]
    assert "3 more event(s)" in found[-1]["why"].en


@pytest.mark.parametrize(
    "cells",
    [
        {"occurred_on": "2023-02-12"},
        {"item": "deliberation.meeting"},
        {"household_id": "001002"},
        {"status": "declared"},
    ],
    ids=str,
)
def test_ids_that_look_alike_and_are_of_other_events_are_not_told(later, cells):
    rows = [row for row in numbered(later) if row["household_id"] == "001003" and row["quantity"]]
    assert told(later, rows, [row | cells | {"event_id": as_float(row["event_id"])} for row in rows]) == []
    assert told(later, rows, [row | {"event_id": f"1{row['event_id']}"} for row in rows]) == []


def test_a_copy_that_writes_households_otherwise_is_named_beside_the_events_torn_between_two(later):
    rows = numbered(later)
    with pytest.raises(TooManyRejectsError) as refusal:
        told(later, rows, [row | {"household_id": as_float(row["household_id"])} for row in rows])
    english, chinese = refusal.value.sentence
    assert "conflicting_household: 52" in english
    assert "--events: the column household_id is written otherwise than in the register" in english
    assert "'001001.0' for '001001'" in english
    assert "household_id 列的写法与农户名册不同" in chinese
