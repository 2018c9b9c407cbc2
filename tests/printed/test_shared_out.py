"""Notices and work lists that processes make are those that this process makes, to the last byte."""

import signal
from datetime import date

import pytest

import engines
from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.announce.print_notices import Wanted
from jifen_batch.desk.announce.village_papers import FORMATS, XLSX
from jifen_batch.desk.worklist.page import worklists
from jifen_batch.engine import ahead, memory
from jifen_batch.errors import UsageRefusedError, WorkersLostError
from jifen_batch.inputs.safety import room
from jifen_batch.notices.printed import typeset
from printed.reading import contents


def printed():
    """The formats that this machine can print; PDF needs a Chinese font."""
    try:
        typeset.Typesetter()
    except UsageRefusedError as refused:
        if "font" in str(refused):
            return (XLSX,)
        raise
    return FORMATS


PRINTED = printed()
VILLAGES = 6
HOUSEHOLDS = {f"h{number}": f"village{number}" for number in range(5)}


@pytest.fixture(scope="module")
def several(scored, tmp_path_factory):
    """A village more for each of five households, and of either kind what this process makes of them.

    Nothing that is made of it changes it.
    """
    made = scored.copied_to(tmp_path_factory.mktemp("several") / "village")
    made.homes = made.homes | HOUSEHOLDS
    for household in HOUSEHOLDS:
        made.event(f"declared-{household}", date(2023, 3, 9), household=household, status="declared")
        made.event(f"approved-{household}", date(2023, 3, 9), household=household)
    made.night(date(2023, 4, 20))
    here = tmp_path_factory.mktemp("here")
    return made, {written: written(made, here / written.__name__) for written in (notices, lists)}


@pytest.fixture
def by_processes(monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 2)
    monkeypatch.setattr(memory, "free_bytes", lambda: 99 * memory.WORKER_BYTES)
    return lambda here: monkeypatch.setattr(ahead, "FIRST_HERE", here)


def notices(village, folder):
    announce(village.out, "2023Q1", dry_run=True, wanted=Wanted(folder, None, formats=PRINTED))
    return contents(folder)


def lists(village, folder):
    worklists(village.out, folder)
    return contents(folder)


@pytest.mark.parametrize(("written", "files"), [(notices, VILLAGES * len(PRINTED) + 1), (lists, VILLAGES)])
def test_whoever_makes_them_they_are_the_same(several, by_processes, tmp_path, written, files):
    village, here = several
    assert len(here[written]) == files
    for first in (0, 2):
        by_processes(first)
        assert written(village, tmp_path / f"others{first}") == here[written]


@pytest.mark.parametrize("what", [(notices, "village3"), (lists, "0004.xlsx")])
def test_a_process_killed_once_costs_time_and_again_and_again_leaves_no_folder(
    several, by_processes, tmp_path, monkeypatch, what
):
    (village, here), (written, kind) = several, what
    by_processes(0)
    with monkeypatch.context() as patch:
        killed = engines.befalling(patch, kind, signal.SIGKILL)
        assert written(village, tmp_path / "others") == here[written]
        assert len(killed) == 1
    engines.befalling(monkeypatch, kind, signal.SIGKILL, times=99)
    with pytest.raises(WorkersLostError, match=kind):
        written(village, tmp_path / "none")
    assert sorted(path.name for path in tmp_path.iterdir() if "none" in path.name) == []
