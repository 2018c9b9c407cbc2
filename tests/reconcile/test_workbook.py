"""Workbooks: what Excel shows is what is read; what would take its reader down is refused."""

import subprocess
import sys
from datetime import date

import pytest
import xlsxwriter

from jifen_batch import own_process
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import statement
from jifen_batch.inputs.files import InputFile
from jifen_batch.inputs.formats import sheet
from jifen_batch.inputs.formats import workbook as workbooks
from jifen_batch.inputs.mapping import FileForm

HEADERS = ["户编号", "年度", "积分"]
CHINESE = "[columns]\nhousehold_id = '户编号'\nscoring_year = '年度'\npoints = '积分'\n"
KNOWN = statement.Known(frozenset(), frozenset())


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook: a sheet 积分 after one of notes, from cells by row and column, both from 0."""

    def call(places):
        path = tmp_path / "statement.xlsx"
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("说明").write(0, 0, "导出说明")
            sheet = book.add_worksheet("积分")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for (row, column), value in places.items():
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value == "=1/0":
                    sheet.write_formula(row, column, value, None, "#DIV/0!")
                elif isinstance(value, tuple):
                    sheet.merge_range(row, column, *value)
                else:
                    sheet.write(row, column, value)
        return path

    return call


def table(rows, first=0):
    """Cells of a table whose header stands in this row."""
    return {(first + n, m): value for n, row in enumerate([HEADERS, *rows]) for m, value in enumerate(row)}


def test_a_sheet_is_read_as_excel_shows_it(workbook, read_mapping):
    """Titles and empty rows above, merged ids, floats that are whole, totals and empty rows below."""
    places = table([["", 2023, 80.0], ["", "2023年度", -5], [1003, 2023.0, "7"], ["合计", ""]], 3)
    places |= {(1, 0): (1, 2, "积分汇总"), (4, 0): (5, 0, "TH-01"), (40, 2): "  "}
    # Formulas that came to nothing above the header, in a line of totals and under no header of ours.
    places |= {(0, 2): "=1/0", (7, 2): "=1/0", (4, 5): "=1/0", (3, 6): "备注", (5, 6): "=1/0"}
    said = "[file]\nsheets = '积分'\nheader_row = 4\nfill_down = ['household_id']\n"
    said += "skip_rows_where = {'户编号' = '合计'}\n" + CHINESE
    found = statement.read(str(workbook(places)), read_mapping(said), KNOWN)
    assert found.rows.rows() == [("TH-01", 2023, 80), ("TH-01", 2023, -5), ("1003", 2023, 7)]


def test_cells_that_are_no_points_are_refused_with_their_row(workbook, read_mapping):
    """A fraction, a day, true; then a formula's error, which has no value at all."""
    read_as = read_mapping("[file]\nsheets = '积分'\n" + CHINESE)
    path = workbook(
        table([["a", 2023, 80], ["b", 2023, 5.5], ["c", 2023, date(2023, 1, 5)], ["d", 2023, True]])
    )
    with pytest.raises(InputRefusedError, match="column 积分, rows 3, 4, 5: is no whole number"):
        statement.read(str(path), read_as, KNOWN)
    path = workbook(table([["a", 2023, 80], ["b", 2023, "=1/0"]]))
    with pytest.raises(InputRefusedError, match="column 积分, row 3: is a formula's error"):
        statement.read(str(path), read_as, KNOWN)
    path = workbook(table([["a", 2023, 80], ["=1/0"] * 3]))
    with pytest.raises(InputRefusedError, match="column 户编号, row 3: is a formula's error"):
        statement.read(str(path), read_as, KNOWN)


def test_the_first_sheet_is_read_and_an_unknown_one_refused(workbook, read_mapping):
    path = workbook(table([["a", 2023, 80]]))
    with pytest.raises(
        InputRefusedError, match="required columns household_id, scoring_year, points are missing"
    ):
        statement.read(str(path), read_mapping(CHINESE), KNOWN)
    with pytest.raises(InputRefusedError, match="has no sheet of the name"):
        statement.read(str(path), read_mapping("[file]\nsheets = '别的'\n" + CHINESE), KNOWN)


def test_two_cells_far_apart_are_refused(workbook):
    """Read at once they would take half a terabyte, and end the process."""
    path = workbook({(0, 0): "a", (1_048_575, 16_383): 1})
    with pytest.raises(InputRefusedError, match="cells far apart"):
        workbooks.open_sheet(InputFile("statement", path, path.name, sheet="积分"), FileForm({}))


def test_a_sheet_that_takes_too_long_is_refused(workbook, monkeypatch):
    path = workbook(table([["a", 2023, 80]]))
    monkeypatch.setattr(workbooks, "SHEET_SECONDS_MAX", 0.01)
    with pytest.raises(InputRefusedError, match="to read; send it as Parquet"):
        workbooks.open_sheet(InputFile("statement", path, path.name), FileForm({}))


def test_a_reader_that_the_system_killed_does_not_make_a_damaged_file(workbook, monkeypatch):
    path = workbook(table([["a", 2023, 80]]))
    kills = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    monkeypatch.setattr(own_process, "command", lambda *_: kills)
    with pytest.raises(InputRefusedError, match=r"killed \(SIGKILL\).* more free memory"):
        workbooks.open_sheet(InputFile("statement", path, path.name), FileForm({}))


def test_the_process_that_reads_a_sheet_fetches_no_numpy(workbook):
    command = own_process.command("jifen_batch.inputs.safety.workbook_child", str(workbook(table([]))))
    command[1:1] = ["-X", "importtime"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=True)
    fetched = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pyarrow" in fetched
    assert "numpy" not in fetched


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [sheet.letters(number) for number in (0, 25, 26, 27, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "ZZ",
        "AAA",
    ]
