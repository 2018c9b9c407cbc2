"""Printed notices for a pencil: what stands in them, what must not, and where they come from."""

import os
from datetime import date, timedelta

import polars as pl
import pytest

from announce.history import History
from announce.village import BOOK, Village
from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.announce.print_notices import Wanted
from jifen_batch.errors import DecisionNeededError
from jifen_batch.published import announced
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT
from printed.reading import all_text, contents, sheets, table

FIRST, SECOND = date(2023, 4, 15), date(2023, 7, 15)
SUMS = {"得分": "awarded", "扣分": "deducted", "收回": "reversed", "更正": "adjusted", "本季净积分": "net"}
FIXED = {"名次", "升降", "户编号", "户主", "本季记分", *SUMS, "本季名次", "年内累计", "等级"}
HOUSE = ("town_id", "village_id", "household_id", "scoring_year")
NOTICE, BOOKLET, INDEX = "积分公告", "积分事项", "index.xlsx"
# Nothing of a category, and no deduction, gives one of these away: each has a second beside it.
COVERED = (
    {"code": "help", "category": "新风", "name": "志愿服务", "points": 5, "more": 'cap = "help"'},
    {"code": "fire", "category": "平安", "name": "消防器材", "points": 20},
    {"code": "quiet", "category": "美亮", "name": "不公开事项", "points": 7, "more": 'notice = "hidden"'},
    {"code": "yard", "category": "美亮", "name": "优美庭院", "points": 8},
    {"code": "talk", "category": "共治", "name": "议事出席", "points": 2},
    {"code": "kind", "category": "新风", "name": "只说类别", "points": 3, "more": 'notice = "category"'},
)


class Printed(Village):
    """A village whose register names householders, and whose notices are printed."""

    def __init__(self, folder):
        super().__init__(folder)
        self.heads, self.number = {"wang": "王小明", "li": "李四"}, 0

    def register(self, **columns):
        """A register with the householders, and other columns that no notice may show."""
        rows = [
            {"household_id": home, "enrolled_on": date(2023, 1, 1), "householder": name} | columns
            for home, name in self.heads.items()
        ]
        path = self.folder / "register.parquet"
        pl.DataFrame(rows).write_parquet(path)
        return str(path)

    def wanted(self, register=None):
        """A place that is not there yet."""
        self.number += 1
        return Wanted(self.folder / f"notices{self.number}", register)

    def printed(self, quarter, register=None, **options):
        """The files of the notices, and what came of the announcement."""
        wanted = self.wanted(register)
        done = self.hang(quarter, wanted=wanted, **options)
        return contents(wanted.folder), done


def of(files, name=NOTICE):
    """The sheets of the one village's paper of this name."""
    (content,) = (content for file, content in files.items() if file.endswith(f"_{name}.xlsx"))
    return sheets(content)


@pytest.fixture(scope="module", autouse=True)
def covered():
    """A book by which a village's figures may be told apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("announce.village.ITEMS", COVERED)
        yield


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A run as of 2023-04-15; wang has 5 and a hidden 7, li 20 and 3 of no named item."""
    made = Printed(tmp_path_factory.mktemp("begun") / "village")
    made.event("e1", date(2023, 2, 1), matter_id="matter-x", member_id="member-x", decision_id="decision-x")
    made.event("q1", date(2023, 2, 2), item="quiet")
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.event("k1", date(2023, 3, 5), item="kind", household="li")
    made.named = "东村"
    made.night(FIRST)
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


def test_a_notice_has_a_row_a_household_with_ranks_categories_and_sums(village):
    files, _ = village.printed("2023Q1", village.register())
    names = ["2023Q1_东村_east_积分事项.xlsx", "2023Q1_东村_east_积分公告.xlsx", INDEX]
    assert sorted(files) == names
    assert list(of(files)) == ["积分公告", "类别合计"]
    board = of(files)["积分公告"]
    assert board[0][0] == "东村 2023年第一季度积分公告"
    assert board[3][0] == (
        "截至 2023年4月15日，参加排名 2 户，本季有得分的 2 户（100%）。"
        "全村本季合计：得分 35 分，扣分 0 分，收回 0 分，更正 0 分，净积分 35 分。"
    )
    assert board[4:8] == [
        ["名次", "户编号", "户主", "平安", "新风", "其他类别", "本季净积分", "本季名次", "年内累计"],
        ["1", "li", "李*", "20", "3", "0", "23", "1", "23"],
        # The hidden 7 stand with two whole categories.
        ["2", "wang", "王*", "—", "5", "7", "12", "2", "12"],
        ["", "合计", "", "20", "8", "7", "35", "", "35"],
    ]
    below = [row[0] for row in board[8:]]
    assert any("细则（文件）" in line for line in below)
    assert any("共治、美亮以及按细则不单独列明的事项合在一起公布" in line for line in below)
    assert of(files)["类别合计"][1:] == [
        ["类别", "平安", "新风", "其他类别", "合计"],
        ["有积分的户", "1", "2", "—", "—"],
        ["积分", "20", "8", "7", "35"],
    ]
    items = table(of(files, BOOKLET)["积分事项"])
    assert [list(row.values()) for row in items] == [
        ["li", "李*", "2023", "平安", "消防器材", "1", "20"],
        # The only item of 新风 that may not be named: its items are not told apart.
        ["li", "李*", "2023", "新风", "—", "—", "3"],
        ["wang", "王*", "2023", "新风", "—", "—", "5"],
        ["wang", "王*", "2023", "其他类别", "—", "—", "7"],
    ]
    digest = announced.manifest_digest(village.out, "2023Q1").upper()
    assert table(sheets(files[INDEX])["目录"], "文件") == [
        {
            "文件": names[1],
            "镇": "town",
            "村": "east",
            "村名": "东村",
            "公告户数": "2",
            "本季净积分": "35",
            "核对码": f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}-{digest[12:16]}",
        }
    ]


def test_corrections_are_told_with_their_reasons_as_far_as_they_may_be_named(village):
    village.event("f0", date(2023, 3, 1), item="fire")
    village.night(FIRST)
    village.hang("2023Q1")
    village.event("f0", date(2023, 3, 1), item="fire", status="withdrawn")
    village.event("late", date(2023, 3, 2), quantity=2)
    village.event("q1", date(2023, 2, 2), item="quiet", status="withdrawn")
    village.night(SECOND)
    files, _ = village.printed("2023Q2", village.register())
    assert list(of(files)) == ["积分公告", "更正公告"]
    assert of(files)["更正公告"][2:4] == [
        ["户编号", "户主", "积分年度", "原公告", "现为", "差额", "因"],
        ["wang", "王*", "2023", "32", "15", "-17", "平安“消防器材”：撤回 -20；新风 +10；其他类别 -7"],
    ]
    assert [row[:4] + row[-3:] for row in table_rows(files)] == [
        ["1", "↑1", "li", "李*", "—", "1", "23"],
        ["2", "↓1", "wang", "王*", "-17", "1", "15"],
    ]


def table_rows(files):
    return [list(row.values()) for row in table(of(files)["积分公告"]) if row["户编号"] != "合计"]


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        ({"points": {"fire": 15}}, "平安“消防器材”：分值由20分/次改为15分/次 -5"),
        ({"cap": 6}, "新风 -4"),
    ],
)
def test_a_correction_by_an_edited_rule_says_which_figures_changed(village, monkeypatch, edited, said):
    village.event("h2", date(2023, 2, 9))
    village.night(FIRST)
    village.hang("2023Q1")
    village.points |= edited.get("points", {})
    if "cap" in edited:
        monkeypatch.setattr("announce.village.BOOK", BOOK.replace("help = 20", f"help = {edited['cap']}"))
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    assert said in {row["因"] for row in table(of(files)["更正公告"])}


def test_a_cap_that_was_edited_is_told_with_both_figures(village, monkeypatch):
    items = [item for item in COVERED if item["code"] != "kind"]
    monkeypatch.setattr("announce.village.ITEMS", items)
    village.event("k1", date(2023, 3, 5), item="fire", household="li")
    village.event("h2", date(2023, 2, 9))
    village.night(FIRST)
    village.hang("2023Q1")
    monkeypatch.setattr("announce.village.BOOK", BOOK.replace("help = 20", "help = 6"))
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    (row,) = table(of(files)["更正公告"])
    assert (row["原公告"], row["现为"], row["差额"]) == ("17", "13", "-4")
    assert row["因"] == "新风“志愿服务”：上限由20分改为6分 -4"


def test_a_correction_of_0_in_all_is_told_all_the_same(village):
    village.hang("2023Q1")
    village.event("f1", date(2023, 3, 1), item="fire", household="li", status="withdrawn")
    village.event("f2", date(2023, 3, 1), item="fire", household="li")
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    (row,) = table(of(files)["更正公告"])
    assert (row["户编号"], row["原公告"], row["现为"], row["差额"]) == ("li", "23", "23", "0")
    assert row["因"] == "平安“消防器材”：补记 +20；平安“消防器材”：撤回 -20"


def test_a_notice_shows_only_what_is_on_its_allow_list(village):
    """Every cell of the register and every id of a line is a word of its own; none gets into a workbook."""
    secrets = {"phone": "13812345678", "id_card": "510101199001011234", "village_note": "secret-note"}
    register = village.register(**secrets)
    first, _ = village.printed("2023Q1", register)
    village.event("late-event", date(2023, 3, 2), item="fire", decision_id="decision-y", matter_id="matter-y")
    village.night(SECOND)
    second, _ = village.printed("2023Q2", register)
    everything = "".join(all_text(content) for files in (first, second) for content in files.values())
    assert "补记" in everything
    hidden = [
        *secrets.values(),
        "late-event",
        *village.heads.values(),
        "小明",
        "不公开",
        "只说类别",
        "优美庭院",
    ]
    hidden += ["matter-", "member-", "decision-", "quiet", "kind", "help", "fire", str(village.folder)]
    assert [word for word in hidden if word in everything] == []
    allowed = {
        "户编号": {"wang", "li", "合计"},
        "户主": {"王*", "李*", None},
        "升降": {"平", "↑1", "↓1", None},
        "类别": {"平安", "新风", "其他类别", "有积分的户", "积分"},
        "积分事项": {"消防器材", "—"},
        "因": {"平安“消防器材”：补记 +20"},
    }
    for files in (first, second):
        for content in (content for name, content in files.items() if name != INDEX):
            for name, rows in sheets(content).items():
                for row in table(rows, "类别" if name == "类别合计" else "户编号"):
                    words = {key: cell for key, cell in row.items() if not (cell or "").lstrip("-").isdigit()}
                    kept = {
                        key
                        for key, cell in words.items()
                        if cell not in allowed.get(key, set()) | {"—", "", None}
                    }
                    assert kept == set(), row


def test_cells_of_data_begin_no_formula(tmp_path):
    village = Printed(tmp_path)
    homes = ["=1+1", "+cmd", "-2", "@x", "\t=3", "＝4", "<r><t>x</t></r>"]
    village.homes = dict.fromkeys(homes, "=evil")
    village.heads = dict.fromkeys(homes, "=HYPERLINK(1)")
    village.named = "@东村"
    for number, home in enumerate(homes):
        village.event(f"e{number}", date(2023, 2, 1), household=home)
    village.night(FIRST)
    files, _ = village.printed("2023Q1", village.register())
    assert sorted(files) == ["2023Q1_东村_evil_积分事项.xlsx", "2023Q1_东村_evil_积分公告.xlsx", INDEX]
    for content in files.values():
        found = [cell for rows in sheets(content).values() for row in rows for cell in row if cell]
        assert [cell for cell in found if cell[0] in "=+-@\t\r＝" and not cell[1:].isdigit()] == []
        assert "'@东村" in "".join(found)
    shown = {row["户编号"] for row in table(of(files)["积分公告"])}
    assert {"'=1+1", "'+cmd", "'-2", "'@x", "\ufffd=3", "'＝4", "'<r><t>x</t></r>", "合计"} == shown


def test_two_of_one_mask_are_told_apart_and_who_has_no_name_is_a_dash(village):
    village.heads = {"wang": "王小明", "li": "王四"}
    files, done = village.printed("2023Q1", village.register())
    rows = table(of(files)["积分公告"])[:2]
    assert {row["户编号"]: row["户主"] for row in rows} == {"li": "王*（1）", "wang": "王*（2）"}
    assert done.notices["unnamed"] == 0
    village.heads = {"wang": None}
    files, done = village.printed("2023Q1", village.register())
    assert "户主" not in table(of(files)["积分公告"])[0]
    assert done.notices["unnamed"] == 2


def test_the_householder_is_the_one_on_the_day_of_the_announcement(village):
    spells = [(date(2023, 1, 1), "王一"), (FIRST, "李二"), (FIRST + timedelta(days=1), "赵三")]
    rows = [{"household_id": "wang", "enrolled_on": day, "householder": name} for day, name in spells]
    path = village.folder / "register.parquet"
    pl.DataFrame([*rows, {"household_id": None, "enrolled_on": None, "householder": "周"}]).write_parquet(
        path
    )
    village.hang("2023Q1")
    village.night(SECOND)
    files, _ = village.printed("2023Q1", str(path))
    heads = {row["户编号"]: row["户主"] for row in table(of(files)["积分公告"])[:2]}
    assert heads == {"wang": "李*", "li": "—"}


def test_a_register_without_the_column_leaves_the_names_out(village):
    files, done = village.printed("2023Q1", str(village.folder / "households.parquet"))
    assert done.notices["unnamed"] == 2
    assert not [content for content in files.values() if "户主姓名" in all_text(content)]


def test_a_dry_run_prints_the_same_as_a_draft_and_freezes_nothing(village):
    draft, done = village.printed("2023Q1", village.register(), dry_run=True)
    assert (done.outcome, announced.quarters(village.out)) == ("dry_run", [])
    real, _ = village.printed("2023Q1", village.register())
    assert "2023Q1_东村_east_公示稿.xlsx" in draft
    assert not [content for content in real.values() if "公示稿" in all_text(content)]
    said, hung = of(draft, "公示稿"), of(real)
    assert said.keys() == hung.keys()
    mark = "（公示稿，尚未公告）"
    for name, rows in said.items():
        assert mark in rows[0][0]
        unmarked = [[rows[0][0].replace(mark, ""), *rows[0][1:]], *rows[1:]]
        # A draft has no code.
        assert [row for row in hung[name] if "核对码" not in (row[0] or "")] == unmarked


def test_a_notice_printed_again_is_the_same_to_the_byte_whatever_has_changed_since(village):
    register = village.register()
    first, _ = village.printed("2023Q1", register)
    village.event("late", date(2023, 3, 2))
    village.points["fire"] = 21
    village.night(SECOND)
    with pytest.raises(DecisionNeededError) as refused:
        village.printed("2023Q1", register)
    again = village.folder / f"notices{village.number}"
    assert refused.value.figures["notices"]["folder"] == str(again)
    assert contents(again) == first
    second, _ = village.printed("2023Q2", register)
    assert "分值由20分/次改为21分/次" in "".join(map(all_text, second.values()))
    village.night(date(2023, 10, 15))
    village.hang("2023Q3")
    village.night(SECOND)
    assert village.printed("2023Q2", register)[0] == second


def test_an_item_is_named_no_further_than_the_stricter_of_the_old_and_the_new_book_lets_it(
    village, monkeypatch
):
    village.hang("2023Q1")
    closed = {"help": 'notice = "hidden"', "quiet": 'notice = "item"', "fire": 'notice = "category"'}
    items = [item | ({"more": closed[item["code"]]} if item["code"] in closed else {}) for item in COVERED]
    monkeypatch.setattr("announce.village.ITEMS", items)
    for name, item in (("e2", "help"), ("q2", "quiet"), ("f2", "fire")):
        village.event(name, date(2023, 5, 1), item=item)
        village.event(f"late-{name}", date(2023, 2, 9), item=item)
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    (row,) = table(of(files)["更正公告"])
    # 平安 has one item, which may not be named: the category would say which.
    assert (row["差额"], row["因"]) == ("32", "其他类别 +32")
    assert not [name for name in files if BOOKLET in name]
    everything = "".join(map(all_text, files.values()))
    assert not [word for word in ("志愿服务", "不公开", "消防器材") if word in everything]


def read_back(files, of_quarter):
    """All rows of the lists, by household and year; and their categories less what booklets say of them."""
    shown, told = {}, {}
    for village in table(sheets(files[INDEX])["目录"], "文件"):
        for name, rows in sheets(files[village["文件"]]).items():
            if name != NOTICE and not name.endswith("年度"):
                continue
            for row in table(rows)[:-1]:
                year = of_quarter if name == NOTICE else int(name[:4])
                key = (village["镇"], village["村"], row["户编号"], year)
                assert key not in shown
                shown[key] = row
                if split := [cell for header, cell in row.items() if header not in FIXED]:
                    told[key] = sum(int(cell) for cell in split if cell != "—")
        booklet = files.get(village["文件"].replace(NOTICE, BOOKLET))
        for row in table(sheets(booklet)[BOOKLET]) if booklet else []:
            told[village["镇"], village["村"], row["户编号"], int(row["积分年度"])] -= int(row["分数"])
    return shown, told


@pytest.mark.parametrize("seed", [3, 8] if "SOAK_SEEDS" in os.environ else [3])
def test_figures_of_all_notices_are_those_that_hang(seed, tmp_path):
    """On the history of a random village: sums, years to date and ranks, household by household."""
    history = History(seed, tmp_path)
    seen = 0
    for number in range(4):
        history.next_quarter()
        folder = tmp_path / f"notices{number}"
        announce(
            history.out, history.quarter, with_earlier=True, accept_rejects=True, wanted=Wanted(folder, None)
        )
        files = contents(folder)
        hung = announced.scan(history.out, ANNOUNCEMENT, [history.quarter]).collect()
        standings = announced.scan(history.out, ANNOUNCED_STANDINGS, [history.quarter]).collect()
        places = {row[:4]: row[4:] for row in standings.select(*HOUSE, "net", "rank").rows()}
        shown, told = read_back(files, int(history.quarter[:4]))
        assert set(told.values()) <= {0}, "what points were for comes to the categories"
        sums = hung.group_by(HOUSE).agg(pl.col(*SUMS.values()).sum())
        for *key, awarded, deducted, taken, adjusted, net in sums.iter_rows():
            row = shown[tuple(key)]
            assert int(row["本季净积分"]) == net
            assert int(row.get("更正", 0)) == adjusted or set(row) & {"得分", "本季记分"} == set()
            for name, points in (("得分", awarded), ("扣分", deducted), ("收回", taken)):
                assert int(row.get(name, points)) == points
        with_row = {tuple(row[:4]) for row in sums.iter_rows()}
        for key, row in shown.items():
            net, rank = places.get(key, (0, None))
            assert (int(row["年内累计"]), row["名次"]) == (net, "—" if rank is None else str(rank))
            assert key in with_row or (rank is not None and row["本季净积分"] == "—")
        year = int(history.quarter[:4])
        assert {key for key, (_, rank) in places.items() if rank and key[3] == year} <= shown.keys()
        seen += len(shown)
    assert seen > 10
