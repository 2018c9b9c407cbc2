"""A dry run says what the night would come to and ends as it would, and leaves the folder as it was."""

import json
import os
import shutil
import tempfile
from datetime import date

import pytest
from click.testing import CliRunner

from announce.village import Village
from jifen_batch.cli.program import program
from printed.reading import sheets, table

NIGHT, HUNG = date(2023, 7, 20), "2023Q2"


@pytest.fixture(scope="module")
def announced(tmp_path_factory):
    """A village of which two quarters hang: wang has 5 + 5, li 20 and ten times 5 under the cap of 20."""
    made = Village(tmp_path_factory.mktemp("village"))
    made.event("e1", date(2023, 2, 1))
    made.event("e2", date(2023, 5, 1))
    made.event("f1", date(2023, 3, 1), item="fire", household="li")
    for number in range(4):
        made.event(f"q{number}", date(2023, 4, 1 + number), item="quiet", household="li")
        made.event(f"k{number}", date(2023, 4, 1 + number), item="fire", household="li")
    made.night(date(2023, 7, 19))
    made.hang("2023Q1")
    made.hang(HUNG)
    return made


@pytest.fixture
def village(announced, tmp_path):
    return announced.copied_to(tmp_path / "village")


def asked(village, *more):
    """A run of the command line over the village: the result, and its last line."""
    rules = village.write()
    words = ["run", "--events", village.folder / "events.parquet", "--rules", rules, "--as-of", NIGHT]
    words += ["--households", village.folder / "households.parquet", "--out", village.out, *more]
    result = CliRunner().invoke(program, [str(word) for word in words])
    return result, json.loads(result.stderr.splitlines()[-1])


def state(folder):
    """Everything below a folder: names, kinds, times, links and bytes."""
    found = {}
    for top, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = os.path.join(top, name)  # noqa: PTH118 - as os.walk has it
            told = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else None  # noqa: PTH114, PTH115 - likewise
            if os.path.isfile(path) and content is None:  # noqa: PTH113 - likewise
                with open(path, "rb") as file:  # noqa: PTH123 - likewise
                    content = file.read()
            found[path] = (told.st_mode, told.st_mtime_ns, content)
    return found, os.lstat(folder).st_mtime_ns


def unchanged(_village):
    """The same again under a later day."""


def late(village):
    """A third help of the first quarter that comes late, and the second is another's."""
    village.event("e3", date(2023, 3, 2))
    village.event("e2", date(2023, 5, 1), household="li")


def lost(village):
    """Most of what hangs is not sent any more."""
    for number in range(4):
        del village.events[f"k{number}"]


def rejected(village):
    """Rows that nobody knows."""
    for number in range(5):
        village.event(f"x{number}", date(2023, 7, 1), item="nonsense")


def edited(village):
    """A book under which what hangs would be worth less."""
    village.points = {"help": 4}


def both(village):
    lost(village)
    rejected(village)


CASES = {unchanged: 0, late: 0, lost: 9, rejected: 6, edited: 8, both: 9}


@pytest.mark.parametrize(("change", "code"), CASES.items(), ids=[case.__name__ for case in CASES])
def test_it_ends_as_the_night_would_and_leaves_every_byte(village, change, code):
    change(village)
    village.write()
    before = state(village.out)
    result, line = asked(village, "--dry-run", "--json")
    assert state(village.out) == before
    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit_code"], line["exit_code"], line["would_end"]) == (code,) * 4, line
    assert (line["outcome"], told["outcome"]) == ("dry_run", "dry_run")
    night, its_line = asked(village)
    assert night.exit_code == code
    if code not in {6, 9}:
        assert told["would_be"] == its_line["outcome"]
    assert its_line["run_id"] == told["run_id"] == line["run_id"]


def test_a_night_that_would_be_refused_twice_is_told_both_and_still_counted(village):
    both(village)
    result, _ = asked(village, "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert [one["exit_code"] for one in told["refusals"]] == [9, 6]
    assert all(one["sentence"]["zh"] != one["sentence"]["en"] for one in told["refusals"])
    assert told["manifest"]["accounting"]["rejected"] == 5
    assert told["refusals"][0]["accept_loss"]


def test_what_would_change_of_what_hangs_stands_by_quarter(village):
    late(village)
    result, _ = asked(village, "--dry-run", "--json")
    # e3 comes to the first quarter; e2 goes from wang to li within the second.
    assert json.loads(result.stdout)["announced"] == [
        {"quarter": "2023Q1", "lines_added": 1, "lines_removed": 0, "households": 1, "points_up": 5,
         "points_down": 0},
        {"quarter": "2023Q2", "lines_added": 1, "lines_removed": 1, "households": 2, "points_up": 5,
         "points_down": -5},
    ]  # fmt: skip


def test_what_it_says_to_people(village):
    rejected(village)
    late(village)
    result, _ = asked(village, "--dry-run", "--language", "zh")
    assert "试运行，没有发布任何内容" in result.stdout
    assert "行被退回，超过" in result.stdout
    assert "2023年第一季度" in result.stdout
    assert "没有这个积分事项" not in result.stdout


@pytest.mark.parametrize("change", [unchanged, both], ids=["published", "refused"])
def test_its_work_lists_have_all_that_waits(village, tmp_path, change):
    change(village)
    village.event("d1", date(2023, 7, 2), status="declared")
    to = tmp_path / "lists"
    result, line = asked(village, "--dry-run", "--worklists", to)
    assert line["worklists"] == str(to), result.stderr
    found = sheets((to / "0001.xlsx").read_bytes())
    assert [row["事项编号"] for row in table(found["待评定"], "户编号")] == ["d1"]
    assert ("退回" in found) == (change is both)


def test_a_night_that_is_refused_for_its_losses_writes_its_work_lists_whole(village, tmp_path):
    both(village)
    village.event("d1", date(2023, 7, 2), status="declared")
    to = tmp_path / "lists"
    result, line = asked(village, "--worklists", to)
    assert (result.exit_code, line["worklists"]) == (9, str(to))
    found = sheets((to / "0001.xlsx").read_bytes())
    assert {"退回", "待评定"} <= set(found)
    assert not [path for path in (village.out / "runs").iterdir() if path.name.startswith(".")]


def test_where_nothing_is_published_yet_no_folder_is_made(village):
    shutil.rmtree(village.out)
    result, line = asked(village, "--dry-run", "--top", "2")
    assert (result.exit_code, line["outcome"]) == (0, "dry_run")
    assert not village.out.exists()
    assert "wang" in result.stdout


def test_nothing_of_it_is_left_in_the_folder_for_temporary_files(village, tmp_path, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    asked(village, "--dry-run")
    assert list(room.iterdir()) == []


def test_another_that_holds_the_folder_does_not_keep_it_waiting(village):
    from jifen_batch.published import publish  # noqa: PLC0415 - only here

    with publish.lock(village.out):
        result, _ = asked(village, "--dry-run")
    assert result.exit_code == 0


def test_monitoring_is_not_told_of_it(village, tmp_path):
    result, _ = asked(village, "--dry-run", "--metrics", tmp_path / "run.prom")
    assert (result.exit_code, (tmp_path / "run.prom").exists()) == (2, False)
