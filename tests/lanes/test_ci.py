"""`.ci/run` runs all tests, those of stores and clusters, then the benchmarks, and fails if any fails."""

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
  *test-cluster) echo "34 passed, 1 skipped in 199.36s"; exit $CLUSTER ;;
  *test) echo "$CLOSING"; [ "$TESTS" -eq 0 ] || echo "make: *** Error 1" >&2; exit $TESTS ;;
esac
"""
LANES = ("TESTS", "STORES", "CLUSTER", "BENCHMARKS")
CLOSING = "1 failed, 3147 passed, 1 skipped in 215.07s (0:03:35)"


def run(folder, *, closing=CLOSING, **codes):
    """The script beside a `make` that ends as it is told: its code, what it printed, what it asked for."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    make = folder / "bin" / "make"
    make.parent.mkdir()
    make.write_text(MAKE, encoding="utf-8")
    make.chmod(0o755)
    told = {"CLOSING": closing} | {name: str(codes.get(name.lower(), 0)) for name in LANES}
    told["PATH"] = f"{make.parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        [folder / ".ci" / "run"], env=os.environ | told, capture_output=True, text=True, check=False
    )
    asked = [line.split()[-1] for line in (folder / "asked").read_text(encoding="utf-8").splitlines()]
    return ended.returncode, ended.stdout.splitlines(), asked


@pytest.mark.parametrize(
    ("failing", "code", "asked"),
    [
        (None, 0, ["test", "test-stores", "test-cluster", "bench-short"]),
        ("benchmarks", 2, ["test", "test-stores", "test-cluster", "bench-short"]),
        ("cluster", 2, ["test", "test-stores", "test-cluster"]),
        ("stores", 2, ["test", "test-stores"]),
        ("tests", 2, ["test"]),
    ],
)
def test_it_ends_in_the_closing_line_of_the_tests_and_fails_if_any_does(failing, code, asked, tmp_path):
    ended, printed, called = run(tmp_path, **({failing: 2} if failing else {}))
    assert (ended, printed[-1], called) == (code, CLOSING, asked)


def test_where_no_test_ran_no_line_of_the_benchmarks_stands_for_them(tmp_path):
    ended, printed, called = run(tmp_path, closing="E501 Line too long", tests=1)
    assert (ended, called) == (1, ["test"])
    assert not any("passed" in line for line in printed)
