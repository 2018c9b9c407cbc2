"""The papers of a village, for a pencil."""

from datetime import date

import polars as pl

from jifen_batch.analysis import corrections, notice_figures, notice_rows
from jifen_batch.analysis.disclosure import OPEN, Disclosure
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.notices.printed import official, pages
from jifen_batch.notices.printed.settings import NoticeSettings
from kernels.board import books, changes, lines, standings

NAMES = notice_rows.naming(
    books(help=("志愿服务", "item"), kind=("好事", "category"), quiet=("密", "hidden"))
)
CONTENT = {"quarter": "2023Q2", "as_of": "2023-07-05", "run_id": "abc"}
PRINTED_ON = date(2023, 7, 6)
OWN = lines(
    {"household_id": "a", "points": 10},
    {"household_id": "a", "category": "平安", "item": "quiet", "points": -3, "disposition": "deducted"},
    {"household_id": "b", "item": "kind", "points": 0, "disposition": "capped"},
    {"household_id": "left", "points": 2},
    {"household_id": "a", "scoring_year": 2022, "points": 1},
)
CORRECTED = changes(
    {"household_id": "b", "points": 4, "change": -1, "reason": "rows.withdrawn+cap.followed"},
    {"household_id": "b", "item": "quiet", "points": 6, "reason": "rows.new"},
    {"household_id": "c", "item": "quiet", "points": 1, "reason": "rows.new"},
)
LISTED = standings(
    ("a", 2023, 7, 1), ("b", 2023, 2, 2), ("c", 2023, 1, 3), ("left", 2023, 2, None), ("a", 2022, 1, 1)
)
BEFORE = standings(("a", 2023, 1, 3), ("b", 2023, 5, 2))
TWO = Disclosure(frozenset({"平安", "美亮"}), frozenset(), in_parts=True)


def village(own=OWN, corrected=CORRECTED, listed=LISTED, before=BEFORE, **more):
    rows = corrections.announcement(own, corrected, corrections.nets(own), "2023Q2")
    reasons = notice_figures.why(corrected, NAMES)
    same = {
        "heading": "东村",
        "board": notice_figures.board(rows, listed, before, 2023),
        "by_category": notice_figures.by_category(own, NAMES),
        "by_item": notice_figures.by_item(own, NAMES),
        "corrected": notice_figures.corrected(rows, corrections.nets(own).clear(), reasons),
        "why": reasons,
        "masks": {"a": "王*", "b": "李*"},
        "sources": ["细则（文件）", "村细则（会议）"],
        "by_quarter": notice_figures.by_quarter(own),
        "renamed": RENAMING.to_frame(),
        "under_review": [],
        "disclosure": TWO,
        "changes": [],
    }
    return pages.Village(**(same | more))


def papers(*args, draft=False, settings=None, content=CONTENT, code="", **more):
    made = village(*args, **more)
    return pages.Papers(made, content, settings or NoticeSettings(), PRINTED_ON, code=code, draft=draft)


def listed(**more):
    return papers(**more).notice().pages


def test_a_list_has_ranks_movements_categories_parts_and_what_is_bundled():
    board = listed()[0]
    assert board.title == "东村 2023年第二季度积分公告"
    assert board.headers == [
        *("名次", "升降", "户编号", "户主", "新风", "其他类别"),
        *("得分", "扣分", "更正", "本季净积分", "年内累计"),
    ]
    assert board.rows == [
        [1, "↑2", "a", "王*", 10, -3, 10, -3, 0, 7, 7],
        [2, "平", "b", "李*", 0, 0, 0, 0, 2, 2, 2],
        [3, "新上榜", "c", None, None, 0, 0, 0, 1, 1, 1],
        [None, None, "left", None, 2, 0, 2, 0, 0, 2, 2],
    ]
    assert board.total == ["", "", "合计", "", 12, -3, 12, -3, 3, 12, 12]


def test_every_scoring_year_has_its_own_list():
    first, other, corrected = listed()
    assert [page.name for page in (first, other, corrected)] == ["积分公告", "2022年度", "更正公告"]
    assert other.title == "东村 2023年第二季度积分公告（2022年度）"
    assert other.headers == ["名次", "户编号", "户主", "新风", "其他类别", "本季净积分", "年内累计"]
    assert other.rows == [[1, "a", "王*", 1, 0, 1, 1]]


def test_quarter_ranks_and_grades_stand_where_there_are_some():
    graded = LISTED.with_columns(
        quarter_rank=pl.when(scoring_year=2023).then(pl.lit(1, pl.Int32)), grade=pl.lit("五星户")
    )
    board = listed(listed=graded)[0]
    assert board.headers[-3:] == ["本季名次", "年内累计", "等级"]
    assert board.rows[0][-3:] == [1, 7, "五星户"]
    assert "升降" not in listed(before=BEFORE.clear())[0].headers


def test_columns_add_up_so_that_nothing_hidden_is_left_between_them():
    for row in listed()[0].rows:
        shares, parts = (sum(cell or 0 for cell in row[at]) for at in (slice(4, 6), slice(6, 8)))
        assert shares == parts


def test_totals_by_category_are_those_of_the_list():
    summary = listed()[0].summary
    assert summary.headers == ["类别", "新风", "其他类别", "更正", "合计"]
    # The list has 12 of this year, and 1 of the year before.
    assert summary.rows == [["有积分的户", 3, None, None, None], ["积分", 13, -3, 3, 13]]


def test_where_parts_give_an_item_away_only_their_sum_is_told():
    closed = Disclosure(frozenset({"新风", "平安"}), frozenset(), in_parts=False)
    board = listed(disclosure=closed)[0]
    assert board.headers == [
        *("名次", "升降", "户编号", "户主", "本季记分", "更正", "本季净积分", "年内累计")
    ]
    assert board.summary is None
    assert board.above[0] == ("截至 2023年7月5日，参加排名 3 户。全村本季合计：更正 3 分，净积分 13 分。")
    assert papers(disclosure=closed).booklet() is None


def test_coverage_and_sums_stand_above_with_what_they_are_of():
    assert listed()[0].above == [
        (
            "截至 2023年7月5日，参加排名 3 户，本季有得分的 1 户（33%）。"
            "全村本季合计：得分 13 分，扣分 -3 分，收回 0 分，更正 3 分，净积分 13 分。"
        )
    ]
    everybody = lines({"household_id": "a", "points": 1}, {"household_id": "b"}, {"household_id": "c"})
    assert "本季有得分的 3 户（100%）。" in listed(own=everybody)[0].above[0]
    nobody = listed(board=village().board.filter(rank=99))[0].above[0]
    assert "参加排名 0 户，本季有得分的 0 户。" in nobody


def test_below_stand_what_is_bundled_the_books_and_the_source():
    below = listed()[0].below
    assert "平安、美亮以及按细则不单独列明的事项合在一起公布，不分类别，也不列事项；更正也是如此。" in below
    assert "依据：细则（文件）；村细则（会议）。" in below
    assert any("记分编号 abc" in line for line in below)
    assert pages.NAMES in below
    bare = listed(masks={}, sources=[])[0].below
    assert pages.NAMES not in bare
    assert not any(line.startswith("依据") for line in bare)
    plain = lines({"household_id": "a", "points": 1})
    assert not any("合在一起" in line for line in listed(own=plain, disclosure=OPEN)[0].below)


def test_the_booklet_says_what_points_were_for_a_row_an_item_and_adds_up():
    booklet = papers().booklet()
    (page,) = booklet.pages
    assert (booklet.name, page.title) == ("积分事项", "东村 2023年第二季度积分事项")
    assert page.rows == [
        ["a", "王*", "2022", "新风", "志愿服务", 1, 1],
        ["a", "王*", "2023", "新风", "志愿服务", 1, 10],
        ["a", "王*", "2023", "其他类别", None, None, -3],
        ["left", None, "2023", "新风", "志愿服务", 1, 2],
    ]
    shut = Disclosure(frozenset({"平安", "美亮"}), frozenset({"新风"}), in_parts=True)
    assert papers(disclosure=shut).booklet().pages[0].rows[1] == ["a", "王*", "2023", "新风", None, None, 10]


def test_corrections_say_why_as_far_as_it_may_be_said():
    corrected = listed()[-1]
    assert (corrected.name, corrected.title) == ("更正公告", "东村 2023年第二季度更正公告")
    assert corrected.headers[3:] == ["原公告", "现为", "差额", "因"]
    assert corrected.rows == [
        ["b", "李*", "2023", 0, 2, 2, "新风“志愿服务”：撤回，年度上限（随其他记录变动） -4；其他类别 +6"],
        ["c", None, "2023", 0, 1, 1, "其他类别 +1"],
    ]


def test_a_correction_of_a_bundled_category_names_no_item_and_no_reason():
    closed = Disclosure(frozenset({"新风", "平安"}), frozenset(), in_parts=True)
    (first, _) = listed(disclosure=closed)[-1].rows
    assert first[-1] == "其他类别 +2"
    shut = Disclosure(frozenset({"平安", "美亮"}), frozenset({"新风"}), in_parts=True)
    assert listed(disclosure=shut)[-1].rows[0][-1] == "新风 -4；其他类别 +6"


def test_pages_without_a_row_are_left_out_but_the_list_never_is():
    none = papers(lines(), changes({"reason": "rows.new"}).clear())
    (board,) = none.notice().pages
    assert [row[2] for row in board.rows] == ["a", "b", "c"]
    assert none.booklet() is None


def test_a_draft_says_so_in_every_title_and_has_no_code():
    document = papers(draft=True).notice()
    assert {page.title[-10:] for page in document.pages} == {"（公示稿，尚未公告）"}
    assert (document.draft, document.closing.code) == (True, "")
    assert not [page.title for page in listed() if "公示稿" in page.title]


def test_quarters_that_were_passed_over_are_named_and_each_is_shown():
    own = OWN.with_columns(
        quarter=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("2023Q1")).otherwise(pl.lit("2023Q2"))
    )
    first, rest = (int(part["points"].sum()) for part in (own[:1], own[1:]))
    content = CONTENT | {"with_earlier": {"quarters": [{"quarter": "2023Q1", "lines": 1, "points": first}]}}
    made = listed(own=own, content=content)
    said = next(line for line in made[0].above if "以前没有公告过的季度" in line)
    assert f"2023年第一季度 {first:,} 分，2023年第二季度 {rest:,} 分" in said
    quarters = made[-2]
    assert quarters.name == "分季积分"
    assert quarters.headers[3:] == ["2023年第一季度", "2023年第二季度"]
    assert sum(row[3] or 0 for row in quarters.rows) == first
    assert sum(row[4] or 0 for row in quarters.rows) == rest


def test_what_an_announcement_replaces_is_said_with_the_reason():
    told = {"as_of": "2023-07-20", "withdrawn_at": "2023-07-25T10:00:00+08:00", "reason": "名单有误"}
    board = listed(content=CONTENT | {"replaces": told})[0]
    assert "本公告替代原公告：原公告截至 2023-07-20，2023-07-25 撤回，原因：名单有误。" in board.above


def test_what_nobody_said_is_a_line_to_fill_in_and_nothing_is_made_up():
    document = papers().notice()
    period, objecting = document.notices
    assert period.count("＿") > 20
    assert "在公示期内向村民积分管理自治小组提出" in objecting
    assert "电话：＿" in objecting
    assert document.closing.people == official.SIGNING
    assert document.closing.issuer == "东村 村民积分管理自治小组"
    assert document.closing.printed_on == "2023年7月6日"


def test_the_settings_say_period_deadline_contact_people_and_title():
    settings = NoticeSettings(
        title="“宝善治”积分榜",
        issuer="东村村民委员会",
        people=(("组长", "陈某"), ("成员", "")),
        period_days=7,
        contact="李会计",
        telephone="021-0000",
        address="村委会一楼",
        hours="工作日",
    )
    document = papers(settings=settings, code="AB12-0000-0000-0001").notice()
    assert document.pages[0].title == "东村 2023年第二季度“宝善治”积分榜"
    assert document.notices == [
        "公示期：2023年7月6日 至 2023年7月12日（7 天）",
        (
            "对本公告有异议的，请在 2023年7月12日 前（含当日）向东村村民委员会提出；"
            "凭户编号可以查询逐笔记分。受理人：李会计　电话：021-0000　地点：村委会一楼　时间：工作日"
        ),
    ]
    assert document.closing[:2] == ("东村村民委员会", (("组长", "陈某"), ("成员", "")))
    assert document.closing.code == "AB12-0000-0000-0001"
    other = NoticeSettings(period_days=5, posted_on=date(2023, 8, 1), objections_until=date(2023, 8, 9))
    assert papers(settings=other).notice().notices[0] == "公示期：2023年8月1日 至 2023年8月5日（5 天）"
    assert "2023年8月9日 前" in papers(settings=other).notice().notices[1]


def test_the_first_ranks_only_or_ids_only_where_the_settings_want_it():
    board = listed(settings=NoticeSettings(first=2))[0]
    assert [row[2] for row in board.rows] == ["a", "b"]
    assert "本公告列出前 2 名。" in board.above
    assert board.total == ()
    nameless = papers(settings=NoticeSettings(names="ids"))
    everything = str(nameless.notice()) + str(nameless.booklet())
    assert "王*" not in everything
    assert pages.NAMES not in everything
