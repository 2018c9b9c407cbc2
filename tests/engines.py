"""What runs by several engines are held against each other by, and what befalls their workers."""

from __future__ import annotations

import structlog

from jifen_batch.engine import handed_over, orders
from jifen_batch.engine.crew import Crew
from jifen_batch.engine.processes import Child

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


class Inline:
    """Hands of this very process: tasks go out as orders and come back as answers, one after the other."""

    count = 2

    def __init__(self):
        self.done, self.closed = [], False

    def answers(self, tasks):
        for task in tasks:
            order = orders.sent(task)
            self.done.append(handed_over.from_bytes(order).task)
            yield orders.carried_out(order)

    def close(self):
        self.closed = True


def of(hands):
    """An engine whose work is done by these hands, in place of whatever is chosen."""
    return lambda _workers, _shuffle, folder, *_: Crew(hands, folder)


def files(report):
    """Digests of all files of a run, by name."""
    return {one["name"]: one["sha256"] for one in report.manifest["outputs"]}


def befalling(monkeypatch, kind, what, times=1):
    """Have something befall the process that works at a task of a kind, so many times; the list of tasks."""
    befallen = []
    send = Child.send

    def sent(self, message):
        name = handed_over.from_bytes(message[8:]).task.name
        send(self, message)
        if kind in name and len(befallen) < times:
            befallen.append(name)
            self._process.send_signal(what)

    monkeypatch.setattr(Child, "send", sent)
    return befallen
