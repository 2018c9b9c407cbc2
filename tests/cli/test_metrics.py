"""`--metrics`: a textfile at every end, that a collector can read, old or new and never torn."""

import re
import time

import pytest

from jifen_batch import errors
from jifen_batch.cli import exits, metrics
from jifen_batch.scheme.metrics import RECONCILE
from jifen_batch.storage import disk

NEEDED = ("run", "--events", "e", "--households", "h", "--rules", "r", "--out", "out")
FILE = ("--metrics", "night.prom")
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(
    rf'({NAME})(?:\{{({NAME})="((?:[^"\\\n]|\\[\\n"])*)"\}})? (-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?)'
)


def parsed(path):
    """Samples by name, or by name and label value; each name once, after its HELP and TYPE."""
    text = path.read_text("utf-8")
    assert text.endswith("\n")
    samples, announced, current = {}, {}, None
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            assert word == ("TYPE" if name in announced else "HELP")
            assert announced.get(name) != "gauge", f"{name} is announced twice"
            announced[name] = current = rest if word == "TYPE" else name
            current = name
            assert word == "HELP" or rest == "gauge"
            continue
        name, _, value, number = SAMPLE.fullmatch(line).groups()
        assert (name, announced[name]) == (current, "gauge")
        key = name.removeprefix("jifen_batch_") + (f" {value}" if value else "")
        assert key not in samples
        samples[key] = float(number)
    assert all(name.startswith("jifen_batch_") for name in announced)
    return samples


@pytest.mark.usefixtures("worker")
def test_a_published_night_is_told_in_base_units(cli, tmp_path):
    before = time.time()
    assert cli(*NEEDED, *FILE).exit_code == 0
    said = parsed(tmp_path / "night.prom")
    assert before - 1 <= said["run_last_success_timestamp_seconds"] <= time.time() + 1
    assert said.pop("run_last_success_timestamp_seconds") == said.pop("run_last_end_timestamp_seconds")
    assert 0 <= said.pop("run_duration_seconds") < 60
    assert said == {
        "run_exit_code": 0,
        "run_rows": 12,
        "run_lines": 9,
        "run_rejects": 2,
        "run_peak_memory_bytes": 300 << 20,
        "run_held_back": 0,
        "run_outcome published": 1,
        "run_outcome unchanged": 0,
        "run_outcome kept": 0,
        "run_outcome held_back": 0,
        "run_outcome failed": 0,
    }
    assert (tmp_path / "night.prom").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["night.prom"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InputRefusedError("x", "有误"), 3),
        (errors.LockedError("x", "有误"), 5),
        (errors.DiskError("x", "有误"), 7),
        (errors.LossError("x", "有误"), 9),
        (RuntimeError("x"), 1),
        (exits.SignalledError(15), 143),
    ],
)
def test_a_failed_night_is_told_and_the_last_success_stays(cli, worker, tmp_path, error, code):
    assert cli(*NEEDED, *FILE).exit_code == 0
    success = parsed(tmp_path / "night.prom")["run_last_success_timestamp_seconds"]
    worker.error = error
    assert cli(*NEEDED, *FILE).exit_code == code
    said = parsed(tmp_path / "night.prom")
    assert said["run_last_success_timestamp_seconds"] == success < said["run_last_end_timestamp_seconds"]
    assert (said["run_exit_code"], said["run_outcome failed"], said["run_outcome published"]) == (code, 1, 0)
    assert "run_rows" not in said
    assert said["run_peak_memory_bytes"] > 0


def test_figures_that_a_failure_knows_are_told(cli, worker, tmp_path):
    worker.error = errors.TooManyRejectsError("x", "有误", rows=100, rejects=40)
    assert cli(*NEEDED, *FILE).exit_code == 6
    said = parsed(tmp_path / "night.prom")
    assert (said["run_rows"], said["run_rejects"]) == (100, 40)
    assert "run_last_success_timestamp_seconds" not in said


def test_a_held_back_night_is_a_success_with_a_flag(cli, worker, tmp_path):
    worker.outcome = "held_back"
    worker.held_back = {"accept_rules": "a" * 16, "books": ["b"], "edits": [], "edits_en": [], "quarters": []}
    assert cli(*NEEDED, *FILE).exit_code == 8
    said = parsed(tmp_path / "night.prom")
    assert (said["run_exit_code"], said["run_held_back"], said["run_outcome held_back"]) == (8, 1, 1)
    assert "run_last_success_timestamp_seconds" in said


@pytest.mark.usefixtures("worker")
def test_what_is_no_figure_goes_and_what_stands_before_it_is_known(cli, worker, tmp_path):
    assert cli(*NEEDED, *FILE).exit_code == 0
    path = tmp_path / "night.prom"
    success = parsed(path)["run_last_success_timestamp_seconds"]
    path.write_bytes(path.read_bytes() + b"\xff torn\njifen_batch_run_rows 99\n")
    worker.error = errors.InputRefusedError("x", "有误")
    assert cli(*NEEDED, *FILE).exit_code == 3
    said = parsed(path)
    assert said["run_last_success_timestamp_seconds"] == success
    assert "run_rows" not in said


def test_a_file_of_another_command_is_refused_before_the_work(cli, worker, tmp_path):
    path = tmp_path / "night.prom"
    metrics.write(str(path), RECONCILE, {"breaks": 3}, 1.0, 0)
    before = path.read_bytes()
    assert b"\njifen_batch_reconcile_breaks 3.0\n" in before
    done = cli(*NEEDED, *FILE)
    assert (done.exit_code, "night.prom holds the figures of reconcile" in done.stderr) == (2, True)
    assert (worker.asked, path.read_bytes()) == ([], before)


@pytest.mark.usefixtures("worker")
def test_a_file_that_cannot_be_written_ends_with_7_and_leaves_the_former_one(cli, tmp_path, monkeypatch):
    assert cli(*NEEDED, *FILE).exit_code == 0
    former = (tmp_path / "night.prom").read_bytes()

    def refuse(path, to):  # noqa: ARG001 - as disk.rename
        raise errors.DiskError("night.prom: cannot rename; make room", "有误")

    monkeypatch.setattr(disk, "rename", refuse)
    done = cli(*NEEDED, *FILE)
    assert (done.exit_code, "cannot rename" in done.stderr) == (7, True)
    assert (tmp_path / "night.prom").read_bytes() == former
    assert [path.name for path in tmp_path.iterdir()] == ["night.prom"]


@pytest.mark.parametrize("place", ["night.txt", "nowhere/night.prom", "out/runs/night.prom", "e/night.prom"])
def test_a_place_where_the_file_must_not_stand_is_refused_before_the_work(cli, worker, tmp_path, place):
    (tmp_path / "out" / "runs").mkdir(parents=True)
    (tmp_path / "e").mkdir()
    done = cli(*NEEDED, "--metrics", place)
    assert (done.exit_code, "--metrics" in done.stderr) == (2, True)
    assert worker.asked == []
