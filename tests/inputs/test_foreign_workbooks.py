"""Workbooks of other programs and of other habits: the ledger of the clean twin, or words to act on."""

import io
import re
import zipfile
from datetime import date, timedelta

import polars as pl
import pytest
import xlsxwriter

from inputs import twin
from inputs.test_clerk import clean, mapped
from inputs.test_habits import KEYED, ROWS, THEIRS, Sheet, hidden, table, times
from jifen_batch.desk.explain import near_ids
from jifen_batch.errors import InputRefusedError
from jifen_batch.scheme.reject_details import english

__all__ = ["clean"]

HEADERS = twin.HEADERS
ITEM, DECIDED, STATUS, TIMES = 3, 5, 6, 7
FIRST_DAY = date(1899, 12, 30)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def repacked(content, *changes):
    """A workbook with its parts changed: for each, what its name holds, a pattern and what stands instead."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(written, "w") as changed:
        for name in parts.namelist():
            text = parts.read(name).decode()
            for part, pattern, instead in changes:
                text = re.sub(pattern, instead, text) if part in name else text
            changed.writestr(name, text)
    return written.getvalue()


def formulas(column, rows=ROWS, value=""):
    """The table with a column worked out by formulas of which nobody saved the value, if none is given."""
    made = Sheet().put([HEADERS, *rows])
    for row, cells in enumerate(rows, start=1):
        if cells[column] is not None:
            made.sheet.write_formula(row, column, "=A1", made.day, value)
    return made.bytes()


def of_openpyxl(content):
    """The same without the tag of a value, as some programs leave it."""
    return repacked(content, ("sheet1", "<v></v>", ""))


def formatted(form, column=TIMES):
    """The table with the numbers of a column shown in a format."""
    made = Sheet().put([HEADERS, *ROWS])
    shown = made.book.add_format({"num_format": form})
    for row, cells in enumerate(ROWS, start=1):
        if cells[column] is not None:
            made.sheet.write(row, column, cells[column], shown)
    return made.bytes()


def merged_ids():
    """Rows of a household under one merged cell: only the first has the id."""
    rows = sorted(ROWS, key=lambda row: row[1])
    made = Sheet().put(
        [
            HEADERS,
            *([*row[:1], None, *row[2:]] if at % 2 else row for at, row in enumerate(rows[:4])),
            *rows[4:],
        ]
    )
    for at in (1, 3):
        made.sheet.merge_range(at, 1, at + 1, 1, rows[at - 1][1], made.book.add_format({"valign": "top"}))
    return made.bytes()


def prepared():
    """Numbers, a status and formulas set in advance, some fifty rows further than anybody filled in."""
    made = Sheet().put([HEADERS, *ROWS])
    for row in range(len(ROWS) + 1, 60):
        made.sheet.write(row, 0, row)
        made.sheet.write_formula(row, STATUS, '=IF(B1="","","已认定")', None, "")
    return of_openpyxl(made.bytes())


def with_notes():
    made = Sheet().put([HEADERS, *ROWS])
    made.sheet.merge_range(8, 0, 8, 8, "注：1. 本表一式两份；2. 次数按实际填写")
    made.sheet.merge_range(9, 0, 9, 8, "填表人：陆某　审核人：王某　联系电话：13800138000")
    return made.bytes()


def from_c4():
    """The table in the midst of a sheet."""
    return Sheet().put([[], [], [], *([None, None, *row] for row in [HEADERS, *ROWS])]).bytes()


def of_sheets(*tables, hide=None, visible="登记"):
    """A workbook of sheets by name, each its rows; one may be hidden."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        for name, rows in tables:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, day)
                    elif cell is not None:
                        sheet.write(at, column, cell)
        if hide:
            book.get_worksheet_by_name(visible).activate()
            book.get_worksheet_by_name(visible).set_first_sheet()
            book.get_worksheet_by_name(hide).hide()
    return written.getvalue()


def in_other_order():
    """Two months on two sheets, the columns of the second in another order and without the unneeded."""
    order = (TIMES, STATUS, 4, ITEM, 1, DECIDED)
    return of_sheets(
        ("7月", [HEADERS, *ROWS[:3]]),
        ("8月", [[row[at] for at in order] for row in [HEADERS, *ROWS[3:]]]),
    )


def prefixed():
    """Each tag with a prefix, as the libraries of .NET write it."""
    return repacked(
        table(),
        ("sheet1", r"<(/?)(?=[a-zA-Z])", r"<\1x:"),
        ("sheet1", "xmlns=", "xmlns:x="),
    )


def iso_days():
    """Days as text of their own type, as the strict form of the standard has them."""
    return repacked(
        table(),
        (
            "sheet1",
            r'<c r="([EF]\d+)" s="(\d+)"><v>(\d+)</v>',
            lambda cell: f'<c r="{cell[1]}" t="d"><v>{FIRST_DAY + timedelta(int(cell[3]))}T00:00:00</v>',
        ),
    )


ALL = 'sheets = "all"\n'
DOWN = 'fill_down = ["household_id"]\n'
SAME = {
    "ids merged over rows, of which only the first has it": (merged_ids, DOWN),
    "rows prepared in advance and not filled in": (prepared, ""),
    "notes under the table": (with_notes, ""),
    "a table that begins at C4": (from_c4, "header_row = 4\n"),
    "numbers shown as percentages": (lambda: formatted("0%"), ""),
    "numbers shown with decimals and commas": (lambda: formatted("#,##0.00"), ""),
    "numbers shown with their unit": (lambda: formatted('0"次"'), ""),
    "days a hair past midnight": (
        lambda: table(lambda _, c: (c - FIRST_DAY).days + 1e-9 if isinstance(c, date) else c),
        "",
    ),
    "two sheets with columns in two orders": (in_other_order, ALL),
    "a hidden sheet beside": (hidden, ALL),
    "a hidden list to choose from before it": (
        lambda: of_sheets(("选项", [["志愿服务"]]), ("登记", [HEADERS, *ROWS]), hide="选项"),
        "",
    ),
    "formulas that came to an empty text": (
        lambda: repacked(
            formulas(DECIDED, [[*row[:5], "", *row[6:]] if row[5] is None else row for row in ROWS], "45134"),
            (
                "sheet1",
                r'(<c r="F(?:4|5|7)"[^>]*?)(?: t="str")?>(<f>A1</f>)<v>45134</v>',
                r'\1 t="str">\2<v></v>',
            ),
            ("sheet1", r'(<c r="F3"[^>]*><f>A1</f><v>)45134', r"\g<1>45133"),
            ("sheet1", r'(<c r="F6"[^>]*><f>A1</f><v>)45134', r"\g<1>45172"),
        ),
        "",
    ),
    "the strict form of the standard": (
        lambda: repacked(table(), ("xl/", MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")),
        "",
    ),
    "prefixes before each tag": (prefixed, ""),
    "days as text of their own type": (iso_days, ""),
    "parts named from the root": (
        lambda: repacked(table(), ("workbook.xml.rels", 'Target="', 'Target="/xl/')),
        "",
    ),
    "a size that is wrong": (
        lambda: repacked(table(), ("sheet1", "<dimension[^>]*/>", '<dimension ref="A1"/>')),
        "",
    ),
    "words in several fonts with their sounds, as WPS and Excel write them": (
        lambda: repacked(
            table(),
            (
                "sharedStrings",
                "<t>志愿服务</t>",
                '<r><rPr><b/></rPr><t>志愿</t></r><r><t>服务</t></r><rPh sb="0" eb="2"><t>zy</t></rPh>',
            ),
        ),
        "",
    ),
    "a line break behind a word": (
        lambda: repacked(
            table(),
            ("sharedStrings", "<t>志愿服务</t>", '<t xml:space="preserve">志愿服务_x000D_</t>'),
        ),
        "",
    ),
}


def night(folder, content, form=""):
    path = folder / "登记.xlsx"
    path.write_bytes(content)
    return twin.night(folder, path, *mapped(folder, KEYED + form + THEIRS))


@pytest.mark.parametrize("how", SAME)
def test_it_says_the_same_as_the_clean_twin(tmp_path, clean, how):
    make, form = SAME[how]
    report = night(tmp_path, make(), form)
    assert report.content["rejects_by_reason"] == {}
    assert twin.ledger(report) == clean


@pytest.mark.parametrize(
    "as_left", [lambda content: content, of_openpyxl], ids=["an empty value", "no value"]
)
@pytest.mark.parametrize(
    ("column", "header"),
    [(DECIDED, "认定日期（decided_on）"), (TIMES, "次数（quantity）"), (STATUS, "状态（status）")],
)
def test_a_formula_whose_value_nobody_saved_is_no_blank(tmp_path, column, header, as_left):
    made = Sheet().put([HEADERS, *ROWS])
    for row in (1, 2):
        made.sheet.write_formula(row, column, "=A1", made.day, "")
    rejects = twin.rejects(night(tmp_path, as_left(made.bytes()))).sort("source_row")
    assert rejects["source_row"].to_list() == [2, 3]
    assert {*rejects["reason"]} == {"unreadable_row"}
    for number, said in zip((2, 3), rejects["detail"], strict=True):
        assert said.startswith(f"第 {number} 行：{header}是公式，文件里没有保存它的结果，请用 Excel 或 WPS ")
        assert "open the file in Excel or WPS, and save it" in english(said)


def test_a_table_of_such_formulas_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(InputRefusedError) as refused:
        night(tmp_path, of_openpyxl(formulas(STATUS)))
    assert "状态 列第 2、3、4、5、6、7 行：是公式，文件里没有保存它的结果" in refused.value.zh
    assert "open the file in Excel or WPS, and save it" in str(refused.value)


def test_formulas_of_a_sheet_that_is_not_read_are_nobody_s_concern(tmp_path, clean):
    content = of_sheets(("登记", [HEADERS, *ROWS]), ("统计", [["合计"], ["=SUM(登记!H2:H7)"]]))
    report = night(tmp_path, of_openpyxl(repacked(content, ("sheet2", "<v>0</v>", "<v></v>"))))
    assert twin.ledger(report) == clean


def test_a_register_with_such_formulas_is_refused(tmp_path):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        for at, row in enumerate([twin.HOUSEHOLDS, *twin.SPELLS]):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif cell is not None:
                    sheet.write(at, column, cell)
        sheet.write_formula(2, 4, "=D3+30", day, "")
    (tmp_path / "名册.xlsx").write_bytes(written.getvalue())
    (tmp_path / "events.csv").write_text(twin.as_csv(twin.ROWS), encoding="utf-8")
    with pytest.raises(InputRefusedError) as refused:
        twin.night(tmp_path, tmp_path / "events.csv", households=tmp_path / "名册.xlsx")
    assert "left_on 列第 3 行：是公式，文件里没有保存它的结果" in refused.value.zh


def test_a_hidden_sheet_is_read_where_it_is_named_and_told_where_it_is_not(tmp_path):
    told = night(tmp_path, hidden(), ALL).content["passed_over"]
    assert [(one["name"], "隐藏" in one["sentence"]["zh"]) for one in told] == [("登记.xlsx#旧表", True)]
    named = night(tmp_path, hidden(), 'sheets = ["登记", "旧表"]\n').content
    assert (named["passed_over"], named["rejects_by_reason"]) == ([], {"unknown_household": 1})


def test_no_id_is_carried_from_one_sheet_into_the_next(tmp_path):
    rows = sorted(ROWS, key=lambda row: row[1])
    content = of_sheets(("7月", [HEADERS, *rows[:3]]), ("8月", [HEADERS, [9, None, *rows[3][2:]], *rows[4:]]))
    (reject,) = twin.rejects(night(tmp_path, content, ALL + DOWN)).to_dicts()
    assert (reject["source_file"], reject["source_row"]) == ("登记.xlsx#8月", 2)
    assert "household_id" in reject["detail"]


# Headers as forms print them, and how the refusal writes them, to be copied into a mapping.
HEADED = {
    "a mark that it must be filled in": (lambda name: f"{name}*", '"户编号*"'),
    "the same in words": (lambda name: f"{name}（必填）", '"户编号（必填）"'),
    "a line break, to save width": (lambda name: f"{name[:2]}\n{name[2:]}", r'"户编\n号"'),
    "blanks, to look even": ("　".join, '"户　编　号"'),
}


@pytest.mark.parametrize("how", HEADED)
def test_a_header_nearly_as_looked_for_is_shown_and_reads_once_it_is_written_so(tmp_path, clean, how):
    form, shown = HEADED[how]
    headers = [form(name) for name in HEADERS]
    content = Sheet().put([headers, *ROWS]).bytes()
    with pytest.raises(InputRefusedError) as refused:
        night(tmp_path, content)
    said = refused.value.zh
    assert f"相近的表头有 {shown}" in said
    assert "[columns]" in said
    assert "key" not in said, "what is missing is told once"
    near = re.search("相近的表头有 (.*)；", said)[1].split("、")
    theirs = KEYED + THEIRS
    for name, header in zip([1, ITEM, 4, DECIDED, STATUS, TIMES], near, strict=False):
        theirs = theirs.replace(f'"{HEADERS[name]}"', header)
    path = tmp_path / "登记.xlsx"
    report = twin.night(tmp_path, path, *mapped(tmp_path, theirs))
    assert twin.ledger(report) == clean


def test_where_only_the_first_of_several_sheets_was_read_the_refusal_says_so(tmp_path):
    content = of_sheets(("填表说明", [["请先阅读"], ["户编号按名册填"]]), ("登记", [HEADERS, *ROWS]))
    with pytest.raises(InputRefusedError) as refused:
        night(tmp_path, content)
    assert "只读了第一张工作表“填表说明”" in refused.value.zh
    assert "sheets" in refused.value.zh


def test_words_where_a_number_or_a_day_belongs_are_a_reject_each(tmp_path):
    days = ["癸卯年六月初一", "农历六月初一", "民国112年7月17日", "7/17/2023", "二〇二三年七月十七日", "同上"]
    rows = [[n, *ROWS[0][1:4], day, *ROWS[0][5:]] for n, day in enumerate(days, start=1)]
    rows += [[20, *ROWS[0][1:7], "两次", "备注"], [21, *ROWS[0][1:7], True, "备注"], *ROWS * 3]
    rejects = twin.rejects(night(tmp_path, Sheet().put([HEADERS, *rows]).bytes())).sort("source_row")
    assert rejects["source_row"].to_list() == [*range(2, 10)]
    for day, said in zip(days, rejects["detail"], strict=False):
        assert f"“{day}”不是日期，请写成 2023-01-31" in said
    assert "“两次”不是整数" in rejects["detail"][6]
    assert "不是整数" in rejects["detail"][7]


def test_a_header_printed_again_within_the_table_is_one_reject(tmp_path, clean):
    report = night(tmp_path, Sheet().put([HEADERS, *ROWS[:3], HEADERS, *ROWS[3:]]).bytes())
    assert twin.ledger(report) == clean
    assert twin.rejects(report)["source_row"].to_list() == [5]


@pytest.mark.parametrize("written", ["'TH-01", "th-01", "ＴＨ－０１", "TH–01", '="TH-01"', "TH - 01", "TH01"])
def test_an_id_that_differs_in_signs_around_and_between_is_told_as_the_one_meant(written):
    register = pl.DataFrame({"household_id": ["TH-01", "TH-02", "TH-01", "TH-11"]})
    assert near_ids.each_meant(register, [written]) == {written: "TH-01"}


@pytest.mark.parametrize("written", ["陆某", "---", "13800138000", ""])
def test_what_is_no_id_at_all_is_told_as_none(written):
    register = pl.DataFrame({"household_id": ["TH-01", "TH-02"]})
    assert near_ids.each_meant(register, [written]) == {written: None}


def test_of_two_ids_alike_none_is_told():
    register = pl.DataFrame({"household_id": ["TH-01", "th01", "TH-02"]})
    assert near_ids.each_meant(register, ["'TH-01"]) == {"'TH-01": None}


def test_one_sign_wrong_missing_or_too_many_is_told_wherever_it_stands():
    one = "TH-01234"
    register = pl.DataFrame({"household_id": [one, "TH-98765"]})
    wrong = {one[:at] + "X" + one[at + 1 :] for at in range(len(one))}
    missing = {one[:at] + one[at + 1 :] for at in range(len(one))}
    more = {one[:at] + "X" + one[at:] for at in range(len(one) + 1)}
    exchanged = {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}
    written = sorted(wrong | missing | more | exchanged)
    assert near_ids.each_meant(register, written) == dict.fromkeys(written, one)


def test_numbers_that_are_no_whole_ones_are_told(tmp_path):
    rejects = twin.rejects(night(tmp_path, Sheet().put([HEADERS, [1, *ROWS[0][1:7], 0.5], *ROWS]).bytes()))
    assert "“0.5”不是整数" in rejects["detail"][0]
    with pytest.raises(InputRefusedError, match="whole number"):
        night(tmp_path, times(lambda count: count / 100))


def with_chart(*, first):
    """The table in a workbook that has a chart on a sheet of its own, before or behind it."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        chart_sheet = book.add_chartsheet("图表") if first else None
        sheet, day = book.add_worksheet("明细"), book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate([HEADERS, *ROWS]):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                elif cell is not None:
                    sheet.write(row, column, cell)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=明细!$H$2:$H$4"})
        (chart_sheet or book.add_chartsheet("图表")).set_chart(chart)
    return written.getvalue()


@pytest.mark.parametrize("first", [True, False])
def test_a_chart_on_a_sheet_of_its_own_is_no_table(tmp_path, clean, first):
    assert twin.ledger(night(tmp_path, with_chart(first=first))) == clean


def test_rows_without_a_household_below_one_that_has_it_are_told_with_fill_down(tmp_path, clean):
    rows = [[*ROWS[0]], [*ROWS[1]], *ROWS[2:]]
    rows[1][1] = None
    report = night(tmp_path, Sheet().put([HEADERS, *rows]).bytes())
    (told,) = [one for one in report.content["warnings"] if "fill_down" in one["why"]]
    assert "有 1 行是空的" in told["sentence"]["zh"]
    assert "fill_down" in told["sentence"]["zh"]
    (tmp_path / "whole").mkdir()
    whole = night(tmp_path / "whole", Sheet().put([HEADERS, *ROWS]).bytes())
    assert not [one for one in whole.content["warnings"] if "fill_down" in one["why"]]
    assert clean
