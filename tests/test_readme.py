"""Both READMEs say what the code says: schemas, options, codes, words, and the output of its commands."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import polars as pl
import pytest
from click.testing import CliRunner

import test_agreement
from faults.test_faults import FAULTS
from jifen_batch import errors, rules, tables
from jifen_batch.cli import metrics
from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.inputs.accepted_breaks import EntryForm
from jifen_batch.inputs.mapping import FileForm
from jifen_batch.notices import breaks, comparison, words
from jifen_batch.rules.model import REQUIRED_OF_ITEM, Item
from jifen_batch.tables import announced, compared, impact, statement, wallets

ROOT = Path(__file__).parents[1]
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
ENGLISH, CHINESE = READMES
KINDS = {
    pl.String: "text",
    pl.Int32: "int32",
    pl.Int64: "int64",
    pl.Date: "date",
    pl.Datetime: "timestamp[us]",
    pl.Boolean: "bool",
}
# Where a table begins with all columns of another, one row stands for them.
AS_EVENTS = ("`event_id` … `decision_id`", "`events`", "yes")
AS_LEDGER = ("`town_id` … `book`", "`ledger`", "")
BEGIN_ALIKE = {AS_EVENTS: tables.EVENTS, AS_LEDGER: tables.LEDGER}
# Every table that is written to a file or read from one, by the marker before it.
SCHEMAS = {
    **{schema.name: schema for schema in (tables.EVENTS, tables.HOUSEHOLDS, tables.VILLAGES)},
    **{schema.name: schema for schema in tables.OUTPUTS if schema is not tables.REGISTER},
    "announced announcement": announced.ANNOUNCEMENT,
    "announced corrections": announced.CORRECTIONS,
    "impact": impact.IMPACT,
    "attributed": compared.ATTRIBUTED,
    "statement": statement.STATEMENT,
    "breaks": statement.JUDGED_BREAKS,
    "redemptions": wallets.REDEMPTIONS,
    "wallets": wallets.WALLETS,
}
IN_CHINESE = {
    "needed": "必填",
    "today in Shanghai": "上海的今天",
    "by what the machine has free": "视机器空闲内存而定",
}
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
    for alike, other in BEGIN_ALIKE.items():
        if schema is not other and schema.names[: len(other.names)] == other.names:
            rows = [(*alike, ""), *rows[len(other.names) :]]
    return rows


@both
@pytest.mark.parametrize("marker", SCHEMAS)
def test_schemas_are_those_of_the_code(readme, marker):
    written = table(readme, f"table {marker}")
    expected = columns(SCHEMAS[marker])
    assert [row[:3] for row in written] == [row[:3] for row in expected]
    assert all(row[3] for row in written)
    if readme == ENGLISH:
        own = [row[3] for row in written if row[:3] not in BEGIN_ALIKE]
        assert own == [row[3] for row in expected if row[3]]


@both
def test_every_table_has_its_schema_once_and_those_said_to_be_alike_are(readme):
    assert sorted(re.findall("<!-- table (.*) -->", READMES[readme])) == sorted(SCHEMAS)
    assert tables.REGISTER.columns == tables.HOUSEHOLDS.columns
    assert announced.LINES.columns == tables.LEDGER.columns
    assert announced.ANNOUNCED_STANDINGS.columns == tables.STANDINGS.columns


@both
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dispositions", words.DISPOSITIONS),
        ("reject reasons", words.REJECT_REASONS),
        ("states", words.STATES),
        ("causes compare", comparison.CAUSES),
        ("whats compare", comparison.WHATS),
        ("outcomes reconcile", breaks.OUTCOMES),
        ("causes reconcile", breaks.CAUSES),
        ("acceptances reconcile", breaks.ACCEPTANCES),
    ],
)
def test_lists_of_words_are_those_of_the_code(readme, name, said):
    none = "空" if readme == CHINESE else "null"
    expected = [(f"`{code}`" if code else none, word) for code, word in said.items()]
    written = table(readme, name)
    assert [row[:2] for row in written] == expected
    assert all(row[2] for row in written)


def test_causes_of_a_comparison_mean_what_the_code_says():
    meant = [(f"`{cause}`", meaning) for cause, meaning in compared.CAUSES.items()]
    assert [(row[0], row[2]) for row in table(ENGLISH, "causes compare")] == meant


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
def test_metrics_are_those_of_the_code(readme, tmp_path):
    path = tmp_path / "night.prom"
    figures = {"rows": 1, "lines": 1, "rejects": 0, "peak_memory_bytes": 1, "outcome": "published"}
    metrics.write(str(path), metrics.RUN, figures, 1.0, 0)
    metrics.write(str(path), metrics.RECONCILE, {"open_breaks": 0, "breaks": 0, "keys": 1}, 1.0, 0)
    names = re.findall(r"^# TYPE jifen_batch_(\w+) gauge$", path.read_text("utf-8"), re.MULTILINE)
    assert sorted(row[0] for row in table(readme, "metrics")) == sorted(f"`{name}`" for name in names)
    assert all(row[1] for row in table(readme, "metrics"))


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


@both
@pytest.mark.parametrize(("name", "form"), [("mapping file", FileForm), ("accepted", EntryForm)])
def test_fields_of_small_files_are_those_of_the_code(readme, name, form):
    written = table(readme, f"fields {name}")
    assert [row[0] for row in written] == [f"`{field}`" for field in form.model_fields]
    needed = [row[0].strip("`") for row in written if "needed" in row[1] or "必填" in row[1]]
    assert needed == [field for field, told in form.model_fields.items() if told.is_required()]


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
    """What `make run` does: the folder of its run, what it printed, what it logged."""
    made = re.search(r"^run:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    out = tmp_path_factory.mktemp("out") / "town"
    printed, logged = "", ""
    for line in made[1].replace("\\\n", " ").splitlines():
        said = shlex.split(line)
        said[said.index("--out") + 1] = str(out)
        command = [sys.executable, "-m", "jifen_batch", *said[1:]]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        printed, logged = printed + ended.stdout, logged + ended.stderr
    return out, printed, logged


@both
def test_make_run_prints_what_stands_there_in_that_order(readme, published):
    shown = next(block for block in blocks(readme, "console") if block.startswith("$ make run"))
    lines = [line.rstrip() for line in shown.splitlines()[1:] if line.strip()]
    kept = [line for line in lines if not OF_ONE_RUN.search(line)]
    assert len(kept) > 40
    printed = iter(published[1].splitlines())
    assert [line for line in kept if line not in printed] == []


def of_all_runs(line):
    """A line of output without what is true of one run only."""
    if not line.startswith("{"):
        return line.rstrip()
    return {key: value for key, value in json.loads(line).items() if key != "timestamp"}


def other_system(out):
    """Another system's sheet of 2023: ours, but for what such systems get wrong."""
    wrong = {("ZL-01", "美亮村宅"): 25, ("TH-04", "文明新风"): 60}
    theirs = {
        category: word for word, category in tomllib.loads(toml("[file]"))["values"]["category"].items()
    }
    balances = pl.read_parquet(out / "current" / "balances").filter(pl.col("scoring_year") == 2023)
    rows = [
        (household, theirs[category], net + wrong.get((household, category), 0))
        for household, category, net in balances.select("household_id", "category", "net").iter_rows()
    ]
    rows = [*rows, rows[3], ("TH-88", "议事类", 60)]
    sheet = [("户编号", "年度", "类别", "积分")] + [(who, "2023年", what, net) for who, what, net in rows]
    sheet.append(("合计", "", "", sum(net for _, _, net in rows)))
    return "\r\n".join(",".join(map(str, row)) for row in sheet).encode("gb18030")


def toml(begins):
    """The one TOML block of the README that begins so."""
    (found,) = [block for block in blocks(ENGLISH, "toml") if block.startswith(begins)]
    return found


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A command of the README run where its examples are: the fixture village, announced up to 2023Q4."""
    monkeypatch.chdir(tmp_path)
    for name in ("configs", "fixtures"):
        Path(name).symlink_to(ROOT / name)
    for name, begins in (("town", 'out = "out/'), ("mapping", "[file]"), ("accepted", "[[accepted]]")):
        Path(f"{name}.toml").write_text(toml(begins), encoding="utf-8")
    shutil.copytree("fixtures/rules", "edited")
    shutil.copy("configs/rules/baoshan-2023.toml", "edited")
    edits = {"qingxi": ("flood = 30", "flood = 20"), "shiqiao": ("\npoints = 20\n", "\npoints = 15\n")}
    for book, (was, now) in edits.items():
        path = Path(f"edited/{book}-2023.toml")
        text = path.read_text(encoding="utf-8")
        assert text.count(was) == 1
        path.write_text(text.replace(was, now), encoding="utf-8")
    shutil.copytree("fixtures/events", "cut")
    rows = Path("cut/2024.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("cut/2024.csv").write_text("".join(rows[:170]), encoding="utf-8")

    def run(command):
        words = shlex.split(command)
        ended = CliRunner().invoke(program, words[1:], env={"JIFEN_CONFIG": "town.toml"})
        assert ended.exit_code in {0, 4, 8, 9}, ended.output
        return [of_all_runs(line) for line in ended.output.splitlines()]

    days = {"2023-07-16": ["2023Q1", "2023Q2"], "2023-10-16": ["2023Q3"], "2024-01-16": ["2023Q4"]}
    for day, quarters in days.items():
        run(f"jifen-batch run --as-of {day}")
        for quarter in quarters:
            run(f"jifen-batch announce --quarter {quarter}")
    run("jifen-batch run")
    Path("other.csv").write_bytes(other_system(Path("out/fixtures")))
    return run


RECONCILE = "jifen-batch reconcile --statement other.csv --mapping mapping.toml --accepted accepted.toml"


def spoil(out):
    """A byte too many in a file of the current run, and a file of an announcement is gone."""
    balances = out / "current" / "balances" / "part-00000.parquet"
    balances.write_bytes(balances.read_bytes() + b"x")
    (out / "announced" / "quarter=2023Q3" / "lines.parquet").unlink()


def test_examples_of_announcing_and_all_that_follows_print_what_stands_there(town):
    begin = READMES[ENGLISH].index("\n## A quarter is announced\n")
    shown = [block for block in blocks(ENGLISH, "console") if READMES[ENGLISH].index(block) > begin]
    examples = [block.splitlines() for block in shown if block.startswith("$ jifen-batch ")]
    assert len(examples) > 10
    for command, *lines in examples:
        if command == "$ jifen-batch verify":
            held = town(RECONCILE)
            spoil(Path("out/fixtures"))
        printed = iter(town(command.removeprefix("$ ")))
        kept = [of_all_runs(line) for line in lines if line not in {"", "…"}]
        assert [line for line in kept if line not in printed] == [], command
    assert "open_breaks 尚有 5 处差异待处理" in held


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
