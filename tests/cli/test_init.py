"""`init` lays out what `run` asks for, from a checkout and from a wheel; `docs` says where the pages lie."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from jifen_batch import starter
from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ask(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*words):
        return CliRunner().invoke(program, words)

    return call


def test_a_new_folder_runs_as_it_is_and_has_every_sheet_that_can_be_filled_in(ask):
    assert ask("init", "village").exit_code == 0
    ended = ask("run", "--config", "village/worker.toml", "--json")
    assert ended.exit_code == 0, ended.output
    assert ask("verify", "--config", "village/worker.toml").exit_code == 0
    for name, table in starter.SHEETS.items():
        header = Path("village", name).read_text(encoding="utf-8-sig").splitlines()
        assert header == [",".join(table.names)]


@pytest.mark.parametrize("words", [(), ("--example",)])
def test_nothing_that_it_lays_out_is_passed_over_and_what_is_there_to_copy_from_lies_apart(ask, words):
    assert ask("init", "village", *words).exit_code == 0
    ended = ask("run", "--config", "village/worker.toml", "--as-of", "2024-07-20")
    manifest = json.loads(Path("village/out/current/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["passed_over"], "passed over" in ended.stderr) == ([], False)
    shipped = {
        name: sorted(path.name for path in (ROOT / "configs" / "rules" / name).iterdir())
        for name in ("readings", "schemes")
    }
    laid_out = {name: sorted(path.name for path in Path("village", name).iterdir()) for name in shipped}
    assert laid_out == shipped


def test_the_example_scores_every_household_of_the_fixture_village(ask):
    assert ask("init", "village", "--example").exit_code == 0
    ended = ask("run", "--config", "village/worker.toml", "--as-of", "2024-07-20")
    assert ended.exit_code == 0, ended.output
    manifest = json.loads(Path("village/out/current/manifest.json").read_text(encoding="utf-8"))
    lines = (ROOT / "tests" / "fixture" / "expected_ledger.csv").read_text(encoding="utf-8").splitlines()
    assert sum(one["lines"] for one in manifest["control_totals"]["dispositions"].values()) == len(lines) - 1


@pytest.mark.parametrize("there", ["a file in it", "a file of that name"])
def test_what_is_there_already_is_left_alone(ask, there):
    if there == "a file in it":
        Path("village").mkdir()
        Path("village/notes.txt").write_text("ours")
    else:
        Path("village").write_text("ours")
    ended = ask("init", "village")
    assert ended.exit_code == 2
    assert "it holds something already" in ended.output
    assert [path.name for path in Path("village").glob("*")] in ([], ["notes.txt"])


def test_the_pages_are_named_where_they_are_built_and_else_it_says_how(ask, monkeypatch, tmp_path):
    monkeypatch.setattr(starter, "SITE", tmp_path / "site")
    ended = ask("docs")
    assert ended.exit_code == 3
    assert "make docs" in ended.output
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<title>jifen-batch</title>")
    assert ask("docs").output.strip() == str(tmp_path / "site" / "index.html")


def test_the_wheel_has_what_init_lays_out(tmp_path):
    # Built in a copy: a build leaves its traces beside the sources.
    source = tmp_path / "source"
    for name in ("src", "configs", "fixtures"):
        shutil.copytree(
            ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("site", "__pycache__")
        )
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name.partition("starter/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    wanted = {f"configs/{path.relative_to(starter.CONFIGS)}" for path in starter.CONFIGS.rglob("*.toml")}
    wanted |= {
        f"fixtures/{path.relative_to(starter.EXAMPLE)}" for path in starter.EXAMPLE.glob("events/*.csv")
    }
    assert wanted - inside == set()
    assert len(wanted) > 15
