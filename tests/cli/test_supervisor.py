"""The process that reports is not the one that works: however the work ends, it is told."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

COMMAND = (sys.executable, "-m", "jifen_batch")
NEEDED = ("run", "--events", "e", "--households", "h", "--rules", "r", "--out", "o")
HEAVY = {"polars", "pyarrow", "pydantic", "numpy"}
# Every process of the command finds this worker in place of the real one.
DOUBLE = """
import ctypes, os, signal, sys, time, types
def run(options, log, progress, on_refused=None):
    from jifen_batch.inputs.safety import reading_now
    from jifen_batch.inputs.files import InputFile
    from pathlib import Path
    print("working", os.getpid(), flush=True)
    files = [InputFile("events", Path(name), name) for name in ("a.csv", "b.csv")]
    {does}
sys.modules["jifen_batch.worker"] = types.SimpleNamespace(RunOptions=lambda **options: options, run=run)
"""
SLEEPS = "time.sleep(60)"
# As a library deep in its work: no signal handler of Python can run.
DEAF = "ctypes.PyDLL(None).sleep(60)"


@pytest.fixture
def command(tmp_path):
    """Start the command with a worker that does this; its process, and that of its child once it works."""
    started = []

    def start(does, *words, **settings):
        double = DOUBLE.replace("{does}", does) + settings.pop("more", "")
        (tmp_path / "sitecustomize.py").write_text(double, encoding="utf-8")
        process = subprocess.Popen(
            [*settings.pop("through", ()), *COMMAND, *NEEDED, *words],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )
        started.append(process)
        said, child = process.stdout.readline().split()
        assert said == "working"
        return process, int(child)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def told(process):
    """What the log said, the last line apart, and the exit code."""
    stdout, stderr = process.communicate(timeout=30)
    *before, last = [json.loads(line) for line in stderr.splitlines()]
    assert last["event"] == "run"
    assert [line["event"] for line in before].count("run") == 0, "one line ends a run"
    assert (last["outcome"], last["exit_code"]) == ("failed", process.returncode)
    assert "Traceback" not in stderr
    return before, last, stdout


def gone(pid, seconds=2.0):
    """Whether a process ends within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stopped_run_ends_with_128_and_the_signals_number(command, tmp_path, number):
    # Who runs the tests may ignore the signal, and what is ignored stays so.
    heeding = ("env", f"--default-signal={number.name[3:]}")
    process, child = command(SLEEPS, "--metrics", "night.prom", through=heeding)
    process.send_signal(number)
    told(process)
    assert process.returncode == 128 + number
    assert gone(child)
    assert f"run_exit_code {128 + number}.0\n" in (tmp_path / "night.prom").read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_library_that_hears_no_signal_is_ended_within_five_seconds(command, number):
    process, child = command(DEAF, "--json", through=("env", f"--default-signal={number.name[3:]}"))
    began = time.monotonic()
    process.send_signal(number)
    _, last, stdout = told(process)
    assert time.monotonic() - began < 5
    assert process.returncode == 128 + number
    assert number.name in last["error"]
    assert json.loads(stdout)["exit_code"] == 128 + number
    assert gone(child)


def test_a_signal_to_both_processes_is_reported_once(command):
    process, child = command(SLEEPS)
    for pid in (process.pid, child, process.pid, child):
        os.kill(pid, signal.SIGTERM)
    told(process)
    assert process.returncode == 143


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_child_that_is_stopped_before_it_heeds_signals_is_reported_as_stopped(command, number):
    unheeded = f"signal.signal({int(number)}, signal.SIG_DFL); os.kill(os.getpid(), {int(number)})"
    process, _ = command(unheeded)
    _, last, _ = told(process)
    assert process.returncode == 128 + number
    assert f"stopped by {number.name}" in last["error"]


# Between the system's answer that the child has ended and its being kept, a signal comes.
STOPPED_AT_THE_END = """
taken = os.waitpid
def waitpid(*words):
    answer = taken(*words)
    if answer[0]:
        os.kill(os.getpid(), signal.SIGTERM)
    return answer
os.waitpid = waitpid
"""


@pytest.mark.parametrize("code", [0, 3])
def test_a_signal_at_the_moment_of_the_childs_end_does_not_lose_its_code(command, code):
    process, _ = command(f"os._exit({code})", more=STOPPED_AT_THE_END)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert stderr == ""


def test_where_an_end_cannot_be_looked_at_before_it_is_taken_runs_end_and_stop_all_the_same(command):
    without = "\ndel os.waitid\n"
    process, _ = command("os._exit(3)", more=without)
    assert process.wait(timeout=30) == 3
    process, _ = command(SLEEPS, more=without)
    process.terminate()
    told(process)
    assert process.returncode == 143


def test_a_signal_at_the_moment_of_the_childs_death_is_told(command):
    process, _ = command("os.abort()", more=STOPPED_AT_THE_END)
    told(process)
    assert process.returncode == 143


@pytest.mark.parametrize(("ending", "code"), [("raise OSError(28, 'full')", 7), ("os.abort()", 1)])
def test_a_failure_is_told_where_the_caller_ignores_the_end_of_children(command, ending, code):
    process, _ = command(ending, through=("env", "--ignore-signal=CHLD"))
    told(process)
    assert process.returncode == code


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45])
def test_a_run_that_is_stopped_while_it_starts_is_reported_or_never_began(tmp_path, moment):
    (tmp_path / "sitecustomize.py").write_text(DOUBLE.replace("{does}", SLEEPS), encoding="utf-8")
    with subprocess.Popen(
        [*COMMAND, *NEEDED],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    ) as process:
        time.sleep(moment)
        process.terminate()
        stdout, stderr = process.communicate(timeout=30)
    # Before Python itself is up, the signal is the system's alone.
    assert process.returncode in {143, -signal.SIGTERM}
    assert "Traceback" not in stderr
    if stdout:
        assert [json.loads(line)["event"] for line in stderr.splitlines()].count("run") == 1


def test_an_interrupt_before_signals_are_heeded_ends_without_a_word(tmp_path):
    told = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == "jifen_batch.cli.program":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""
    (tmp_path / "sitecustomize.py").write_text(told, encoding="utf-8")
    heeding = ("env", "--default-signal=INT")
    done = subprocess.run(
        [*heeding, *COMMAND, *NEEDED],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("stumbles", ["raise TypeError", "raise OSError(28, 'full')"])
def test_a_signal_that_a_library_keeps_to_itself_is_told_all_the_same(command, stumbles):
    # As native code does that calls Python and cannot hand on what is raised there.
    keeps = "@ctypes.CFUNCTYPE(None)\n    def called(): time.sleep(60)"
    process, _ = command(f"pass\n    {keeps}\n    called()\n    {stumbles}")
    process.terminate()
    _, last, _ = told(process)
    assert process.returncode == 143
    assert "SIGTERM" in last["error"]


def test_an_ignored_hangup_stays_ignored(command):
    process, child = command(SLEEPS, through=("env", "--ignore-signal=HUP"))
    os.kill(child, signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.terminate()
    told(process)
    assert process.returncode == 143


@pytest.mark.parametrize("does", [SLEEPS, DEAF])
def test_a_killed_command_takes_its_child_with_it(command, does):
    process, child = command(does)
    process.kill()
    assert gone(child)


DEATHS = {
    "os.abort()": "SIGABRT",
    "os.kill(os.getpid(), signal.SIGSEGV)": "SIGSEGV",
    "os.kill(os.getpid(), signal.SIGBUS)": "SIGBUS",
    "os.kill(os.getpid(), signal.SIGKILL)": "SIGKILL",
}


@pytest.mark.parametrize("does", DEATHS)
def test_a_death_that_no_file_is_to_blame_for_is_an_internal_error(command, does):
    process, _ = command(does)
    before, last, _ = told(process)
    assert process.returncode == 1
    assert DEATHS[does] in last["error"]
    assert "what was published stays as it was; run again" in last["error"]
    assert [line["event"] for line in before] == [last["error"]]


def test_a_death_is_told_everywhere(command, tmp_path):
    process, _ = command("os.abort()", "--json", "--metrics", "night.prom")
    _, last, stdout = told(process)
    wanted = {"outcome": "failed", "exit_code": 1, "error": last["error"], "sentence": last["sentence"]}
    assert json.loads(stdout) == wanted
    assert "jifen_batch_run_exit_code 1.0\n" in (tmp_path / "night.prom").read_text("utf-8")
    assert last["peak_memory_bytes"] > 10 << 20


# Of a signal that nothing but a hand or the system sends, the file is not tried again.
@pytest.mark.parametrize("does", ["os.abort()", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_death_while_a_file_is_read_is_the_files_fault(command, does):
    process, _ = command(f"with reading_now.on(files[:1], ['item']): {does}")
    _, last, _ = told(process)
    assert process.returncode == 3
    assert last["error"].startswith("events: a.csv: column item: the process that read it ")
    assert DEATHS[does] in last["error"]


def test_of_files_that_were_read_before_the_death_none_is_blamed(command):
    process, _ = command("\n    with reading_now.on(files): pass\n    os.abort()")
    told(process)
    assert process.returncode == 1


# The process that looks for the culprit dies of one column of one file.
DEADLY = """
if "jifen_batch.inputs.safety.probe" in sys.orig_argv:
    from jifen_batch.inputs.formats import arrow_rows
    real = arrow_rows.parquet_rows
    def deadly(file, columns):
        if (file.name, columns) == ("b.parquet", ["status"]):
            os.abort()
        return real(file, columns)
    arrow_rows.parquet_rows = deadly
"""


def test_of_several_files_the_one_and_the_column_that_die_alone_are_named(command, tmp_path):
    for name in "abc":
        pl.DataFrame({"item": ["x"], "status": ["x"]}).write_parquet(tmp_path / f"{name}.parquet")
    files = '[InputFile("events", Path(name), name) for name in ("a.parquet", "b.parquet", "c.parquet")]'
    process, _ = command(
        f"with reading_now.on({files}, ['item', 'status', 'until']): os.abort()", more=DEADLY
    )
    _, last, _ = told(process)
    assert process.returncode == 3
    assert last["error"].startswith(
        "events: b.parquet: column status: the process that read it died (SIGABRT)"
    )


def test_of_several_files_the_first_is_named_where_none_dies_alone(command):
    process, _ = command("with reading_now.on(files, ['item', 'status']): os.abort()")
    _, last, _ = told(process)
    assert last["error"].startswith("events: a.csv or one of 1 more files read with it: the process")


def test_what_a_library_prints_as_it_dies_is_not_shown(command):
    process, _ = command("os.write(2, b'panicked at 13900000000'); os.abort()")
    _, stderr = process.communicate(timeout=30)
    assert "13900000000" not in stderr


def test_the_process_that_waits_has_loaded_nothing_heavy():
    code = (
        "import sys\nfrom jifen_batch.cli import run, logs\n"
        "from jifen_batch.cli.process import supervisor, watched\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8")
    assert done.stdout == "[]\n"
