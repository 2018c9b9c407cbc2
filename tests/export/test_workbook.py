"""A table as XLSX: every cell is what it is, and more than a sheet holds is refused with a way out."""

import zipfile
from datetime import date

import fastexcel
import pytest

from jifen_batch.desk.export import page


def sheet(path, name):
    return fastexcel.read_excel(path.read_bytes()).load_sheet(name, dtype_coercion="strict").to_polars()


def test_cells_are_text_numbers_and_days(export):
    result, to = export("ledger", "ledger.xlsx")
    assert result.exit_code == 0, result.stderr
    assert "注意" not in result.stdout, "ids stay text there"
    rows = sheet(to, "台账").rows(named=True)
    by_event = {(row["事项编号"], row["处理结果"]): row for row in rows}
    taken = by_event["e2", "reversed"]
    assert (taken["户编号"], taken["分数"], taken["积分年度"]) == ("0042", -20, 2023)
    assert taken["发生日"] in {date(2023, 2, 2), "2023-02-02"} or str(taken["发生日"]).startswith(
        "2023-02-02"
    )
    assert by_event["e3", "awarded"]["户编号"] == "99011310120100017"
    assert {row["会议编号"] for row in rows} == {"'=1+1", "'＝HYPERLINK(1)", "\ufffd-2", 'a";=1', None}


def test_there_is_no_formula_in_it(export):
    with zipfile.ZipFile(export("ledger", "ledger.xlsx")[1]) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_a_second_sheet_says_what_columns_mean(export):
    rows = sheet(export("items", "items.xlsx")[1], "说明").rows(named=True)
    assert {"表头": "事项代码", "列名": "code", "含义": "the item's code"} in rows


def test_the_same_table_gives_the_same_bytes(export):
    assert export("items", "a.xlsx")[1].read_bytes() == export("items", "b.xlsx")[1].read_bytes()


@pytest.mark.parametrize(
    ("rows", "name", "said"),
    [
        (6, "t.xlsx", "write it to a .csv file, or one village at a time with --village"),
        (6, "t.csv", "leaves the rest out"),
        (7, "t.xlsx", "台账"),
    ],
)
def test_what_a_sheet_cannot_hold(export, monkeypatch, rows, name, said):
    """The ledger has six lines: a sheet of six rows has its headers and five."""
    monkeypatch.setattr(page, "EXCEL_ROWS", rows)
    result, to = export("ledger", name)
    assert said in result.stdout + result.stderr
    refused = "write it" in said
    assert (result.exit_code, to.exists()) == (2 * refused, not refused)
