"""The whole command on the fixture village, with the real worker behind it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """Runs the nightly job on the fixture village; the second time there is nothing new."""
    out = tmp_path_factory.mktemp("night") / "out"

    def again(*words):
        inputs = ("--events", "fixtures/events", "--households", "fixtures/households.csv")
        books = ("--rules", "configs/rules/baoshan-2023.toml", "--rules", "fixtures/rules")
        rest = ("--villages", "fixtures/villages.csv", "--as-of", "2024-07-20", "--out", str(out))
        command = [sys.executable, "-m", "jifen_batch", "run", *inputs, *books, *rest, *words]
        done = subprocess.run(
            command, check=False, capture_output=True, encoding="utf-8", timeout=120, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr
        return done

    again.out = out
    return again


def test_a_night_is_shown_recognised_and_found_again(night):
    shown = night("--top", "3")
    for word in ("published", "720", "桃花村 2024年积分榜", "石桥村 2024年第二季度积分公告", "覆盖率"):
        assert word in shown.stdout, word
    assert json.loads(shown.stderr.splitlines()[-1])["outcome"] == "published"

    same = json.loads(night("--json").stdout)
    assert same["outcome"] == "unchanged"
    accounting = dict(same["manifest"]["accounting"])
    assert accounting.pop("rows") == sum(accounting.values()) == 720

    command = [sys.executable, "-m", "jifen_batch", "current", "--out", str(night.out)]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60)
    assert found.stdout.strip() == str((night.out / "runs" / same["run_id"]).resolve())


def test_no_householders_name_is_shown(night):
    register = (ROOT / "fixtures" / "households.csv").read_text(encoding="utf-8").splitlines()
    at = register[0].split(",").index("householder")
    names = {line.split(",")[at] for line in register[1:]} - {""}
    assert names
    done = night("--top", "1000")
    assert [name for name in names if name in done.stdout + done.stderr] == []
