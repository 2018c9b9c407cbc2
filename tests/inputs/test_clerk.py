"""Files as village clerks have them: each says what its clean twin says, or is refused in helpful words."""

from datetime import date, datetime

import pytest
import xlsxwriter

from inputs import twin
from jifen_batch.errors import InputRefusedError

CLEAN = twin.as_csv(twin.ROWS)
CLERKS = twin.as_csv(twin.as_clerks_write(), twin.HEADERS)
MINE = '[file]\nrole = "events"\n'
THEIRS = (
    '[columns]\nhousehold_id = "户编号"\nitem = "积分事项"\noccurred_on = "发生日期"\n'
    'decided_on = "认定日期"\n'
    'status = "状态"\nquantity = "次数"\n[values.status]\n"已认定" = "approved"\n"待审" = "declared"\n'
    '"撤回" = "withdrawn"\n'
)
KEYED = MINE + 'key = {event_id = ["户编号", "积分事项", "发生日期"]}\nitems_by_name = true\n'


def dated(form):
    """The clean rows with days in another form."""
    return twin.as_csv(
        [[form(cell) if isinstance(cell, date) else cell for cell in row] for row in twin.ROWS]
    )


def days(row):
    return f"{row.year}年{row.month}月{row.day}日"


def serial(day):
    return (day - date(1899, 12, 30)).days


def numbered(form):
    """The clean rows with quantities in another form."""
    return twin.as_csv([[*row[:6], form(row[6]) if row[6] is not None else None] for row in twin.ROWS])


def merged(rows):
    """Rows of clerks sorted by household, whose ids stand once, as merged cells do."""
    rows = sorted(rows, key=lambda row: row[1])
    return [
        [row[0], "" if before and before[1] == row[1] else row[1], *row[2:]]
        for before, row in zip([None, *rows], rows, strict=False)
    ]


# What a file holds, and the mapping that it needs, if any.
SAME = {
    "clean": (CLEAN, None),
    "UTF-8 with its mark, as Excel saves CSV UTF-8": ("\ufeff" + CLEAN, None),
    "GB18030, as Excel and WPS in China save CSV": (CLEAN.encode("gb18030"), None),
    "Unicode text of Excel": (CLEAN.replace(",", "\t").encode("utf-16"), None),
    "UTF-16, the other way round": (b"\xfe\xff" + CLEAN.encode("utf-16-be"), None),
    "semicolons, as Excel of other countries": (CLEAN.replace(",", ";"), None),
    "lines ended as on Unix": (CLEAN.replace("\r\n", "\n"), None),
    "lines ended as on old Macs": (CLEAN.replace("\r\n", "\r"), None),
    "no end of the last line": (CLEAN.rstrip(), None),
    "blank rows between and below": (CLEAN.replace("\r\n", "\r\n,,,,,,\r\n") + "\r\n\r\n", None),
    "empty columns at the right": ("".join(f"{line},,,\r\n" for line in CLEAN.splitlines()), None),
    "a remark column of which no row has the cell": (CLEAN.replace("quantity", "quantity,备注", 1), None),
    "every cell in quotes": (twin.as_csv(twin.ROWS, quoting=1), None),
    "days with strokes, as Excel writes them back": (dated(lambda d: f"{d.year}/{d.month}/{d.day}"), None),
    "days with strokes and midnight": (dated(lambda d: f"{d.year}/{d.month}/{d.day} 0:00"), None),
    "days with points": (dated(lambda d: f"{d.year}.{d.month}.{d.day}"), None),
    "days in Chinese": (dated(days), None),
    "days as digits": (dated(lambda d: f"{d:%Y%m%d}"), None),
    "days as serial numbers": (dated(serial), None),
    "days in full width": (
        dated(lambda d: d.isoformat().translate({n: n + 0xFEE0 for n in range(48, 58)})),
        None,
    ),
    "quantities in full width": (numbered(lambda n: chr(0xFF10 + n)), None),
    "quantities as decimals": (numbered(lambda n: f"{n}.0"), None),
    "quantities with their unit": (numbered(lambda n: f"{n}次"), MINE + 'units = {quantity = "次"}\n'),
    "quantities with one of several units": (numbered(lambda n: f"{n} 回"), MINE + 'units = ["次", "回"]\n'),
    "a title above": ("桃花村积分登记表\r\n填表人：,,\r\n" + CLEAN, MINE + "header_row = 3\n"),
    "a title above, the header known by a cell": (
        "桃花村积分登记表,,,,,,\r\n" + CLEAN,
        MINE + 'header_with = "event_id"\n',
    ),
    "a total below": (CLEAN + "合计,,,,,,7\r\n", MINE + 'skip_rows_where = {event_id = "合计"}\n'),
    "who filled it in below": (
        CLEAN + "制表人：陆某\r\n",
        MINE + 'skip_rows_where = {event_id = "制表人*"}\n',
    ),
    "Chinese headers, words and names, no ids": (CLERKS, KEYED + THEIRS),
    "the same in GB18030": (CLERKS.encode("gb18030"), KEYED + THEIRS),
    "headers in full width and with blanks": (
        CLERKS.replace("次数", "　次数 ").replace("状态", "状态 "),
        KEYED + THEIRS,
    ),
    "columns in another order": (twin.as_csv([row[::-1] for row in twin.ROWS], twin.EVENTS[::-1]), None),
    "times of day that do not matter": (
        dated(lambda d: f"{d} 09:30"),
        MINE + "cut_times = true\n",
    ),
    "ids merged over rows": (
        twin.as_csv(merged(twin.as_clerks_write()), twin.HEADERS),
        KEYED + 'fill_down = ["household_id"]\n' + THEIRS,
    ),
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The ledger of the clean table."""
    folder = tmp_path_factory.mktemp("clean")
    (folder / "events.csv").write_text(CLEAN, encoding="utf-8")
    return twin.ledger(twin.night(folder, folder / "events.csv"))


def mapped(folder, text):
    """A mapping file of this text, if there is one."""
    if text is None:
        return []
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return [folder / "mapping.toml"]


@pytest.mark.parametrize("how", SAME)
def test_csv_says_the_same_as_its_clean_twin(tmp_path, clean, how):
    content, mapping = SAME[how]
    path = tmp_path / "events.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = twin.night(tmp_path, path, *mapped(tmp_path, mapping))
    assert twin.ledger(report) == clean
    assert report.content["accounting"]["rejected"] == 0


def workbook(path, sheets, form="yyyy/m/d"):
    """Write a workbook: rows of cells by sheet, days as Excel's own, shown in this form."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": form})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, datetime.combine(cell, datetime.min.time()), day)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path


MONTHS = {
    f"{month}月": [
        [f"桃花村2023年{month}月积分登记表"],
        ["填报单位：桃花村", None, None, None, None, None, "填报日期：", "2023年10月8日"],
        twin.HEADERS,
        [None, "（必填）", None, "（按细则名称）", "年月日"],
        *merged([row for row in twin.as_clerks_write() if row[4].month == month]),
        ["合计", None, None, None, None, None, None, 3],
        ["制表人：陆某", None, None, "审核："],
    ]
    for month in (7, 8, 9)
}
WORKBOOKS = {
    "clean": ({"events": [twin.EVENTS, *twin.ROWS]}, None),
    "an instruction sheet after it": ({"events": [twin.EVENTS, *twin.ROWS], "说明": [["请按月填写"]]}, None),
    "the sheet named": (
        {"说明": [["请按月填写"]], "登记": [twin.EVENTS, *twin.ROWS]},
        MINE + 'sheets = "登记"\n',
    ),
    "three months as clerks fill them in": (MONTHS, twin.MAPPINGS / "events.toml"),
    "an empty column and rows around": (
        {"events": [[], ["", *twin.EVENTS], [], *(["", *row, "", ""] for row in twin.ROWS), []]},
        MINE + "header_row = 2\n",
    ),
}


@pytest.mark.parametrize("how", WORKBOOKS)
def test_workbooks_say_the_same_as_the_clean_twin(tmp_path, clean, how):
    sheets, mapping = WORKBOOKS[how]
    path = workbook(tmp_path / "events.xlsx", sheets)
    given = [mapping] if isinstance(mapping, type(tmp_path)) else mapped(tmp_path, mapping)
    report = twin.night(tmp_path, path, *given)
    assert twin.ledger(report) == clean
    assert report.content["accounting"]["rejected"] == 0


def test_sheets_that_nobody_named_are_told(tmp_path):
    sheets = {"events": [twin.EVENTS, *twin.ROWS], "八月": [twin.EVENTS]}
    report = twin.night(tmp_path, workbook(tmp_path / "events.xlsx", sheets))
    assert [one["name"] for one in report.content["passed_over"]] == ["events.xlsx#八月"]


def test_a_reject_of_a_workbook_names_its_sheet_and_the_sheet_s_own_row(tmp_path):
    rows = [[*row[:3], "三月" if row[0] == "Q4" else row[3], *row[4:]] for row in twin.ROWS]
    path = workbook(tmp_path / "e.xlsx", {"七月": [["标题"], twin.EVENTS, [], *rows]})
    report = twin.night(tmp_path, path, *mapped(tmp_path, MINE + "header_row = 2\nsheets = 'all'\n"))
    (reject,) = twin.rejects(report).to_dicts()
    assert (reject["source_file"], reject["source_row"]) == ("e.xlsx#七月", 7)
    assert reject["detail"] == "第 7 行：occurred_on“三月”不是日期，请写成 2023-01-31 这样的公历日期"
    assert (reject["event_id"], reject["occurred_on"], reject["village_id"]) == ("Q4", None, None)


def test_a_folder_of_months_in_three_forms_is_read_whole(tmp_path, clean):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "7月.csv").write_text(twin.as_csv(twin.ROWS[:2]), encoding="gb18030")
    workbook(folder / "8月.xlsx", {"8月": [twin.EVENTS, *twin.ROWS[2:5]]})
    (folder / "9月.CSV").write_text(twin.as_csv(twin.ROWS[5:]), encoding="utf-8")
    (folder / "说明.docx").write_bytes(b"PK")
    report = twin.night(tmp_path, folder)
    assert twin.ledger(report) == clean
    assert [one["name"] for one in report.content["passed_over"]] == ["说明.docx"]


# What a file holds, its mapping, and what is said of it: the place and the remedy.
REFUSED = {
    "Chinese headers and no mapping": (CLERKS, None, "are missing", "--mapping"),
    "a title and no mapping": ("登记表,,\r\n" + CLEAN, None, "row 1 is no header", "header_row = 2"),
    "months before days": (
        dated(lambda d: f"{d:%m/%d/%Y}"),
        None,
        "column occurred_on, rows 2, 3",
        "2023-01-31",
    ),
    "a unit that nobody named": (
        numbered(lambda n: f"{n}次"),
        None,
        "column quantity, rows 2, 3, 5, 6",
        "unit",
    ),
    "a header twice": (CLEAN.replace("quantity", "item", 1), None, "header item of column G", "keep one"),
    "a header nearly ours": (
        CLEAN.replace("decided_on", "Decided_on", 1),
        None,
        "nearly decided_on",
        "call it so",
    ),
    "a column that the mapping names and nobody has": (
        CLERKS.replace("次数", "数量", 1),
        KEYED + THEIRS,
        "column quantity is missing, looked for under 次数",
        "name its header",
    ),
    "a row to skip under a header that is not there": (
        CLEAN,
        MINE + 'skip_rows_where = {"序号" = "合计"}\n',
        "has no column 序号",
        "correct it",
    ),
    "a cell that marks the header and is not there": (
        CLEAN,
        MINE + 'header_with = "户"\n',
        "no cell 户",
        "header_with",
    ),
    "ids that Excel made numbers": (CLEAN.replace("Q1", "2.02307E+11", 1), None, "9.90113E+11", "as text"),
    "a file that broke off": (CLEAN[:-20], None, "breaks off in row 7", "send the file again"),
    "nothing": ("", None, "is empty (0 bytes)", "send it again"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_not_read_is_refused_with_its_place_and_a_remedy(tmp_path, how):
    content, mapping, place, remedy = REFUSED[how]
    path = tmp_path / "events.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with pytest.raises(InputRefusedError) as refused:
        twin.night(tmp_path, path, *mapped(tmp_path, mapping))
    assert place in str(refused.value)
    assert remedy in str(refused.value)
    assert "events: events.csv: " in str(refused.value)
    # Line by line the same faults in Chinese, of the same places.
    assert [line.startswith("events：events.csv：") for line in refused.value.zh.splitlines()] == [
        True for _ in str(refused.value).splitlines()
    ]


def test_a_mapping_for_what_a_run_does_not_read_is_refused(tmp_path):
    (tmp_path / "events.csv").write_text(CLEAN, encoding="utf-8")
    with pytest.raises(InputRefusedError, match="is for a statement, which is not read here"):
        twin.night(tmp_path, tmp_path / "events.csv", *mapped(tmp_path, '[columns]\nhousehold_id = "户"\n'))


def test_the_mapping_is_part_of_what_a_run_is(tmp_path):
    """Another word in it may score another night; the same again is recognised."""
    path = tmp_path / "events.csv"
    path.write_text(CLERKS, encoding="utf-8")
    first = twin.published(tmp_path, path, *mapped(tmp_path, KEYED + THEIRS))
    assert twin.published(tmp_path, path, *mapped(tmp_path, KEYED + THEIRS)).outcome == "unchanged"
    other = twin.published(tmp_path, path, *mapped(tmp_path, KEYED + THEIRS + '"别的" = "declined"\n'))
    assert other.run_id != first.run_id
    assert [(one["role"], one["file"]) for one in first.manifest["mappings"]] == [("events", "mapping.toml")]


def test_rows_with_equal_texts_are_one_event_however_days_are_written(tmp_path):
    rows = twin.as_clerks_write(twin.ROWS[:1]) * 2
    rows[1] = [2, *rows[1][1:4], "2023年7月17日", *rows[1][5:]]
    path = tmp_path / "events.csv"
    path.write_text(twin.as_csv(rows, twin.HEADERS), encoding="utf-8")
    report = twin.night(tmp_path, path, *mapped(tmp_path, KEYED + THEIRS))
    assert report.content["accounting"]["collapsed"] == 1
    assert report.content["accounting"]["posted"] == 1


def test_an_id_made_of_columns_tells_nothing_of_them(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(CLERKS, encoding="utf-8")
    keyed = MINE + 'key = {event_id = ["户主", "积分事项", "发生日期", "户编号"]}\nitems_by_name = true\n'
    report = twin.night(tmp_path, path, *mapped(tmp_path, keyed + THEIRS))
    files = list((report.folder / "ledger").rglob("*.parquet"))
    assert files
    assert all("户主".encode() not in file.read_bytes() for file in files)


def test_a_name_that_two_items_bear_is_rejected_and_both_are_named(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    book = twin.BOOK.read_text(encoding="utf-8").replace('name = "消防器材"', 'name = "志愿服务"', 1)
    (rules / "book.toml").write_text(book, encoding="utf-8")
    path = tmp_path / "events.csv"
    path.write_text(CLERKS, encoding="utf-8")
    mapping = mapped(tmp_path, KEYED + THEIRS)
    options = twin.RunOptions(
        events=str(path),
        households=str(twin.register_at(tmp_path)),
        rules=(str(rules),),
        out=tmp_path / "out",
        as_of=twin.AS_OF,
        max_reject_rate=1.0,
        mapping=(str(mapping[0]),),
    )
    rejects = twin.rejects(twin.run(options, twin.QUIET))
    told = dict(rejects.select("item", "detail").rows())
    assert "fire.equipment" in told["志愿服务"]
    assert "volunteer.service" in told["志愿服务"]
    assert "没有这个积分事项" in told["消防器材"]


def test_a_sheet_without_ids_is_told_how_they_are_made_of_its_columns(tmp_path, clean):
    path = tmp_path / "e.csv"
    text = twin.as_csv(twin.ROWS)
    path.write_text("\n".join(line.partition(",")[2] for line in text.splitlines()) + "\n", encoding="utf-8")
    with pytest.raises(InputRefusedError, match="event_id") as refused:
        twin.night(tmp_path, path)
    assert 'key = {event_id = ["…", "…"]}' in refused.value.zh
    assert 'key = {event_id = ["…", "…"]}' in str(refused.value)
    form = '[file]\nrole = "events"\nkey = {event_id = ["household_id", "item", "occurred_on"]}\n'
    assert len(twin.ledger(twin.night(tmp_path, path, *mapped(tmp_path, form)))) == len(clean)
