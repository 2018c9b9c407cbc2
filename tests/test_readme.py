"""Both READMEs say what the code says: schemas, options, codes, words, and the output of its commands."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import polars as pl
import pytest

import test_agreement
from faults.test_faults import FAULTS
from jifen_batch import errors, rules, tables
from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.notices import words
from jifen_batch.rules.model import REQUIRED_OF_ITEM, Item

ROOT = Path(__file__).parents[1]
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
ENGLISH, CHINESE = READMES
KINDS = {
    pl.String: "text",
    pl.Int32: "int32",
    pl.Int64: "int64",
    pl.Date: "date",
    pl.Datetime: "timestamp[us]",
}
AS_EVENTS = ("`event_id` … `decision_id`", "`events`", "yes")
IN_CHINESE = {"needed": "必填", "today in Shanghai": "上海的今天"}
# What is true of one run only: where it lay, who it was, how long it took.
OF_ONE_RUN = re.compile(r"…|folder|结果文件|run_id|内存峰值|^ *\w+ +\d+\.\d{3} |^make|^\{")

both = pytest.mark.parametrize("readme", READMES)


def table(readme, name):
    """Cells of the rows of the table that follows a marker."""
    after = READMES[readme].split(f"<!-- {name} -->\n", 1)[1]
    lines = after.split("\n\n", 1)[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]


def blocks(readme, kind):
    """The fenced blocks of a kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", READMES[readme], re.DOTALL | re.MULTILINE)


def columns(schema):
    """Name, type and null of each column; those of events, as read, in one row."""
    rows = [
        (f"`{one.name}`", KINDS[type(one.dtype)], "yes" if one.nullable else "", one.meaning)
        for one in schema
    ]
    if schema.names[: len(tables.EVENTS.names)] == tables.EVENTS.names and schema is not tables.EVENTS:
        rows = [(*AS_EVENTS, ""), *rows[len(tables.EVENTS.names) :]]
    return rows


@both
@pytest.mark.parametrize(
    "schema",
    [tables.EVENTS, tables.HOUSEHOLDS, tables.VILLAGES, *tables.OUTPUTS],
    ids=lambda schema: schema.name,
)
def test_schemas_are_those_of_the_code(readme, schema):
    if schema is tables.REGISTER:
        assert "<!-- table register -->" not in READMES[readme]
        assert schema.columns == tables.HOUSEHOLDS.columns
        return
    written = table(readme, f"table {schema.name}")
    expected = columns(schema)
    assert [row[:3] for row in written] == [row[:3] for row in expected]
    assert all(row[3] for row in written)
    if readme == ENGLISH:
        assert [row[3] for row in written if row[:3] != AS_EVENTS] == [row[3] for row in expected if row[3]]


@both
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dispositions", words.DISPOSITIONS),
        ("reject reasons", words.REJECT_REASONS),
        ("states", words.STATES),
    ],
)
def test_lists_of_words_are_those_of_the_code(readme, name, said):
    assert [row[:2] for row in table(readme, name)] == [(f"`{code}`", word) for code, word in said.items()]


def shown_default(option, readme):
    """What an option is when nobody gives it, as the README writes it."""
    in_words = re.search(r"\[default: (.*)\]", option.help)
    if option.required or in_words:
        word = "needed" if option.required else in_words[1]
        return IN_CHINESE[word] if readme == CHINESE else word
    # A new release of click has an object for "none given", an older one has None.
    given = option.default if isinstance(option.default, int | float | str) else None
    return "" if given is None or given is False else f"`{given}`"


@both
def test_options_of_run_are_those_of_the_code(readme):
    context = click.Context(program)
    command = dict(all_commands(program, context))["run"]
    options = [one for one in command.params if isinstance(one, click.Option)]
    expected = [
        (f"`{one.opts[0]}`", shown_default(one, readme), re.sub(r"  \[.*", "", one.help)) for one in options
    ]
    written = table(readme, "options run")
    assert [row[:2] for row in written] == [row[:2] for row in expected]
    assert all(row[2] for row in written)
    if readme == ENGLISH:
        assert [row[2] for row in written] == [row[2] for row in expected]


@both
def test_commands_and_their_options_are_those_of_the_code(readme):
    shared = {"config", "log_level", "json"}
    expected = []
    for name, command in all_commands(program, click.Context(program)):
        own = [one for one in command.params if one.name not in shared]
        said = [one.opts[0] if isinstance(one, click.Option) else one.metavar for one in own]
        expected.append((f"`{' '.join([name, *said])}`",))
    assert [row[:1] for row in table(readme, "commands")] == expected


@both
def test_fields_of_an_item_are_those_of_the_rule_files(readme):
    written = table(readme, "fields item")
    assert [row[0] for row in written] == [f"`{name}`" for name in Item.model_fields]
    needed = [row[0].strip("`") for row in written if "needed" in row[1] or "必填" in row[1]]
    assert sorted(needed) == sorted(REQUIRED_OF_ITEM)


def codes_raised(error=errors.JifenError):
    """Exit codes of an error and of all its kinds."""
    return {int(error.exit_code)}.union(*(codes_raised(kind) for kind in error.__subclasses__()))


@both
def test_exit_codes_are_those_of_the_code(readme):
    written = [row[0].strip("`") for row in table(readme, "exit codes")]
    assert written == [*(str(int(code)) for code in errors.ExitCode), "128+N"]


def test_every_exit_code_is_reached():
    # A run that is done, and one that published but held an edit back, raise nothing.
    raised_by_none = {errors.ExitCode.DONE, errors.ExitCode.HELD_BACK}
    assert raised_by_none | codes_raised() == {*errors.ExitCode}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The run of `make run`: its folder, what it printed, what it logged."""
    made = re.search(r"^run:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    said = shlex.split(made[1].replace("\\\n", " "))
    out = tmp_path_factory.mktemp("out") / "town"
    arguments = [*said[1 : said.index("--out")], "--out", str(out), *said[said.index("--out") + 2 :]]
    command = [sys.executable, "-m", "jifen_batch", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return out, ended.stdout, ended.stderr


@both
def test_make_run_prints_what_stands_there_in_that_order(readme, published):
    shown = next(block for block in blocks(readme, "console") if block.startswith("$ make run"))
    lines = [line.rstrip() for line in shown.splitlines()[1:] if line.strip()]
    kept = [line for line in lines if not OF_ONE_RUN.search(line)]
    assert len(kept) > 40
    printed = iter(published[1].splitlines())
    assert [line for line in kept if line not in printed] == []


@both
def test_the_log_line_has_the_keys_of_a_real_one(readme, published):
    logged = json.loads(published[2].splitlines()[-1])
    (shown,) = [json.loads(block) for block in blocks(readme, "json")]
    assert list(shown) == list(logged)
    told = {"rows", "lines", "rejects", "as_of", "outcome", "exit_code"}
    assert {key: shown[key] for key in told} == {key: logged[key] for key in told}


@both
def test_snippets_for_readers_run_and_print_what_stands_below(readme, published):
    snippets = blocks(readme, "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for snippet in snippets:
            exec(snippet.replace("/srv/jifen/out", str(published[0])), {})  # noqa: S102 - the README's own
    promised = [line[2:] for snippet in snippets for line in snippet.splitlines() if line.startswith("# ")]
    assert len(promised) > 5
    assert printed.getvalue().splitlines() == promised


@both
def test_the_rule_book_by_example_is_complained_of_as_it_says_and_then_accepted(
    readme, tmp_path, monkeypatch
):
    wrong, right = blocks(readme, "toml")[:2]
    shown = next(
        block for block in blocks(readme, "console") if block.startswith("$ jifen-batch rules check")
    )
    monkeypatch.chdir(tmp_path)
    base = ROOT / "configs" / "rules" / "baoshan-2023.toml"
    Path("library.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(errors.RulesRefusedError) as refused:
        rules.load([base, Path("library.toml")])
    assert shown.splitlines()[1:] == [*map(str, refused.value.complaints)]
    Path("library.toml").write_text(right, encoding="utf-8")
    book = rules.load([base, Path("library.toml")]).show(2024, village="990113101201")
    assert book["book"]["id"] == "library-2024"


@both
def test_counts_of_what_is_tried_are_those_of_the_tests(readme):
    villages = int(test_agreement.LAST) - int(test_agreement.FIRST)
    laws = (ROOT / "tests" / "test_laws.py").read_text(encoding="utf-8")
    examples = int(re.search(r"max_examples=(\d+)", laws)[1])
    readings = len([*(ROOT / "configs" / "rules" / "readings").glob("*.toml")])
    lines = (
        len((ROOT / "tests" / "fixture" / "expected_ledger.csv").read_text(encoding="utf-8").splitlines()) - 1
    )
    counts = (len(FAULTS), villages, laws.count("\n@law\n"), examples, readings, lines)
    missing = [count for count in counts if f"**{count:,}**" not in READMES[readme]]
    assert missing == []


def test_both_readmes_show_the_same_blocks_and_sections():
    kinds = ("console", "toml", "python", "json", "ini", "cron")
    assert [blocks(ENGLISH, kind) for kind in kinds] == [blocks(CHINESE, kind) for kind in kinds]
    levels = [
        re.findall(r"^(#+) ", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
        for text in READMES.values()
    ]
    assert levels[0] == levels[1]


@both
def test_every_reading_and_every_file_that_is_named_is_there(readme):
    for name in re.findall(r"`((?:configs|fixtures|tests|src|benchmarks)/[\w./-]+)`", READMES[readme]):
        assert (ROOT / name).exists(), name
    readings = {path.stem for path in (ROOT / "configs" / "rules" / "readings").glob("*.toml")}
    assert readings - set(re.findall(r"`([\w-]+)`", READMES[readme])) == set()
