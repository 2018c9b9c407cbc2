"""Where an option's value comes from: command line, variable, configuration file, default."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.engine import one_core

NEEDED = ("--events", "e", "--households", "h", "--rules", "r", "--out", "o")
CONFIG = """\
grace_days = 1
households = "names.csv"

[run]
grace_days = 2
as_of = 2024-03-31
rules = ["books", "/etc/local.toml"]
"""


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "etc"
    folder.mkdir()
    path = folder / "worker.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def asked(cli, worker, *words, **variables):
    result = cli("run", *words, **variables)
    assert result.exit_code == 0, result.stderr
    return worker.asked[-1]


def test_defaults_are_the_contracts(cli, worker):
    options = asked(cli, worker, *NEEDED)
    assert (options.grace_days, options.max_reject_rate, options.keep) == (15, 0.05, 8)
    assert (options.as_of, options.villages) == (None, None)
    assert options.out == Path("o")


def test_the_file_gives_what_nothing_else_gives(cli, worker, config):
    options = asked(cli, worker, "--config", config, "--events", "e", "--out", "o")
    assert options.grace_days == 2, "the command's own table wins over the top of the file"
    assert options.as_of == date(2024, 3, 31)


def test_paths_of_the_file_are_relative_to_its_folder(cli, worker, config):
    options = asked(cli, worker, "--config", config, "--events", "e", "--out", "o")
    assert options.households == str(config.parent / "names.csv")
    assert options.rules == (str(config.parent / "books"), "/etc/local.toml")
    assert options.events == "e", "a path of the command line stays as it is"


def test_a_variable_wins_over_the_file(cli, worker, config):
    options = asked(cli, worker, "--config", config, "--events", "e", "--out", "o", JIFEN_GRACE_DAYS="3")
    assert options.grace_days == 3


def test_the_command_line_wins_over_all(cli, worker, config):
    words = ("--config", config, *NEEDED, "--grace-days", "4")
    assert asked(cli, worker, *words, JIFEN_GRACE_DAYS="3").grace_days == 4


def test_variables_alone_are_enough(cli, worker):
    options = asked(
        cli,
        worker,
        JIFEN_EVENTS="e",
        JIFEN_HOUSEHOLDS="h",
        JIFEN_RULES="a.toml:b",
        JIFEN_OUT="o",
        JIFEN_AS_OF="2024-06-30",
    )
    assert options.rules == ("a.toml", "b")
    assert options.as_of == date(2024, 6, 30)


@pytest.mark.usefixtures("worker")
def test_a_switch_too_has_a_variable_and_a_key(cli, tmp_path):
    (tmp_path / "c.toml").write_text("json = true", encoding="utf-8")
    assert cli("run", *NEEDED, JIFEN_JSON="1").stdout.startswith("{")
    assert cli("run", *NEEDED, "--config", "c.toml").stdout.startswith("{")
    assert not cli("run", *NEEDED, "--config", "c.toml", JIFEN_JSON="0").stdout.startswith("{")


def test_config_may_stand_before_the_command_or_in_a_variable(cli, worker, config):
    before = cli("--config", config, "run", "--events", "e", "--out", "o")
    variable = cli("run", "--events", "e", "--out", "o", JIFEN_CONFIG=str(config))
    assert (before.exit_code, variable.exit_code) == (0, 0)
    assert worker.asked[0] == worker.asked[1]
    assert worker.asked[0].grace_days == 2


@pytest.mark.usefixtures("worker")
def test_the_command_lines_config_wins_over_the_variables(cli, config):
    words = ("--config", config, "run", "--events", "e", "--out", "o")
    assert cli(*words, JIFEN_CONFIG="missing.toml").exit_code == 0


def test_a_group_members_table_is_named_as_it_is_called(cli, tmp_path):
    (tmp_path / "c.toml").write_text('["rules show"]\nrules = "nowhere"\n', encoding="utf-8")
    result = cli("rules", "show", "--config", "c.toml")
    assert result.exit_code == 3, "the path was taken from the file, and found missing"
    assert "nowhere" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keep = 8\n[synth]\nseed = 1\n[run]\nkeep = 0", ["c.toml, line 5", "keep"]),
        ("grase_days = 1", ["c.toml, line 1", "'grase_days'", "'grace_days'"]),
        ("keep = 8\n\n[run]\nevent = 'e'", ["c.toml, line 4", "'event'", "'events'"]),
        ("[rum]\nkeep = 8", ["c.toml, line 1", "'rum'", "'run'"]),
        ("run.keep = 1\nrun.top = -1", ["c.toml, line 2", "top"]),
        ('"grace_days" = 1\n[ "run" ]\n"keep" = 0', ["c.toml, line 3", "keep"]),
        ('rules = ["""\nkeep = 9"""]\nkeep = 0', ["c.toml, line 3", "keep"]),
        ("[synth]\ngrace_days = 1", ["c.toml, line 2", "'grace_days'"]),
        ("grace_days = true", ["c.toml, line 1", "grace_days", "from 0 to 3660"]),
        ("grace_days = -1", ["c.toml, line 1", "grace_days", "from 0 to 3660"]),
        ("keep = 1.5", ["c.toml, line 1", "keep", "whole number"]),
        ("max_reject_rate = nan", ["c.toml, line 1", "max_reject_rate", "from 0 to 1"]),
        ("as_of = 2024-06-30T00:00:00", ["c.toml, line 1", "as_of", "2024-06-30"]),
        ("\n\nevents = 3", ["c.toml, line 3", "events", "quotes"]),
        ("events = ['a', 'b']", ["c.toml, line 1", "events", "without brackets"]),
        ("json = 'yes'", ["c.toml, line 1", "json", "true or false"]),
        ("config = 'other.toml'", ["c.toml, line 1", "'config'"]),
        ("keep = \n", ["c.toml", "not TOML", "line 1"]),
        ("keep = 1\nkeep = 2\n", ["c.toml", "not TOML", "line 2"]),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(cli, worker, tmp_path, text, said):
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    result = cli("run", "--config", "c.toml", *NEEDED)
    assert result.exit_code == 2
    assert [word for word in said if word not in result.stderr] == []
    assert "Traceback" not in result.stderr
    assert worker.asked == []


@pytest.mark.parametrize("key", ["households = 'h.csv'", "households = 30", "villages = 'v.csv'"])
def test_a_key_at_the_top_serves_whichever_commands_take_it(cli, tmp_path, key):
    """`households` is a file to `run` and a number to `synth`; neither is the business of `current`."""
    (tmp_path / "c.toml").write_text(key, encoding="utf-8")
    result = cli("current", "--config", "c.toml", "--out", "nowhere")
    assert result.exit_code == 3, "the file was taken, and the output folder found missing"


def test_a_key_at_the_top_that_no_command_takes_is_refused(cli, tmp_path):
    (tmp_path / "c.toml").write_text("households = true", encoding="utf-8")
    result = cli("current", "--config", "c.toml", "--out", "nowhere")
    assert result.exit_code == 2
    assert "c.toml, line 1: households" in result.stderr


def test_keys_and_variables_are_named_as_their_options():
    """Else one name would be two things: `--village` of one command, `--villages` of another."""
    options = [
        option
        for _, command in all_commands(program, click.Context(program))
        for option in command.params
        if isinstance(option, click.Option)
    ]
    misnamed = [one for one in options if one.name != one.opts[0].removeprefix("--").replace("-", "_")]
    assert misnamed == []


@pytest.mark.parametrize("comments", ["as shipped", "with what it comments out"])
def test_the_shipped_example_holds_only_known_keys(cli, worker, tmp_path, monkeypatch, comments):
    # The double's run is in no folder, so that there is nothing to list.
    monkeypatch.setattr(
        "jifen_batch.desk.worklist.page.worklists", lambda *_, **__: SimpleNamespace(folder="lists")
    )
    text = (Path(__file__).parents[2] / "configs" / "worker.toml").read_text(encoding="utf-8")
    if comments != "as shipped":
        text, count = re.subn(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
        assert count > 10
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    options = asked(cli, worker, "--config", "c.toml")
    assert options.rules == ("rules",)
    assert options.as_of == (None if comments == "as shipped" else date(2024, 6, 30))


def test_the_shipped_example_has_every_option_of_the_nightly_job():
    """Given or commented out, so that nobody has to look for one."""
    text = (Path(__file__).parents[2] / "configs" / "worker.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([a-z_]+) = ", text, flags=re.MULTILINE))
    run = dict(all_commands(program, click.Context(program)))["run"]
    options = {one.name for one in run.params if isinstance(one, click.Option)}
    assert options - named == {"config", "dry_run", "json", "language"}


def test_a_missing_file_is_wrong_usage(cli, worker):
    result = cli("run", "--config", "missing.toml", *NEEDED)
    assert result.exit_code == 2
    assert "missing.toml" in result.stderr
    assert worker.asked == []


def test_help_does_not_need_the_file(cli):
    assert cli("run", "--config", "missing.toml", "--help").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--grace-days", "-1"), "from 0 to 3660"),
        (("--grace-days", "3661"), "from 0 to 3660"),
        (("--grace-days", "１５"), "whole number"),
        (("--max-reject-rate", "nan"), "from 0 to 1"),
        (("--max-reject-rate", "1.01"), "from 0 to 1"),
        (("--max-reject-rate", "five"), "from 0 to 1"),
        (("--as-of", "30.6.2024"), "2024-06-30"),
        (("--as-of", "2024-02-30"), "2024-06-30"),
        (("--as-of", "20240630"), "2024-06-30"),
        (("--as-of", "1999-12-31"), "2000-01-01"),
        (("--events", "again"), "--events is given twice"),
        (("--rules", "./r"), "twice"),
        (("--top", "x"), "whole number"),
        (("--no-such",), "--no-such"),
    ],
)
def test_wrong_options_are_wrong_usage(cli, worker, words, said):
    result = cli("run", *NEEDED, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert worker.asked == []


def test_config_given_before_and_after_the_command_is_wrong_usage(cli, config):
    result = cli("--config", config, "run", "--config", config)
    assert result.exit_code == 2
    assert "--config is given twice" in result.stderr


def test_a_missing_option_is_named(cli, worker):
    result = cli("run", "--events", "e")
    assert result.exit_code == 2
    assert "--households" in result.stderr
    assert worker.asked == []


@pytest.mark.parametrize(
    ("written", "size"),
    [("2GiB", 2 << 30), ("1.5 GiB", 3 << 29), ("1024MiB", 1 << 30), ("2GB", None), ("1MiB", None)],
)
def test_memory_is_an_amount_with_its_unit(cli, worker, written, size):
    if size is None:
        ended = cli("run", *NEEDED, "--memory", written)
        assert (ended.exit_code, "write it as 2GiB" in ended.stderr) == (2, True)
    else:
        assert asked(cli, worker, *NEEDED, "--memory", written).memory == size


@pytest.fixture
def stays(monkeypatch, tmp_path):
    """A list that is not empty once the process is held to a core; there is little to read."""
    told = []
    monkeypatch.setattr(one_core, "stay", lambda: told.append(one_core))
    monkeypatch.chdir(tmp_path)
    for name in ("e", "h"):
        (tmp_path / name).write_bytes(b"little")
    return told


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_a_short_night_stays_on_its_core(cli, stays, words):
    cli("run", *NEEDED, *words)
    assert stays


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "words",
    [
        ("--workers", "here:2"),
        ("--workers", "dask+tls://head:8786", "--shuffle", "shared"),
        ("--worklists", "lists"),
        ("--villages", "missing"),
    ],
)
def test_no_night_stays_that_has_more_to_do_or_is_told_who_works(cli, stays, words):
    cli("run", *NEEDED, *words)
    assert not stays


def test_who_works_is_handed_on(cli, worker):
    assert asked(cli, worker, *NEEDED).workers == "here"
    words = ("--workers", "dask+tls://head:8786", "--shuffle", "shared")
    options = asked(cli, worker, *NEEDED, *words)
    assert (options.workers, options.shuffle) == ("dask+tls://head:8786", Path("shared"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--workers", "spark"], "need --shuffle"),
        (["--shuffle", "shared"], "--shuffle is for workers on other machines"),
        (["--workers", "here:0"], "is none of here"),
        (["--workers", "dask+tcp://10.0.0.1:8786"], "must be tls://"),
        (["--workers", "spark", "--shuffle", "o/shuffle"], "lies in the folder of --out"),
        (["--workers", "spark", "--shuffle", "./e"], "lies in the folder of --events"),
        (
            ["--redemptions", "r", "--prices", "p", "--workers", "spark", "--shuffle", "p/shuffle"],
            "lies in the folder of --prices",
        ),
    ],
)
def test_who_works_is_refused_where_it_does_not_go_together(cli, worker, words, sentence):
    result = cli("run", *NEEDED, *words)
    assert result.exit_code == 2
    assert sentence in result.stderr.replace("\n", " ")
    assert worker.asked == []
