"""The operators' pages: their commands restore what they say, their names are those of the code."""

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

OPERATOR = Path(__file__).parents[2] / "docs" / "operator"
both = pytest.mark.parametrize("language", ["en", "zh"])


def page(name, language):
    """A page's text."""
    return (OPERATOR / f"{name}.{language}.md").read_text(encoding="utf-8")


def blocks(name, language, kind):
    """The fenced blocks of a kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(name, language), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", ["install", "nightly", "alerts", "restore"])
def test_both_languages_show_the_same_commands_and_files(name):
    for kind in ("sh", "yaml", "ini", "cron"):
        assert blocks(name, "en", kind) == blocks(name, "zh", kind)
    assert [count for kind in ("sh", "yaml", "ini") if (count := len(blocks(name, "en", kind)))]


@both
def test_the_rules_for_alerts_ask_for_figures_that_are_written(language, tmp_path):
    nightly, weekly = tmp_path / "night.prom", tmp_path / "week.prom"
    figures = {"rows": 1, "lines": 1, "rejects": 0, "peak_memory_bytes": 1, "outcome": "published"}
    metrics.write(str(nightly), "run", figures, 1.0, 0)
    metrics.write(str(weekly), "reconcile", {"open_breaks": 0, "breaks": 0, "keys": 1}, 1.0, 0)
    text = nightly.read_text(encoding="utf-8") + weekly.read_text(encoding="utf-8")
    written = set(re.findall(r"^(jifen_batch_\w+)[ {]", text, re.MULTILINE))
    (rules,) = blocks("alerts", language, "yaml")
    asked = set(re.findall(r"jifen_batch_\w+", rules))
    assert len(asked) > 5
    assert asked <= written
    assert written == set(re.findall(r"^\| `(jifen_batch_\w+)`", page("alerts", language), re.MULTILINE))


@both
def test_every_exit_code_has_its_row_of_how_soon_and_who(language):
    urgent = page("exit-codes", language).split("\n## ")[1]
    named = re.findall(
        r"`(\d+)`", "".join(row.split("|")[1] for row in urgent.splitlines() if row[:2] == "| ")
    )
    assert {int(one) for one in named} == {end.code for end in ENDS.values()}


@both
def test_the_fields_of_the_log_line_are_those_of_real_ones(language):
    log = page("nightly", language).rpartition("\n## ")[2]
    named = set(re.findall(r"^\| `(\w+)` \|", log, re.MULTILINE))
    said = {name for end in ENDS.values() for name in end.line if end.line.get("event", "run") == "run"}
    plain = {"timestamp", "level", "event", "error", "sentence", "seconds", "peak_memory_bytes"}
    plain |= {"exit_code"}
    of_8_and_9 = {"edits", "accept_rules", "losses", "vanished_years", "accept_loss", "unregistered"}
    of_8_and_9 |= {"by_input", "gone_quarters", "taken_back"}
    assert named == (said | plain | of_8_and_9) - {"kind"}


@pytest.fixture
def server(town, tmp_path, monkeypatch):
    """Runs a block of the page, by this user, where /srv is a folder of the test."""
    (tmp_path / "srv" / "backup" / "jifen").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    shutil.move(town.out, tmp_path / "srv" / "jifen-out")
    (tmp_path / "srv" / "jifen").mkdir()
    shutil.move(tmp_path / "srv" / "jifen-out", tmp_path / "srv" / "jifen" / "out")
    told = {name.removeprefix("--"): f'"{place}"' for name, place in town.inputs().items()}
    lines = [f'out = "{tmp_path / "srv" / "jifen" / "out"}"', "[run]", "as_of = 2024-07-20"]
    lines += [f"{name} = {f'[{place}]' if name == 'rules' else place}" for name, place in told.items()]
    (tmp_path / "srv" / "jifen" / "worker.toml").write_text("\n".join(lines), encoding="utf-8")
    command = tmp_path / "bin" / "jifen-batch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jifen_batch "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")

    def run(block):
        here = block.replace("/srv/", f"{tmp_path}/srv/")
        here = here.replace("sudo -u jifen ", "").replace("-o jifen -g jifen ", "")
        done = subprocess.run(["/bin/sh", "-ec", here], check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.out = tmp_path / "srv" / "jifen" / "out"
    return run


def test_what_is_damaged_is_restored_as_the_page_says(server):
    keep, quarter, last_run, everything = blocks("restore", "en", "sh")
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
