"""Work done ahead: no more of it waits than is said, whoever does it, and failures are raised."""

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest

import works
from jifen_batch.dataclass import dataclass
from jifen_batch.engine import ahead as engine_ahead
from jifen_batch.engine import memory
from jifen_batch.engine.ahead import WAITING, Ahead
from jifen_batch.errors import DiskError, InternalFaultError, WorkersLostError
from jifen_batch.inputs.safety import room
from jifen_batch.scheme.exit_codes import ExitCode
from works import Failing, Killed, Square


@dataclass(frozen=True)
class Waiting(Square):
    """Waits in this process until it is let."""

    let: threading.Event

    def do(self):
        return self.let.wait()


@pytest.fixture(autouse=True)
def much_memory(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 99 * memory.WORKER_BYTES)


@pytest.fixture
def two_processors(monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 2)
    monkeypatch.setenv("PYTHONPATH", str(Path(works.__file__).parent))


def squared(works):
    made = []
    with Ahead() as ahead:
        for work in works:
            ahead.do(work, made.append)
    return sorted(made)


@pytest.mark.usefixtures("two_processors")
def test_the_first_few_are_done_here_and_of_many_the_others_by_processes(monkeypatch):
    monkeypatch.setattr(engine_ahead, "FIRST_HERE", 3)
    made = squared(map(Square, range(30)))
    assert [square for square, _ in made] == [number**2 for number in range(30)]
    assert {pid for square, pid in made if square <= 2**2} == {os.getpid()}
    others = {pid for square, pid in made if square > 2**2}
    assert 1 <= len(others) <= 2
    assert os.getpid() not in others


@pytest.mark.parametrize(("processors", "number"), [(1, 200), (16, engine_ahead.FIRST_HERE)])
def test_one_processor_and_little_work_start_no_process(monkeypatch, processors, number):
    monkeypatch.setattr(room, "processors", lambda: processors)
    assert {pid for _, pid in squared(map(Square, range(number)))} == {os.getpid()}


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("free", [0, 1])
def test_where_memory_is_free_for_one_alone_all_is_done_here(monkeypatch, free):
    monkeypatch.setattr(memory, "free_bytes", lambda: free * memory.WORKER_BYTES)
    monkeypatch.setattr(engine_ahead, "FIRST_HERE", 3)
    made = squared(map(Square, range(30)))
    assert [square for square, _ in made] == [number**2 for number in range(30)]
    assert {pid for _, pid in made} == {os.getpid()}


def test_no_more_waits_than_a_few_for_each_thread(monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 2)
    let, given = threading.Event(), []

    def give():
        with Ahead() as ahead:
            for number in range(20):
                ahead.do(Waiting(number, let), bool)
                given.append(number)

    giver = threading.Thread(target=give)
    giver.start()
    time.sleep(0.3)
    assert len(given) == 2 * WAITING
    let.set()
    giver.join()
    assert len(given) == 20


def test_a_failure_is_raised_and_what_nobody_wants_any_more_is_not_begun(monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 1)
    done = []

    def give():
        with Ahead() as ahead:
            ahead.do(Failing(0, OSError(28, "full")), bool)
            for number in range(5):
                ahead.do(Square(number), done.append)

    with pytest.raises(OSError, match="full"):
        give()
    assert len(done) < 5


def test_a_failure_of_the_last_piece_and_of_taking_it_are_raised_on_leaving():
    with pytest.raises(ZeroDivisionError), Ahead() as ahead:
        ahead.do(Failing(0, ZeroDivisionError()), bool)

    def full(_value):
        raise DiskError("no room", "没有空间")

    with pytest.raises(DiskError), Ahead() as ahead:
        ahead.do(Square(1), full)


@pytest.mark.usefixtures("two_processors")
def test_a_process_that_is_killed_costs_time_only_and_one_that_always_is_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(engine_ahead, "FIRST_HERE", 0)
    assert [square for square, _ in squared([Square(1), Killed(2, str(tmp_path), 2), Square(3)])] == [1, 4, 9]
    with pytest.raises(WorkersLostError, match=r"square-5 on .* 3 times \(SIGKILL\).*memory") as lost:
        squared(map(partial(Killed, notes=str(tmp_path), times=99), range(5, 6)))
    assert lost.value.exit_code == ExitCode.DISK
    assert "请腾出内存" in lost.value.zh


@pytest.mark.usefixtures("two_processors")
def test_what_a_process_fails_by_is_told_without_what_it_quotes(monkeypatch):
    monkeypatch.setattr(engine_ahead, "FIRST_HERE", 0)
    with pytest.raises(DiskError, match="no room"):
        squared([Failing(1, DiskError("no room", "没有空间"))])
    with pytest.raises(InternalFaultError, match="ValueError") as fault:
        squared([Failing(1, ValueError("13812345678"))])
    assert "138" not in str(fault.value)


@pytest.mark.usefixtures("two_processors")
def test_nobody_is_left_at_work_when_it_is_left(monkeypatch):
    monkeypatch.setattr(engine_ahead, "FIRST_HERE", 0)
    pids = {pid for _, pid in squared(map(Square, range(4)))}
    alive = [pid for pid in pids if os.path.exists(f"/proc/{pid}")]  # noqa: PTH110 - not a file of ours
    assert alive == []
