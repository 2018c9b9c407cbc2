"""The pages of a village's notice, for a pencil."""

import polars as pl

from jifen_batch.analysis import corrections, notice_figures, notice_rows
from jifen_batch.kernels.successions import RENAMING
from jifen_batch.notices.printed import pages
from kernels.board import books, changes, lines, standings

NAMES = notice_rows.naming(
    books(help=("志愿服务", "item"), kind=("好事", "category"), quiet=("密", "hidden"))
)
CONTENT = {"quarter": "2023Q2", "as_of": "2023-07-05", "run_id": "abc"}
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


def village(own=OWN, corrected=CORRECTED, **more):
    rows = corrections.announcement(own, corrected, corrections.nets(own), "2023Q2")
    reasons = notice_figures.why(corrected, NAMES)
    same = {
        "heading": "东村",
        "board": notice_figures.board(rows, LISTED, 2023),
        "by_category": notice_figures.by_category(own, NAMES),
        "by_item": notice_figures.by_item(own, NAMES),
        "corrected": notice_figures.corrected(rows, corrections.nets(own).clear(), reasons),
        "why": reasons,
        "masks": {"a": "王*", "b": "李*"},
        "sources": ["细则（文件）", "村细则（会议）"],
        "by_quarter": notice_figures.by_quarter(own),
        "renamed": RENAMING.to_frame(),
        "under_review": [],
    }
    return pages.Village(**(same | more))


def made(*args, draft=False, **more):
    return list(pages.pages(village(*args, **more), CONTENT, draft=draft))


def test_the_board_has_a_column_a_category_and_a_dash_where_nothing_may_be_said():
    board = made()[0]
    assert board.title == "东村 2023年第二季度积分公告"
    assert board.headers == [
        *("名次", "户编号", "户主", "积分年度", "新风"),
        *("得分", "扣分", "收回", "更正", "本季净积分", "年内累计"),
    ]
    assert board.rows == [
        [1, "a", "王*", "2023", 10, 10, -3, 0, 0, 7, 7],
        [2, "b", "李*", "2023", 0, 0, 0, 0, 2, 2, 2],
        [3, "c", None, "2023", None, 0, 0, 0, 1, 1, 1],
        [None, "left", None, "2023", 2, 2, 0, 0, 0, 2, 2],
        [1, "a", "王*", "2022", 1, 1, 0, 0, 0, 1, 1],
    ]


def test_coverage_and_sums_stand_above_with_what_they_are_of():
    assert made()[0].above == [
        "截至 2023年7月5日，参加排名 3 户，本季有得分的 1 户（33%）。",
        "全村本季合计：得分 13 分，扣分 -3 分，收回 0 分，更正 3 分，净积分 13 分。",
    ]
    everybody = lines({"household_id": "a", "points": 1}, {"household_id": "b"}, {"household_id": "c"})
    assert made(everybody)[0].above[0].endswith("本季有得分的 3 户（100%）。")
    nobody = made(board=village().board.filter(rank=99))[0].above[0]
    assert nobody == "截至 2023年7月5日，参加排名 0 户，本季有得分的 0 户。"


def test_below_stand_the_books_the_source_and_how_to_object():
    below = made()[0].below
    assert "依据：细则（文件）；村细则（会议）。" in below
    assert any("记分编号 abc" in line for line in below)
    assert below[-1].startswith("对本公告有异议的")
    assert pages.NAMES in below
    bare = made(masks={}, sources=[])[0].below
    assert pages.NAMES not in bare
    assert not any(line.startswith("依据") for line in bare)


def test_what_points_were_for_is_a_row_an_item():
    details = made()[1]
    assert (details.name, details.title) == ("积分事项", "东村 2023年第二季度积分事项")
    assert details.rows == [
        ["a", "王*", "2022", "新风", "志愿服务", 1, 1],
        ["a", "王*", "2023", "新风", "志愿服务", 1, 10],
        ["left", None, "2023", "新风", "志愿服务", 1, 2],
    ]


def test_corrections_say_why_as_far_as_it_may_be_said():
    corrections = made()[2]
    assert (corrections.name, corrections.title) == ("更正公告", "东村 2023年第二季度更正公告")
    assert corrections.rows == [
        [
            "b",
            "李*",
            "2023",
            0,
            2,
            2,
            "新风“志愿服务”：撤回，年度上限（随其他记录变动） -4；另有按细则不列明的事项",
        ],
        ["c", None, "2023", 0, 1, 1, "另有按细则不列明的事项"],
    ]


def test_pages_without_a_row_are_left_out_but_the_board_never_is():
    none = made(lines(), changes({"reason": "rows.new"}).clear())
    assert [page.name for page in none] == ["积分公告"]
    assert [row[1] for row in none[0].rows] == ["a", "b", "c"]


def test_a_draft_says_so_in_every_title():
    assert [page.title[-8:] for page in made(draft=True)] == ["（草稿，尚未公告）"[-8:]] * 3
    assert not [page.title for page in made() if "草稿" in page.title]


def test_quarters_that_were_passed_over_are_named_and_each_is_shown():
    own = OWN.with_columns(
        quarter=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("2023Q1")).otherwise(pl.lit("2023Q2"))
    )
    first, rest = (int(part["points"].sum()) for part in (own[:1], own[1:]))
    content = CONTENT | {"with_earlier": {"quarters": [{"quarter": "2023Q1", "lines": 1, "points": first}]}}
    board, quarters = list(pages.pages(village(own), content, draft=False))[:2]
    said = next(line for line in board.above if "以前没有公告过的季度" in line)
    assert f"2023年第一季度 {first:,} 分，2023年第二季度 {rest:,} 分" in said
    assert quarters.name == "分季积分"
    assert quarters.headers[3:] == ["2023年第一季度", "2023年第二季度"]
    assert sum(row[3] or 0 for row in quarters.rows) == first
    assert sum(row[4] or 0 for row in quarters.rows) == rest


def test_what_an_announcement_replaces_is_said_with_the_reason():
    told = {"as_of": "2023-07-20", "withdrawn_at": "2023-07-25T10:00:00+08:00", "reason": "名单有误"}
    board = next(iter(pages.pages(village(), CONTENT | {"replaces": told}, draft=False)))
    assert "本公告替代原公告：原公告截至 2023-07-20，2023-07-25 撤回，原因：名单有误。" in board.above
