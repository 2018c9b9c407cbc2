"""Too few threads, too little memory or time: said as such, with a code, and no file is blamed."""

# ruff: noqa: SLF001 - a child's death is made up here

import errno
import os
import re
import resource
import signal
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner

from fixture.reading import ROOT
from jifen_batch.cli import exits
from jifen_batch.cli.process import supervisor
from jifen_batch.cli.program import program
from jifen_batch.errors import InputRefusedError, RoomError
from jifen_batch.inputs.files import InputFile
from jifen_batch.inputs.safety import room
from jifen_batch.inputs.safety.reading_now import ReadingNow

UNLIMITED = resource.RLIM_INFINITY


@pytest.fixture
def limited(monkeypatch):
    """Limits as they were set by `prlimit`: by kind, bytes or seconds."""

    def call(**limits):
        known = {getattr(resource, f"RLIMIT_{name}"): value for name, value in limits.items()}
        monkeypatch.setattr(resource, "getrlimit", lambda kind: (known.get(kind, UNLIMITED), UNLIMITED))

    return call


def test_threads_that_cannot_be_started_are_counted_and_those_that_were_are_ended(monkeypatch):
    started, start = [], threading.Thread.start

    def refuse(thread):
        if len(started) == 5:
            raise RuntimeError(room.NO_THREAD)
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RoomError, match=r"5 of the 16 that the work takes; raise LimitNPROC=") as caught:
        room.check_threads(16)
    assert not any(thread.is_alive() for thread in started)
    assert exits.verdict(caught.value)[0] == 7


def test_what_a_library_interrupts_for_want_of_threads_is_no_wish_of_a_person(monkeypatch):
    """OpenBLAS raises SIGINT where it may not start its threads."""
    interrupted = [exits.SignalledError(signal.SIGINT), KeyboardInterrupt()]
    assert [exits.verdict(error)[0] for error in interrupted] == [130, 130]

    def refuse(_thread):
        raise RuntimeError(room.NO_THREAD)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    for error in interrupted:
        code, sentence = exits.verdict(error)
        assert (code, "raise LimitNPROC=" in sentence.en) == (7, True)
    assert exits.verdict(exits.SignalledError(signal.SIGTERM))[0] == 143


def test_too_few_files_are_told_before_an_input_is_blamed_for_it(monkeypatch):
    opened, closed, pipe = [], [], os.pipe

    def refuse():
        if len(opened) == 6:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        both = pipe()
        opened.extend(both)
        return both

    monkeypatch.setattr(os, "pipe", refuse)
    monkeypatch.setattr(os, "close", closed.append)
    with pytest.raises(RoomError, match="raise LimitNOFILE=") as caught:
        room.check_files(24)
    monkeypatch.undo()
    for one in opened:
        os.close(one)
    assert closed == opened
    assert exits.verdict(caught.value)[0] == 7


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EMFILE, "x"), "no more files may be opened; raise LimitNOFILE="),
        (OSError("[Errno 24] Too many open files"), "no more files may be opened"),
        (RuntimeError(room.NO_THREAD), "no more threads or processes may be started"),
        (BlockingIOError(), "no more threads or processes may be started"),
        (ImportError(), r"limited to 512 MiB \(RLIMIT_AS\); raise it"),
        (MemoryError(), r"limited to 512 MiB \(RLIMIT_AS\); raise it"),
    ],
)
def test_what_the_system_refuses_ends_with_7(limited, error, said):
    limited(AS=512 << 20)
    code, sentence = exits.verdict(error)
    assert code == 7
    assert re.search(said, sentence.en)


def test_without_a_limit_memory_that_runs_out_is_no_matter_of_limits(limited):
    limited()
    assert exits.verdict(MemoryError())[0] == 1


def test_a_file_is_not_blamed_for_memory_that_was_refused(limited, tmp_path):
    file = InputFile("events", tmp_path / "a.parquet", "a.parquet")
    limited(AS=1 << 30)
    assert isinstance(file.unreadable(MemoryError()), RoomError)
    assert isinstance(file.unreadable(ValueError()), InputRefusedError)
    limited()
    assert isinstance(file.unreadable(MemoryError()), InputRefusedError), "a damaged length asks for too much"


def test_a_child_that_is_refused_memory_or_time_blames_no_file(limited, monkeypatch, tmp_path):
    reading = ReadingNow([InputFile("events", tmp_path / "a.parquet", "a.parquet")], None)
    limited(AS=1 << 30)
    assert isinstance(supervisor._died(signal.SIGABRT, reading, -1), RoomError)
    limited(CPU=10)
    monkeypatch.setattr(resource, "getrusage", lambda _who: resource.struct_rusage((9.0, 0.5, *[0] * 14)))
    for number in (signal.SIGXCPU, signal.SIGKILL):
        told = supervisor._died(number, reading, -1)
        code, sentence = exits.verdict(told)
        assert code == 128 + signal.SIGXCPU
        assert "processor time" in sentence.en
        assert "处理器时间" in sentence.zh
        assert "a.parquet" not in sentence.en


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """More than a village, whose night may be done within the second that is the least such limit."""
    folder = tmp_path_factory.mktemp("town") / "town"
    words = ["synth", "--households", "20000", "--years", "1", "--out", str(folder)]
    assert CliRunner().invoke(program, words).exit_code == 0
    return folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are Linux's")
@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("RLIMIT_AS", 700 << 20, 7),
        ("RLIMIT_CPU", 1, 128 + signal.SIGXCPU),
    ],
)
def test_a_night_under_a_limit_ends_soon_and_says_which(town, tmp_path, limit, value, code):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "jifen_batch", "run", "--events", town / "events"),
            *("--households", town / "households.parquet", "--as-of", "2024-07-20"),
            *("--rules", ROOT / "configs" / "rules" / "baoshan-2023.toml", "--out", tmp_path / "out"),
        ],
        preexec_fn=lambda: resource.setrlimit(getattr(resource, limit), (value, value)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert limit in done.stderr
