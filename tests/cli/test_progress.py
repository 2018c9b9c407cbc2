"""The bar that a person at a terminal sees, and nobody else."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

import jifen_batch
from jifen_batch.cli import language
from jifen_batch.cli.progress import STAGES, watched


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_drawn_where_stderr_is_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with watched() as watching:
        assert watching is None
    assert not sys.stderr.getvalue()


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_terminal_sees_the_stage_at_work_in_its_language(monkeypatch, spoken):
    monkeypatch.setattr(language, "spoken", lambda: spoken)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with watched() as watching:
        for name in STAGES:
            watching.stage(name)
            watching.parts(1, 2)
            watching.bars.refresh()
            assert STAGES[name].here(spoken) in sys.stderr.getvalue()
    unspoken = {"zh": "en", "en": "zh"}[spoken]
    assert not any(said.here(unspoken) in sys.stderr.getvalue() for said in STAGES.values())


def test_every_stage_there_is_has_a_name_for_people():
    files = Path(jifen_batch.__file__).parent.rglob("*.py")
    at_work = {
        name for file in files for name in re.findall(r'stages\.stage\("(\w+)"', file.read_text("utf-8"))
    }
    assert at_work == set(STAGES)
