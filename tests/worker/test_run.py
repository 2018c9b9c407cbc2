"""A whole run, from files to a published folder: recognised, repeatable, refused, accounted for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import structlog

from jifen_batch import worker
from jifen_batch.errors import InputRefusedError, InvariantBrokenError, LockedError, TooManyRejectsError
from jifen_batch.inputs.row_buffer import buffer
from jifen_batch.kernels.parts import cut
from jifen_batch.published import publish
from jifen_batch.worker import intake, run, stages

ROOT = Path(__file__).parents[2]
LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


@pytest.fixture(scope="module")
def scored(of_fixture, tmp_path_factory):
    """The fixture village with a run, made once; whoever publishes beside it does so in a copy."""
    return run(replace(of_fixture, out=tmp_path_factory.mktemp("scored") / "out"), LOG)


@pytest.fixture
def published(scored, options):
    """That run as a folder of the test's own has it."""
    out = scored.folder.parents[1]
    shutil.copytree(out, options.out, symlinks=True)
    return replace(scored, folder=options.out / scored.folder.relative_to(out))


def parquet_bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def test_the_same_work_again_is_recognised_and_made_current(published, options):
    other = run(replace(options, grace_days=20), LOG)
    assert publish.current(options.out) == other.folder.resolve()
    again = run(options, LOG)
    told = ("unchanged", published.run_id, published.manifest)
    assert (again.outcome, again.run_id, again.manifest) == told
    assert publish.current(options.out) == published.folder.resolve()


def test_the_same_inputs_give_the_same_bytes_in_another_place(scored, options, tmp_path):
    shutil.copytree(ROOT / "fixtures" / "events", tmp_path / "elsewhere")
    moved = replace(options, events=str(tmp_path / "elsewhere"), out=tmp_path / "second")
    second = run(moved, LOG)
    assert second.run_id == scored.run_id
    assert parquet_bytes(second.folder) == parquet_bytes(scored.folder)


@pytest.mark.parametrize(
    "change",
    [{"grace_days": 14}, {"as_of": date(2024, 7, 19)}, {"villages": None}],
    ids=["grace_days", "as_of", "villages"],
)
def test_what_changes_results_changes_the_run_id(scored, options, change):
    assert run(replace(options, **change), LOG).run_id != scored.run_id


def test_rows_that_do_not_fit_into_memory_publish_the_same_bytes(options, tmp_path, monkeypatch):
    put = []
    spill = buffer.spill
    monkeypatch.setattr(buffer, "spill", lambda *args: put.append(args) or spill(*args))
    held = run(options, LOG)
    assert put == []
    spilled = run(replace(options, out=tmp_path / "second", memory=0), LOG)
    assert put
    outputs = [
        [(file["name"], file["sha256"]) for file in one.manifest["outputs"]] for one in (held, spilled)
    ]
    assert outputs[0] == outputs[1]
    assert [path.name for path in (tmp_path / "second" / "runs").iterdir()] == [spilled.run_id]


def test_small_parts_publish_the_same_rows(scored, options, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "cut", lambda load: cut(load, 50))
    split = run(replace(options, out=tmp_path / "second"), LOG)
    files = [path for path in split.folder.rglob("*.parquet") if "ledger" in path.parts]
    assert len(files) > 10
    for table in ("ledger", "balances", "announcements", "standings", "rejects", "unposted"):
        both = [pl.read_parquet(f"{one.folder}/{table}/**/*.parquet") for one in (scored, split)]
        assert both[0].equals(both[1]), table


def test_too_many_rejects_publish_nothing_and_keep_the_rejects(published, options):
    with pytest.raises(TooManyRejectsError, match=r"17 of 720 rows are rejected, more than 1\.0%") as refused:
        run(replace(options, as_of=date(2024, 7, 21), max_reject_rate=0.01), LOG)
    assert (refused.value.figures["rows"], refused.value.figures["rejects"]) == (720, 17)
    assert publish.current(options.out) == published.folder.resolve()
    kept = pl.read_parquet(f"{options.out}/refused/*/rejects/*.parquet")
    assert kept.height == 17
    assert [path.name for path in (options.out / "runs").iterdir()] == [published.run_id]


def test_rejects_just_at_the_limit_are_published(options):
    assert run(replace(options, max_reject_rate=17 / 720), LOG).outcome == "published"


def test_a_held_output_folder_is_left_alone(options):
    with publish.lock(options.out), pytest.raises(LockedError):
        run(options, LOG)
    assert not (options.out / "current").exists()


def test_a_broken_law_publishes_nothing(options, monkeypatch):
    monkeypatch.setattr(worker.tally, "unaccounted", lambda _accounts: 1)
    with pytest.raises(InvariantBrokenError, match="every row read is accounted for"):
        run(options, LOG)
    assert not (options.out / "current").exists()


def test_a_refused_input_leaves_what_is_published(published, options, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("household_id,village_id,town_id,enrolled_on\nh,v,t,\n", encoding="utf-8")
    with pytest.raises(InputRefusedError, match="enrolled_on"):
        run(replace(options, households=str(bad)), LOG)
    assert publish.current(options.out) == published.folder.resolve()


def test_no_event_at_all_is_a_run_of_empty_tables(options, tmp_path):
    header = (ROOT / "fixtures" / "events" / "2023.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "none.csv").write_text(header + "\n", encoding="utf-8")
    report = run(replace(options, events=str(tmp_path / "none.csv")), LOG)
    assert report.manifest["accounting"]["rows"] == 0
    assert report.manifest["control_totals"] == {"dispositions": {}, "lines": 0, "points": 0}
    for table in ("balances", "standings", "participation", "rejects", "unposted", "items"):
        assert pl.read_parquet(f"{report.folder}/{table}/*.parquet").height == 0
    assert pl.read_parquet(f"{report.folder}/register/*.parquet").height == 47


def test_every_stage_is_timed_and_told_to_who_watches(options):
    class Watcher(stages.Unwatched):
        seen: list = []  # noqa: RUF012 - one test, one watcher

        def stage(self, name):
            self.seen.append(name)

        def parts(self, done, total):
            self.seen.append((done, total))

    report = run(options, LOG, Watcher())
    timed = [timing["stage"] for timing in report.manifest["timings"]]
    assert timed == ["rules", "digest", "register", "events", "resolve", "score", "loss", "conclude"]
    assert Watcher.seen == [*timed[:6], (1, 1), *timed[6:]]


def test_the_register_is_published_without_the_householder(scored):
    assert "householder" not in pl.read_parquet_schema(next(scored.folder.glob("register/*.parquet")))
