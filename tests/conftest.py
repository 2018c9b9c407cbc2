"""What holds for all tests: nothing is timed by a busy machine, and nobody waits for the disk of a test."""

import fcntl
import gc
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

import jifen_batch
from both_languages import faults
from jifen_batch.engine import one_core, polars_threads
from jifen_batch.errors import (
    Complaint,
    DiskError,
    InputRefusedError,
    JifenError,
    LockedError,
    UsageRefusedError,
)

ROOT = Path(__file__).parents[1]
PACKAGE = Path(jifen_batch.__file__).parent
REFUSALS = (InputRefusedError, UsageRefusedError, LockedError, DiskError)
ROOMS = ("inputs", "storage", "published")
UNLIKE = []

# Polars starts its threads when it is loaded: one here, as the program has it for a village. A process that a
# test starts settles that for itself.
with pytest.MonkeyPatch.context() as one_thread:
    one_thread.setenv(polars_threads.VARIABLE, os.environ.get(polars_threads.VARIABLE, "1"))
    import polars as pl

    pl.thread_pool_size()

# What a test runs in this process does not hold it to one core for all that come after.
one_core.LOAD = Path(os.devnull)

settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is collected stays to the end: garbage is looked for among what tests make alone.

    One of several workers after the other, so that what the first compiles the others read.
    """
    gc.disable()
    with Path(__file__).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk():
    """What a sync is worth is told by the model of the disk (`faults.power`); here it only takes time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _both_languages():
    """Every error and complaint made in a test is held to what must hold of its two sentences."""
    made = JifenError.__init__

    def watched(self, message, zh, **figures):
        made(self, message, zh, **figures)
        maker = Path(sys._getframe(1).f_code.co_filename)  # noqa: SLF001 - who makes it
        if any(maker.is_relative_to(PACKAGE / room) for room in ROOMS) and isinstance(self, REFUSALS):
            UNLIKE.extend(faults(message, zh))

    complained = Complaint.__init__

    def watched_complaint(self, *given, **named):
        complained(self, *given, **named)
        UNLIKE.extend([*faults(*self.problem), *faults(*self.remedy)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JifenError, "__init__", watched)
        patch.setattr(Complaint, "__init__", watched_complaint)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    """A test fails in which the program made an error that says different things in its two languages."""
    UNLIKE.clear()
    result = yield
    assert not UNLIKE, UNLIKE
    return result


@pytest.fixture(scope="session")
def of_fixture():
    """The fixture village; where it is published, a test says."""
    from jifen_batch.worker import RunOptions  # noqa: PLC0415 - slow, and of few tests

    return RunOptions(
        events=str(ROOT / "fixtures" / "events"),
        households=str(ROOT / "fixtures" / "households.csv"),
        villages=str(ROOT / "fixtures" / "villages.csv"),
        rules=(str(ROOT / "configs" / "rules" / "baoshan-2023.toml"), str(ROOT / "fixtures" / "rules")),
        out=Path("nowhere"),
        as_of=date(2024, 7, 20),
    )


@pytest.fixture
def options(of_fixture, tmp_path):
    """The fixture village, published below a folder of the test's own."""
    return replace(of_fixture, out=tmp_path / "out")
