"""Whatever surrounds the command, the night is published, ends with a documented code, and is the same.

Streams that are full, closed or broken; no home; any language and time zone; other threads and hash seeds;
another folder, or one that can only be read; files that were put there in another order.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jifen_batch.published import publish
from operators.conftest import Town, of_fixtures

NIGHT = "2024-07-20"
FULL = Path("/dev/full")


@dataclass(frozen=True)
class Around:
    """What surrounds a run: where its `streams` go, its variables (null = not set); and its exit code."""

    streams: str = ""
    variables: dict[str, str | None] = field(default_factory=dict)
    code: int = 0
    threads: int = 2


# Where what is printed has gone into its letters, stderr may be lost as well.
AROUND = {
    "1 thread, hash seed 1, Honolulu, hardly a variable, and stderr's reader has gone": Around(
        streams="2>&1 >/dev/null | true",
        threads=1,
        variables={"PYTHONHASHSEED": "1", "TZ": "Pacific/Honolulu"}
        | dict.fromkeys(("HOME", "LANG", "USER", "TERM", "TMPDIR")),
    ),
    "4 threads, hash seed 2, Kiritimati, Turkish, which has letters of its own, and stderr is closed": Around(
        streams="2>&-",
        threads=4,
        variables={"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
    ),
    "a language of plain ASCII": Around(
        variables={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "No/Where"}
    ),
    "a Chinese language before UTF-8": Around(
        variables={"LC_ALL": "zh_CN.GBK", "LANG": "zh_CN.GBK", "PYTHONIOENCODING": "gbk"}
    ),
    "stdout is full": Around(streams=">/dev/full", code=7),
    "stdout is closed": Around(streams=">&-"),
    "stdout's reader has gone": Around(streams="| true"),
    "stderr is full": Around(streams="2>/dev/full", code=7),
    "no stream at all": Around(streams="<&- >&- 2>&-"),
}


def ran(town, around, out, cwd):
    """The end of a night among these surroundings, on a terminal's terms: code, stdout and stderr."""
    words = [sys.executable, "-m", "jifen_batch", *town.night(NIGHT, out=out)]
    # dash has no pipefail: the code of the first of a pipe is told by a file.
    shell = f'{{ "$@"; echo $? >"$CODE"; }} {around.streams}'
    code = cwd / "code" if os.access(cwd, os.W_OK) else out.parent / "code"
    told = {"POLARS_MAX_THREADS": str(around.threads), "CODE": str(code)} | around.variables
    variables = {name: value for name, value in (os.environ | told).items() if value is not None}
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *words], check=False, capture_output=True, cwd=cwd, env=variables
    )
    return int(code.read_text(encoding="utf-8")), done.stdout + done.stderr


def digest(out):
    """One digest of all that was published: its files, and what the manifest says of the work."""
    folder = publish.current(out)
    told = json.loads((folder / "manifest.json").read_bytes())
    for of_this_run in ("timings", "peak_memory_bytes", "manifest_sha256", "previous"):
        told.pop(of_this_run)
    whole = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for entry in told["outputs"]:
        whole.update((folder / entry["name"]).read_bytes())
    return whole.hexdigest()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """The fixture village of which nothing is published; not to be changed."""
    return of_fixtures(tmp_path_factory.mktemp("inputs") / "town")


@pytest.fixture(scope="module")
def expected(inputs, tmp_path_factory):
    """The digest of a night in the ordinary surroundings of the tests."""
    place = tmp_path_factory.mktemp("ordinary")
    code, said = ran(inputs, Around(), place / "out", place)
    assert code == 0, said
    return digest(place / "out")


@pytest.mark.parametrize("name", AROUND)
def test_the_night_is_the_same_whatever_surrounds_it(name, inputs, expected, tmp_path):
    around = AROUND[name]
    if "/dev/full" in around.streams and not FULL.exists():
        pytest.skip("needs a device that is always full")
    code, said = ran(inputs, around, tmp_path / "out", tmp_path)
    assert (code, b"Traceback" in said) == (around.code, False), said
    assert digest(tmp_path / "out") == expected


def test_the_night_is_the_same_from_other_folders_in_which_files_came_in_another_order(
    inputs, expected, tmp_path
):
    moved = Town(tmp_path / "elsewhere" / "农户 资料")
    for name in ("rules", "events"):
        (moved.folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((inputs.folder / name).iterdir(), reverse=True):
            shutil.copy(path, moved.folder / name)
    for path in inputs.folder.glob("*.csv"):
        shutil.copy(path, moved.folder)
    unwritable = tmp_path / "unwritable"
    unwritable.mkdir(mode=0o555)
    code, said = ran(moved, Around(), tmp_path / "out", unwritable)
    assert code == 0, said
    assert digest(tmp_path / "out") == expected
