"""A table as CSV: bytes that Excel takes for UTF-8, Chinese headers, and no cell that is a formula."""

import csv
import json

import polars as pl
import pytest

from jifen_batch.published import publish, runs
from jifen_batch.tables import LEDGER


def rows(path):
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(text.decode("utf-8-sig").splitlines()))


def test_every_row_and_column_is_there_in_the_tables_order(scored, export):
    result, to = export("ledger", "ledger.csv")
    assert result.exit_code == 0, result.stderr
    ours = runs.read(publish.current(scored.out), LEDGER)
    theirs = rows(to)
    assert [row["事项编号"] for row in theirs] == ours["event_id"].to_list()
    assert list(theirs[0])[:4] == ["镇", "村", "户编号", "积分年度"]
    assert {row["积分年度"] for row in theirs} == {"2023"}, "the path's column is there, too"
    assert [int(row["分数"]) for row in theirs] == ours["points"].to_list()
    assert {row["发生日"] for row in theirs} >= {"2023-02-01", "2023-02-06"}


def test_a_reversal_stays_a_negative_number(export):
    points = [row["分数"] for row in rows(export("ledger", "ledger.csv")[1]) if row["处理结果"] == "reversed"]
    assert points == ["-20"]


@pytest.mark.parametrize(
    ("event", "shown"),
    [("e1", "'=1+1"), ("e2", "'＝HYPERLINK(1)"), ("e3", "\ufffd-2"), ("e4", 'a";=1')],
)
def test_no_text_begins_a_formula(export, event, shown):
    found = {row["事项编号"]: row["会议编号"] for row in rows(export("ledger", "ledger.csv")[1])}
    assert found[event] == shown


def test_every_text_is_in_quotes_so_that_no_semicolon_cuts_it(export):
    assert b'"a"";=1"' in export("ledger", "ledger.csv")[1].read_bytes()


def test_ids_that_excel_would_take_for_numbers_are_told(export):
    result, _ = export("standings", "standings.csv")
    assert "用 Excel 直接打开，户编号 里的编号会被当成数字或日期；请导出为 .xlsx" in result.stdout
    said = json.loads(export("standings", "standings.csv", "--json")[0].stdout)
    assert (said["rows"], said["spoilt_in_excel"]) == (4, ["household_id"])
    assert export("standings", "east.csv", "--village", "east")[0].stdout.count("\n") == 1, "wang and li stay"


def test_one_village(export):
    _, to = export("standings", "standings.csv", "--village", "west")
    assert {row["户编号"] for row in rows(to)} == {"0042", "99011310120100017"}


def test_an_announced_quarter(export):
    _, to = export("announcement", "announced.csv", "--quarter", "2023Q1")
    assert {row["户编号"]: row["净积分"] for row in rows(to)} == {
        "0042": "0",
        "99011310120100017": "5",
        "li": "5",
        "wang": "5",
    }
    assert {row["季度"] for row in rows(to)} == {"2023Q1"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ledgers", "t.csv"], 2, "write one of ledger"),
        (["lines", "t.csv"], 2, "with --quarter it is"),
        (["ledger", "t.parquet"], 2, "let it end in .csv or .xlsx"),
        (["ledger", "no/t.csv"], 2, "is no folder"),
        (["items", "t.csv", "--village", "east"], 2, "does not tell villages apart"),
        (["ledger", "t.csv", "--village", "north"], 3, "is in no row of the register"),
        (["ledger", "t.csv", "--run", "beef"], 3, "is no published run"),
        (["lines", "t.csv", "--quarter", "2023Q2"], 3, "is not announced; announced are: 2023Q1"),
        (["objections", "t.csv"], 3, "give run the input"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_no_file(export, words, code, said):
    result, to = export(*words)
    assert result.exit_code == code
    assert said in result.stderr
    assert not to.exists()
    assert not to.parent.exists() or list(to.parent.iterdir()) == []


def test_what_is_published_is_never_written_over(scored, export):
    place = publish.current(scored.out) / "t.csv"
    result, _ = export("ledger", place)
    assert (result.exit_code, "what is published never changes" in result.stderr) == (2, True)


def test_a_table_goes_by_in_pieces_in_its_order(export, monkeypatch):
    whole = export("ledger", "whole.csv")[1].read_bytes()
    monkeypatch.setattr("jifen_batch.desk.export.page.ROWS_AT_ONCE", 1)
    assert export("ledger", "pieces.csv")[1].read_bytes() == whole


def test_texts_that_need_no_care_are_as_they_were():
    from jifen_batch.desk.export.cells import safe_texts  # noqa: PLC0415 - of this test alone

    plain = pl.Series(["a-1", "村=村", None, "", "王（东）", "x@y"])
    assert safe_texts(plain).to_list() == plain.to_list()
    risky = pl.Series([" =1", "＠x", "﹣1", "a\r", "<r>x", "−1"])
    assert safe_texts(risky).to_list() == ["' =1", "'＠x", "'﹣1", "a\ufffd", "'<r>x", "−1"]
