"""A fleet is one run a county: each end told, resumable, the worst code its own, shared ids named."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from dask_cluster import state
from jifen_batch.cli.program import program
from jifen_batch.desk.fleet import page
from jifen_batch.desk.fleet.county_run import End
from jifen_batch.desk.verify import verify

ROOT = Path(__file__).parents[2]
EVENTS = "event_id,household_id,item,occurred_on,status\ne1,{household},waste.sorting,2023-03-05,approved\n"
REGISTER = (
    "household_id,village_id,town_id,enrolled_on\n{household},v1,t1,2022-01-01\n{shared},v1,t1,2022-01-01\n"
)
BOOK = """
[book]
id = "small"
title = "小册"
source = "test"
first_year = 2023
[[items]]
code = "waste.sorting"
category = "垃圾分类"
task = "垃圾分类"
name = "垃圾分类"
points = 5
per = "event"
"""


def counties(folder):
    """Counties that are asked for by name: the list, a call of the command, and the folder."""
    (folder / "small.toml").write_text(BOOK)

    def listed(**events):
        text = ""
        for name, rows in events.items():
            home = folder / name
            home.mkdir(exist_ok=True)
            (home / "events.csv").write_text((EVENTS if rows is None else rows).format(household=f"{name}-1"))
            (home / "register.csv").write_text(REGISTER.format(household=f"{name}-1", shared="both"))
            (home / "worker.toml").write_text(
                'events = "events.csv"\nhouseholds = "register.csv"\nrules = ["../small.toml"]\nout = "out"\n'
            )
            text += f'[[counties]]\nname = "{name}"\nconfig = "{name}/worker.toml"\n'
        (folder / "counties.toml").write_text(text)

    def call(*more):
        words = ["fleet", "--counties", str(folder / "counties.toml"), "--to", str(folder / "night")]
        ended = CliRunner().invoke(program, [*words, "--as-of", "2023-12-31", "--language", "en", *more])
        return ended, json.loads(ended.stdout) if "--json" in more and ended.stdout else {}

    return listed, call, folder


@pytest.fixture
def fleet(tmp_path):
    return counties(tmp_path)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """Two counties after a night: a call of the command, the folder, and how it ended.

    A variable was set that would serve both at once.
    """
    listed, call, folder = counties(tmp_path_factory.mktemp("fleet"))
    listed(east=None, west=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIFEN_OUT", str(folder / "one"))
        return call, folder, call("--json", "--at-once", "2")


def test_every_county_is_run_and_told_with_totals(night):
    _, folder, (ended, told) = night
    assert ended.exit_code == 0, ended.stderr
    assert [(one["name"], one["exit_code"], one["points"]) for one in told["counties"]] == [
        ("east", 0, 5),
        ("west", 0, 5),
    ]
    assert told["totals"] == {"rows": 2, "lines": 2, "points": 10, "rejects": 0}
    assert (folder / "east" / "out" / "current" / "manifest.json").is_file()
    assert told["shared_ids"] == {"count": 1, "first": [{"household_id": "both", "counties": "east west"}]}
    assert '"both","east west"' in (folder / "night" / "shared-ids.csv").read_text("utf-8-sig")
    assert '"event": "run"' in (folder / "night" / "logs" / "west.log").read_text()


def test_the_worst_end_is_the_fleets_and_what_published_is_not_worked_again(fleet):
    listed, call, folder = fleet
    listed(
        east=None, west="event_id,item\n1,2\n", south=EVENTS + "e2,nobody,waste.sorting,2023-03-05,approved\n"
    )
    ended, told = call("--json")
    assert ended.exit_code == 3
    assert {one["name"]: one["exit_code"] for one in told["counties"]} == {"east": 0, "west": 3, "south": 6}
    assert "events.csv" in next(one["error"] for one in told["counties"] if one["name"] == "west")
    run = (folder / "east" / "out" / "current").resolve()
    published_at = run.stat().st_mtime_ns
    listed(east=None, west=None, south=None)
    ended, told = call("--json")
    assert ended.exit_code == 0
    assert {one["name"]: one["before"] for one in told["counties"]} == {
        "east": True,
        "west": False,
        "south": False,
    }
    assert run.stat().st_mtime_ns == published_at


def test_a_folder_is_of_one_day(night):
    call, _, _ = night
    ended, _ = call("--as-of", "2023-12-30")
    assert ended.exit_code == 2


def test_variables_that_would_serve_all_counties_at_once_serve_none(night):
    _, folder, (ended, _) = night
    assert ended.exit_code == 0
    assert not (folder / "one").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "counties"),
        ('[[counties]]\nname = "a/b"\nconfig = "x.toml"\n', "name cannot be the name of a file"),
        ('[[counties]]\nname = "a"\n', "config"),
        (
            "".join(f'[[counties]]\nname = "{name}"\nconfig = "east/worker.toml"\n' for name in "ab"),
            "counties.toml:6: publishes into the output folder of",
        ),
        (
            '[[counties]]\nname = "a"\nconfig = "x.toml"\n[[counties]]\nname = "a"\nconfig = "y.toml"\n',
            "counties.toml:5: name stands on line 1, too",
        ),
    ],
)
def test_a_list_that_is_wrong_is_refused_before_any_run(text, says, fleet):
    listed, call, folder = fleet
    listed(east=None)
    (folder / "counties.toml").write_text(text)
    ended, _ = call()
    assert ended.exit_code == 3
    assert says in ended.stderr
    assert not (folder / "night").exists()


def test_a_fleet_that_is_stopped_stops_its_counties_and_goes_on_later(fleet):
    listed, _, folder = fleet
    listed(east=None, west=None, south=None)
    words = ["fleet", "--counties", str(folder / "counties.toml"), "--to", str(folder / "night")]
    words = [sys.executable, "-m", "jifen_batch", *words, "--as-of", "2023-12-31"]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    first = folder / "night" / "ends" / "east.json"
    until = time.monotonic() + 60
    while not first.exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGTERM)
    assert child.wait(60) == 128 + signal.SIGTERM
    assert not (folder / "night" / "ends" / "south.json").exists()
    ended = subprocess.run([*words, "--json"], capture_output=True, text=True, check=True)
    assert [one["before"] for one in json.loads(ended.stdout)["counties"]][::2] == [True, False]
    assert json.loads(ended.stderr)["event"] == "fleet"


def test_a_second_fleet_in_the_folder_ends_with_five(fleet):
    from jifen_batch.published import publish  # noqa: PLC0415

    listed, call, folder = fleet
    listed(east=None)
    with publish.lock(folder / "night"):
        assert call()[0].exit_code == 5


def test_the_worst_is_what_needs_somebody_first():
    assert page.worst([0, 8, 6, 9]) == 9
    assert page.worst([0, 3, 7, 143, 9]) == 143
    assert page.worst([8, 0]) == 8
    assert not End("a", 6, 1.0).settled


def test_a_fleet_that_is_killed_takes_its_counties_along_and_what_it_left_is_gone_on_with(fleet):
    """Killed outright with counties at work, one of them broken: called again, it is as if never cut."""
    listed, call, folder = fleet
    names = ["n1", "n2", "n3", "n4"]
    listed(**dict.fromkeys(names), broken="event_id,item\n1,2\n")
    words = ["fleet", "--counties", str(folder / "counties.toml"), "--to", str(folder / "night")]
    words = [sys.executable, "-m", "jifen_batch", *words, "--as-of", "2023-12-31", "--at-once", "2"]
    killed = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    waited_for((folder / "night" / "ends" / "n1.json").exists)
    waited_for(lambda: at_work(folder, b"run"))
    counties, fleets = at_work(folder, b"run"), at_work(folder, b"fleet")
    for one in counties:
        # Else they might be done before anybody looks.
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGSTOP)
    killed.kill()
    assert killed.wait(60) == -signal.SIGKILL
    # One that was stopped before it asked to end with its fleet asks now.
    for one in counties:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGCONT)
    # What they held is free when nothing of them is left, which may be a moment after they ended.
    waited_for(
        lambda: not any(state(one).strip("ZX") for one in {*counties, *fleets, *at_work(folder, b"run")})
    )
    left = {path.stem for path in (folder / "night" / "ends").glob("*.json")}
    assert "n1" in left < {*names, "broken"}
    ended, told = call("--json", "--at-once", "2")
    assert ended.exit_code == 3
    assert [(one["name"], one["exit_code"], one["points"]) for one in told["counties"]] == [
        *((name, 0, 5) for name in names),
        ("broken", 3, None),
    ]
    assert {one["name"] for one in told["counties"] if one["before"]} == left - {"broken"}
    assert told["totals"] == {"rows": 4, "lines": 4, "points": 20, "rejects": 0}
    assert told["shared_ids"]["first"] == [{"household_id": "both", "counties": " ".join(names)}]
    for name in names:
        assert not verify(folder / name / "out").findings
        assert [path.name for path in (folder / name / "out" / "runs").iterdir()] == [
            (folder / name / "out" / "current").resolve().name
        ]
    assert sorted(path.name for path in (folder / "night").iterdir() if path.name[0] != ".") == [
        "ends",
        "fleet.json",
        "logs",
        "shared-ids.csv",
    ]


def waited_for(so):
    """Wait until it is so."""
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        # To look at all processes takes longer than to sleep, and time from those that are waited for.
        time.sleep(0.03)


def at_work(folder, what):
    """The numbers of processes that were asked for something of a folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (one / "cmdline").read_bytes().split(b"\0")
            if what in words and any(word.startswith(bytes(folder)) for word in words):
                found.append(int(one.name))
    return found


def test_a_county_that_published_and_was_not_noted_is_told_with_its_figures(night):
    """And is noted then: the night is as it was."""
    call, folder, _ = night
    (folder / "night" / "ends" / "east.json").unlink()
    ended, told = call("--json")
    assert ended.exit_code == 0
    assert [(one["exit_code"], one["points"], one["before"]) for one in told["counties"]] == [
        (0, 5, False),
        (0, 5, True),
    ]
    assert told["totals"]["points"] == 10
    assert (folder / "night" / "ends" / "east.json").is_file()
