"""A short night is held to a core where nobody else works, and only there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jifen_batch.engine import one_core

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no system that holds processes")

HELD = """
import os, pathlib, sys
from jifen_batch.engine import one_core
one_core.LOAD = pathlib.Path(sys.argv[1])
one_core.stay()
print(len(os.sched_getaffinity(0)))
"""


@pytest.fixture
def held(tmp_path, monkeypatch):
    """What the system is told, where it says this of who is running."""
    told = []
    monkeypatch.setattr(os, "sched_setaffinity", lambda process, cores: told.append((process, cores)))

    def ask(load):
        monkeypatch.setattr(one_core, "LOAD", tmp_path / "loadavg")
        if load is not None:
            one_core.LOAD.write_text(load)
        one_core.stay()
        return told

    return ask


def test_who_works_alone_stays_on_one_of_its_cores(held):
    ((process, cores),) = held("0.50 0.40 0.30 1/156 19644\n")
    assert process == 0
    assert len(cores) == 1
    assert cores <= os.sched_getaffinity(0)


def test_where_others_work_nobody_is_held(held):
    assert held("0.50 0.40 0.30 2/156 19644\n") == []


def test_a_thread_that_is_gone_a_moment_later_is_nobody(held, tmp_path, monkeypatch):
    monkeypatch.setattr(
        one_core.time, "sleep", lambda _: (tmp_path / "loadavg").write_text("0.50 0.40 0.30 1/156 19644\n")
    )
    assert len(held("0.50 0.40 0.30 3/156 19644\n")) == 1


@pytest.mark.parametrize("load", [None, "", "0.50 0.40 0.30", "not numbers at all"])
def test_a_system_that_does_not_say_holds_nobody(held, load):
    assert held(load) == []


def test_the_system_holds_it(tmp_path):
    (tmp_path / "loadavg").write_text("0.50 0.40 0.30 1/156 19644\n")
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            HELD,
            str(tmp_path / "loadavg"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout == "1\n"
