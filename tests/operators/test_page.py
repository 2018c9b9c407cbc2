"""The README's page for operators: its commands restore what it says, its names are those of the code."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jifen_batch.cli import metrics
from jifen_batch.desk.verify import verify
from operators.test_exit_codes import ENDS
from test_readme import CHINESE, ENGLISH, READMES, blocks, table

both = pytest.mark.parametrize("readme", READMES)
BEGINS = {ENGLISH: "\n## For operators\n", CHINESE: "\n## 运维\n"}


def page(readme):
    """The page alone."""
    return READMES[readme].split(BEGINS[readme], 1)[1].split("\n## ", 1)[0]


def shell(number):
    """One of the page's blocks of commands."""
    return blocks(ENGLISH, "sh")[number]


def test_both_pages_show_the_same_commands_and_rules():
    for kind in ("sh", "yaml"):
        assert blocks(ENGLISH, kind) == blocks(CHINESE, kind)
    assert (len(blocks(ENGLISH, "sh")), len(blocks(ENGLISH, "yaml"))) == (4, 1)
    assert all(block in page(readme) for readme in READMES for block in blocks(readme, "sh"))


@both
def test_the_rules_for_alerts_ask_for_figures_that_are_written(readme, tmp_path):
    path = tmp_path / "night.prom"
    figures = {"rows": 1, "lines": 1, "rejects": 0, "peak_memory_bytes": 1, "outcome": "published"}
    metrics.write(str(path), metrics.RUN, figures, 1.0, 0)
    metrics.write(str(path), metrics.RECONCILE, {"open_breaks": 0, "breaks": 0, "keys": 1}, 1.0, 0)
    asked = set(re.findall(r"jifen_batch_\w+", page(readme)))
    assert len(asked) > 5
    assert asked <= set(re.findall(r"^(jifen_batch_\w+) ", path.read_text(encoding="utf-8"), re.MULTILINE))


@both
def test_every_exit_code_has_its_row(readme):
    heading = re.search(
        r"\n### (?:What each exit code wants done|各退出码要做什么)\n(.*?)\n### ", page(readme), re.DOTALL
    )
    named = set(
        re.findall(
            r"`(\d+)`", "".join(row.split("|")[1] for row in heading[1].splitlines() if row.startswith("| "))
        )
    )
    assert {int(one) for one in named} == {end.code for end in ENDS.values()}


@both
def test_the_fields_of_the_log_line_are_those_of_real_ones(readme):
    named = {name for row in table(readme, "log fields") for name in re.findall(r"`(\w+)`", row[0])}
    said = {name for end in ENDS.values() for name in end.line if end.line.get("event", "run") == "run"}
    plain = {"timestamp", "level", "event", "error", "seconds", "peak_memory_bytes", "exit_code"}
    of_8_and_9 = {"edits", "accept_rules", "losses", "vanished_years", "accept_loss"}
    assert named == (said | plain | of_8_and_9) - {"kind"}


@pytest.fixture
def server(town, tmp_path, monkeypatch):
    """Runs a block of the page where /srv and /etc are folders of the test; gives its last exit code."""
    (tmp_path / "srv" / "backup" / "jifen").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.move(town.out, tmp_path / "srv" / "jifen-out")
    (tmp_path / "srv" / "jifen").mkdir()
    shutil.move(tmp_path / "srv" / "jifen-out", tmp_path / "srv" / "jifen" / "out")
    told = {name.removeprefix("--"): f'"{place}"' for name, place in town.inputs().items()}
    lines = [f'out = "{tmp_path / "srv" / "jifen" / "out"}"', "[run]", "as_of = 2024-07-20"]
    lines += [f"{name} = {f'[{place}]' if name == 'rules' else place}" for name, place in told.items()]
    (tmp_path / "etc" / "worker.toml").write_text("\n".join(lines), encoding="utf-8")
    command = tmp_path / "bin" / "jifen-batch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jifen_batch "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")

    def run(block):
        here = block.replace("/srv/", f"{tmp_path}/srv/").replace("/etc/jifen/", f"{tmp_path}/etc/")
        done = subprocess.run(["/bin/sh", "-ec", here], check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.out = tmp_path / "srv" / "jifen" / "out"
    return run


def test_what_is_damaged_is_restored_as_the_page_says(server):
    keep, quarter, last_run, everything = map(shell, range(4))
    server(keep)
    assert verify(server.out).findings == []
    lines = server.out / "announced" / "quarter=2023Q4" / "lines.parquet"
    lines.write_bytes(lines.read_bytes()[1:])
    assert "核对无误" in server(quarter)
    balances = server.out / "current" / "balances" / "part-00000.parquet"
    balances.unlink()
    assert "核对无误" in server(last_run)
    shutil.rmtree(server.out)
    assert "核对无误" in server(everything)
    assert [path.name for path in sorted((server.out / "announced").iterdir())] == [
        "quarter=2023Q2",
        "quarter=2023Q4",
    ]
    assert Path(server.out / "current").is_symlink()
