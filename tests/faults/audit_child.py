"""Run commands, and tell of every change to the disk that did not come from `store.operations`.

`audit_child.py COMMANDS`, a JSON list of command lines. Python itself reports what its own functions do;
what a library writes is known by its name when it is synced, or at the latest when it lies there at the end.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import jifen_batch
from faults import scenes, seam

PACKAGE = str(Path(jifen_batch.__file__).parent)
OPERATIONS = str(Path(PACKAGE, "storage", "operations.py"))
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
    "shutil.rmtree",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
}


class Auditor:
    """What was changed by others, by event and place, and which files libraries were let write."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.strays: set[str] = set()
        self.written: set[str] = set()

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """One report of Python."""
        if event == "open":
            changes = isinstance(args[2], int) and args[2] & WRITING and args[0] != os.devnull
        else:
            changes = event in CHANGING
        if changes and (place := self.place()) and place != OPERATIONS:
            self.strays.add(f"{event} in {place}")

    @staticmethod
    def place() -> str:
        """The file of this package, or of this child, that is nearest to what happens."""
        frame = sys._getframe(2)  # noqa: SLF001 - the only way to see who calls
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(PACKAGE):
                return name
            if name == __file__ and frame.f_code.co_name != "watcher":
                return ""
            frame = frame.f_back
        return ""

    def watcher(self, call: seam.Call) -> object:
        """Keep the name of what is written, and hold what is synced against them."""
        if call.writes or call.name == "open_lock":
            self.written.add(os.path.realpath(call.args[0]))
        if call.name == "rename":
            self.moved(*map(os.path.realpath, call.args))
        if (
            call.name == "fsync"
            and call.args[0].is_file()
            and os.path.realpath(call.args[0]) not in self.written
        ):
            self.strays.add(f"synced without having been written: {call.args[0].name}")
        return call.do()

    def moved(self, path: str, to: str) -> None:
        """What was written below a name has another now."""
        for name in [name for name in self.written if name == path or name.startswith(f"{path}/")]:
            self.written.add(to + name.removeprefix(path))


if __name__ == "__main__":
    from jifen_batch.cli.program import program

    auditor = Auditor()
    sys.addaudithook(auditor.hook)
    codes: list[int] = []
    with seam.watched(scenes.real().operations, auditor.watcher):
        codes += [CliRunner().invoke(program, words).exit_code for words in json.loads(sys.argv[1])]
    lying = {os.path.realpath(path) for path in Path.cwd().rglob("*") if path.is_file()}
    unclaimed = sorted(os.path.relpath(path) for path in lying - auditor.written)
    said = {"codes": codes, "strays": sorted(auditor.strays), "unclaimed": unclaimed}
    print(json.dumps(said | {"written": sorted(auditor.written)}))  # noqa: T201 - to whoever asked
