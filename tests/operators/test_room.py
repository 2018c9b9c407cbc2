"""Room on the disk: what is old goes, and what would not fit is not begun."""

import os
import time

import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.desk.announce.page import announce
from jifen_batch.errors import DiskError
from jifen_batch.published import publish
from jifen_batch.storage import disk

LONG_AGO = time.time() - 100 * 86_400


@pytest.fixture
def no_room(monkeypatch):
    """A disk that has nothing left."""
    with monkeypatch.context() as patch:
        patch.setattr(disk, "free_bytes", lambda _: 0)
        yield patch


def test_a_night_removes_the_runs_that_are_old_enough(town):
    old, recent = sorted(publish.published(town.out), key=lambda folder: folder.stat().st_mtime)
    for seconds, folder in enumerate((old, recent)):
        os.utime(folder, (LONG_AGO + seconds, LONG_AGO + seconds))
    town.ran("2024-07-21", keep=2)
    assert not old.exists()
    assert recent.exists()
    assert len(publish.published(town.out)) == 2


def test_an_announcement_that_would_not_fit_is_not_begun(town, no_room):
    with pytest.raises(DiskError, match="make room"):
        announce(town.out, "2024Q2", with_earlier=True)
    assert not (town.out / "announced" / "quarter=2024Q2").exists()
    no_room.undo()
    announce(town.out, "2024Q2", with_earlier=True)
    assert (town.out / "announced" / "quarter=2024Q2").exists()


def test_a_trial_that_would_not_fit_is_not_begun(town, no_room):
    inputs = {name: place for name, place in town.inputs().items() if name != "--redemptions"}
    inputs["--rules"] = str(town.folder / "rules" / "baoshan-2023.toml")
    words = ["what-if", "--out", str(town.out), *(word for option in inputs.items() for word in option)]
    tried = CliRunner().invoke(program, words)
    assert (tried.exit_code, "make room" in tried.stderr) == (7, True)
    no_room.undo()
    assert CliRunner().invoke(program, words).exit_code == 0
