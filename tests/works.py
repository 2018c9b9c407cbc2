"""Pieces of work for tests, where processes of ours find them (`engine.orders.Work`)."""

import os
import signal
import time

from jifen_batch.dataclass import dataclass


@dataclass(frozen=True)
class Square:
    """A number, and the process that squares it."""

    number: int

    @property
    def name(self):
        return f"square-{self.number}"

    def do(self):
        return self.number**2, os.getpid()


@dataclass(frozen=True)
class Failing(Square):
    """Whatever it is raised by."""

    error: BaseException

    def do(self):
        raise self.error


@dataclass(frozen=True)
class Killed(Square):
    """Ends the process that does it, so many times; a note a time in a folder."""

    notes: str
    times: int

    def do(self):
        if len(os.listdir(self.notes)) < self.times:  # noqa: PTH208 - a name a note
            os.close(os.open(f"{self.notes}/{time.monotonic_ns()}", os.O_CREAT))
            os.kill(os.getpid(), signal.SIGKILL)
        return super().do()
