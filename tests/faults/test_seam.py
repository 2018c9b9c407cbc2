"""Every change of the package to the disk goes through `store.operations`, where faults can be put."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import jifen_batch
from faults import scenes, seam
from sheet_reader import ALONE

PACKAGE = Path(jifen_batch.__file__).parent
ROOT = Path(__file__).parents[2]
# What changes files, by the name it is called by; `os.` and `shutil.` alone where others have that name too.
CHANGING = {
    *("chmod", "fchmod", "ftruncate", "hardlink_to", "link", "lchmod", "makedirs", "mkdir", "mkdtemp"),
    *(
        "mkstemp",
        "pwrite",
        "rmdir",
        "rmtree",
        "symlink",
        "symlink_to",
        "touch",
        "unlink",
        "utime",
    ),
    *("NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "copyfile", "copytree", "write_bytes"),
    *("write_csv", "write_ipc", "write_ndjson", "write_text", "sink_csv", "sink_ipc", "sink_parquet"),
}
OF_MODULES = {
    "os": {"open", "remove", "rename", "replace", "removedirs", "renames", "truncate", "write"},
    "shutil": {"copy", "copy2", "move"},
}
# These open something that is no file of the output: the terminal's stand-in, and what is only held or read.
ALLOWED = {
    ("cli/output.py", "os.open"),
    ("cli/process/child.py", "open"),
    ("cli/process/child.py", "os.open"),
    ("inputs/safety/reading_now.py", "os.ftruncate"),
    ("inputs/safety/reading_now.py", "os.pwrite"),
    ("inputs/safety/page_headers.py", "os.open"),
    ("inputs/safety/ipc_headers.py", "os.open"),
    ("storage/scratch.py", "os.open"),
    ("storage/disk.py", "os.open"),
    # Nowhere, and the pipes between a run and its processes.
    ("engine/child.py", "os.open"),
    ("engine/child.py", "os.write"),
    ("engine/processes.py", "os.write"),
    # Text of a page of help, in memory.
    ("cli/help.py", "?.write_text"),
    # Run by the seam, which is handed what writes the file.
    ("engine/handed_over.py", "?.write_ipc"),
    ("storage/disk.py", "shutil.copyfile"),
    ("desk/export/table_csv.py", "path.open"),
    ("desk/export/table_csv.py", "?.write_csv"),
}
SEAM = {("storage/disk.py", "operations")}
STEPS = {"disk"}


def changes(package):
    """Calls that change files, outside of the seam."""
    for path in sorted(package.rglob("*.py")):
        at = path.relative_to(package).as_posix()
        if at == "storage/operations.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = called(node)
            owner, _, last = name.rpartition(".")
            if owner in STEPS or (at, owner) in SEAM or (at, name) in ALLOWED:
                continue
            if last in CHANGING or last in OF_MODULES.get(owner, ()) or (last == "open" and writes(node)):
                yield f"{at}: {name}"


def called(node):
    """What a call calls, as far as it has a name."""
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else "?"
        return f"{owner}.{function.attr}"
    return "?"


def writes(node):
    """Whether an `open` has a mode in which it writes; devnull is nowhere."""
    if any("devnull" in ast.unparse(argument) for argument in node.args):
        return False
    modes = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    texts = {mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)}
    return any(set(text) <= set("rwxabt+U") and set(text) & set("wxa+") for text in texts)


def test_no_other_module_changes_a_file():
    assert list(changes(PACKAGE)) == []


def test_a_module_that_does_is_noticed(tmp_path):
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "sly.py").write_text(
        "import os\nos.rename('a', 'b')\nopen('c', 'w')\npath.unlink()\nopen('d')\nopen('e', mode='ab')\n",
        encoding="utf-8",
    )
    assert [one.removeprefix("kernels/sly.py: ") for one in changes(tmp_path)] == [
        "os.rename",
        "open",
        "path.unlink",
        "open",
    ]


def fixture_commands():
    """Every command that writes, on the fixture village."""
    inputs = [
        *("--events", str(ROOT / "fixtures" / "events")),
        *("--households", str(ROOT / "fixtures" / "households.csv")),
    ]
    more = [
        *("--villages", str(ROOT / "fixtures" / "villages.csv")),
        *("--redemptions", str(ROOT / "fixtures" / "redemptions.csv")),
    ]
    book = ["--rules", str(ROOT / "configs" / "rules" / "baoshan-2023.toml")]
    books = [*book, "--rules", str(ROOT / "fixtures" / "rules")]
    out = ["--out", "out"]
    return [
        ["run", *inputs, *more, *books, *out, "--as-of", "2024-01-20", "--metrics", "night.prom"],
        ["announce", *out, "--quarter", "2023Q4", "--with-earlier"],
        ["run", *inputs, *more, *books, *out, "--as-of", "2024-07-20"],
        ["run", *inputs, *more, *books, *out, "--as-of", "2024-07-21", "--max-reject-rate", "0"],
        ["run", *inputs, *more, *book, *out, "--as-of", "2024-07-22"],
        ["what-if", *inputs, *book, *out, "--impact", "impact.parquet"],
        ["synth", "--households", "20", "--out", "synth"],
        ["verify", *out],
    ]


def may_trace(tracer):
    """Whether the system lets a process be looked at, and there is what looks."""
    with suppress(FileNotFoundError):
        return subprocess.run([*tracer, "true"], capture_output=True, check=False).returncode == 0
    return False


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """What came of every command in a child that Python, and where it may be the system too, looks on at.

    With as few threads as there may be: what looks on holds each of them up.
    """
    home = tmp_path_factory.mktemp("audited")
    script = str(Path(__file__).with_name("audit_child.py"))
    words = [sys.executable, script, json.dumps(fixture_commands())]
    environment = (
        os.environ
        | ALONE
        | {
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "POLARS_MAX_THREADS": "1",
        }
    )
    tracer, trace = ["strace", "-f", "--seccomp-bpf", "-qq"], home.with_name("trace")
    if may_trace(tracer):
        words = [*tracer, "-o", str(trace), "-e", "trace=openat,open,creat", *words]
    child = subprocess.run(
        words, env=environment, cwd=home, capture_output=True, text=True, timeout=200, check=False
    )
    assert child.returncode == 0, child.stderr[-2000:]
    said = json.loads(child.stdout.splitlines()[-1])
    return home, said, trace.read_text("utf-8", "replace").splitlines() if trace.exists() else None


def test_every_change_that_the_commands_make_comes_through_the_seam(audited):
    """As Python sees it; and what libraries write in their own code, where the system may be asked."""
    home, said, trace = audited
    assert said["codes"] == [0, 0, 0, 6, 8, 0, 0, 0]
    assert (said["strays"], said["unclaimed"]) == ([], [])
    if trace is None:
        return
    opened = [line.split('"')[1] for line in trace if re.search("O_WRONLY|O_RDWR|O_CREAT|creat[(]", line)]
    files = {
        os.path.realpath(home / name) for name in opened if not name.startswith(("/dev/", "/proc/", "/sys/"))
    }
    assert len(files) > len(fixture_commands())
    assert files - set(said["written"]) == set()


def test_the_seam_has_an_operation_for_each_way_to_change_the_disk():
    assert set(seam.names(scenes.real().operations)) == {
        *("chmod", "fsync", "mkdir", "note", "open_lock", "rename", "rmdir"),
        *("symlink", "unlink", "utime", "write", "write_by", "write_pieces"),
    }
