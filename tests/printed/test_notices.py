"""Printed notices for a pencil: what stands in them, what must not, and where they come from."""

from datetime import date, timedelta

import polars as pl
import pytest

from announce.history import History
from announce.village import ITEMS, Village
from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.announce.print_notices import Wanted
from jifen_batch.errors import DecisionNeededError
from jifen_batch.published import announced
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT
from printed.reading import all_text, contents, sheets, table

FIRST, SECOND = date(2023, 4, 15), date(2023, 7, 15)
SUMS = {"得分": "awarded", "扣分": "deducted", "收回": "reversed", "更正": "adjusted", "本季净积分": "net"}
HOUSE = ("town_id", "village_id", "household_id", "scoring_year")
FIXED = {"名次", "户编号", "户主", "积分年度", *SUMS, "年内累计"}
HEADERS = ["名次", "户编号", "户主", "积分年度", "平安", "新风", *SUMS, "年内累计"]


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


@pytest.fixture
def village(tmp_path):
    """A run as of 2023-04-15; wang has 5 and a hidden 7, li 20 and 3 of no named item."""
    made = Printed(tmp_path)
    made.event("e1", date(2023, 2, 1), matter_id="matter-x", member_id="member-x", decision_id="decision-x")
    made.event("q1", date(2023, 2, 2), item="quiet")
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.event("k1", date(2023, 3, 5), item="kind", household="li")
    made.named = "东村"
    made.night(FIRST)
    return made


def test_a_notice_has_a_row_a_household_with_ranks_categories_and_sums(village):
    files, _ = village.printed("2023Q1", village.register())
    assert sorted(files) == ["0001.xlsx", "index.xlsx"]
    book = sheets(files["0001.xlsx"])
    assert list(book) == ["积分公告", "积分事项"]
    board = book["积分公告"]
    assert board[0][0] == "东村 2023年第一季度积分公告"
    assert board[1][0] == "截至 2023年4月15日，参加排名 2 户，本季有得分的 2 户（100%）。"
    assert board[2][0] == "全村本季合计：得分 35 分，扣分 0 分，收回 0 分，更正 0 分，净积分 35 分。"
    assert board[3:6] == [
        HEADERS,
        ["1", "li", "李*", "2023", "20", "3", "23", "0", "0", "0", "23", "23"],
        # The hidden 7 count in the sums and stand under no category.
        ["2", "wang", "王*", "2023", "—", "5", "12", "0", "0", "0", "12", "12"],
    ]
    below = [row[0] for row in board[6:]]
    assert any("细则（文件）" in line for line in below)
    assert any("异议" in line for line in below)
    assert book["积分事项"][2:5] == [
        ["户编号", "户主", "积分年度", "类别", "积分事项", "笔数", "分数"],
        ["li", "李*", "2023", "平安", "消防器材", "1", "20"],
        ["li", "李*", "2023", "新风", "—", "1", "3"],
    ]
    assert book["积分事项"][5][:5] == ["wang", "王*", "2023", "新风", "志愿服务"]
    assert table(sheets(files["index.xlsx"])["目录"], "文件") == [
        {
            "文件": "0001.xlsx",
            "镇": "town",
            "村": "east",
            "村名": "东村",
            "公告户数": "2",
            "本季净积分": "35",
        }
    ]


def test_corrections_are_told_with_their_reasons_as_far_as_they_may_be_named(village):
    village.hang("2023Q1")
    village.event("late", date(2023, 3, 2), quantity=2)
    village.event("k1", date(2023, 3, 5), item="kind", household="li", status="withdrawn")
    village.event("q1", date(2023, 2, 2), item="quiet", status="withdrawn")
    village.night(SECOND)
    files, _ = village.printed("2023Q2", village.register())
    book = sheets(files["0001.xlsx"])
    assert list(book) == ["积分公告", "更正公告"]
    assert book["更正公告"][2:5] == [
        ["户编号", "户主", "积分年度", "原公告", "现为", "差额", "原因"],
        ["li", "李*", "2023", "23", "20", "-3", "新风：撤回 -3"],
        ["wang", "王*", "2023", "12", "15", "3", "新风“志愿服务”：补记 +10；另有按细则不列明的事项"],
    ]
    assert [row[:4] + row[-3:] for row in book["积分公告"][4:6]] == [
        ["1", "li", "李*", "2023", "-3", "-3", "20"],
        ["2", "wang", "王*", "2023", "3", "3", "15"],
    ]


def test_a_correction_of_0_in_all_is_told_all_the_same(village):
    village.hang("2023Q1")
    village.event("f1", date(2023, 3, 1), item="fire", household="li", status="withdrawn")
    village.event("f2", date(2023, 3, 1), item="fire", household="li")
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    (row,) = table(sheets(files["0001.xlsx"])["更正公告"])
    assert (row["户编号"], row["原公告"], row["现为"], row["差额"]) == ("li", "23", "23", "0")
    assert row["原因"] == "平安“消防器材”：补记 +20；平安“消防器材”：撤回 -20"


def test_a_notice_shows_only_what_is_on_its_allow_list(village):
    """Every cell of the register and every id of a line is a word of its own; none gets into a workbook."""
    secrets = {"phone": "13812345678", "id_card": "510101199001011234", "village_note": "secret-note"}
    register = village.register(**secrets)
    first, _ = village.printed("2023Q1", register)
    village.event("late-event", date(2023, 3, 2), decision_id="decision-y", matter_id="matter-y")
    village.night(SECOND)
    second, _ = village.printed("2023Q2", register)
    everything = "".join(all_text(content) for files in (first, second) for content in files.values())
    assert "补记" in everything
    hidden = [*secrets.values(), "late-event", *village.heads.values(), "小明", "不公开", "只说类别"]
    hidden += ["matter-", "member-", "decision-", "quiet", "kind", "help", "fire", str(village.folder)]
    assert [word for word in hidden if word in everything] == []
    allowed = {
        "名次": {"1", "2"},
        "户编号": {"wang", "li"},
        "户主": {"王*", "李*"},
        "积分年度": {"2023"},
        "类别": {"平安", "新风"},
        "积分事项": {"志愿服务", "消防器材", "—"},
        "原因": {"新风“志愿服务”：补记 +5"},
    }
    for content in (first["0001.xlsx"], second["0001.xlsx"]):
        for rows in sheets(content).values():
            for row in table(rows):
                words = {name: cell for name, cell in row.items() if not cell.lstrip("-").isdigit()}
                assert {name for name, cell in words.items() if cell not in allowed.get(name, "—")} == set()


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
    assert sorted(files) == ["0001.xlsx", "index.xlsx"]
    for content in files.values():
        found = [cell for rows in sheets(content).values() for row in rows for cell in row if cell]
        assert [cell for cell in found if cell[0] in "=+-@\t\r＝" and not cell[1:].isdigit()] == []
        assert "'@东村" in "".join(found)
    shown = {row["户编号"] for row in table(sheets(files["0001.xlsx"])["积分公告"])}
    assert {"'=1+1", "'+cmd", "'-2", "'@x", "\ufffd=3", "'＝4", "'<r><t>x</t></r>"} == shown


def test_two_of_one_mask_are_told_apart_and_who_has_no_name_is_a_dash(village):
    village.heads = {"wang": "王小明", "li": "王四"}
    files, done = village.printed("2023Q1", village.register())
    rows = table(sheets(files["0001.xlsx"])["积分公告"])
    assert {row["户编号"]: row["户主"] for row in rows} == {"li": "王*（1）", "wang": "王*（2）"}
    assert done.notices["unnamed"] == 0
    village.heads = {"wang": None}
    files, done = village.printed("2023Q1", village.register())
    rows = table(sheets(files["0001.xlsx"])["积分公告"])
    assert [row["户主"] for row in rows] == ["—", "—"]
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
    heads = {row["户编号"]: row["户主"] for row in table(sheets(files["0001.xlsx"])["积分公告"])}
    assert heads == {"wang": "李*", "li": "—"}


def test_a_register_without_the_column_leaves_the_names_out(village):
    files, done = village.printed("2023Q1", str(village.folder / "households.parquet"))
    assert done.notices["unnamed"] == 2
    assert "户主姓名" not in all_text(files["0001.xlsx"])


def test_a_dry_run_prints_the_same_as_a_draft_and_freezes_nothing(village):
    draft, done = village.printed("2023Q1", village.register(), dry_run=True)
    assert (done.outcome, announced.quarters(village.out)) == ("dry_run", [])
    real, _ = village.printed("2023Q1", village.register())
    assert draft.keys() == real.keys()
    for name, content in draft.items():
        book = sheets(content)
        assert [rows[0][0].endswith("（草稿，尚未公告）") for rows in book.values()] == [True] * len(book)
        assert "草稿" not in all_text(real[name])
        unmarked = {
            sheet: [[rows[0][0].removesuffix("（草稿，尚未公告）"), *rows[0][1:]], *rows[1:]]
            for sheet, rows in book.items()
        }
        assert unmarked == sheets(real[name])


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
    assert "分值" in all_text(second["0001.xlsx"])
    village.night(date(2023, 10, 15))
    village.hang("2023Q3")
    village.night(SECOND)
    assert village.printed("2023Q2", register)[0] == second


def test_an_item_is_named_no_further_than_the_stricter_of_the_old_and_the_new_book_lets_it(
    village, monkeypatch
):
    village.hang("2023Q1")
    closed = {"help": 'notice = "hidden"', "quiet": 'notice = "item"', "fire": 'notice = "category"'}
    items = [item | ({"more": closed[item["code"]]} if item["code"] in closed else {}) for item in ITEMS]
    monkeypatch.setattr("announce.village.ITEMS", items)
    for name, item in (("e2", "help"), ("q2", "quiet"), ("f2", "fire")):
        village.event(name, date(2023, 5, 1), item=item)
        village.event(f"late-{name}", date(2023, 2, 9), item=item)
    village.night(SECOND)
    files, _ = village.printed("2023Q2")
    book = sheets(files["0001.xlsx"])
    (row,) = table(book["更正公告"])
    assert row["差额"] == "32"
    assert row["原因"] == "平安：补记 +20；另有按细则不列明的事项"
    assert [list(row.values())[3:] for row in table(book["积分事项"])] == [["平安", "—", "1", "20"]]
    assert not [
        word for word in ("志愿服务", "不公开", "消防器材", "新风") if word in all_text(files["0001.xlsx"])
    ]


@pytest.mark.parametrize("seed", [3, 8])
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
        index = table(sheets(files["index.xlsx"])["目录"], "文件")
        shown, told = {}, {}
        for village in index:
            for row in table(sheets(files[village["文件"]])["积分公告"]):
                key = (village["镇"], village["村"], row["户编号"], int(row["积分年度"]))
                assert key not in shown
                shown[key] = row
                told[key] = sum(int(cell) for name, cell in row.items() if name not in FIXED and cell != "—")
            for row in table(sheets(files[village["文件"]]).get("积分事项", [HEADERS])):
                told[village["镇"], village["村"], row["户编号"], int(row["积分年度"])] -= int(row["分数"])
        assert set(told.values()) <= {0}, "what points were for comes to the categories"
        sums = hung.group_by(HOUSE).agg(pl.col(*SUMS.values()).sum())
        for *key, awarded, deducted, taken, adjusted, net in sums.iter_rows():
            row = shown[tuple(key)]
            assert [int(row[name]) for name in SUMS] == [awarded, deducted, taken, adjusted, net]
        with_row = {tuple(row[:4]) for row in sums.iter_rows()}
        for key, row in shown.items():
            net, rank = places.get(key, (0, None))
            assert (int(row["年内累计"]), row["名次"]) == (net, "—" if rank is None else str(rank))
            assert key in with_row or (rank is not None and row["得分"] == "—")
        year = int(history.quarter[:4])
        assert {key for key, (_, rank) in places.items() if rank and key[3] == year} <= shown.keys()
        seen += len(shown)
    assert seen > 10
