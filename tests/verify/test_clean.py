"""What the program itself publishes is clean, however odd the inputs: no false alarm."""

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import jifen_batch
import villages
from agreement import published
from announce.history import History
from jifen_batch.cli.program import program
from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.verify import verify
from jifen_batch.notices.verified import KINDS, REMARKS
from jifen_batch.published import village_range
from jifen_batch.tables import OUTPUTS
from jifen_batch.tables.announced import ANNOUNCEMENT

PACKAGE = Path(jifen_batch.__file__).parent


@pytest.fixture(autouse=True)
def _short_stretches(monkeypatch):
    # Villages of some dozen lines are gone through in several stretches too.
    monkeypatch.setattr(village_range.of_villages, "__defaults__", (60,))


@pytest.mark.parametrize("seed", range(2))
def test_a_random_village_is_clean(seed, tmp_path):
    published(villages.make(seed), tmp_path)
    assert verify(tmp_path / "out").findings == []


def test_a_history_with_corrections_is_clean(tmp_path):
    history = History(3, tmp_path)
    for _ in range(3):
        history.next_quarter()
        announce(history.out, history.quarter, with_earlier=True, accept_rejects=True)
    found = verify(history.out, every_run=True)
    assert found.findings == []
    assert all(one.further == "all" for one in (*found.quarters, *found.runs))
    told = history.out.glob("announced/*/_about/manifest.json")
    manifests = [json.loads(path.read_bytes()) for path in told]
    assert any(content["adjusted"]["lines_removed"] for content in manifests)


def told(out, *words):
    return CliRunner().invoke(program, ["verify", "--out", str(out), *words])


def test_the_command_ends_with_0_where_all_is_well(whole_folder):
    done = told(whole_folder)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("clean 核对无误\n公告    2023Q3")
    assert json.loads(done.stderr.splitlines()[-1])["findings"] == 0


def test_the_command_names_file_fault_and_remedy_and_ends_with_4(published):
    (published.run / "items" / "part-00000.parquet").unlink()
    lines = published.quarter("2023Q4") / "lines.parquet"
    lines.write_bytes(lines.read_bytes()[:-1])
    page, document = told(published.out), told(published.out, "--json")
    assert page.exit_code == document.exit_code == 4
    said = json.loads(document.stdout)
    assert said["outcome"] == "damaged"
    assert [(one["kind"], one["file"], one["remedy"]) for one in said["findings"]] == [
        (
            "changed",
            "announced/quarter=2023Q4/lines.parquet",
            "从备份恢复该季度的文件夹",
        ),
        (
            "missing",
            f"runs/{published.run.name}/items/part-00000.parquet",
            "从备份恢复该次运行；没有备份则移走它和 current，再执行 run",
        ),
    ]
    whole = "".join(page.stdout.split())
    for one in said["findings"]:
        assert one["file"] in whole
        assert "".join(one["problem"].split()) in whole
    assert json.loads(page.stderr.splitlines()[-1])["findings"] == 2


def test_the_command_refuses_a_folder_without_anything_published(tmp_path):
    done = told(tmp_path)
    assert done.exit_code == 3
    assert "nothing is published" in done.stderr


def test_one_run_and_all_runs_exclude_each_other(tmp_path):
    assert told(tmp_path, "--all", "--run", "1234").exit_code == 2


def literals(path):
    """Every text in a module, and those that a finding is made of."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    made = {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in {"Finding", "found", "_found"}
        and isinstance(call.args[0], ast.Constant)
    }
    return texts, made


def test_every_kind_of_fault_has_its_words_and_no_word_is_left_over():
    sources = [
        *(PACKAGE / "desk" / "verify").glob("*.py"),
        PACKAGE / "published" / "sealed.py",
        PACKAGE / "published" / "untrusted_table.py",
    ]
    texts, made = (set().union(*sets) for sets in zip(*map(literals, sources), strict=True))
    assert made
    assert made <= KINDS.keys() | REMARKS.keys()
    # A finding about a whole table has the table's name.
    assert KINDS.keys() | REMARKS.keys() <= texts | {table.name for table in (*OUTPUTS, ANNOUNCEMENT)}
