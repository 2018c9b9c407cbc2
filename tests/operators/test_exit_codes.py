"""Every exit code, reached by the real command: what stdout, the log and monitoring say at each end.

Whatever the code, what was announced stays as it was to the byte, and `current` names a whole run.
"""

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from unittest.mock import ANY

import pytest

from jifen_batch.desk.verify import verify
from jifen_batch.published import manifest, publish
from jifen_batch.scheme.exit_codes import ExitCode

TONIGHT = "2024-07-21"
PLAIN = (sys.executable, "-m", "jifen_batch")
CALL = "from jifen_batch.cli.program import program; program.main()"
# A fault put into the program: the year cap holds nothing, and a law of the result is broken.
NO_CAP = """
import polars as pl
from jifen_batch.kernels import operators
def none(lines, context):
    return lines.with_columns(cap_used=pl.lit(None, pl.Int64))
operators.OPERATORS = tuple(
    each._replace(apply=none) if each.name == "cap" else each for each in operators.OPERATORS
)
"""
# Another: an error that no part of the program foresees, and that quotes a cell.
UNFORESEEN = """
from jifen_batch.worker import intake
def read(*_):
    raise ValueError("王小明 13900000000")
intake.read = read
"""
# A run that is in the middle of its work for as long as anybody waits.
SLOW = """
import time
from jifen_batch.worker import intake
def read(*_):
    print("working", flush=True)
    time.sleep(60)
intake.read = read
"""
FIRST_DAY_SECONDS = 1_700_000_000


@dataclass(frozen=True)
class End:
    """One way to end: how to bring it about, and what is said then.

    `does` prepares the town and gives the words; `document`: what `--json` says, beside the code of a
    failure; `sentence`: what the log says; `line`: what the canonical line says; `samples`: monitoring.
    `program` is put into the program first, `before` into the shell; `meanwhile` goes on beside it.
    """

    code: int
    does: Callable
    document: dict = field(default_factory=dict)
    sentence: str = ""
    line: dict = field(default_factory=dict)
    samples: dict = field(default_factory=dict)
    program: str = ""
    before: str = ""
    meanwhile: Callable = lambda town, stack: None  # noqa: ARG005 - as those that do something


def edited(town, file, was, now):
    """An input in which one thing is another."""
    path = town.folder / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")


def flood_edited(town):
    edited(town, "rules/qingxi-2023.toml", "flood = 30", "flood = 20")
    return town.night(TONIGHT)


def cut_feed(town):
    path = town.folder / "events" / "2024.csv"
    path.write_text(
        "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:170]), encoding="utf-8"
    )
    return town.night(TONIGHT)


def bad_rules(town):
    edited(town, "rules/qingxi-2023.toml", "flood = 30", 'flood = "30"')
    return town.night(TONIGHT)


def bad_config(town):
    (town.folder / "worker.toml").write_text("grace_dais = 1\n", encoding="utf-8")
    return [*town.night(TONIGHT), "--config", str(town.folder / "worker.toml")]


def other_figures(town):
    statement = town.folder / "theirs.csv"
    statement.write_text("household_id,scoring_year,points\nTH-04,2023,41\n", encoding="utf-8")
    return ["reconcile", "--out", str(town.out), "--statement", str(statement)]


def announced_otherwise(town):
    """A quarter announced again after one of its events is gone."""
    path = town.folder / "events" / "2023.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("2023-0389,")), encoding="utf-8")
    town.ran(TONIGHT)
    return ["announce", "--out", str(town.out), "--quarter", "2023Q4", "--with-earlier"]


def damaged(town):
    path = town.out / "announced" / "quarter=2023Q4" / "lines.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    return ["verify", "--out", str(town.out)]


def held(town, stack):
    """Somebody else holds the output folder."""
    lock = stack.enter_context((town.out / publish.LOCK).open("r+"))
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write("process 4711, begun 2024-07-21 02:30:00\n")
    lock.flush()


FAILED = {"outcome": "failed"}
UNKNOWN = FAILED | dict.fromkeys(("run_id", "as_of", "rows", "lines", "rejects", "warnings"))
READ = {"rows": 720, "lines": 1148, "rejects": 17, "warnings": 0, "as_of": TONIGHT}
NIGHT = {"run_rows": 720, "run_lines": 1148, "run_rejects": 17}
ENDS = {
    "0, published": End(
        0,
        lambda town: town.night(TONIGHT),
        document={"outcome": "published", "held_back": None},
        line={"outcome": "published", **READ, "made_by": manifest.made_by(manifest.of_program())},
        samples={"run_outcome published": 1, **NIGHT},
    ),
    "0, nothing new to do": End(
        0,
        lambda town: town.night("2024-07-20"),
        document={"outcome": "unchanged"},
        line={"outcome": "unchanged", **READ, "as_of": "2024-07-20"},
        samples={"run_outcome unchanged": 1, **NIGHT},
    ),
    "1, a law of the result is broken": End(
        1,
        lambda town: town.night(TONIGHT),
        program=NO_CAP,
        document=FAILED,
        sentence="the result breaks its own laws (a cap holds",
        line=UNKNOWN,
        samples={"run_outcome failed": 1},
    ),
    "1, an error that nobody foresaw": End(
        1,
        lambda town: town.night(TONIGHT),
        program=UNFORESEEN,
        document=FAILED,
        sentence="an internal error (ValueError); this log line names the place",
        line=UNKNOWN,
    ),
    "2, an option that there is not": End(
        2,
        lambda town: [*town.night(TONIGHT), "--grace-dais", "1"],
        document=FAILED,
        sentence="No such option '--grace-dais'",
        line=UNKNOWN,
    ),
    "2, a configuration file with a misspelt key": End(
        2, bad_config, document=FAILED, sentence="worker.toml, line 1: the key 'grace_dais'", line=UNKNOWN
    ),
    "3, an input that is not there": End(
        3,
        lambda town: town.night(TONIGHT, households="nowhere.parquet"),
        document=FAILED,
        sentence="nowhere.parquet",
        line=UNKNOWN,
        samples={"run_outcome failed": 1},
    ),
    "3, a rule book that is refused": End(
        3, bad_rules, document=FAILED, sentence="1 complaint(s) about the rule books", line=UNKNOWN
    ),
    "4, reconcile found a break": End(
        4,
        other_figures,
        document={"outcome": "open_breaks", "exit_code": 4},
        line={"event": "reconcile", "outcome": "open_breaks"},
    ),
    "4, announce needs a decision": End(
        4,
        announced_otherwise,
        document=FAILED,
        sentence="is announced already, and the current run differs from it",
        line={"kind": "DecisionNeededError"},
    ),
    "4, verify found damage": End(
        4,
        damaged,
        document={"outcome": "damaged", "exit_code": 4},
        line={"event": "verify", "outcome": "damaged", "findings": 1},
    ),
    "5, another run holds the folder": End(
        5,
        lambda town: town.night(TONIGHT),
        meanwhile=held,
        document=FAILED,
        sentence="process 4711, begun 2024-07-21 02:30:00 holds the output folder",
        line=UNKNOWN,
        samples={"run_outcome failed": 1},
    ),
    "6, too many rejects": End(
        6,
        lambda town: town.night(TONIGHT, max_reject_rate="0.01"),
        document=FAILED,
        sentence="rows are rejected, more than 1.0%",
        line=FAILED | READ | {"lines": None, "warnings": None},
        samples={"run_rows": 720, "run_rejects": 17, "run_outcome failed": 1},
    ),
    "7, the disk is full": End(
        7,
        lambda town: town.night(TONIGHT),
        before="ulimit -f 8; ",
        document=FAILED,
        sentence="make room",
        line=UNKNOWN,
        samples={"run_outcome failed": 1},
    ),
    "8, an edit is held back": End(
        8,
        flood_edited,
        document={"outcome": "held_back"},
        line={"outcome": "held_back", "held_back": ["qingxi-2023", "shiqiao-2023"], "rows": 720},
        samples={"run_outcome held_back": 1, "run_held_back": 1, "run_rows": 720},
    ),
    "9, events are missing": End(
        9,
        cut_feed,
        document=FAILED,
        sentence="villages have lost events that an earlier run had",
        line=UNKNOWN | {"run_id": ANY, "as_of": "2024-07-21"},
        samples={"run_outcome failed": 1},
    ),
    "143, stopped by SIGTERM": End(
        143,
        lambda town: town.night(TONIGHT),
        program=SLOW,
        document=FAILED,
        sentence="stopped by SIGTERM; what was published stays as it was",
        line=UNKNOWN,
        samples={"run_outcome failed": 1},
    ),
}
PUBLISH = {0, 8}


def ended(end, town, words):
    """The command's code, stdout and stderr."""
    asked = [sys.executable, "-c", end.program + CALL] if end.program else [*PLAIN]
    command = ["/bin/sh", "-c", f'{end.before}exec "$@"', "sh", *asked, *words, "--json"]
    with ExitStack() as stack:
        end.meanwhile(town, stack)
        process = stack.enter_context(
            subprocess.Popen(
                command, cwd=town.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
            )
        )
        if end.code > 128:
            assert process.stdout.readline() == "working\n"
            process.send_signal(end.code - 128)
        stdout, stderr = process.communicate(timeout=100)
    return process.returncode, stdout, stderr


def held_by(place):
    """The bytes of all files in a folder; but of the lock, in which stands who held it last."""
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != publish.LOCK)
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).digest() for path in files}


def hung(town):
    """The bytes of all that is announced."""
    return held_by(town.out / "announced")


@pytest.fixture(scope="module")
def verified(base):
    """The bytes of the output folder that tests begin with, in which `verify` finds nothing."""
    assert verify(base.out).findings == []
    return held_by(base.out)


def samples(path):
    """What monitoring reads, by name and label value."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    named = (line.removeprefix("jifen_batch_").rsplit(" ", 1) for line in lines)
    return {name.replace('{outcome="', " ").removesuffix('"}'): float(value) for name, value in named}


@pytest.mark.parametrize("name", ENDS)
def test_every_exit_code_is_reached_and_said_in_all_places(name, town, verified):
    end = ENDS[name]
    words = end.does(town)
    monitored = town.folder / "night.prom"
    if words[0] in {"run", "reconcile"}:
        words += ["--metrics", str(monitored)]
        success = f"jifen_batch_{words[0]}_last_success_timestamp_seconds"
        monitored.write_text(f"{success} {FIRST_DAY_SECONDS}\n", encoding="utf-8")
    before, current = hung(town), publish.current(town.out)
    code, stdout, stderr = ended(end, town, words)
    assert code == end.code, stderr
    assert "Traceback" not in stderr
    assert "13900000000" not in stdout + stderr
    _check_document(end, json.loads(stdout))
    _check_log(end, words[0], stderr)
    if end.code != 2 and monitored.exists():
        _check_monitoring(end, words[0], samples(monitored))
    assert hung(town) == before
    published = publish.current(town.out)
    assert (published != current) == (end.code in PUBLISH and end.document["outcome"] != "unchanged")
    if held_by(town.out) == verified:
        return
    found = verify(town.out)
    assert {one.file for one in found.findings} <= {"announced/quarter=2023Q4/lines.parquet"}
    assert {one.kind for one in found.remarks} <= {"left_over"}, "which the next run clears away"


def told(said, names):
    """What is said under these names."""
    return {name: said.get(name, "nothing") for name in names}


def _check_document(end, said):
    failure = {"exit_code": end.code} if end.document == FAILED else {}
    assert told(said, end.document | failure) == end.document | failure
    if end.document == FAILED:
        assert end.sentence in said["error"]


def _check_log(end, command, stderr):
    lines = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    last = lines[-1]
    expected = {"exit_code": end.code} | end.line
    assert told(last, expected) == expected
    assert last["level"] == ("error" if end.code else "info")
    assert end.sentence in stderr or end.code == 2
    if command == "run":
        assert last["event"] == "run"
        assert end.sentence in last.get("error", "")
        assert [line["event"] for line in lines].count("run") == 1


def _check_monitoring(end, command, said):
    expected = {f"{command}_exit_code": end.code} | end.samples
    assert told(said, expected) == expected
    last = said[f"{command}_last_success_timestamp_seconds"]
    well = end.code in ({0, 4} if command == "reconcile" else PUBLISH)
    assert (last > FIRST_DAY_SECONDS) == well, "what failed leaves the last success as it was"
    assert said[f"{command}_last_end_timestamp_seconds"] > FIRST_DAY_SECONDS


def test_the_table_has_every_exit_code():
    codes = {end.code for end in ENDS.values()}
    assert codes == {*ExitCode, 128 + signal.SIGTERM}
    fours = {name.split(", ")[1].split()[0] for name, end in ENDS.items() if end.code == ExitCode.DECISION}
    assert fours == {"reconcile", "announce", "verify"}
    assert os.environ.get("JIFEN_DEBUG") is None
