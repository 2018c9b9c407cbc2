"""The list of commands, and the commands that need no worker."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

import jifen_batch.published
from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.errors import InputRefusedError

BOOK = """\
[book]
id = "base"
title = "样张"
source = "附件"
first_year = 2023

[caps]
deliberation = 60

[[items]]
code = "deliberation.pledge"
row = 1
category = "村民议事"
task = "村民议事"
name = "承诺积极参加村民议事"
clause = "5分/月；每年最多60分"
points = 5
per = "month"
pledge = true
cap = "deliberation"

[[items]]
code = "deliberation.absence"
category = "村民议事"
task = "村民议事"
name = "村民议事出席"
points = -5
per = "event"
"""
LOCAL = """\
[book]
id = "haixing"
extends = "base"
scope = {villages = ["v1"]}

[[items]]
code = "deliberation.pledge"
points = 6
"""


@pytest.fixture
def books(tmp_path):
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "base.toml").write_text(BOOK, encoding="utf-8")
    (folder / "local.toml").write_text(LOCAL, encoding="utf-8")
    return folder


def test_help_lists_every_command(cli):
    shown = cli("--help").stdout
    for path, _ in all_commands(program, click.Context(program)):
        assert f"  {path.split()[0]} " in shown


def test_every_option_has_a_variable_and_the_shared_ones_are_everywhere():
    found = dict(all_commands(program, click.Context(program)))
    assert found.keys() >= {"run", "current", "rules check", "rules show", "rules schema", "synth"}
    for command in found.values():
        options = {option.name: option for option in command.params if option.param_type_name == "option"}
        assert options.keys() >= {"config", "log_level", "json"}
        assert all(option.envvar == f"JIFEN_{name.upper()}" for name, option in options.items())


def test_version(cli):
    assert cli("--version").stdout == f"jifen-batch {jifen_batch.__version__}\n"


@pytest.fixture
def published(monkeypatch):
    """A store whose output folder `o` has a run, and no other has."""

    def current(out):
        if out != Path("o"):
            raise InputRefusedError(f"{out}: nothing is published here; run first", "有误")
        return Path("/srv/o/runs/r1")

    double = SimpleNamespace(current_folder=current)
    monkeypatch.setitem(sys.modules, "jifen_batch.published.publish", double)
    monkeypatch.setattr(jifen_batch.published, "publish", double, raising=False)


@pytest.mark.usefixtures("published")
def test_current_prints_the_folder_alone(cli):
    assert cli("current", "--out", "o").stdout == "/srv/o/runs/r1\n"
    assert json.loads(cli("current", "--out", "o", "--json").stdout) == {
        "folder": "/srv/o/runs/r1",
        "run_id": "r1",
    }


@pytest.mark.usefixtures("published")
def test_current_without_a_run_is_refused(cli):
    result = cli("current", "--out", "empty")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "nothing is published" in result.stderr


def test_synth_hands_its_options_on(cli, monkeypatch):
    @dataclass
    class SynthReport:
        events: int
        folder: Path

    asked = []

    def generate(*options):
        asked.append(options)
        return SynthReport(7, Path("o"))

    double = SimpleNamespace(generate=generate)
    monkeypatch.setitem(sys.modules, "jifen_batch.synth", double)
    monkeypatch.setattr(jifen_batch, "synth", double, raising=False)
    words = ("synth", "--households", "100", "--years", "2", "--seed", "5", "--out", "o")
    assert "events: 7" in cli(*words).stdout
    assert json.loads(cli(*words, "--json").stdout) == {"events": 7, "folder": "o"}
    assert asked[0] == (100, 2, 5, Path("o"))
    assert cli("synth", "--households", "0", "--out", "o").exit_code == 2


def test_synth_writes_what_run_reads(cli, tmp_path):
    result = cli("synth", "--households", "20", "--out", "made", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["households"] == 20
    assert {path.name for path in (tmp_path / "made").iterdir()} >= {"events", "households.parquet"}


def test_rules_check_accepts_good_books(cli, books):
    result = cli("rules", "check", books)
    assert result.exit_code == 0, result.stderr
    assert "检查通过" in result.stdout
    said = json.loads(cli("rules", "check", books, "--json").stdout)
    assert [book["id"] for book in said["books"]] == ["base", "haixing"]
    assert said["complaints"] == []


def test_rules_check_prints_all_complaints(cli, books):
    (books / "base.toml").write_text(BOOK.replace("per = ", "pre = "), encoding="utf-8")
    result = cli("rules", "check", books)
    assert result.exit_code == 3
    lines = [json.loads(line)["event"] for line in result.stderr.splitlines()]
    assert len(lines) >= 2
    assert all(line.startswith(f"{books / 'base.toml'}:") for line in lines)
    said = json.loads(cli("rules", "check", books, "--json").stdout)
    assert said["exit_code"] == 3
    assert len(said["complaints"]) == len(lines)
    first = said["complaints"][0]
    assert first.keys() == {"file", "line", "problem", "remedy", "sentence"}
    code = "“deliberation.pledge”"
    assert first["problem"] == f"item {code} lacks per"
    assert f"事项 {code} 缺少 per; " in first["sentence"]["zh"]
    assert [one["sentence"]["en"] for one in said["complaints"]] == lines
    chinese = json.loads(cli("rules", "check", books, "--json", "--language", "zh").stdout)["complaints"]
    assert chinese[0] == first | {"problem": f"事项 {code} 缺少 per", "remedy": chinese[0]["remedy"]}
    assert chinese[0]["sentence"]["zh"].endswith(f"{chinese[0]['problem']}; {chinese[0]['remedy']}")


def test_rules_check_needs_a_path_and_each_once(cli, books):
    assert cli("rules", "check").exit_code == 2
    assert cli("rules", "check", books, books / ".").exit_code == 2
    assert cli("rules", "check", "nowhere").exit_code == 3


def test_rules_show_tells_what_a_village_changed(cli, books):
    shown = cli("rules", "show", "--rules", books, "--village", "v1", "--year", "2024").stdout
    for word in (
        "haixing",
        "6分/月",
        "5分/月；每年最多60分",
        "deliberation 60",
        "points：haixing",
        "承诺，按月计",
    ):
        assert word in shown, word
    base = cli("rules", "show", "--rules", books, "--year", "2024").stdout
    assert "haixing" not in base
    said = json.loads(
        cli("rules", "show", "--rules", books, "--village", "v1", "--year", "2024", "--json").stdout
    )
    assert said["book"]["id"] == "haixing"


def test_rules_show_says_where_no_book_covers(cli, books):
    result = cli("rules", "show", "--rules", books, "--year", "2022")
    assert result.exit_code == 3
    assert "no book covers" in result.stderr


def test_rules_schema_is_a_json_schema(cli):
    assert "properties" in json.loads(cli("rules", "schema").stdout)
