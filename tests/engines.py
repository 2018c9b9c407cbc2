"""What runs by several engines are held against each other by, and what befalls their workers."""

from __future__ import annotations

import shutil
from dataclasses import replace

import polars as pl
import structlog

from jifen_batch.engine import crew, handed_over, orders
from jifen_batch.engine.crew import Crew
from jifen_batch.engine.processes import Child
from jifen_batch.inputs import pieces
from jifen_batch.kernels.parts import cut
from jifen_batch.worker import intake

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


def cut_small(patch, rows=200):
    """Have pieces and parts of so few rows that a village has several: the fixture's seven hundred, four."""
    patch.setattr(pieces, "ROWS_AT_ONCE", rows)
    patch.setattr(intake, "cut", lambda load: cut(load, rows))


def files(report):
    """Digests of all files of a run, by name."""
    return {one["name"]: one["sha256"] for one in report.manifest["outputs"]}


def torn(options, folder):
    """The same run with another file in which twenty events of one household stand with another, too."""
    shutil.copytree(options.events, folder)
    rows = pl.read_csv(next(iter(sorted(folder.glob("*.csv")))), infer_schema=False)
    households = rows["household_id"].unique(maintain_order=True)
    twice = rows.filter(pl.col("household_id") == households[0]).head(20)
    twice.with_columns(household_id=pl.lit(households[1])).write_csv(folder / "torn.csv")
    return replace(options, events=str(folder), max_reject_rate=1.0)


def at_the_first_part(monkeypatch, what):
    """Have something done when the first part has come back, with most of them still to come."""
    take_in, done = crew._take_in, []  # noqa: SLF001 - where parts come back

    def taken_in(scored, folder):
        if not done:
            done.append(True)
            what()
        take_in(scored, folder)

    monkeypatch.setattr(crew, "_take_in", taken_in)


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
