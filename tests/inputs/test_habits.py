"""More files as office programs leave them: read to the ledger of the clean twin, or refused in words.

`exported/` holds what LibreOffice 7.4 wrote of one clerk's sheet, byte for byte.
"""

import io
import re
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from inputs import twin
from inputs.test_clerk import CLEAN, CLERKS, KEYED, THEIRS, clean, mapped
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.read_table import read_table
from jifen_batch.scheme.reject_details import english
from jifen_batch.tables.inputs import HOUSEHOLDS

__all__ = ["clean"]

EXPORTED = Path(__file__).parent / "exported"
WIDE = {48 + n: 0xFF10 + n for n in range(10)}
ROWS = twin.as_clerks_write()
TITLE = "桃花村积分登记表"


class Sheet:
    """A workbook while a clerk makes it: cells by row and column, from 0."""

    def __init__(self, **options):
        self.written = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.written, {"in_memory": True, **options})
        self.day = self.book.add_format({"num_format": "yyyy/m/d"})
        self.sheet = self.book.add_worksheet("登记")

    def put(self, rows, at=0, form=lambda _column, cell: cell):
        """Write rows from a row on; days as days, unless `form` makes another thing of them."""
        for row, cells in enumerate(rows, start=at):
            for column, cell in enumerate(cells):
                made = form(column, cell) if at < row or cells is not rows[0] else cell
                if isinstance(made, date):
                    self.sheet.write_datetime(row, column, made, self.day)
                elif made is not None:
                    self.sheet.write(row, column, made)
        return self

    def bytes(self):
        self.book.close()
        return self.written.getvalue()


def table(form=lambda _column, cell: cell, **options):
    """The clerk's table in a workbook, each cell as `form` writes it."""
    return Sheet(**options).put([twin.HEADERS, *ROWS], form=form).bytes()


def days(form):
    """The clerk's table with days in another form."""
    return table(lambda _column, cell: form(cell) if isinstance(cell, date) else cell)


def from_1904():
    """The clerk's table in a workbook of that system, days as bare numbers."""
    return table(
        lambda _column, cell: (cell - date(1904, 1, 1)).days if isinstance(cell, date) else cell,
        date_1904=True,
    )


def times(form):
    """The clerk's table with the numbers of times in another form."""
    return table(lambda column, cell: form(cell) if column == 7 and cell is not None else cell)


def titled():
    made = Sheet()
    made.sheet.merge_range(0, 0, 0, 8, TITLE)
    made.sheet.merge_range(1, 0, 1, 8, "填报单位：桃花村　　2023年第三季度")
    return made.put([twin.HEADERS, *ROWS], 2).bytes()


def two_headers():
    made = Sheet()
    made.sheet.merge_range(0, 0, 0, 2, "农户")
    made.sheet.merge_range(0, 3, 0, 8, "积分")
    return made.put([twin.HEADERS, *ROWS], 1).bytes()


def hidden():
    """A hidden sheet with an old table, hidden rows, a hidden column, a filter."""
    made = Sheet().put([twin.HEADERS, *ROWS])
    made.sheet.set_row(2, None, None, {"hidden": True})
    made.sheet.set_column(0, 0, None, None, {"hidden": True})
    made.sheet.autofilter(0, 0, 6, 8)
    old = made.book.add_worksheet("旧表")
    old.write_row(0, 0, twin.HEADERS)
    old.write_row(1, 0, [1, "TH-09", "户主", "不存在的事项", "2022/1/1", "", "已认定", 1])
    old.hide()
    return made.bytes()


def formulas():
    """Days, times and statuses worked out by formulas, whose values the program that saved them has kept."""
    made = Sheet().put([twin.HEADERS, *ROWS])
    for row, cells in enumerate(ROWS, start=1):
        made.sheet.write_formula(row, 6, '=IF(1,"x","")', None, cells[6])
        made.sheet.write_formula(row, 4, "=DATE(2023,1,1)", made.day, (cells[4] - date(1899, 12, 30)).days)
        if cells[7] is not None:
            made.sheet.write_formula(row, 7, "=1+1", None, cells[7])
    return made.bytes()


def totals():
    made = Sheet().put([twin.HEADERS, *ROWS[:3], ["小计", None, None, None, None, None, None, 3], *ROWS[3:]])
    return made.put(
        [["合计", None, None, None, None, None, None, 6], ["制表人：陆某", None, "审核："]], 8
    ).bytes()


def notes_beside():
    made = Sheet().put([twin.HEADERS, *ROWS])
    made.sheet.write(3, 12, "此列以外请勿填写")
    made.sheet.write_comment(1, 3, "按细则名称")
    return made.bytes()


def csv(form=lambda cell: cell, **style):
    return twin.as_csv([[form(cell) for cell in row] for row in ROWS], twin.HEADERS, **style)


def padded():
    """The table as CSV, blanks of every width around its words, days and numbers; ids are as they are."""
    rows = [
        [cell if column == 1 or cell is None else f"\u3000{cell}\u00a0 " for column, cell in enumerate(row)]
        for row in ROWS
    ]
    return twin.as_csv(rows, twin.HEADERS)


def exported(name, encoding=None):
    content = (EXPORTED / name).read_bytes()
    return content.decode().encode(encoding) if encoding else content


SKIPPED = 'skip_rows_where = {"序号" = ["合计", "小计", "制表人*"]}\n'
SAME = {
    "a workbook as it is": ("xlsx", table, ""),
    "two merged titles above": ("xlsx", titled, 'header_with = "户编号"\n'),
    "a header of two rows": ("xlsx", two_headers, "header_row = 2\n"),
    "hidden rows and columns, a filter, an old sheet hidden": ("xlsx", hidden, ""),
    "the same, the sheet named": ("xlsx", hidden, 'sheets = "登记"\n'),
    "formulas with their values": ("xlsx", formulas, ""),
    "subtotals, a total, who made it": ("xlsx", totals, SKIPPED),
    "notes beside the table and in comments": ("xlsx", notes_beside, ""),
    "days from 1904, as Excel on old Macs": ("xlsx", lambda: table(date_1904=True), ""),
    "texts in the cells themselves": ("xlsx", lambda: table(constant_memory=True, in_memory=False), ""),
    "days as text with points": ("xlsx", lambda: days(lambda d: f"{d.year}.{d.month}.{d.day}"), ""),
    "days as Chinese text": ("xlsx", lambda: days(lambda d: f"{d.year}年{d.month}月{d.day}日"), ""),
    "days as text with two digits each": ("xlsx", lambda: days(lambda d: f"{d:%Y年%m月%d日}"), ""),
    "days as digits, numbers": ("xlsx", lambda: days(lambda d: int(f"{d:%Y%m%d}")), ""),
    "days as digits, text": ("xlsx", lambda: days(lambda d: f"{d:%Y%m%d}"), ""),
    "days as serial numbers from 1904": ("xlsx", from_1904, ""),
    "days as serial numbers": ("xlsx", lambda: days(lambda d: (d - date(1899, 12, 30)).days), ""),
    "days in full width": ("xlsx", lambda: days(lambda d: str(d).translate(WIDE)), ""),
    "days with midnight": ("xlsx", lambda: days(lambda d: datetime(d.year, d.month, d.day)), ""),  # noqa: DTZ001 - as a cell has it
    "days with a time": ("xlsx", lambda: days(lambda d: f"{d} 14:30:00"), "cut_times = true\n"),
    "numbers as text": ("xlsx", lambda: times(str), ""),
    "numbers as decimals": ("xlsx", lambda: times(float), ""),
    "numbers in full width": ("xlsx", lambda: times(lambda n: str(n).translate(WIDE)), ""),
    "numbers with their unit": ("xlsx", lambda: times(lambda n: f"{n} 次"), 'units = "次"\n'),
    "LibreOffice: xlsx": ("xlsx", lambda: exported("lo.xlsx"), ""),
    "LibreOffice: CSV": ("csv", lambda: exported("lo-utf8.csv"), ""),
    "LibreOffice: semicolons, GB18030": (
        "csv",
        lambda: exported("lo-semicolon-gb18030.csv", "gb18030"),
        "",
    ),
    "LibreOffice: tabs, texts in quotes": ("csv", lambda: exported("lo-tab-quoted.csv"), ""),
    "tabs in UTF-16, as Excel's Unicode text": ("csv", lambda: exported("lo-tab-quoted.csv", "utf-16"), ""),
    "blanks of every width around cells": ("csv", padded, ""),
    "every cell in quotes": ("csv", lambda: csv(quoting=1), ""),
    "a line break within a remark": (
        "csv",
        lambda: csv(lambda c: "第一行\n第二行" if c == "备注" else c),
        "",
    ),
    "quotes and commas within a remark": (
        "csv",
        lambda: csv(lambda c: '说"好",再议' if c == "备注" else c),
        "",
    ),
    "a row of commas below, as Excel leaves": ("csv", lambda: csv() + ",,,,,,,,\r\n,,,,,,,,\r\n", ""),
    "title, total and remark in GB18030": (
        "csv",
        lambda: (f"{TITLE},,,,,,,,\r\n{csv()}合计,,,,,,,6,\r\n制表人：陆某\r\n").encode("gb18030"),
        'header_with = "户编号"\n' + SKIPPED,
    ),
}


@pytest.mark.parametrize("how", SAME)
def test_it_says_the_same_as_the_clean_twin(tmp_path, clean, how):
    ending, make, form = SAME[how]
    content = make()
    path = tmp_path / f"7-9月.{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = twin.night(tmp_path, path, *mapped(tmp_path, KEYED + form + THEIRS))
    assert report.content["rejects_by_reason"] == {}
    assert twin.ledger(report) == clean


def protected():
    """What Office makes of a workbook with a password: a container of its own."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )


def cut_short():
    """A workbook of which the end did not come through."""
    return table()[:-200]


def without_sheets():
    """A package that is no workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    return made.getvalue()


# The file's name, what it holds, and words of the sentence that say where it is and what to do.
REFUSED = {
    "an old Excel file": ("登记.xls", lambda: exported("lo.xls"), ["登记.xls", "xlsx"]),
    "an OpenDocument file": ("登记.ods", lambda: exported("lo.ods"), ["登记.ods", "xlsx"]),
    "a WPS file": ("登记.et", lambda: exported("lo.xls"), ["登记.et", "xlsx"]),
    "an old file under a new name": ("登记.xlsx", lambda: exported("lo.xls"), ["登记.xlsx", "xlsx"]),
    "a password": ("登记.xlsx", protected, ["登记.xlsx", "password"]),
    "CSV under the name of a workbook": ("登记.xlsx", CLEAN.encode, ["登记.xlsx", ".csv"]),
    "a workbook under the name of CSV": ("登记.csv", table, ["登记.csv", ".xlsx"]),
    "half a workbook": ("登记.xlsx", cut_short, ["登记.xlsx", "again"]),
    "another package": ("登记.xlsx", without_sheets, ["登记.xlsx"]),
    "another program's table": ("登记.json", lambda: b"[]", ["登记.json", "CSV"]),
    "nothing": ("登记.xlsx", lambda: b"", ["登记.xlsx", "empty (0 bytes)"]),
    "an empty sheet": ("登记.xlsx", lambda: Sheet().bytes(), ["登记.xlsx"]),
    "Excel's line of the delimiter": (
        "登记.csv",
        lambda: b"sep=,\r\n" + CLEAN.encode(),
        ["登记.csv", "header"],
    ),
}


@pytest.mark.parametrize("how", REFUSED)
def test_it_is_refused_in_words_that_a_clerk_can_act_on(tmp_path, how):
    name, make, words = REFUSED[how]
    (tmp_path / name).write_bytes(make())
    with pytest.raises(InputRefusedError) as refused:
        twin.night(tmp_path, tmp_path / name)
    assert [word for word in words if word not in str(refused.value)] == [], str(refused.value)
    assert "Error" not in str(refused.value), "no word of the library's"
    assert f"events：{name}：" in refused.value.zh, "and the same in Chinese"


# A day as people write it, and what the reject says of it.
DAYS = {
    "7月17日": "不是日期",
    "23.7.17": "不是日期",
    "2023-07-17 星期一": "不是日期",
    "2023年7月": "不是日期",
    "2023/13/1": "不是日期",
    "#N/A": "是公式错误",
}


def test_a_day_that_nobody_can_be_sure_of_is_one_reject_with_its_place(tmp_path):
    rows = [[*row] for row in twin.ROWS * 3]
    for number, day in enumerate(DAYS):
        rows[number][3] = day
    for number, row in enumerate(rows):
        row[0] = f"E{number}"
    path = tmp_path / "events.csv"
    path.write_text(twin.as_csv(rows), encoding="utf-8")
    details = twin.rejects(twin.night(tmp_path, path)).sort("source_row")["detail"].to_list()
    for number, (day, said) in enumerate(DAYS.items(), start=2):
        (own,) = [one for one in details if one.startswith(f"第 {number} 行")]
        assert f"occurred_on“{day}”" in own
        assert said in own


@pytest.mark.parametrize("word", ["#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
@pytest.mark.parametrize("column", ["household_id", "occurred_on", "quantity"])
def test_a_workbook_s_error_cell_is_one_reject_that_shows_what_excel_shows(tmp_path, word, column):
    made = Sheet().put([twin.EVENTS, *twin.ROWS])
    made.sheet.write_formula(1, twin.EVENTS.index(column), "=1/0", None, word)
    path = tmp_path / "events.xlsx"
    path.write_bytes(made.bytes())
    (reject,) = twin.rejects(twin.night(tmp_path, path)).to_dicts()
    assert (reject["reason"], reject["source_row"]) == ("unreadable_row", 2)
    assert reject["detail"] == f"第 2 行：{column}“{word}”是公式错误，请填写内容本身"
    assert english(reject["detail"]) == (
        f"row 2: {column} “{word}” is what a formula leaves where it fails; write the content itself"
    )


def test_a_number_of_a_register_s_workbook_counts_from_its_own_day(tmp_path):
    # By pencil: 45,000 days after 1 January 1904 is 16 March 2027, after 30 December 1899 15 March 2023.
    for options, day in (({"date_1904": True}, date(2027, 3, 16)), ({}, date(2023, 3, 15))):
        made = Sheet(**options)
        made.put([["household_id", "village_id", "town_id", "enrolled_on"], ["a", "v", "t", 45000]])
        path = tmp_path / f"{day}.xlsx"
        path.write_bytes(made.bytes())
        (file,) = find(str(path), "households").files
        assert read_table([file], HOUSEHOLDS).rows["enrolled_on"].to_list() == [day]


def test_a_folder_of_exports_is_read_whole(tmp_path, clean):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(EXPORTED / "lo.xlsx", folder / "a.xlsx")
    (folder / "b.csv").write_text(CLERKS, encoding="utf-8")
    report = twin.night(tmp_path, folder, *mapped(tmp_path, KEYED + THEIRS))
    assert report.content["accounting"]["collapsed"] == len(ROWS)
    assert twin.ledger(report) == clean


def test_the_line_that_a_refusal_of_units_quotes_reads_the_file(tmp_path, clean):
    path = tmp_path / "7-9月.xlsx"
    path.write_bytes(times(lambda n: f"{n}次"))
    with pytest.raises(InputRefusedError) as refused:
        twin.night(tmp_path, path, *mapped(tmp_path, KEYED + THEIRS))
    (quoted,) = re.findall(r"（(units = .*?)）", refused.value.zh)
    assert f"({quoted})" in str(refused.value)
    report = twin.night(tmp_path, path, *mapped(tmp_path, f"{KEYED}{quoted}\n{THEIRS}"))
    assert twin.ledger(report) == clean
