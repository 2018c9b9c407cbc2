"""Workbooks of notices: no cell is a formula in any program, numbers are numbers, and bytes are the same."""

import io
import re
import tempfile
import zipfile
from datetime import date

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.notices.printed import workbook as made
from jifen_batch.notices.printed.pages import Page

DAY = date(2023, 7, 15)
PAGE = Page("积分公告", "题目", ["说明"], ["户编号", "户主", "分数"], [["h1", "王*", -5]], ["来源"])


def cells(content, name="积分公告"):
    """Rows of a sheet as fastexcel reads them."""
    sheet = fastexcel.read_excel(content).load_sheet(name, header_row=None, dtypes="string")
    return [list(row) for row in sheet.to_polars().iter_rows()]


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", " =", "  @"]
)
def test_no_text_begins_a_formula(sign):
    assert made.safe(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("sign", ["\t", "\r", "\n", "\x00", "\u200b", "\u202e"])
def test_signs_that_steer_are_replaced(sign):
    assert made.safe(f"{sign}=1") == "\ufffd=1"


def test_a_text_that_looks_like_the_librarys_own_markup_stays_text():
    hostile = "<r><t>x</t></r>"
    content = made.workbook([PAGE._replace(rows=[[hostile, "_x003D_1", 1]])], DAY, draft=False)
    row = cells(content)[3]
    assert row == ["'" + hostile, "_x003D_1", "1"]
    assert "&lt;r&gt;" in parts(content)["xl/sharedStrings.xml"]


@given(st.text(max_size=12))
def test_whatever_the_text_a_cell_begins_with_no_sign_of_a_formula(text):
    shown = made.safe(text)
    assert not shown.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert len(shown) <= len(text) + 1


def test_texts_are_never_formulas_links_or_numbers_and_points_are_numbers():
    rows = [["=1+1", "https://example.org", -5], ["007", "mailto:a@b.c", 1_234], ["-3", "{=1}", None]]
    content = made.workbook([PAGE._replace(rows=rows)], DAY, draft=False)
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert "<f" not in sheet.replace("<formatting", "")
    assert "hyperlink" not in "".join(parts(content).values()).replace("hyperlinkBase", "")
    assert re.findall(r'<c r="C\d+" s="\d+"><v>([^<]*)</v>', sheet) == ["-5", "1234"]
    assert cells(content)[3:6] == [
        ["'=1+1", "https://example.org", "-5"],
        ["007", "mailto:a@b.c", "1234"],
        ["'-3", "{=1}", "—"],
    ]


def test_numbers_that_would_show_rounded_are_text():
    rows = [["h1", None, 10**15 - 1], ["h2", None, -(10**15)]]
    content = made.workbook([PAGE._replace(rows=rows)], DAY, draft=False)
    assert [row[2] for row in cells(content)[3:5]] == ["999999999999999", "'-1000000000000000"]
    assert "<v>999999999999999</v>" in parts(content)["xl/worksheets/sheet1.xml"]


def test_the_same_pages_give_the_same_bytes_wherever_and_whenever(monkeypatch):
    first = made.workbook([PAGE], DAY, draft=False)
    monkeypatch.setenv("TZ", "America/New_York")
    assert made.workbook([PAGE], DAY, draft=False) == first


def test_the_day_in_a_workbook_is_the_announcements_and_nobody_made_it():
    core = parts(made.workbook([PAGE], DAY, draft=False))["docProps/core.xml"]
    assert core.count("2023-07-15T00:00:00Z") == 2
    assert "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>" in core


def test_a_draft_says_so_on_every_printed_page_and_others_do_not():
    heads = [
        parts(made.workbook([PAGE], DAY, draft=draft))["xl/worksheets/sheet1.xml"] for draft in (True, False)
    ]
    assert ["草稿" in head for head in heads] == [True, False]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(made, "MAX_ROWS", 2)
    rows = [[f"h{number}", None, number] for number in range(5)]
    content = made.workbook([PAGE._replace(rows=rows)], DAY, draft=False)
    names = fastexcel.read_excel(content).sheet_names
    assert names == ["积分公告", "积分公告 2", "积分公告 3"]
    shown = [row[0] for name in names for row in cells(content, name) if row[0].startswith("h")]
    assert shown == [f"h{number}" for number in range(5)]


def test_a_text_longer_than_a_cell_is_cut_where_it_shows():
    content = made.workbook([PAGE._replace(rows=[["x" * 40_000, None, 1]])], DAY, draft=False)
    shown = cells(content)[3][0]
    assert (len(shown), shown[-2:]) == (16_000, "x…")
    assert made.safe("x" * 16_000) == "x" * 16_000


def test_rare_characters_are_shown_and_what_cannot_be_is_marked():
    assert made.safe("𠮷\U00031350\U000323b0村") == "𠮷\U00031350\U000323b0村"
    assert made.safe("\ue000\ud7ff\uffff") == "\ufffd" * 3


def test_an_empty_table_has_its_headers():
    content = made.workbook([PAGE._replace(rows=[])], DAY, draft=False)
    assert [row[0] for row in cells(content)] == ["题目", "说明", "户编号", "来源"]
    assert cells(content)[2] == PAGE.headers


def test_no_temporary_file_ever_holds_a_notice(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert cells(made.workbook([PAGE], DAY, draft=False))[0][0] == "题目"


def wide(columns):
    """A page of so many columns, with two lines above its table."""
    page = PAGE._replace(above=["一", "二"], headers=["名"] * columns, rows=[["x"] * columns], below=[])
    return parts(made.workbook([page], DAY, draft=False))


def test_pages_are_a4_as_wide_as_the_paper_and_wide_tables_lie():
    for columns, lies in ((8, False), (9, True)):
        sheet = wide(columns)["xl/worksheets/sheet1.xml"]
        assert 'paperSize="9"' in sheet
        assert ('orientation="landscape"' in sheet) is lies
        assert 'fitToHeight="0"' in sheet
        assert 'fitToWidth="' not in sheet
        assert "&amp;C第 &amp;P 页，共 &amp;N 页" in sheet


def test_the_headers_stand_on_every_page_and_stay_while_one_scrolls():
    packed = wide(3)
    assert "'积分公告'!$4:$4" in packed["xl/workbook.xml"] or "积分公告!$4:$4" in packed["xl/workbook.xml"]
    assert '<pane ySplit="4" topLeftCell="A5"' in packed["xl/worksheets/sheet1.xml"]
    assert set(re.findall(r'mergeCell ref="([^"]*)"', packed["xl/worksheets/sheet1.xml"])) == {
        "A1:C1",
        "A2:C2",
        "A3:C3",
    }


def test_columns_are_as_wide_as_what_stands_in_them_within_bounds():
    rows = [["户" * 6, "x" * 100, 1_234_567]]
    sheet = parts(made.workbook([PAGE._replace(rows=rows)], DAY, draft=False))["xl/worksheets/sheet1.xml"]
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([^"]*)"', sheet)]
    # Two for a Chinese character, two of air; Excel adds five pixels of its own.
    assert [round(width - 5 / 7) for width in widths] == [14, 44, 11]
    (narrow,) = {
        float(width)
        for width in re.findall(r'<col [^>]*width="([^"]*)"', wide(3)["xl/worksheets/sheet1.xml"])
    }
    assert round(narrow - 5 / 7) == 8


def test_a_line_longer_than_the_table_is_as_high_as_it_needs():
    page = PAGE._replace(above=["字" * 12, "字" * 13, "字" * 25], rows=[])
    sheet = parts(made.workbook([page], DAY, draft=False))["xl/worksheets/sheet1.xml"]
    heights = [float(height) for height in re.findall(r'<row r="[234]"[^>]* ht="([^"]*)"', sheet)]
    # Three columns of 8 hold 12 characters a line.
    assert heights == [18, 36, 54]
    # The title's letters are larger, and so is its line.
    assert '<row r="1" spans="1:3" ht="26.25"' in sheet


def test_numbers_have_separators_and_cells_their_borders_and_wrap():
    styles = parts(made.workbook([PAGE], DAY, draft=False))["xl/styles.xml"]
    assert 'formatCode="#,##0"' in styles
    assert styles.count('wrapText="1"') == 4
    assert styles.count("<border>") == 2
    assert styles.count('borderId="1"') == 3
    assert styles.count("<b/>") == 2
    assert '<sz val="16"/>' in styles
