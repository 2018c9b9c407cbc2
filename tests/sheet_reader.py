"""Workbooks read by a copy of a process that has loaded what reads them.

Each is read in a process of its own, as the program has it; but a start of Python for each takes twenty
times as long as the reading. That the program starts one, and what comes of it, is tested where that is the
subject (`reconcile/test_workbook.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from jifen_batch.inputs.safety import workbook_child

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALONE = {"OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class SheetReader:
    """In the place of `subprocess` where a workbook is read."""

    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ALONE,
            encoding="utf-8",
        )

    def run(self, command: Sequence[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        """What came of a command that reads a sheet."""
        module, *words = command[command.index("-m") + 1 :]
        assert module == workbook_child.__name__
        said = self.folder / "said"
        self.process.stdin.write(json.dumps([*words, str(said)]) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(command, code, said.read_bytes(), b"")

    def close(self) -> None:
        """End the process that is copied."""
        self.process.communicate()


def main() -> None:
    """Answer each line, a file, a sheet where one is named and where to write, with the copy's exit code."""
    import fastexcel  # noqa: F401, PLC0415 - for the copies
    import pyarrow as pa  # noqa: F401, PLC0415 - likewise

    for line in sys.stdin:
        *words, said = json.loads(line)
        pid = os.fork()
        if not pid:
            _read(words, said)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201 - that is how it answers


def _read(words: list[str], said: str) -> None:
    """A copy's whole life."""
    code = 1
    try:
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        code = workbook_child.main(words[0], words[1] if words[1:] else None)
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
