"""The digest over the code that decides results: an operator changes it, a notice does not."""

import ast
import shutil
import time
from pathlib import Path

import pytest

import jifen_batch
from jifen_batch import program

PACKAGE = Path(jifen_batch.__file__).parent
# From here a run's tables are made: what these import, near or far, decides them, or is named below.
MAKERS = (
    "worker.writing",
    "worker.wallets",
    "engine.tasks",
    "engine.here",
    "worker.intake",
    "worker.tally",
    "scoring",
)
DECIDE_NOTHING = {
    "analysis.doubts": "warnings, told beside the tables",
    "analysis.loss": "refuses a night or lets it pass: the same tables",
    "dataclass": "how records are held",
    "own_process": "how a process of ours is started",
    "sentence": "what people read",
    "taken_along": "when a library is loaded",
    "worker.guard": "refuses a night or lets it pass: the same tables",
    "errors": "what stops a run leaves no table",
    "program": "says what this test asks",
    "storage": "bytes are put on the disk as they are given",
    "published.at_hand": "copies of what a store holds: the same bytes",
    "published.dictionary": "describes the tables",
    "published.manifest": "told about the tables, not in them",
    "published.publish": "puts folders in their place",
    "published.sealed": "finds what was changed since",
    "published.finding": "likewise",
    "worker.doubts": "warnings, told beside the tables",
    "worker.options": "what was asked for is part of the identity itself",
    "worker.stages": "timings",
}


def copy_below(folder):
    copy = folder / "elsewhere" / "jifen_batch"
    return shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def package(tmp_path):
    return copy_below(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A copy of which a test changes one file, and puts it back."""
    return copy_below(tmp_path_factory.mktemp("whole"))


def touched(package, name, old, new):
    path = package / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    digest = program.digest(package)
    path.write_text(text, encoding="utf-8")
    return digest


def test_it_is_the_same_wherever_the_program_lies(package):
    (package / "kernels" / "__pycache__").mkdir()
    (package / "kernels" / "__pycache__" / "cap.cpython-311.pyc").write_bytes(b"compiled")
    assert program.digest(package) == program.digest(PACKAGE) == program.code()
    assert len(program.code()) == program.DIGITS


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("kernels/cap.py", "min", "max"),
        ("scoring.py", "def ", "def  "),
        ("rules/compile.py", "def ", "def  "),
        ("tables/run.py", "LEDGER", "LEDGER_"),
        ("inputs/normal_form.py", "def ", "def  "),
        ("scheme/dispositions.py", "awarded", "granted"),
        ("worker/wallets.py", "def ", "def  "),
    ],
)
def test_what_decides_results_changes_it(whole, name, old, new):
    assert touched(whole, name, old, new) != program.code()


def test_a_module_more_or_under_another_name_changes_it(package):
    (package / "kernels" / "cap.py").rename(package / "kernels" / "capped.py")
    renamed = program.digest(package)
    (package / "kernels" / "extra.py").write_text("", encoding="utf-8")
    assert len({program.code(), renamed, program.digest(package)}) == 3


@pytest.mark.parametrize(
    "name",
    ["notices/words.py", "notices/standings.py", "cli/run.py", "desk/explain/page.py", "synth/county.py"],
)
def test_what_people_read_and_ask_does_not(whole, name):
    assert touched(whole, name, "def ", "def  ") == program.code()


def module_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in PACKAGE.rglob("*.py")}


def imported(name):
    """Modules of this package that one imports when it runs; a package only for what is its own."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "jifen_batch":
            inside = node.module.removeprefix("jifen_batch").lstrip(".")
            for alias in node.names:
                full = f"{inside}.{alias.name}".lstrip(".")
                yield full if full in MODULES else inside


def test_every_module_that_makes_tables_is_in_it_or_named_as_deciding_nothing():
    inside = {module_of(PACKAGE / name) for name in program.files(PACKAGE)}
    reached, waiting = set(MAKERS), list(MAKERS)
    while waiting:
        for name in set(imported(waiting.pop())) - reached:
            reached.add(name)
            if not any(name == one or name.startswith(f"{one}.") for one in DECIDE_NOTHING):
                waiting.append(name)
    named = {one for one in reached if any(one == no or one.startswith(f"{no}.") for no in DECIDE_NOTHING)}
    assert reached - inside - named - {""} == set()
    assert {"kernels.cap", "rules.layers", "columns.groups", "tables.run", "inputs.pieces"} <= inside


def test_every_place_in_the_list_is_there():
    assert [name for name in program.DECIDES if not (PACKAGE / name).exists()] == []


def test_it_costs_a_command_next_to_nothing():
    """Best of five: a busy machine only makes it slower."""

    def seconds():
        began = time.perf_counter()
        program.digest(PACKAGE)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.1
