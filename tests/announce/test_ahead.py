"""Work done ahead by threads: all of it, no more of it waiting than is said, and a failure is raised."""

import threading
import time

import pytest

from jifen_batch.desk.announce.ahead import WAITING, Ahead
from jifen_batch.inputs.safety import room


def test_all_that_was_given_is_done_when_it_is_left():
    done = []
    with Ahead() as ahead:
        for number in range(50):
            ahead.do(lambda number=number: done.append(number))
    assert sorted(done) == list(range(50))


def test_no_more_waits_than_a_few_for_each_thread(monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 2)
    let, given = threading.Event(), []

    def give():
        with Ahead() as ahead:
            for number in range(20):
                ahead.do(let.wait)
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

    def fail():
        raise OSError(28, "full")

    def give():
        with Ahead() as ahead:
            ahead.do(fail)
            for number in range(5):
                ahead.do(lambda number=number: done.append(number))

    with pytest.raises(OSError, match="full"):
        give()
    assert len(done) < 5


def test_a_failure_of_the_last_piece_is_raised_on_leaving():
    with pytest.raises(ZeroDivisionError), Ahead() as ahead:
        ahead.do(lambda: 1 // 0)
