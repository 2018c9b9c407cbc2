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
from jifen_batch.notices.printed.document import Closing, Document, Page
from jifen_batch.notices.printed.table_sheet import TableSheet

DAY = date(2023, 7, 15)
PAGE = Page("积分公告", "题目", ["说明"], ["户编号", "户主", "分数"], [["h1", "王*", -5]], ["来源"])


def written(*pages, draft=False, **more):
    return made.workbook(Document("积分公告", "东村 2023年第二季度", pages, draft=draft, **more), DAY)


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


def test_blanks_at_the_edges_of_a_text_are_kept_and_its_signs_are_no_markup():
    rows = [["h1 ", " 王 ", 1], ["a&b", "<c>", 2], ["_x0041_", '"d"', 3]]
    assert cells(written(PAGE._replace(rows=rows)))[3:6] == [[a, b, str(points)] for a, b, points in rows]


def test_a_version_of_the_library_that_leaves_out_the_table_makes_no_notice(monkeypatch):
    monkeypatch.delattr(TableSheet, "_write_rows")
    with pytest.raises(AssertionError):
        written(PAGE)


@pytest.mark.parametrize("sign", ["\t", "\r", "\n", "\x00", "\u200b", "\u202e"])
def test_signs_that_steer_are_replaced(sign):
    assert made.safe(f"{sign}=1") == "\ufffd=1"


def test_a_text_that_looks_like_the_librarys_own_markup_stays_text():
    hostile = "<r><t>x</t></r>"
    content = written(PAGE._replace(rows=[[hostile, "_x003D_1", 1]]))
    row = cells(content)[3]
    assert row == ["'" + hostile, "_x003D_1", "1"]
    assert "&lt;r&gt;" in parts(content)[SHEET]


@given(st.text(max_size=12))
def test_whatever_the_text_a_cell_begins_with_no_sign_of_a_formula(text):
    shown = made.safe(text)
    assert not shown.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert len(shown) <= len(text) + 1


def test_texts_are_never_formulas_links_or_numbers_and_points_are_numbers():
    rows = [["=1+1", "https://example.org", -5], ["007", "mailto:a@b.c", 1_234], ["-3", "{=1}", None]]
    content = written(PAGE._replace(rows=rows))
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
    content = written(PAGE._replace(rows=rows))
    assert [row[2] for row in cells(content)[3:5]] == ["999999999999999", "'-1000000000000000"]
    assert "<v>999999999999999</v>" in parts(content)["xl/worksheets/sheet1.xml"]


def test_the_same_pages_give_the_same_bytes_wherever_and_whenever(monkeypatch):
    first = written(PAGE)
    monkeypatch.setenv("TZ", "America/New_York")
    assert written(PAGE) == first


def test_the_day_in_a_workbook_is_the_announcements_and_nobody_made_it():
    core = parts(written(PAGE))["docProps/core.xml"]
    assert core.count("2023-07-15T00:00:00Z") == 2
    assert "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>" in core


def test_a_draft_says_so_on_every_printed_page_and_others_do_not():
    heads = [parts(written(PAGE, draft=draft))["xl/worksheets/sheet1.xml"] for draft in (True, False)]
    assert ["公示稿" in head for head in heads] == [True, False]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(made, "MAX_ROWS", 2)
    rows = [[f"h{number}", None, number] for number in range(5)]
    content = written(PAGE._replace(rows=rows))
    names = fastexcel.read_excel(content).sheet_names
    assert names == ["积分公告", "积分公告 2", "积分公告 3"]
    shown = [row[0] for name in names for row in cells(content, name) if row[0].startswith("h")]
    assert shown == [f"h{number}" for number in range(5)]


def test_a_text_longer_than_a_cell_is_cut_where_it_shows():
    content = written(PAGE._replace(rows=[["x" * 40_000, None, 1]]))
    shown = cells(content)[3][0]
    assert (len(shown), shown[-2:]) == (16_000, "x…")
    assert made.safe("x" * 16_000) == "x" * 16_000


def test_rare_characters_are_shown_and_what_cannot_be_is_marked():
    assert made.safe("𠮷\U00031350\U000323b0村") == "𠮷\U00031350\U000323b0村"
    assert made.safe("\ue000\ud7ff\uffff") == "\ufffd" * 3


def test_an_empty_table_has_its_headers():
    content = written(PAGE._replace(rows=[]))
    assert [row[0] for row in cells(content)] == ["题目", "说明", "户编号", "来源"]
    assert cells(content)[2] == PAGE.headers


def test_no_temporary_file_ever_holds_a_notice(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert cells(written(PAGE))[0][0] == "题目"


def wide(columns, rows=1, **more):
    """A page of so many columns and rows, with two lines above its table."""
    cells = [["x"] * columns for _ in range(rows)]
    page = PAGE._replace(above=["一", "二"], headers=["名"] * columns, rows=cells, below=[])
    return parts(written(page, **more))


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("columns", "rows", "paper", "lies", "points"),
    [
        (3, 1, 9, False, 16),
        (14, 1, 9, False, 12),
        (20, 1, 9, True, 14),
        (20, 61, 8, False, 14),
        (31, 1, 8, True, 12),
    ],
)
def test_the_paper_is_the_smallest_that_takes_large_figures_and_long_lists_go_on_a3(
    columns, rows, paper, lies, points
):
    packed = wide(columns, rows)
    assert f'paperSize="{paper}"' in packed[SHEET]
    assert ('orientation="landscape"' in packed[SHEET]) is lies
    assert f'<sz val="{points}"/>' in packed["xl/styles.xml"]
    assert 'fitToHeight="0"' in packed[SHEET]
    assert 'fitToWidth="' not in packed[SHEET]


def test_paper_and_layout_are_kept_where_the_settings_want_them():
    asked = wide(3, 61, paper="A4", layout="landscape")[SHEET]
    assert 'paperSize="9" ' in asked
    assert 'orientation="landscape"' in asked
    crowded = wide(40, paper="A4", layout="portrait")
    assert 'paperSize="9"' in crowded[SHEET]
    assert '<sz val="10.5"/>' in crowded["xl/styles.xml"]


def test_village_quarter_code_and_page_stand_on_every_page():
    closing = Closing("小组", (("组长", "陈某"), ("成员", "")), "2023年7月6日", "AB12-CD34-0000-0001", "")
    document = Document("积分公告", "东村 & 西村", [PAGE], ["公示期"], closing)
    content = made.workbook(document, DAY)
    assert "&amp;L东村 &amp;&amp; 西村" in parts(content)[SHEET]
    assert "核对码 AB12-CD34-0000-0001&amp;R第 &amp;P 页，共 &amp;N 页" in parts(content)[SHEET]
    assert [row[0] for row in cells(content)] == [
        *("题目", "公示期", "说明", "户编号", "h1", "来源"),
        "签字　组长：陈某　　成员：＿＿＿＿＿＿＿＿",
        "小组（盖章）　　　　　　打印日期：2023年7月6日",
        "核对码：AB12-CD34-0000-0001（用 verify --code 可与公告文件核对）",
    ]


def test_a_summary_is_a_sheet_of_its_own_and_a_total_the_last_row():
    summary = Page("类别合计", "", [], ["类别", "积分"], [["新风", 3]], [], ["合计", 3])
    content = written(PAGE._replace(summary=summary, total=["合计", "", -5]))
    assert fastexcel.read_excel(content).sheet_names == ["积分公告", "类别合计"]
    assert [row[0] for row in cells(content)][-2:] == ["合计", "来源"]
    assert cells(content, "类别合计") == [
        ["题目　类别合计", None],
        ["类别", "积分"],
        ["新风", "3"],
        ["合计", "3"],
    ]


def test_the_headers_stand_on_every_page_and_stay_while_one_scrolls():
    packed = wide(3)
    assert "'积分公告'!$4:$4" in packed["xl/workbook.xml"] or "积分公告!$4:$4" in packed["xl/workbook.xml"]
    assert '<pane ySplit="4" topLeftCell="A5"' in packed[SHEET]
    assert set(re.findall(r'mergeCell ref="([^"]*)"', packed[SHEET])) == {"A1:C1", "A2:C2", "A3:C3"}


def test_columns_take_the_paper_by_what_stands_in_them():
    rows = [["户" * 6, "x" * 10, 1_234_567]]
    sheet = parts(written(PAGE._replace(rows=rows)))[SHEET]
    first, second, third = (float(width) for width in re.findall(r'<col [^>]*width="([^"]*)"', sheet))
    assert first > second > third > 10


def test_a_line_longer_than_the_table_is_as_high_as_it_needs():
    page = PAGE._replace(above=["字" * 12, "字" * 60, "字" * 90], rows=[["h1", "字" * 60, 1]])
    sheet = parts(written(page))[SHEET]
    heights = [float(height) for height in re.findall(r'<row r="[2-6]"[^>]* ht="([^"]*)"', sheet)]
    line = heights[0]
    assert [round(height / line) for height in heights[:3]] == [1, 2, 3]
    assert heights[4] > line * 2


def test_numbers_have_separators_stand_right_and_their_dashes_too():
    content = written(PAGE._replace(rows=[["h1", "王*", -5], ["h2", None, None]]))
    styles = parts(content)["xl/styles.xml"]
    assert 'formatCode="#,##0_ ;-#,##0_ ;0_ ;@_ "' in styles
    looks = dict(re.findall(r'<c r="(C[45])" s="(\d+)"', parts(content)[SHEET]))
    assert looks["C4"] == looks["C5"]


def test_a_header_on_two_lines_is_parted_in_its_middle_and_an_english_one_between_words():
    page = PAGE._replace(
        headers=["本季名次", "points of the whole quarter"], rows=[[1, 2]], below=[], total=[]
    )
    wide = page._replace(headers=[*page.headers, *["一句"] * 8], rows=[[1, 2, *["字" * 40] * 8]])
    assert cells(made.workbook(Document("积分公告", "东村", [wide]), DAY))[2][:2] == [
        "本季\n名次",
        "points of the whole quarter",
    ]
