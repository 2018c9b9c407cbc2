"""The real command on broken inputs: a documented code and a sentence, and nothing of them is published.

`SOAK_SEEDS=FIRST:LAST` breaks other, or more, files.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from fixture.reading import BASE_BOOK
from hostile import victims
from hostile.damage import mutate

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:1").partition(":")
SEEDS = range(int(FIRST), min(int(LAST), int(FIRST) + 50))
SECONDS_MAX = 20
COMMAND = (sys.executable, "-m", "jifen_batch")
# What chance made of a file at which pyarrow 26 aborts the process that reads it.
KILLERS = (1078, 1570)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Good inputs of a run, a file each; made once."""
    folder = tmp_path_factory.mktemp("good") / "feed"
    folder.mkdir()
    for name, table, write in (
        ("events.parquet", victims.events, victims.FORMS["delta.parquet"]),
        ("households.parquet", victims.register, victims.FORMS["snappy.parquet"]),
        ("villages.arrow", victims.villages, victims.FORMS["plain.arrow"]),
        ("redemptions.parquet", victims.redemptions, victims.FORMS["checked.parquet"]),
        ("statement.xlsx", victims.statement, victims.xlsx),
    ):
        write(table(), folder / name)
    shutil.copy(BASE_BOOK, folder / "rules.toml")
    (folder / "config.toml").write_text('[run]\nas_of = "2023-12-31"\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ran(good):
    """Them with a run beside them, and how that ended."""
    return good, run(good)


@pytest.fixture
def feed(good, tmp_path):
    """Good inputs for a test to break."""
    return Path(shutil.copytree(good, tmp_path / "feed"))


@pytest.fixture
def published(ran, tmp_path):
    """Likewise, with the run beside them."""
    shutil.copytree(ran[0].parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "feed"


def children_seconds():
    """What processes that were started here have taken of a processor so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(feed, *words):
    """End of a run: its code, what it logged, whether anything is published."""
    out = feed.parent / "out"
    began = children_seconds()
    done = subprocess.run(
        [*COMMAND, "run", "--config", feed / "config.toml", "--events", feed / "events.parquet",
         "--households", feed / "households.parquet", "--villages", feed / "villages.arrow",
         "--redemptions", feed / "redemptions.parquet", "--rules", feed / "rules.toml",
         "--max-reject-rate", "1", "--out", out, *words],
        check=False, capture_output=True, encoding="utf-8", timeout=200,
    )  # fmt: skip
    assert children_seconds() - began < SECONDS_MAX
    assert "Traceback" not in done.stderr
    assert "panicked" not in done.stderr
    assert "沈长庚" not in done.stderr
    return done, (out / "current" / "manifest.json").is_file()


def test_the_good_feed_is_published(ran):
    done, published = ran[1]
    assert (done.returncode, published) == (0, True), done.stderr


@pytest.mark.parametrize("seed", KILLERS)
def test_a_file_that_kills_the_process_that_reads_it_is_named(feed, seed):
    path = feed / "events.parquet"
    path.write_bytes(mutate(path.read_bytes(), Random(seed)))  # noqa: S311 - can be run again
    done, published = run(feed, "--metrics", feed.parent / "night.prom", "--json")
    last = json.loads(done.stderr.splitlines()[-1])
    assert (done.returncode, published) == (3, False)
    assert (last["event"], last["outcome"], last["exit_code"]) == ("run", "failed", 3)
    assert last["error"].startswith("events: events.parquet: ")
    assert json.loads(done.stdout) == {
        "outcome": "failed",
        "exit_code": 3,
        "error": last["error"],
        "sentence": last["sentence"],
    }
    assert "jifen_batch_run_exit_code 3.0\n" in (feed.parent / "night.prom").read_text("utf-8")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "name",
    [
        "events.parquet",
        "households.parquet",
        "villages.arrow",
        "redemptions.parquet",
        "rules.toml",
        "config.toml",
    ],
)
def test_a_broken_file_of_any_role_ends_a_run_as_documented(feed, name, seed):
    path = feed / name
    path.write_bytes(mutate(path.read_bytes(), Random(seed)))  # noqa: S311 - likewise
    done, published = run(feed)
    assert done.returncode in {0, 2 if name == "config.toml" else 3}
    assert published == (done.returncode == 0)
    if done.returncode:
        assert path.name in done.stderr
        assert "; " in done.stderr


@pytest.mark.parametrize("seed", SEEDS)
def test_a_broken_statement_ends_a_reconciliation_as_documented(published, seed):
    path = published / "statement.xlsx"
    path.write_bytes(mutate(path.read_bytes(), Random(seed)))  # noqa: S311 - likewise
    words = ["reconcile", "--out", published.parent / "out", "--statement", path]
    done = subprocess.run([*COMMAND, *words], check=False, capture_output=True, encoding="utf-8", timeout=200)
    assert done.returncode in {3, 4}
    assert "Traceback" not in done.stderr
    assert done.returncode == 4 or "statement.xlsx" in done.stderr


def test_a_real_death_of_reconcile_is_told_to_monitoring(published):
    path = published / "statement.parquet"
    victims.FORMS["snappy.parquet"](victims.statement(), path)
    path.write_bytes(mutate(path.read_bytes(), Random(1276)))  # noqa: S311 - pyarrow 26 aborts on it
    metrics = published.parent / "night.prom"
    words = ["reconcile", "--out", published.parent / "out", "--statement", path, "--metrics", metrics]
    done = subprocess.run([*COMMAND, *words], check=False, capture_output=True, encoding="utf-8", timeout=200)
    assert (done.returncode, "statement: statement.parquet: " in done.stderr) == (3, True)
    assert "jifen_batch_reconcile_exit_code 3.0\n" in metrics.read_text("utf-8")
