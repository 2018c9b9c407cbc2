"""A run that is told to stop ends within five seconds, wherever it is, and publishes nothing after.

`SOAK_SEEDS` makes the county larger, so that native calls take seconds, and stops it at more moments.
"""

import json
import os
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import pytest

from fixture.reading import BASE_BOOK

SOAKING = "SOAK_SEEDS" in os.environ
HOUSEHOLDS, MOMENTS = (40_000, 24) if SOAKING else (1_000, 4)
SIGNALS = (signal.SIGTERM, signal.SIGINT)
COMMAND = (sys.executable, "-m", "jifen_batch")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A feed, and how long a run of it takes."""
    folder = tmp_path_factory.mktemp("county")
    words = [
        "synth",
        "--households",
        str(HOUSEHOLDS),
        "--years",
        "1",
        "--seed",
        "1",
        "--out",
        folder / "feed",
    ]
    subprocess.run([*COMMAND, *words], check=True, capture_output=True)
    began = time.monotonic()
    with started(folder / "feed", folder / "whole") as process:
        process.communicate()
    assert process.returncode == 0
    return folder / "feed", time.monotonic() - began


def started(feed, out):
    """A run that heeds signals: before Python is up, on a busy machine late, they are the system's alone."""
    process = subprocess.Popen(
        [*COMMAND, "run", "--events", feed / "events", "--households", feed / "households.parquet",
         "--rules", BASE_BOOK, "--as-of", "2024-07-20", "--out", out],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    while not heeds(process.pid, signal.SIGTERM):
        time.sleep(0.005)
    return process


def heeds(pid, number):
    """Whether a process catches a signal by a handler of its own."""
    state = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
    return bool(int(state["SigCgt"], 16) >> (number - 1) & 1)


def published(out):
    """The folders of complete runs, and what is current."""
    return sorted(out.glob("runs/[0-9a-f]*/manifest.json")), os.path.lexists(out / "current")


def children(pid):
    """Processes that this one started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [int(child) for child in found]


def alive(pid):
    """Whether a process still works."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def moments(seconds):
    """Times at which to stop a run that takes so long, spread over it."""
    return [seconds * (number + 0.5) / (MOMENTS + 1) for number in range(MOMENTS)]


def test_a_stopped_run_ends_within_five_seconds_and_publishes_nothing_after(county, tmp_path):
    feed, seconds = county
    stopped = unpublished = 0
    for moment, number in zip(moments(seconds), cycle(SIGNALS), strict=False):
        out = tmp_path / f"out-{moment:.2f}"
        with started(feed, out) as process:
            time.sleep(moment)
            began = time.monotonic()
            process.send_signal(number)
            _, stderr = process.communicate(timeout=120)
        took = time.monotonic() - began
        then = published(out)
        assert took < 5
        assert "Traceback" not in stderr
        if process.returncode == 0:
            continue
        stopped += 1
        assert process.returncode == 128 + number
        last = json.loads(stderr.splitlines()[-1])
        assert (last["event"], last["exit_code"]) == ("run", process.returncode)
        time.sleep(0.2)
        assert published(out) == then
        # Told after it had published, it has done its work; told before, it never will.
        unpublished += then == ([], False)
        assert then == ([], False) or (len(then[0]), then[1]) == (1, True)
    assert stopped >= MOMENTS // 2
    assert unpublished >= MOMENTS // 2


def test_a_killed_run_takes_its_child_along_and_the_next_run_finds_a_free_lock(county, tmp_path):
    feed, seconds = county
    killed = 0
    for moment in moments(seconds):
        with started(feed, tmp_path / "out") as process:
            time.sleep(moment)
            working = children(process.pid) if process.poll() is None else []
            process.kill()
            process.communicate()
        time.sleep(0.2)
        then = published(tmp_path / "out")
        assert not any(map(alive, working))
        killed += process.returncode == -signal.SIGKILL
        time.sleep(0.2)
        assert published(tmp_path / "out") == then
    assert killed >= MOMENTS // 2
    with started(feed, tmp_path / "out") as process:
        process.communicate()
    assert process.returncode == 0
    assert published(tmp_path / "out")[1]
    assert not list((tmp_path / "out" / "runs").glob(".tmp-*"))
