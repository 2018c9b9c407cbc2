"""CSV from spreadsheets: nothing is guessed, and a cell that does not fit is named by its row."""

from datetime import date, datetime

import pytest

import event_rows
from jifen_batch.errors import InputRefusedError

HEAD = "event_id,household_id,item,occurred_on,status"
ROW = "e1,h1,pledge,2023-03-01,approved"


@pytest.fixture
def read(tmp_path):
    """The rows of a CSV file with these lines."""

    def call(*lines, mark=b""):
        (tmp_path / "a.csv").write_bytes(mark + "\n".join(lines).encode())
        return event_rows.events(tmp_path)

    return call


def test_columns_are_taken_by_name_and_empty_cells_are_null(read):
    rows = read(f"phone,until,{HEAD},quantity", f'"1,2",2023-12-31,{ROW},+3', 'x,,"e2",,"",2023-03-01,x,""')
    assert rows.select("event_id", "household_id", "occurred_on", "until", "quantity").rows() == [
        ("e1", "h1", date(2023, 3, 1), date(2023, 12, 31), 3),
        ("e2", None, date(2023, 3, 1), None, None),
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(read):
    assert read(f"{HEAD}\r", f"{ROW}\r", "", mark=b"\xef\xbb\xbf")["event_id"].to_list() == ["e1"]


def test_blank_lines_are_no_rows(read):
    assert read(HEAD, "", ROW, ",,,,", "", ROW, "")["source"].to_list() == [0, 1]


def test_a_header_alone_is_a_file_without_rows(read):
    assert read(HEAD).height == 0


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("2023-03-01T08:30:00", 8),
        ("2023-03-01 08:30", 8),
        ("2023-03-01T08:30:00.000000000", 8),
        ("2023-03-01T08:30:00Z", 16),
        ("2023-03-01T08:30:00+08:00", 8),
        ("2023-03-01T08:30:00.5-0100", 17),
    ],
)
def test_times_are_read_with_and_without_a_zone(read, cell, hour):
    (time,) = read(f"{HEAD},recorded_at", f"{ROW},{cell}")["recorded_at"]
    assert time.replace(microsecond=0) == datetime(2023, 3, 1, hour, 30)  # noqa: DTZ001 - Shanghai time


@pytest.mark.parametrize(("cell", "number"), [("9" * 30, 2**63 - 1), ("-" + "9" * 30, -(2**63)), ("007", 7)])
def test_numbers_beyond_int64_are_held_at_its_ends(read, cell, number):
    assert read(f"{HEAD},quantity", f"{ROW},{cell}")["quantity"].to_list() == [number]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (
            "until",
            ["2023-02-30", "2023-1-1", "01.02.2023", "２０２３-01-01", "2023-01-01T00:00:00x", " 2023-01-01"],
        ),
        ("recorded_at", ["2023-03-01T24:00:00", "2023-03-01T08:60", "2023-02-30T08:00:00", "noon", "08:00"]),
        ("quantity", ["1.0", "one", "5 ", "0x1", "１"]),
    ],
)
def test_a_cell_of_another_form_is_named_by_file_column_and_row(read, column, cells):
    for cell in cells:
        with pytest.raises(
            InputRefusedError, match=rf"events: a\.csv: column {column}, row 2: .*\(1 such\)"
        ) as caught:
            read(f"{HEAD},{column}", f"{ROW},", f"{ROW},{cell}")
        assert cell not in str(caught.value)


def test_what_is_not_csv_in_utf8_is_refused(read, tmp_path):
    for lines in ([HEAD, f"{ROW},one too many"], [HEAD, f'"{ROW}']):
        with pytest.raises(InputRefusedError, match=r"a\.csv: is not CSV in UTF-8"):
            read(*lines)
    (tmp_path / "a.csv").write_bytes(f"{HEAD}\n村民,h,i,2023-01-01,approved\n".encode("gbk"))
    with pytest.raises(InputRefusedError, match=r"a\.csv: is not CSV in UTF-8"):
        event_rows.events(tmp_path)


def test_a_file_without_a_header_lacks_its_columns(read):
    with pytest.raises(InputRefusedError, match="column event_id is missing"):
        read("")


def test_a_column_that_stands_twice_is_refused(read):
    with pytest.raises(InputRefusedError, match="column 'item' stands twice"):
        read(f"{HEAD},item", f"{ROW},x")
