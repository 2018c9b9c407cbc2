"""Announcements for a pencil: what hangs stays, and what changes is adjusted in the next one."""

from datetime import date

import pytest

from announce.village import Village
from jifen_batch.errors import DecisionNeededError, InputRefusedError, LockedError, UsageRefusedError
from jifen_batch.notices.correction import by_account
from jifen_batch.published import announced, manifest, publish, village_range

FIRST, SECOND = date(2023, 4, 15), date(2023, 7, 15)
NEW_STYLE = ("east", "wang", "新风")


def files(out):
    """Everything in an output folder, with its content."""
    return {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """2023Q1 hangs: five points of help for wang, twenty for li's fire extinguisher."""
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    made.event("e1", date(2023, 2, 1))
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    made.night(FIRST)
    assert made.hang("2023Q1").outcome == "announced"
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


def test_a_late_record_is_adjusted_in_the_next_quarter(village):
    assert village.board("2023Q1") == {NEW_STYLE: (5, 0, 5, 5), ("east", "li", "平安"): (20, 0, 20, 20)}
    village.event("late", date(2023, 3, 2), quantity=2)
    village.event("e2", date(2023, 5, 1))
    village.night(SECOND)
    done = village.hang("2023Q2")
    assert village.board("2023Q2") == {NEW_STYLE: (5, 10, 15, 20)}
    assert village.corrections("2023Q2") == [("late", 10, 1, "rows.new")]
    assert done.content["adjusted"]["by_reason"] == {
        "rows.new": {"lines_added": 1, "lines_removed": 0, "points": 10}
    }
    assert [one["quarter"] for one in done.content["earlier"]] == ["2023Q1"]
    (account,) = by_account(done.adjustments)
    assert (account["announced"], account["now"], account["difference"]) == (5, 15, 10)
    (why,) = account["reasons"]
    assert (why["cause"], why["name"], why["events"], why["points"]) == ("rows", "志愿服务", ["late"], 10)


def test_quarters_that_were_passed_over_are_own_lines_of_the_next(village):
    village.event("e2", date(2023, 5, 1))
    village.event("e3", date(2023, 8, 1))
    village.night(date(2023, 10, 15))
    village.hang("2023Q3")
    assert village.board("2023Q3") == {NEW_STYLE: (10, 0, 10, 15)}
    with pytest.raises(UsageRefusedError, match="2023Q3 is announced already"):
        village.hang("2023Q2")


def test_a_quiet_quarter_is_announced_without_a_row(village):
    village.night(SECOND)
    assert village.hang("2023Q2").content["rows"] == 0
    assert village.board("2023Q2") == {}


def test_a_household_that_belonged_elsewhere_is_taken_off_one_board_and_put_on_the_other(
    village, monkeypatch
):
    monkeypatch.setattr(village_range.cut, "__defaults__", (1,))
    village.event("a1", date(2023, 5, 1), item="accident")
    village.night(SECOND)
    village.hang("2023Q2")
    village.homes["wang"] = "west"
    village.night(date(2023, 10, 15))
    done = village.hang("2023Q3")
    assert village.board("2023Q3") == {
        NEW_STYLE: (0, -5, -5, 0),
        ("west", "wang", "新风"): (0, 5, 5, 5),
        ("east", "wang", "平安"): (0, 0, 0, 0),
        ("west", "wang", "平安"): (0, 0, 0, 0),
    }
    assert {row[3] for row in village.corrections("2023Q3")} == {"place.register"}
    assert set(done.adjustments["cause"]) == {"place"}


def test_lines_that_change_without_a_point_have_a_row_but_no_notice(village):
    village.event("e1", date(2023, 2, 1), decision_id="m")
    village.night(SECOND)
    done = village.hang("2023Q2")
    assert village.board("2023Q2") == {NEW_STYLE: (0, 0, 0, 5)}
    assert done.adjustments.height == 0


def test_an_approval_that_moves_on_takes_its_line_to_the_later_quarter(village):
    village.event("e1", date(2023, 2, 1), decided_on=date(2023, 6, 1))
    village.night(SECOND)
    done = village.hang("2023Q2")
    assert village.board("2023Q2") == {NEW_STYLE: (5, -5, 0, 5)}
    assert village.corrections("2023Q2") == [("e1", 5, -1, "later.quarter+rows.revised")]
    assert done.adjustments.select("cause", "points").rows() == [("later", -5)]


def test_the_notice_names_items_and_events_only_as_far_as_the_book_lets_it(village):
    village.event("q1", date(2023, 3, 5), item="quiet", household="li")
    village.event("k1", date(2023, 3, 5), item="kind", household="li")
    village.event("hidden-accident", date(2023, 2, 5), item="accident", household="li")
    village.night(SECOND)
    done = village.hang("2023Q2")
    assert village.board("2023Q2")["east", "li", "平安"][1] == -13
    said = str(by_account(done.adjustments))
    assert "消防器材" in said
    assert "f1" in said
    for silent in ("quiet", "q1", "kind", "k1", "accident", "不公开", "只说类别", "事故"):
        assert silent not in said
    points = {(one["cause"], one["name"]): one["points"] for one in done.adjustments.to_dicts()}
    assert points == {("forfeiture", "消防器材"): -20, ("rows", None): 3} | {
        ("rows", None): points["rows", None]
    }
    assert sum(done.adjustments["points"]) == -10


def test_the_same_again_is_nothing_to_do_and_anything_else_is_refused(village):
    before = files(village.out / "announced")
    assert village.hang("2023Q1").outcome == "unchanged"
    village.points["help"] = 6
    village.night(FIRST)
    with pytest.raises(DecisionNeededError, match=r"differs from it for 1 household\(s\)") as refused:
        village.hang("2023Q1")
    differs = refused.value.figures["differs"]
    assert (differs["lines_added"], differs["lines_removed"], differs["points"]) == (1, 1, 1)
    assert [(row["announced"], row["now"]) for row in differs["rows"]] == [(5, 6)]
    assert files(village.out / "announced") == before


def test_nothing_is_frozen_while_another_holds_the_folder_and_a_dry_run_asks_for_no_lock(village):
    village.night(SECOND)
    before = files(village.out / "announced")
    with publish.lock(village.out):
        with pytest.raises(LockedError):
            village.hang("2023Q2")
        assert village.hang("2023Q2", dry_run=True).outcome == "dry_run"
    assert files(village.out / "announced") == before


def test_rejects_of_what_hangs_ask_first(village):
    village.event("e1", date(2023, 2, 1), item="hlep")
    village.event("new", date(2023, 5, 1), item="hlep")
    village.night(SECOND)
    before = files(village.out / "announced")
    with pytest.raises(
        DecisionNeededError, match=r"1 announced event\(s\) .*\(unknown_item: 1; east: 1\); have"
    ) as refused:
        village.hang("2023Q2")
    found = refused.value.figures["rejected"]
    assert (found["events"], found["points"], found["villages"]) == (1, 5, {"east": 1})
    assert found["reasons"] == {"unknown_item": 1}
    assert files(village.out / "announced") == before
    shown = village.hang("2023Q2", dry_run=True)
    assert (shown.waiting.get("rejected"), shown.adjustments["points"].to_list()) == (found, [-5])
    accepted = village.hang("2023Q2", accept_rejects=True)
    assert accepted.content["accepted_rejects"]["events"] == 1
    assert village.corrections("2023Q2") == [("e1", 5, -1, "rows.unknown_item")]
    village.night(date(2023, 10, 15))
    assert village.hang("2023Q3").outcome == "announced"


def test_a_dry_run_says_the_same_and_writes_nothing(village):
    village.event("e2", date(2023, 5, 1))
    village.event("late", date(2023, 3, 2))
    village.night(SECOND)
    before = files(village.out)
    dry = village.hang("2023Q2", dry_run=True)
    assert (dry.outcome, dry.folder) == ("dry_run", None)
    assert files(village.out) == before
    real = village.hang("2023Q2")
    assert {name: real.content[name] for name in dry.content} == dry.content
    assert real.adjustments.equals(dry.adjustments)


def test_only_so_many_adjustments_are_given_back_but_all_are_counted(village):
    village.points |= {"help": 6, "fire": 21}
    village.night(SECOND)
    done = village.hang("2023Q2", dry_run=True, shown=1)
    assert (done.adjustments.height, done.content["adjusted"]["accounts"]) == (1, 2)
    assert done.adjustments["clause"].to_list() == ["21分/次"]


def test_too_early_and_backwards_are_refused(village):
    with pytest.raises(UsageRefusedError, match="as of 2023-07-15 at the earliest"):
        village.hang("2023Q2")
    village.night(date(2023, 7, 14))
    with pytest.raises(UsageRefusedError, match="as of 2023-07-15 at the earliest"):
        village.hang("2023Q2")
    village.night(date(2024, 1, 20))
    village.hang("2023Q2")
    village.night(date(2023, 10, 20), make_current=True)
    with pytest.raises(UsageRefusedError, match="was announced as of 2024-01-20"):
        village.hang("2023Q3")


def test_a_frozen_file_that_changed_is_refused_and_so_is_another_before(village):
    village.night(SECOND)
    village.hang("2023Q2")
    village.night(date(2023, 10, 15))
    lines = announced.folder(village.out, "2023Q1") / "lines.parquet"
    whole = lines.read_bytes()
    lines.write_bytes(whole[:-9] + b"x" + whole[-8:])
    with pytest.raises(InputRefusedError, match=r"lines\.parquet: is not as its manifest says"):
        village.hang("2023Q3")
    lines.write_bytes(whole)
    told = manifest.path(announced.folder(village.out, "2023Q1"))
    told.write_bytes(told.read_bytes() + b"\n")
    with pytest.raises(InputRefusedError, match="is not what 2023Q2 was announced after"):
        village.hang("2023Q3")


def test_where_nothing_is_published_nothing_is_made(tmp_path):
    with pytest.raises(InputRefusedError, match="nothing is published"):
        Village(tmp_path).hang("2023Q1")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_changed_on_the_disk_is_not_announced(village):
    village.night(SECOND)
    part = next((publish.current(village.out) / "ledger").rglob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(InputRefusedError, match="is not as its manifest says"):
        village.hang("2023Q2")
