"""A run whose tasks are done by processes publishes what one process publishes, whatever befalls them."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace

import pytest

import engines
from jifen_batch.engine import chosen, cluster, memory, processes
from jifen_batch.engine.crew import Crew
from jifen_batch.engine.here import Here
from jifen_batch.engine.processes import Processes
from jifen_batch.errors import InputRefusedError, UsageRefusedError, WorkersLostError
from jifen_batch.inputs.files import InputFile
from jifen_batch.inputs.safety import room
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.worker import run


@pytest.fixture
def two_processes(monkeypatch):
    monkeypatch.setattr(chosen, "engine", lambda _workers, _shuffle, folder, *_: Crew(Processes(2), folder))


@pytest.fixture
def here(options, tmp_path):
    return run(replace(options, out=tmp_path / "here"), engines.LOG)


@pytest.mark.usefixtures("small_pieces")
def test_processes_killed_at_every_kind_of_task_cost_time_only(options, tmp_path, monkeypatch):
    """Twice at each kind, so that its second process ends at a task, too."""
    monkeypatch.setattr("jifen_batch.engine.crew.CROSS_HOUSEHOLD_IDS_AT_ONCE", 7)
    options = engines.torn(options, tmp_path / "events")
    here = run(replace(options, out=tmp_path / "here"), engines.LOG)
    monkeypatch.setattr(chosen, "engine", lambda _workers, _shuffle, folder, *_: Crew(Processes(2), folder))
    kinds = ("put-", "look-", "fetch-", "part-")
    killed = [engines.befalling(monkeypatch, kind, signal.SIGKILL, times=2) for kind in kinds]
    report = run(options, engines.LOG)
    assert [len(tasks) for tasks in killed] == [2, 2, 2, 2]
    assert engines.files(report) == engines.files(here)
    assert [path.name for path in (options.out / "runs").iterdir()] == [report.run_id]


@pytest.mark.usefixtures("small_pieces", "here", "two_processes")
def test_a_process_that_hangs_is_ended_and_its_task_given_to_another(options, here, monkeypatch):
    monkeypatch.setattr(processes, "FROZEN_SECONDS", 6.0)
    stopped = engines.befalling(monkeypatch, "part-", signal.SIGSTOP)
    report = run(options, engines.LOG)
    assert len(stopped) == 1
    assert engines.files(report) == engines.files(here)


@pytest.mark.usefixtures("two_processes")
def test_a_task_that_ends_every_process_ends_the_run_and_says_what_to_do(options, monkeypatch):
    killed = engines.befalling(monkeypatch, "part-000000", signal.SIGKILL, times=99)
    with pytest.raises(WorkersLostError, match=r"part-000000 on .*3 times \(SIGKILL\).*memory") as lost:
        run(options, engines.LOG)
    assert len(killed) == processes.ATTEMPTS
    assert lost.value.exit_code == ExitCode.DISK
    assert "here:N" in lost.value.zh
    assert not (options.out / "current").exists()
    assert not list(options.out.glob("runs/*"))


def files_of(size):
    return [InputFile("events", None, "events.parquet", (size, 0))]


CHOICES = [
    ("here", 2, 1 << 30, None),
    ("here", 3, 1 << 30, None),
    ("here", 4, 1 << 30, 4),
    ("here", 64, chosen.BYTES_FOR_PROCESSES - 1, None),
    ("here", 64, chosen.BYTES_FOR_PROCESSES, 64),
    ("here:2", 64, 1 << 30, None),
    ("here:16", 2, 1 << 30, 16),
]


@pytest.mark.parametrize("choice", CHOICES)
def test_threads_or_processes_follow_from_cores_and_work(tmp_path, monkeypatch, choice):
    workers, processors, size, count = choice
    monkeypatch.setattr(room, "processors", lambda: processors)
    monkeypatch.setattr(memory, "free_bytes", lambda: 1 << 40)
    made = chosen.engine(workers, None, tmp_path, files_of(size), None)
    assert type(made) is (Crew if count else Here)
    assert count is None or made.hands.count == count


def test_too_little_memory_for_processes_leaves_threads(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "processors", lambda: 16)
    monkeypatch.setattr(memory, "held_bytes", lambda: 0)
    enough = 4 * memory.WORKER_BYTES
    assert type(chosen.engine("here", None, tmp_path, files_of(1 << 30), enough - 1)) is Here
    made = chosen.engine("here", None, tmp_path, files_of(1 << 30), enough)
    assert made.hands.count == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "there",
        "here:0",
        "here:1025",
        "here:two",
        "dask://127.0.0.1:8786",
        "dask+tls://127.0.0.1",
        "dask+tcp://192.168.1.4:8786",
        "dask+tcp://127.0.0.1.example.org:8786",
        "dask+tcp://0.0.0.0:8786",
        "dask+tcp://127.0.0.999:8786",
        "dask+tcp://[::2]:8786",
        "dask+tls://::1:8786",
        "dask+tls://head:0",
        "dask+tls://head:65536",
        "spark://host:7077",
    ],
)
def test_who_works_is_refused_where_it_is_nobody_or_open_to_everybody(text):
    with pytest.raises(UsageRefusedError) as refused:
        chosen.address.parsed(text)
    assert refused.value.exit_code == ExitCode.USAGE
    assert ("tls://" in str(refused.value)) == ("tls://" in refused.value.zh)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("dask+tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("dask+tcp://localhost:1", "tcp://localhost:1"),
        ("dask+tcp://[::1]:65535", "tcp://[::1]:65535"),
        ("dask+tls://[fd00::7]:8786", "tls://[fd00::7]:8786"),
        ("dask+tls://scheduler.example.org:8786", "tls://scheduler.example.org:8786"),
    ],
)
def test_a_scheduler_is_asked_where_nobody_else_may(text, address):
    assert chosen.address.parsed(text).address == address


@pytest.mark.parametrize(("who", "library"), [("dask+tls://head:8786", "dask"), ("spark", "pyspark")])
def test_what_is_not_installed_is_named_with_how_to_get_it(monkeypatch, who, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageRefusedError, match=f"{library} is not installed here") as refused:
        cluster.hired(chosen.address.parsed(who))
    assert "没有" in refused.value.zh


def test_workers_elsewhere_need_a_folder_that_others_may_not_write(tmp_path):
    with pytest.raises(UsageRefusedError, match="need --shuffle"):
        chosen.engine("dask+tls://head:8786", None, tmp_path, files_of(1), None)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(InputRefusedError, match=r"others may write to it.*let --shuffle name"):
        chosen.engine("dask+tls://head:8786", tmp_path / "open", tmp_path, files_of(1), None)
    with pytest.raises(UsageRefusedError, match=rf"there is no folder {tmp_path}/gone; mount it"):
        chosen.engine("dask+tls://head:8786", tmp_path / "gone" / "shuffle", tmp_path, files_of(1), None)
    assert not (tmp_path / "gone").exists()
