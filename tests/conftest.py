"""What holds for all tests: nothing is timed by a busy machine, and nobody waits for the disk of a test.

A night of a test is a few tenths of a second, and there are four thousand: what it would do for the machine's
sake, or again as the night of the test before, is left out in the tests' own processes.
"""

import fcntl
import gc
import os
import pickle
import shutil
import sys
import tempfile
import tomllib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

import jifen_batch
from both_languages import faults
from jifen_batch.engine import memory, one_core, polars_threads
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
# More than a night reads, and few enough not to keep all that mutations make.
TEXTS = 64

# Polars starts its threads when it is loaded: one here, as the program has it for a village. A process that a
# test starts settles that for itself.
with pytest.MonkeyPatch.context() as one_thread:
    one_thread.setenv(polars_threads.VARIABLE, os.environ.get(polars_threads.VARIABLE, "1"))
    import polars as pl

    pl.thread_pool_size()

# Folders of tests lie in memory where it has room for all of them, those of processes that tests start too.
IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes a folder of its own there
if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= ROOM_BYTES:
    os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)

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
def _nothing_given_back():
    """Memory that a village's run would give back the next test's takes again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "give_back", lambda: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _known_texts():
    """A text of TOML is taken apart once: nights of many tests read the same rule books."""
    apart = tomllib.loads

    @lru_cache(TEXTS)
    def known(text):
        return pickle.dumps(apart(text))

    def loads(text, /, **how):
        # Tables of its own for each who asks.
        return apart(text, **how) if how else pickle.loads(known(text))  # noqa: S301 - our own

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
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
