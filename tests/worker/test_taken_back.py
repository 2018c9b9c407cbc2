"""Announced points that a night would take back stop it, whatever did it; rules are guarded apart."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from announce.village import QUIET, Village
from jifen_batch.errors import InputRefusedError, LossError
from jifen_batch.published import announced, publish
from jifen_batch.worker import RunOptions, run
from jifen_batch.worker.guard import gone_points

DAY = date(2023, 4, 15)
LATER = date(2023, 4, 20)
HOMES = {f"h{number:02}": "east" for number in range(10)}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Ten households of one village, 20 points each: 200 announced."""
    made = Village(tmp_path_factory.mktemp("begun") / "village")
    made.homes = dict(HOMES)
    for name in made.homes:
        made.event(f"e-{name}", date(2023, 2, 1), item="fire", household=name)
    made.night(DAY)
    made.hang("2023Q1")
    return made


@pytest.fixture
def village(begun, tmp_path):
    """A copy of it for one test."""
    return begun.copied_to(tmp_path / "village")


@pytest.fixture(scope="module")
def gone_on(begun, tmp_path_factory):
    """It after another night."""
    made = begun.copied_to(tmp_path_factory.mktemp("gone_on") / "village")
    made.night(LATER)
    return made


@pytest.fixture
def later(gone_on, tmp_path):
    """A copy of that for one test."""
    return gone_on.copied_to(tmp_path / "later")


def refused(village, as_of=LATER, **options):
    """What the refusal of a night says; what was current stays."""
    before = publish.current(village.out)
    with pytest.raises(LossError) as error:
        village.night(as_of, **options)
    assert publish.current(village.out) == before
    return error.value


def change(village, count, **more):
    """The events of the first households, each with other columns."""
    for name in list(village.homes)[:count]:
        village.events[f"e-{name}"] |= more


@pytest.mark.parametrize(("count", "stopped"), [(2, False), (3, True)], ids=["40 points", "60 points"])
def test_fifty_points_may_always_be_taken_back(village, count, stopped):
    change(village, count, status="withdrawn")
    if not stopped:
        assert village.night(LATER).outcome == "published"
        return
    said = refused(village)
    assert said.exit_code == 9
    (cell,) = said.figures["taken_back"]
    assert (cell["village_id"], cell["scoring_year"], cell["announced"], cell["taken_back"]) == (
        "east",
        2023,
        200,
        60,
    )
    assert said.figures["by_input"] == [{"input": "status", "households": 3, "points": 60}]
    assert str(said).startswith(
        "--events: 60 of 200 announced points would be taken back (east in 2023: 60 of 200)"
    )
    assert said.zh.startswith("--events：已公告的 200 分中有 60 分将被收回")


@pytest.mark.parametrize(("share", "stopped"), [(0.3, False), (0.29, True)], ids=["30%", "29%"])
def test_a_share_of_what_the_village_announced_may_be_taken_back(village, share, stopped):
    change(village, 3, status="withdrawn")
    if stopped:
        refused(village, max_takeback=share)
    else:
        assert village.night(LATER, max_takeback=share).outcome == "published"


def missing(village):
    # So few of so many that what is missing is no loss of events, were nothing announced.
    for number in range(80):
        village.event(f"more-{number}", date(2023, 1, 5), status="declined", household="h09")
    village.night(LATER)
    for name in list(village.homes)[:3]:
        del village.events[f"e-{name}"]


def no_word(village):
    change(village, 3, status=None)


def unknown_word(village):
    change(village, 3, status="批准")


def waiting(village):
    change(village, 3, status="assessed")


def another_item(village):
    change(village, 3, item="help", quantity=1)
    change(village, 4, item="help")
    for name in list(village.homes)[4:]:
        village.events[f"e-{name}"] |= {"item": "help"}


def rejected(village):
    change(village, 3, quantity=0)


@pytest.mark.parametrize(
    ("cause", "source", "households", "points"),
    [
        (missing, "events", 3, 60),
        (unknown_word, "status", 3, 60),
        (no_word, "status", 3, 60),
        (waiting, "status", 3, 60),
        (another_item, "revision", 10, 200),
        (rejected, "revision", 3, 60),
    ],
)
def test_the_input_that_took_points_back_is_named(village, cause, source, households, points):
    cause(village)
    said = refused(village, date(2023, 4, 21))
    assert said.figures["by_input"] == [{"input": source, "households": households, "points": points}]


def empty(village, column, count=10):
    change(village, count, **{column: None})


BLAMED = ("revised", "find the missing input")


@pytest.mark.parametrize(
    ("column", "source"),
    [
        ("event_id", "events"),
        ("household_id", "empty"),
        ("item", "empty"),
        ("occurred_on", "empty"),
        ("status", "status"),
    ],
)
def test_a_required_column_that_came_blank_is_named_with_its_file_and_nothing_else_blamed(
    village, column, source
):
    empty(village, column)
    said = refused(village)
    assert said.figures["by_input"] == [{"input": source, "households": 10, "points": 200}]
    assert said.figures["empty_cells"] == [{"column": column, "rows": 10, "files": {"events.parquet": 10}}]
    assert str(said).startswith(
        f"--events: the required column {column} is empty in 10 row(s) of events.parquet; have it"
    )
    assert said.zh.startswith(f"--events：events.parquet 有 10 行的必填栏 {column} 空着，请重新导出")
    assert not [word for word in BLAMED if word in str(said)]
    assert "找回" not in said.zh


def test_an_empty_cell_hides_no_rows_that_are_missing(village):
    empty(village, "event_id", 1)
    for name in list(village.homes)[2:8]:
        del village.events[f"e-{name}"]
    said = refused(village)
    assert said.figures["empty_cells"] == []
    assert "find the missing input" in str(said)


@pytest.mark.parametrize(
    "column",
    ["enrolled_on", "left_on", "village_id", "household_id"],
    ids=["enrolled later", "left", "moved", "renamed"],
)
def test_a_register_that_takes_points_back_is_named_and_no_event(later, tmp_path, column):
    register = pl.read_parquet(later.folder / "households.parquet")
    values = {
        "enrolled_on": pl.lit(date(2023, 3, 1)),
        "left_on": pl.lit(date(2023, 1, 15)),
        "village_id": pl.lit("west"),
        "household_id": pl.format("new-{}", "household_id"),
    }
    (tmp_path / "other").mkdir()
    register.with_columns(values[column].alias(column)).write_parquet(
        tmp_path / "other" / "households.parquet"
    )
    folder = later.folder / "rules"
    options = RunOptions(
        events=str(later.folder / "events.parquet"),
        households=str(tmp_path / "other" / "households.parquet"),
        rules=(str(folder),),
        out=later.out,
        as_of=date(2023, 4, 21),
        max_reject_rate=1.0,
    )
    with pytest.raises(LossError, match="--households: ") as error:
        run(options, QUIET)
    assert error.value.figures["by_input"] == [{"input": "register", "households": 10, "points": 200}]
    assert "find the missing input" not in str(error.value)
    assert run(replace(options, accept_loss=error.value.figures["accept_loss"]), QUIET).outcome == "published"


def test_households_under_new_ids_lose_nothing(later):
    later.homes = {f"new-{name}": home for name, home in later.homes.items()}
    pl.DataFrame(
        {
            "old_household_id": list(HOMES),
            "new_household_id": list(later.homes),
            "effective_on": [LATER] * len(HOMES),
            "kind": ["renamed"] * len(HOMES),
        }
    ).write_parquet(later.folder / "successions.parquet")
    given = str(later.folder / "successions.parquet")
    assert later.night(date(2023, 4, 21), successions=given).outcome == "published"
    refused(later, date(2023, 4, 22))


def test_points_that_others_gain_hide_nothing(village):
    change(village, 3, status="withdrawn")
    for number in range(40):
        village.event(f"gift-{number}", date(2023, 2, 2), item="fire", household="h09")
    assert refused(village).figures["taken_back"][0]["taken_back"] == 60


def test_points_of_quarters_not_announced_are_nobody_s_loss(village):
    for name in village.homes:
        village.event(f"new-{name}", date(2023, 4, 16), item="fire", household=name)
    village.night(date(2023, 7, 20))
    for name in village.homes:
        village.events[f"new-{name}"]["status"] = "withdrawn"
    assert village.night(date(2023, 7, 21)).outcome == "published"


def test_an_accepted_edit_of_the_rules_is_not_asked_about_again(village):
    village.points = {"fire": 10}
    assert village.night(LATER).outcome == "published"
    (cell,) = publish.read_manifest(publish.current(village.out))["taken_back"]
    assert (cell["taken_back"], cell["by_rules"], cell["accepted"]) == (100, 100, 0)
    assert village.night(date(2023, 4, 21)).outcome == "published"
    # What the register or the feed takes beyond is.
    change(village, 6, status="withdrawn")
    said = refused(village, date(2023, 4, 22))
    assert said.figures["by_input"] == [{"input": "status", "households": 6, "points": 120}]


def test_what_was_accepted_is_let_through_while_it_lasts_and_no_more(village):
    change(village, 3, status="withdrawn")
    fingerprint = refused(village).figures["accept_loss"]
    assert refused(village, accept_loss="0" * 16).figures["accept_loss"] == fingerprint
    assert village.night(LATER, accept_loss=fingerprint).outcome == "published"
    assert village.night(date(2023, 4, 21)).outcome == "published"
    change(village, 6, status="withdrawn")
    assert refused(village, date(2023, 4, 22)).figures["taken_back"][0]["accepted"] == 60
    change(village, 6, status="approved")
    village.night(date(2023, 4, 23))
    change(village, 3, status="withdrawn")
    assert refused(village, date(2023, 4, 24)).figures["taken_back"][0]["accepted"] == 0


def test_what_is_announced_as_a_correction_is_taken_back_no_longer(village):
    change(village, 3, status="withdrawn")
    day = date(2023, 7, 15)
    village.night(day, accept_loss=refused(village, day).figures["accept_loss"])
    village.hang("2023Q2")
    assert village.night(date(2023, 7, 16)).outcome == "published"
    assert publish.read_manifest(publish.current(village.out))["taken_back"] == []


def test_a_look_at_an_earlier_day_takes_nothing_back(village):
    assert village.night(date(2023, 1, 15)).outcome == "kept"


def test_a_quarter_that_a_kept_run_knows_and_that_is_gone_stops_the_night(later):
    folder = announced.folder(later.out, "2023Q1")
    shutil.move(folder, later.folder / "lost")
    said = refused(later, date(2023, 4, 21))
    assert said.figures["gone_quarters"][0]["quarter"] == "2023Q1"
    assert "announce --rebuild 2023Q1" in str(said)
    assert str(folder) in said.zh
    shutil.move(later.folder / "lost", folder)
    assert later.night(date(2023, 4, 21)).outcome == "published"


def test_a_lost_quarter_that_is_given_up_is_not_asked_for_again(later):
    shutil.rmtree(announced.folder(later.out, "2023Q1"))
    day = date(2023, 4, 21)
    assert later.night(day, accept_loss=refused(later, day).figures["accept_loss"]).outcome == "published"
    assert publish.read_manifest(publish.current(later.out))["announced"] == []
    assert later.night(date(2023, 4, 22)).outcome == "published"


@pytest.mark.parametrize(
    ("table", "left"), [("lines", 0), ("lines", 100), ("lines", None), ("announcement", 0), ("standings", 0)]
)
def test_a_file_of_a_quarter_that_was_emptied_cut_or_lost_stops_the_night(village, table, left):
    """No run knows of the quarter yet, so its own manifest says what hung."""
    path = announced.folder(village.out, "2023Q1") / f"{table}.parquet"
    content = path.read_bytes()
    path.unlink()
    if left is not None:
        path.write_bytes(content[:left])
    with pytest.raises(InputRefusedError) as error:
        village.night(LATER)
    assert str(path) in str(error.value)
    assert "bring the folder back from a backup" in str(error.value)
    path.write_bytes(content)
    assert village.night(LATER).outcome == "published"


def board(village):
    """The points taken back of each cell, as the current run notes them of the quarters that hang."""
    said = publish.read_manifest(publish.current(village.out))["board"]
    hung = [announced.manifest_digest(village.out, one) for one in announced.quarters(village.out)]
    assert said["quarters"] == hung
    return [one["taken_back"] for one in said["cells"]]


@pytest.fixture
def unasked(monkeypatch):
    """Who asks what is taken back finds nobody there."""

    def forbid():
        monkeypatch.setattr("jifen_batch.analysis.takeback.lost_accounts", None)
        monkeypatch.setattr("jifen_batch.worker.guard.gone_points.find", lambda *_: gone_points.NOTHING)

    return forbid


def test_quarters_that_are_to_the_byte_as_they_were_are_not_asked_again(later, unasked):
    assert board(later) == []
    later.event("new", date(2023, 4, 18), item="help", household="h00")
    unasked()
    assert later.night(date(2023, 4, 21)).outcome == "published"
    assert board(later) == []
    change(later, 1, status="withdrawn")
    with pytest.raises(TypeError):
        later.night(date(2023, 4, 22))


def test_a_loss_after_nights_of_which_nothing_was_asked_stops_the_night(later):
    later.night(date(2023, 4, 21))
    change(later, 2, status="withdrawn")
    # As little as may always be taken back, and then one household more.
    later.night(date(2023, 4, 22))
    later.night(date(2023, 4, 23))
    change(later, 3, status="withdrawn")
    assert refused(later, date(2023, 4, 24)).figures["taken_back"][0]["taken_back"] == 60


def test_what_a_larger_share_let_through_is_asked_about_with_a_smaller_one(later, unasked):
    change(later, 3, status="withdrawn")
    assert later.night(date(2023, 4, 21), max_takeback=1.0).outcome == "published"
    assert board(later) == [60]
    refused(later, date(2023, 4, 22))
    unasked()
    assert later.night(date(2023, 4, 23), max_takeback=0.5).outcome == "published"
    assert board(later) == [60]


def test_a_quarter_that_hangs_since_is_held_against_though_no_file_changed(later):
    assert later.night(date(2023, 7, 20)).outcome == "published"
    assert board(later) == []
    later.hang("2023Q2")
    later.night(date(2023, 7, 21))
    assert board(later) == []
