"""CSV as people and programs write it: read right, or told apart by the row that the sheet shows."""

from datetime import date, datetime

import pytest

import event_rows
from jifen_batch.errors import InputRefusedError

HEAD = "event_id,household_id,item,occurred_on,status"
ROW = "e1,h1,pledge,2023-03-01,approved"
ANOTHER = "e2,h2,pledge,2023-03-02,approved"


@pytest.fixture
def written(tmp_path):
    """A CSV file with these lines, the last one ended, or this content."""

    def call(*lines, content=None):
        text = "".join(f"{line}\n" for line in lines).encode()
        (tmp_path / "a.csv").write_bytes(text if content is None else content)
        return tmp_path

    return call


def read(place):
    """The rows of a folder, by id."""
    return event_rows.events(place)["event_id"].to_list()


def told(place):
    """What is said of the rows that cannot be read."""
    return event_rows.unreadable(place)["detail"].to_list()


def test_columns_are_taken_by_name_and_empty_cells_are_null(written):
    rows = event_rows.events(
        written(f"phone,until,{HEAD},quantity", f'"1,2",2023-12-31,{ROW},+3', 'x,,"e2",,"",2023-03-01,x,""')
    )
    assert rows.select("event_id", "household_id", "occurred_on", "until", "quantity").rows() == [
        ("e1", "h1", date(2023, 3, 1), date(2023, 12, 31), 3),
        ("e2", None, date(2023, 3, 1), None, None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEAD}\r\n{ROW}\r\n\r\n".encode(),
        f"{HEAD}\n{ROW}".encode(),
        f"{HEAD}\r{ROW}\r".encode(),
        f"{HEAD}\n{ROW}\n".replace(",", ";").encode(),
        f"{HEAD}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
        f"备注,{HEAD}\n桃花村,{ROW}\n".encode("gb18030"),
        f"备注,{HEAD}\n桃花村,{ROW}\n".encode("utf-16"),
        f'{HEAD},备注\n{ROW},"一行\n两行，""引号"""\n'.encode(),
        f"{HEAD},,,\n{ROW},,,\n".encode(),
        f"{HEAD},备注\n{ROW}\n".encode(),
        f"{HEAD},备注,,,\n{ROW},,,\n,,,\n \n".encode(),
    ],
    ids=[
        "BOM, Windows",
        "no line end",
        "old Mac",
        "semicolons",
        "UTF-16 with tabs",
        "GB18030",
        "UTF-16",
        "quotes and line breaks",
        "empty columns",
        "a remark left out",
        "trailing commas and blank rows",
    ],
)
def test_however_it_is_written_it_says_the_same(written, content):
    place = written(content=content)
    assert (read(place), told(place)) == (["e1"], [])


def test_rows_count_as_the_sheet_counts_them_blank_ones_too(written):
    rows = event_rows.events(written(HEAD, "", ROW, ",,,,", "", ANOTHER, ""))
    assert (rows["source"] + 1).to_list() == [3, 6]


def test_a_header_alone_is_a_file_without_rows(written):
    assert read(written(HEAD)) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{ROW},x", "第 3 行：这一行有 6 栏，表头有 5 栏"),
        ("e1,h1,pledge", "第 3 行：这一行有 3 栏，表头有 5 栏"),
        (ROW.replace("2023-03-01", "2023-02-30"), "第 3 行：occurred_on“2023-02-30”不是日期"),
        (ROW.replace("2023-03-01", "三月一日"), "occurred_on“三月一日”不是日期"),
        (ROW.replace("2023-03-01", "2023-03-01 09:30"), "occurred_on“2023-03-01 09:30”不是日期"),
        (ROW.replace("2023-03-01", "########"), "occurred_on“########”不是日期"),
        (ROW.replace("h1", "#N/A"), "household_id“#N/A”是公式错误"),
        (ROW.replace("2023-03-01", "电话13812345678"), "occurred_on“电话…”不是日期"),
        (ROW.replace("2023-03-01", "长" * 60), f"occurred_on“{'长' * 39}…”不是日期"),
        (ROW.replace("2023-03-01", "\x1b[31m"), "occurred_on“ [31m”不是日期"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_apart_with_its_place(written, line, said):
    place = written(HEAD, ANOTHER, line, ANOTHER)
    assert read(place) == ["e2", "e2"]
    (sentence,) = told(place)
    assert said in sentence


def test_of_a_member_nothing_is_shown_and_all_cells_of_a_row_are_told(written):
    place = written(f"{HEAD},member_id,quantity,until", f"{ROW},,,", f"{ROW},#REF!,两,x", f"{ROW},,,")
    (sentence,) = told(place)
    assert "#REF!" not in sentence
    for part in ("第 3 行", "member_id（内容不显示）", "quantity“两”不是整数", "until“x”不是日期"):
        assert part in sentence


def test_a_file_of_which_most_rows_cannot_be_read_is_refused_with_the_first_places(written):
    bad = ROW.replace("2023-03-01", "三月")
    assert len(told(written(HEAD, ROW, bad))) == 1
    with pytest.raises(InputRefusedError) as refused:
        read(written(HEAD, ROW, *[bad] * 30))
    said = str(refused.value)
    assert "30 of its 31 rows cannot be read" in said
    assert "column occurred_on, rows 3, 4, 5," in said
    assert ", 22 and 10 more: is no day" in said
    assert "三月" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEAD}\n{ROW}\ne2,h2,ple", "breaks off in row 3"),
        (f"{HEAD}\n{ROW}\ne2", "breaks off in row 3"),
        (f"{HEAD},备注\n{ROW},x\n{ANOTHER}", "breaks off in row 3"),
        (
            f"{HEAD}\n{ROW.replace('h1', '桃')}\ne2,桃".encode()[:-1],
            "breaks off in row 3, in the middle of a sign",
        ),
        (f'{HEAD}\n{ROW}\n"e2,h2\n{ROW}\n{ROW}\n', "row 3: a quotation mark"),
        (f"{HEAD}\n{ROW}\0\n", "is no text in UTF-8, GB18030 or UTF-16"),
        (
            f"备注,{HEAD}\n桃花村桃花村桃花村,{ROW}\n".encode() + b"\xff\n",
            "row 3: is UTF-8, but for a damaged",
        ),
        ("\n\n", "has no header in row 1"),
        (f"{HEAD},item\n{ROW},x\n", "the header item of column F stands twice"),
        (f"{HEAD},备注,备注\n{ROW},x,y\n", "the header of column G stands twice"),
        (f"积分登记表\n{HEAD}\n{ROW}\n", "row 1 is no header: it stands in row 2"),
        (f"积分登记表,,,,\n填表人：,,,,\n{HEAD}\n{ROW}\n", "row 1 is no header: it stands in row 3"),
        (f"{HEAD}\n{ROW}\n".replace(",", "|"), "part the columns by commas"),
        ("a,b\n1,2\n", "required columns event_id, household_id, item, occurred_on, status are missing"),
        (f"{HEAD}\n{ROW}\n".replace("e1", "2.02309E+11"), "ids read like 9.90113E+11 (1 such)"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_in_words_of_its_own(written, content, said):
    with pytest.raises(InputRefusedError) as refused:
        read(written(content=content if isinstance(content, bytes) else content.encode()))
    assert f"events: a.csv: {said}" in str(refused.value) or said in str(refused.value)


@pytest.mark.parametrize(
    "look", ["Until", "UNTIL", " until", "until\u3000", "ｕntil", "un\u200btil", "\u2060until"]
)
def test_a_header_that_is_nearly_ours_is_refused_and_named(written, look):
    with pytest.raises(InputRefusedError, match="is nearly until; call it so"):
        read(written(f"{HEAD},{look}", f"{ROW},2023-12-31"))


def test_all_faults_of_all_files_are_told_at_once(written, tmp_path):
    (tmp_path / "b.csv").write_text(f"{HEAD},Until\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("event_id,ITEM,item,item\n", encoding="utf-8")
    with pytest.raises(InputRefusedError) as refused:
        read(written(HEAD, ROW))
    assert [line.split(":")[1].strip() for line in str(refused.value).splitlines()] == [
        "b.csv", "c.csv", "c.csv", "c.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("2023-03-01T08:30:00", 8),
        ("2023-03-01 08:30", 8),
        ("2023/3/1 8:30", 8),
        ("2023-03-01T08:30:00.000000000", 8),
        ("2023-03-01T08:30:00Z", 16),
        ("2023-03-01T08:30:00+08:00", 8),
        ("2023-03-01T08:30:00.5-0100", 17),
        ("44986.354166666664", 8),
    ],
)
def test_times_are_read_with_and_without_a_zone(written, cell, hour):
    (time,) = event_rows.events(written(f"{HEAD},recorded_at", f"{ROW},{cell}"))["recorded_at"]
    assert time.replace(microsecond=0) == datetime(2023, 3, 1, hour, 30)  # noqa: DTZ001 - Shanghai time


DAYS = [
    *("2023-05-01", "2023-5-1", "2023/5/1", "2023/05/01", "2023.5.1", "2023年5月1日", "2023 年 5 月 1 日"),
    *("20230501", "45047", "45047.0", "2023-05-01 00:00:00", "2023-05-01T00:00:00.000", "2023/5/1 0:00"),
    *("２０２３-０５-０１", " 2023-05-01 ", "2023／5／1", "2023．5．1"),
]
NO_DAYS = [
    *(
        "2023-02-29",
        "2023-13-01",
        "2023-05",
        "2023",
        "23-5-1",
        "5/1/2023",
        "2023-5/1",
        "2023年5月",
        "20231301",
    ),
    *("45047.5", "2023-05-01 09:30", "100000", "9999", "2023-05-01x", "五月一日", "2023-05-01,2023-05-02"),
]
WHOLES = {"1": 1, "２": 2, "2.0": 2, "2.00": 2, "+3": 3, "-1": -1, "−1": -1, " 4 ": 4, "007": 7}
NO_WHOLES = ["1.5", "一", "2次", "1e3", "0x1", "1,234", "- 1", "nan", "1 2"]


@pytest.mark.parametrize("cell", DAYS)
def test_days_are_read_as_people_and_excel_write_them(written, cell):
    rows = event_rows.events(written(f"{HEAD},until", f'{ROW},"{cell}"'))
    assert rows["until"].to_list() == [date(2023, 5, 1)]


@pytest.mark.parametrize("cell", WHOLES)
def test_whole_numbers_are_read_as_people_and_excel_write_them(written, cell):
    rows = event_rows.events(written(f"{HEAD},quantity", f'{ROW},"{cell}"'))
    assert rows["quantity"].to_list() == [WHOLES[cell]]


@pytest.mark.parametrize(("cell", "number"), [("9" * 30, 2**63 - 1), ("-" + "9" * 30, -(2**63))])
def test_numbers_beyond_int64_are_held_at_its_ends(written, cell, number):
    assert event_rows.events(written(f"{HEAD},quantity", f"{ROW},{cell}"))["quantity"].to_list() == [number]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("until", cell) for cell in NO_DAYS]
    + [("quantity", cell) for cell in NO_WHOLES]
    + [("recorded_at", cell) for cell in ("2023-03-01T24:00:00", "2023-03-01T08:60", "noon", "08:00")],
)
def test_a_cell_of_another_form_is_not_guessed(written, column, cell):
    place = written(f"{HEAD},{column}", f"{ROW},", f'{ROW},"{cell}"')
    assert read(place) == ["e1"]
    (sentence,) = told(place)
    assert f"第 3 行：{column}“" in sentence
