"""`.ci/run` runs all tests, those of object stores, then the benchmarks, and fails if any of these fails."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = """#!/bin/sh
echo "$@" >> asked
case "$*" in
  *bench-short) echo "3 passed in 9.87s"; echo "a table"; exit $BENCHMARKS ;;
  *test-stores) echo "15 passed in 60.00s"; exit $STORES ;;
  *test) echo "$CLOSING"; [ "$TESTS" -eq 0 ] || echo "make: *** Error 1" >&2; exit $TESTS ;;
esac
"""
CLOSING = "1 failed, 3147 passed, 1 skipped in 215.07s (0:03:35)"


def run(folder, *, closing=CLOSING, tests=0, stores=0, benchmarks=0):
    """The script beside a `make` that ends as it is told: its code, what it printed, what it asked for."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    make = folder / "bin" / "make"
    make.parent.mkdir()
    make.write_text(MAKE, encoding="utf-8")
    make.chmod(0o755)
    told = {"CLOSING": closing, "TESTS": str(tests), "STORES": str(stores), "BENCHMARKS": str(benchmarks)}
    told["PATH"] = f"{make.parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        [folder / ".ci" / "run"], env=os.environ | told, capture_output=True, text=True, check=False
    )
    asked = [line.split()[-1] for line in (folder / "asked").read_text(encoding="utf-8").splitlines()]
    return ended.returncode, ended.stdout.splitlines(), asked


@pytest.mark.parametrize(
    ("tests", "stores", "benchmarks", "code", "asked"),
    [
        (0, 0, 0, 0, ["test", "test-stores", "bench-short"]),
        (0, 0, 2, 2, ["test", "test-stores", "bench-short"]),
        (0, 2, 0, 2, ["test", "test-stores"]),
        (2, 0, 0, 2, ["test"]),
    ],
    ids=["all pass", "the benchmarks fail", "the stores fail", "the tests fail, and nothing is measured"],
)
def test_it_ends_in_the_closing_line_of_the_tests_and_fails_if_either_does(  # noqa: PLR0913, PLR0917 - what each lane ends with
    tests, stores, benchmarks, code, asked, tmp_path
):
    ended, printed, called = run(tmp_path, tests=tests, stores=stores, benchmarks=benchmarks)
    assert (ended, printed[-1], called) == (code, CLOSING, asked)


def test_where_no_test_ran_no_line_of_the_benchmarks_stands_for_them(tmp_path):
    ended, printed, called = run(tmp_path, closing="E501 Line too long", tests=1)
    assert (ended, called) == (1, ["test"])
    assert not any("passed" in line for line in printed)
