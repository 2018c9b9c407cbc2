"""Parquet and Arrow files: instants in UTC, footers that lie, and ids that Excel had made numbers before."""

# ruff: noqa: DTZ001 - INT96 has no zone, and Shanghai's times are written without one

import struct
from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import event_rows
from inputs import twin
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import spoilt_ids
from jifen_batch.inputs.find import find
from jifen_batch.inputs.run_inputs import read_register
from jifen_batch.kernels.successions import RENAMING

NOBODY = RENAMING.to_frame()


def events(**columns):
    """Two events, with other columns in some's place or beside."""
    given = {
        "event_id": ["e1", "e2"],
        "household_id": ["h1", "h2"],
        "item": ["pledge", "pledge"],
        "occurred_on": [date(2023, 3, 1)] * 2,
        "status": ["approved", "approved"],
    }
    return pa.table(given | columns)


def as_int96(path, writer=None, **columns):
    """Events of which timestamps are INT96, by a writer of this name; parquet-cpp's own otherwise."""
    pq.write_table(events(**columns), path, use_deprecated_int96_timestamps=True)
    if writer:
        own = pq.read_metadata(path).created_by.encode()
        body, footer = footer_of(path.read_bytes())
        footer = footer.replace(own, writer.encode().ljust(len(own))[: len(own)])
        path.write_bytes(body + footer + struct.pack("<I", len(footer)) + b"PAR1")
    return path


INSTANTS = [datetime(2023, 3, 1, 20), datetime(2024, 12, 31, 19)]
YEARS = [datetime(1, 1, 1), datetime(1500, 2, 3, 4), datetime(2300, 5, 6, 7), datetime(9000, 1, 1)]


def test_int96_is_an_instant_in_utc_unless_impala_wrote_it(tmp_path):
    at = pa.array(INSTANTS, pa.timestamp("us"))
    read = event_rows.events(as_int96(tmp_path / "a.parquet", recorded_at=at))["recorded_at"]
    assert read.to_list() == [datetime(2023, 3, 2, 4), datetime(2025, 1, 1, 3)]
    read = event_rows.events(as_int96(tmp_path / "a.parquet", "impala version 4.0", recorded_at=at))
    assert read["recorded_at"].to_list() == INSTANTS


@pytest.mark.parametrize("year", YEARS, ids=str)
def test_int96_of_any_year_is_read_as_it_is(tmp_path, year):
    path = as_int96(
        tmp_path / "a.parquet", "impala version 4.0", recorded_at=pa.array([year] * 2, pa.timestamp("us"))
    )
    assert event_rows.events(path)["recorded_at"].to_list() == [year] * 2


def test_a_day_as_int96_is_the_day_in_shanghai(tmp_path):
    at = pa.array([datetime(2023, 4, 30, 16)] * 2, pa.timestamp("us"))
    assert (
        event_rows.events(as_int96(tmp_path / "a.parquet", until=at))["until"].to_list()
        == [date(2023, 5, 1)] * 2
    )


def footer_of(content):
    """A Parquet file's body and footer."""
    size = struct.unpack("<I", content[-8:-4])[0]
    return content[: -8 - size], content[-8 - size : -8]


def test_a_footer_of_which_a_row_group_has_fewer_columns_than_the_schema_names_its_file(tmp_path):
    """The schema of one file, and the row groups, with the pages, of one without its last column."""
    for name, table in (("whole", events()), ("short", events().drop_columns(["status"]))):
        pq.write_table(table, tmp_path / name)
    _, whole = footer_of((tmp_path / "whole").read_bytes())
    body, short = footer_of((tmp_path / "short").read_bytes())
    # A list of one row group, and within it the list of its chunks: five, and four. Then what the file notes.
    groups, notes = (b"\x19\x1c\x19\x5c", b"\x19\x1c\x19\x4c"), b"\x19\x1c\x18\x0cARROW:schema"
    footer = whole[: whole.index(groups[0])]
    footer += short[short.index(groups[1]) : short.index(notes)] + whole[whole.index(notes) :]
    path = tmp_path / "a.parquet"
    path.write_bytes(body + footer + struct.pack("<I", len(footer)) + b"PAR1")
    lying = pq.read_metadata(path)
    assert (lying.num_columns, lying.row_group(0).num_columns) == (5, 4)
    with pytest.raises(InputRefusedError, match=r"events: a\.parquet: cannot be read as parquet"):
        event_rows.events(path)


@pytest.mark.parametrize("column", ["event_id", "household_id", "matter_id"])
@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_ids_that_excel_made_numbers_are_found_in_parquet_too(tmp_path, column, kind):
    path = tmp_path / "a.parquet"
    for ids, sound in ((["a+b", "c"], True), (["x", "2.02307E+11"], False)):
        pq.write_table(events(**{column: pa.array(ids).cast(kind)}), path)
        if sound:
            assert event_rows.events(path)[column].to_list() == ids
        else:
            with pytest.raises(
                InputRefusedError, match=rf"column {column}: ids read like 9\.90113E\+11 \(1 such\)"
            ):
                event_rows.events(path)


def register(folder, *changes):
    """The clean register with some cells changed, by row and column."""
    rows = [dict(zip(twin.HOUSEHOLDS, row, strict=True)) for row in twin.SPELLS]
    for row, changed in changes:
        rows[row] |= changed
    pq.write_table(pa.Table.from_pylist(rows), folder / "r.parquet")
    return find(str(folder / "r.parquet"), "households").files


@pytest.mark.parametrize("column", ["village", "town"])
def test_a_place_under_two_names_on_one_day_is_refused(tmp_path, column):
    other = {f"{column}_name": "杏花"}
    with pytest.raises(
        InputRefusedError, match=rf"two values of {column}_name on one day: {column}_id 990113101"
    ):
        read_register(register(tmp_path, (1, other)), NOBODY)
    gone = {"left_on": date(2023, 6, 1)}
    later = {"enrolled_on": date(2023, 6, 1)} | other
    assert (
        read_register(register(tmp_path, *((n, gone) for n in range(3)), (3, later)), NOBODY).spells.height
        == 4
    )
    unnamed = {f"{column}_name": None}
    assert read_register(register(tmp_path, (1, unnamed)), NOBODY).spells.height == 4


def test_ids_that_all_end_in_0_are_warned_of_and_read(tmp_path):
    (tmp_path / "e.csv").write_text(twin.as_csv(twin.ROWS), encoding="utf-8")
    register(tmp_path, *((n, {"household_id": f"3101131012011{n}00"}) for n in range(4)))
    report = twin.night(tmp_path, tmp_path / "e.csv", households=tmp_path / "r.parquet")
    (warning,) = report.content["warnings"]
    assert warning["role"] == "households"
    assert "household_id: all ids of 16 digits or more end in 0" in warning["why"]


@pytest.mark.parametrize(
    ("event_id", "warned"),
    [("202300000000000000", True), ("2023000000000000", True), ("202300000000000010", False), ("Q0", False)],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_one_id_of_many_rows_may_be_several_that_were_cut(tmp_path, event_id, warned, rows):
    content = twin.as_csv([[event_id, *row[1:]] for row in twin.ROWS[:rows]])
    (tmp_path / "e.csv").write_text(content, encoding="utf-8")
    told = [one["why"] for one in twin.night(tmp_path, tmp_path / "e.csv").content["warnings"]]
    assert any("event_id: all ids of 16 digits or more end in 0" in why for why in told) == (
        warned and rows > 1
    )


@pytest.mark.parametrize(
    ("ids", "many"),
    [
        (["13812345678"], 1),
        (["13812345678", "15987654321", "TH-01"], 2),
        (["310113195806154321", "31011319900101123X"], 2),
        (["13010200101", "13010200102", "13010200103"], 0),
        (["310113102201", "310113991301123", "TH-13812345678"], 0),
    ],
)
def test_household_ids_that_read_like_numbers_of_people_are_warned_of(ids, many):
    told = [*spoilt_ids.warnings("households", "r.csv", pl.DataFrame({"household_id": ids}))]
    assert [one.why.zh for one in told if f"共 {many} 个" in one.why.zh] == [one.why.zh for one in told]
    assert len(told) == bool(many)
    assert not any(one in warning.why.zh + warning.why.en for one in ids for warning in told)
