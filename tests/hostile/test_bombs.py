"""Files of a few kilobytes that stand for gigabytes are refused by a named limit, within a gigabyte."""

import json
import subprocess
import sys

import pytest

from hostile import bombs

PEAK_BYTES = 1 << 30
# Reads what it is told to, an answer a line: the sentence, and the most memory that it or a child held.
READER = """
import json, re, resource, sys
from pathlib import Path
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import find, mapping, pieces, statement
for line in sys.stdin:
    path = line.rstrip()
    try:
        if path.endswith(".xlsx"):
            statement.read(path, mapping.Mapping(), statement.Known(frozenset(), frozenset()))
        else:
            for piece in pieces.pieces(find.find(path, "events").files):
                list(piece.frames())
        said = "was read"
    except InputRefusedError as error:
        said = str(error)
    # What it uses itself is not asked by `getrusage`: there it begins with the peak of who started it.
    own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([said, max(own, of_children) << 10]), flush=True)
"""


@pytest.fixture(scope="module")
def read():
    """Have another process read a path; what it said, and its peak so far."""
    with subprocess.Popen(
        [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:

        def ask(path):
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.mark.parametrize("make", bombs.BOMBS, ids=lambda make: make.__name__)
def test_a_bomb_is_refused_by_name_within_a_gigabyte(read, tmp_path, make):
    ending, limit = bombs.BOMBS[make]
    path = tmp_path / (f"bomb.{ending}" if ending else "bombs")
    make(path)
    size = sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size
    assert size < 32 << 20
    said, peak = read(path)
    assert limit in said
    assert peak < PEAK_BYTES
