"""Every rule of the specification's Refused paragraph, with the file and line of its complaint.

A case is one or more files; the lines marked `# <-` are exactly those complained of.
"""

import pytest

from rules.writing import BOOK, change, complaints_of, item, load, local, marked, places_of

A = item("a")
DATED = "[{from = 2023-01-01, points = 5}]"

FORMAT = {
    "an unknown key of the file": (BOOK + "[cap] # <-\nx = 1\n", "请改为 caps"),
    "an unknown key of the book": (BOOK + "titel = 1 # <-\n", "请改为 title"),
    "an unknown key of an item": (BOOK + item("a", poinst="5 # <-"), "请改为 points"),
    "a look-alike key": (BOOK + item("a", **{'"ｐｅｒ"': "5 # <-"}), "请改为 per"),
    "a key of another table": (BOOK + "cap = 5 # <-\n", "请写到[[items]]之下"),
    "an unknown per": (BOOK + item("a", per='"years" # <-'), '请改为 "year"'),
    "an unknown basis": (BOOK + '[caps]\nx = {points = 1, basis = "gross"} # <-\n', "“gross”"),
    "an unknown matter": (BOOK + item("a", matter='"month" # <-'), '"required"'),
    "an unknown scope": (
        BOOK + A + item("b", forfeits='{scope = "day", items = ["a"]} # <-'),
        '请写 "year"、"quarter"、"month"、"matter" 之一',
    ),
    "an unknown notice": (BOOK + item("a", notice='"hide" # <-'), "“hide”"),
    "an unknown expiry": (BOOK + '[wallet]\nexpires = "12-32" # <-\n', '请改为 "12-31"'),
    "points beyond a million": (BOOK + item("a", points="1_000_001 # <-"), "1000000"),
    "points below minus a million": (BOOK + item("a", points="-1_000_001 # <-"), "-1000000"),
    "points beyond 64 bits": (BOOK + item("a", points="9" * 30 + " # <-"), "1000000"),
    "points not whole": (BOOK + item("a", points="5.5 # <-"), "小数"),
    "points that are nan": (BOOK + item("a", points="nan # <-"), "nan"),
    "points that are infinite": (BOOK + item("a", points="-inf # <-"), "-inf"),
    "points that are a truth value": (BOOK + item("a", points="true # <-"), "true/false"),
    "points that are a text": (BOOK + item("a", points='"5" # <-'), "文字"),
    "dated points of a wrong kind": (BOOK + item("a", points="[5] # <-"), "from = 2023-01-01"),
    "dated points without a date": (BOOK + item("a", points="[{points = 5}] # <-"), "缺少 from"),
    "dated points from a time": (
        BOOK + item("a", points="[{from = 2023-01-01T00:00:00, points = 5}] # <-"),
        "带时间的日期",
    ),
    "no dated points at all": (BOOK + item("a", points="[] # <-"), "空"),
    "a negative cap": (BOOK + "[caps]\nx = -1 # <-\n", "不小于 0"),
    "a cap not whole": (BOOK + "[caps]\nx = 1.5 # <-\n", "小数"),
    "a cap beyond 64 bits": (BOOK + f"[caps]\nx = {10**30} # <-\n", "不大于"),
    "a negative matter cap": (BOOK + item("a", matter_cap="-1 # <-"), "不小于 0"),
    "a matter cap not whole": (BOOK + item("a", matter_cap="1.5 # <-"), "小数"),
    "a row beyond the annex": (BOOK + item("a", row="35 # <-"), "34"),
    "a blank required text": (BOOK + item("a", name='"  " # <-'), "空白"),
    "an empty required text": (BOOK + item("a", name='"" # <-'), "空"),
    "a NUL in a code": (BOOK + item("a\\u0000", name='"名"').replace('u0000"', 'u0000" # <-'), "看不见"),
    "a code that looks like another": (BOOK + item("a\\u200b").replace('u200b"', 'u200b" # <-'), "看不见"),
    "an empty scope": (local("v", "scope = {villages = []} # <-"), "空"),
    "empty forfeits": (BOOK + item("a", forfeits='{scope = "year", items = []} # <-'), "空"),
    "no book at all": ("# <-\n" + A, "[book]"),
    "items as one table": (BOOK + "[items] # <-\ncode = 'a'\n", "双方括号"),
    "an item that is no table": ("items = [1] # <-\n" + BOOK, "双方括号"),
    "a list for a table": ("caps = [1] # <-\n" + BOOK, "应为表"),
    "a text for a list": (BOOK + 'unset = "last_year" # <-\n', "数组"),
}

WHOLE_BOOK = {
    "an item without a code": (
        BOOK + item("a").replace("[[items]]\ncode", "[[items]] # <-\nrow = 1 #"),
        "code",
    ),
    "an item without points": (
        BOOK + item("a", points=None).replace("[[items]]", "[[items]] # <-"),
        "points",
    ),
    "a book without a source": (
        BOOK.replace("[book]", "[book] # <-").replace('source = "甲文"', ""),
        "source",
    ),
    "a scope without extends": (BOOK + 'scope = {villages = ["V"]} # <-\n', "extends"),
    "last year before first year": (BOOK + "last_year = 2022 # <-\n", "早于"),
    "a code twice": (BOOK + A + A.replace('"a"', '"a" # <-'), "第 6 行"),
    "a cap that does not exist": (
        BOOK + "[caps]\nwaste = 5\n" + item("a", cap='"wast" # <-'),
        "请改为 waste",
    ),
    "a forfeited item that does not exist": (
        BOOK + item("a.b", forfeits='{scope = "year", items = ["a.c"]} # <-'),
        "a.c",
    ),
    "a pledge not per month": (BOOK + item("a", pledge="true # <-"), 'per = "month"'),
    "by member per event": (BOOK + item("a", by_member="true # <-"), "by_member"),
    "dated points not ascending": (
        BOOK + item("a", points="[{from = 2023-01-01, points = 5}, {from = 2023-01-01, points = 6}] # <-"),
        "2023-01-01 不晚于 2023-01-01",
    ),
    "dated points that begin too late": (
        BOOK + item("a", points="[{from = 2023-01-02, points = 5}] # <-"),
        "2023-01-01 或更早",
    ),
    "a negative item with a matter cap": (BOOK + item("a", points="-5", matter_cap="5 # <-"), "扣分"),
    "an item once negative in a group": (
        BOOK
        + item(
            "a",
            points="[{from = 2023-01-01, points = 5}, {from = 2024-01-01, points = -1}]",
            exclusive='"g" # <-',
        ),
        "扣分",
    ),
    "a negative item under a cap of awards": (
        BOOK + "[caps]\nx = 5\n" + item("a", points="-5", cap='"x" # <-'),
        'basis = "net"',
    ),
    "an exclusive item per year": (BOOK + item("a", per='"year"', exclusive='"g" # <-'), 'per = "event"'),
    "a group with two kinds of matter": (
        BOOK + item("a", exclusive='"g"', matter='"year"') + item("b", exclusive='"g" # <-'),
        "matter 不同",
    ),
    "a matter forfeiture whose trigger needs no matter": (
        BOOK + item("a", matter='"required"') + item("b", forfeits='{scope = "matter", items = ["a"]} # <-'),
        "“b”",
    ),
    "a matter forfeiture whose target needs no matter": (
        BOOK + item("a") + item("b", forfeits='{scope = "matter", items = ["a"]} # <-', matter='"required"'),
        "请在 a 写",
    ),
    "a forfeited item that is negative": (
        BOOK + item("a", points="-5") + item("b", forfeits='{scope = "year", items = ["a"]} # <-'),
        "扣分",
    ),
    "a forfeited item that forfeits": (
        BOOK
        + item("a", forfeits='{scope = "year", items = ["c"]}')
        + item("b", forfeits='{scope = "year", items = ["a"]} # <-')
        + item("c"),
        "自己也有 forfeits",
    ),
    "an item that forfeits itself": (
        BOOK + item("a", forfeits='{scope = "year", items = ["a"]} # <-'),
        "自己也有 forfeits",
    ),
}

LAYERS = {
    "unset in a book that extends none": ((BOOK + 'unset = ["title"] # <-\n',), "既写了值又列在 unset"),
    "unset of a year in a book that extends none": ((BOOK + 'unset = ["last_year"] # <-\n',), "并非沿用"),
    "unset of a field not inherited": (
        (
            BOOK + A,
            local("v", "last_year = 2022").replace("last_year", "first_year")
            + change("a", unset='["cap"] # <-'),
        ),
        "并非沿用",
    ),
    "unset of a field that does not exist": (
        (
            BOOK + item("a", clause='"甲"'),
            local("v", "first_year = 2024") + change("a", unset='["claus"] # <-'),
        ),
        "请改为 clause",
    ),
    "a field given and unset": (
        (BOOK + A, local("v", "first_year = 2024") + change("a", points="6", unset='["points"] # <-')),
        "既写了值",
    ),
    "a required field unset": (
        (BOOK + A, local("v", "first_year = 2024") + change("a", unset='["points"] # <-')),
        "缺少 points",
    ),
    "first_year unset": ((BOOK, local("v", 'unset = ["first_year"] # <-')), "缺少 first_year"),
    "a new code disabled": (
        (BOOK + item("waste.pledge"), local("v") + change("waste.plegde", disabled="true # <-")),
        "请改为 waste.pledge",
    ),
    "a scope of both kinds": (
        (BOOK, local("v", 'scope = {towns = ["T"], villages = ["V"]} # <-')),
        "之一",
    ),
    "a scope of neither kind": ((BOOK, local("v", "scope = {} # <-")), "之一"),
    "a book id twice": ((BOOK, BOOK.replace('"base"', '"base" # <-')), "1.toml:2"),
    "an extended book that does not exist": (
        (BOOK, local("v", extends='bass" # <-').replace('<-"', "<-")),
        "bass",
    ),
    "a book that extends itself": ((local("v", extends='v" # <-').replace('<-"', "<-"),), "一圈"),
    "a reference to a disabled item": (
        (
            BOOK + A + item("b", forfeits='{scope = "year", items = ["a"]}'),
            local("v") + change("a", disabled="true # <-"),
        ),
        "已停用",
    ),
    "two books of the base that share a year": (
        (BOOK + "last_year = 2024\n", BOOK.replace('"base"', '"new" # <-').replace("2023", "2024")),
        "2024 年",
    ),
    "two books of a village that share a year": (
        (BOOK, local("v", 'scope = {villages = ["V", "W"]}'), local("w", 'scope = {villages = ["W"]} # <-')),
        "“W”",
    ),
    "a local book that makes a deduction of a capped item": (
        (BOOK + "[caps]\nx = 5\n" + item("a", cap='"x"'), local("v") + change("a", points="-5 # <-")),
        "只限得分",
    ),
    "a local cap that leaves a deduction no room": (
        (
            BOOK + '[caps]\nx = {points = 5, basis = "net"}\n' + item("a", cap='"x"', points="-5"),
            local("v") + "[caps]\nx = 5 # <-\n",
        ),
        "只限得分",
    ),
    "a local first year before the first dated points": (
        (BOOK + item("a", points=DATED), local("v", "first_year = 2022 # <-", "last_year = 2022")),
        "2022-01-01",
    ),
    "every local first year before the first dated points of an item that they share": (
        (
            BOOK + item("a", points=DATED),
            local("v", 'scope = {villages = ["V"]}', "first_year = 2022 # <-", "last_year = 2022"),
            local("w", 'scope = {villages = ["W"]}', "first_year = 2022 # <-", "last_year = 2022"),
        ),
        "2022-01-01",
    ),
    "every local cap that leaves a deduction that they share no room": (
        (
            BOOK + '[caps]\nx = {points = 5, basis = "net"}\n' + item("a", cap='"x"', points="-5"),
            local("v", 'scope = {villages = ["V"]}') + "[caps]\nx = 5 # <-\n",
            local("w", 'scope = {villages = ["W"]}') + "[caps]\nx = 5 # <-\n",
        ),
        "只限得分",
    ),
}

ONE_FILE = {**FORMAT, **WHOLE_BOOK}


@pytest.mark.parametrize("name", ONE_FILE)
def test_one_file_is_refused_at_the_marked_line(name, tmp_path):
    text, said = ONE_FILE[name]
    others = (BOOK,) if text.startswith('[book]\nid = "v"') else ()
    complaints = complaints_of(tmp_path, text, *others)
    assert places_of(tmp_path, complaints) == marked([text])
    assert said in complaints[0].sentence.zh


@pytest.mark.parametrize("name", LAYERS)
def test_layered_books_are_refused_at_the_marked_line(name, tmp_path):
    texts, said = LAYERS[name]
    complaints = complaints_of(tmp_path, *texts)
    assert places_of(tmp_path, complaints) == marked(texts)
    assert said in complaints[0].sentence.zh


def test_the_cases_are_refused_for_their_marked_line_only(tmp_path):
    """A book and an item as the cases above begin from are accepted."""
    assert load(tmp_path, BOOK + A).tables.items["code"].to_list() == ["a"]


def test_every_book_in_a_circle_is_named_and_none_that_leads_into_it(tmp_path):
    texts = (
        local("a", extends='b" # <-').replace('<-"', "<-"),
        local("b", extends='a" # <-').replace('<-"', "<-"),
        local("c", extends="a"),
    )
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_complaints_of_all_files_and_kinds_come_at_once(tmp_path):
    texts = (
        BOOK + "[caps]\nx = -1 # <-\n" + item("a", per='"week" # <-') + item("b", cap='"y" # <-'),
        local("v", 'scope = {villages = ["V"]}')
        + change("a", points="nan # <-")
        + change("c", disabled="true # <-"),
        "[book # <-\n",
    )
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_what_a_clerk_wrote_in_a_broken_field_is_not_called_missing(tmp_path):
    complaints = complaints_of(tmp_path, BOOK.replace("2023", '"2023"') + item("a", points="1.5"))
    assert [("缺少" in complaint.sentence.zh) for complaint in complaints] == [False, False]


def test_a_book_that_extends_an_unreadable_one_is_not_blamed_for_it(tmp_path):
    texts = (BOOK + "x = # <-\n", local("v"))
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_a_fault_of_the_base_is_complained_of_once_however_many_extend_it(tmp_path):
    texts = (
        BOOK + item("a", pledge="true # <-"),
        *(local(f"v{n}", f'scope = {{towns = ["{n}"]}}') for n in range(9)),
    )
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_a_complaint_is_one_line_whatever_the_file_holds(tmp_path):
    text = BOOK + item("a", **{'"x\\n\\u001b[31m"': "1"}, cap='"y"')
    assert all("\n" not in str(each) and "\x1b" not in str(each) for each in complaints_of(tmp_path, text))


def test_a_disabled_item_is_not_checked_until_it_is_enabled_again(tmp_path):
    base = BOOK + "[caps]\nx = 5\n" + item("a", cap='"x"')
    off = local("off") + change("a", disabled="true", points="-5")
    assert load(tmp_path, base, off).tables.items.filter(book=1).is_empty()
    on = local("on", extends="off") + change("a", disabled="false # <-")
    assert complaints_of(tmp_path, base, off, on)[0].file.endswith("2.toml")


def test_an_item_of_no_points_is_no_deduction(tmp_path):
    """What is refused of a negative item may stand with 0 points: a cap, a matter cap, being forfeited."""
    text = (
        BOOK
        + "[caps]\nx = 5\n"
        + item("a", points="0", matter_cap="5", cap='"x"')
        + item("b", points="0", exclusive='"g"')
        + item("c", forfeits='{scope = "year", items = ["a"]}')
    )
    assert load(tmp_path, text).tables.items.height == 3


def test_a_title_missing_in_the_base_is_not_missing_again_in_what_extends_it(tmp_path):
    texts = (BOOK.replace("[book]", "[book] # <-").replace('title = "甲细则"\n', ""), local("v"))
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_an_id_is_never_inherited(tmp_path):
    texts = (BOOK, local("v").replace('id = "v"\n', "").replace("[book]", "[book] # <-"))
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


@pytest.mark.parametrize("broken", ["caps = [] # <-\n", 'caps = "x" # <-\n'])
def test_what_stood_in_a_broken_table_is_not_called_missing_there_or_further_down(broken, tmp_path):
    texts = (broken + BOOK + item("a", cap='"x"'), local("v"))
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_forfeits_of_items_that_are_no_tables_are_not_called_missing(tmp_path):
    forfeits = item("b", forfeits='{scope = "year", items = ["a"]}')
    texts = ("items = {a = 1} # <-\n" + BOOK, local("v") + forfeits)
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_other_fields_of_an_item_are_still_checked_beside_a_broken_one(tmp_path):
    texts = (BOOK + item("a", name="5 # <-", pledge="true # <-", cap='"x" # <-'),)
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_a_book_whose_last_year_is_in_doubt_is_not_said_to_overlap(tmp_path):
    texts = (BOOK + 'last_year = "2024" # <-\n', BOOK.replace("base", "new").replace("2023", "2025"))
    assert places_of(tmp_path, complaints_of(tmp_path, *texts)) == marked(texts)


def test_a_long_name_is_cut_in_a_complaint(tmp_path):
    [complaint] = complaints_of(tmp_path, BOOK + f"{'x' * 1_000} = 1\n")
    for problem in complaint.problem:
        assert "x" * 40 + "…" in problem
        assert "x" * 41 not in problem


def test_the_part_of_a_list_that_is_wrong_is_counted_from_one(tmp_path):
    [complaint] = complaints_of(tmp_path, BOOK + 'unset = ["title", 5]\n')
    assert "unset 的第 2 项" in complaint.problem.zh
    assert "entry 2 of unset" in complaint.problem.en
