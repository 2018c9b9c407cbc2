"""Commands on a village for a pencil, each with what was there before and what is to be there after.

Of the same state are folders whose current run, quarters and refused tables have the same names; that
each of these is whole is for `verify` to say.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from announce.village import Village
from faults import scenes, seam
from jifen_batch.cli.program import program
from jifen_batch.desk.verify import verify
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jifen_batch.published.finding import Finding

Names = tuple[str | None, tuple[str, ...], tuple[str, ...]]


@dataclass
class Night:
    """A command by its words but `--out`; the village's own output folder is as the command finds it."""

    village: Village
    options: list[str]
    exit_code: int = ExitCode.DONE
    before: Names = field(init=False)
    after: Names = field(init=False)
    done: Path = field(init=False)
    operations: int = field(init=False)

    def __post_init__(self) -> None:
        """Do it once, in a copy, to know what is to come of it, and of how many file operations."""
        self.before = self.state(self.village.out)
        self.done = self.begun(self.village.folder / "once")
        ended: list[Result] = []
        made = seam.counted(scenes.real().operations, lambda: ended.append(self.call(self.done)))
        assert ended[0].exit_code == self.exit_code, ended[0].stderr
        self.after, self.operations = self.state(self.done), len(made)

    def begun(self, path: Path) -> Path:
        """An output folder as the command finds it."""
        if self.village.out.exists():
            shutil.copytree(self.village.out, path / "out", symlinks=True)
        else:
            path.mkdir(exist_ok=True)
        return path / "out"

    def words(self, out: Path) -> list[str]:
        """The command line."""
        return [*self.options, "--out", str(out)]

    def call(self, out: Path) -> Result:
        """The command in this process."""
        return CliRunner().invoke(program, self.words(out))

    @staticmethod
    def state(out: Path) -> Names:
        """What is published, by name."""
        current = out / "current"
        quarters = tuple(sorted(path.name for path in (out / "announced").glob("quarter=*")))
        refused = tuple(sorted(path.name for path in (out / "refused").glob("[0-9a-f]*")))
        return os.readlink(current) if current.is_symlink() else None, quarters, refused  # noqa: PTH115

    @staticmethod
    def faults(out: Path) -> list[Finding]:
        """What `verify` finds of all runs and quarters; that none is current before the first is no fault.

        Of a folder that is the same as another to the last byte it finds the same, and is not asked again.
        """
        seen = tuple(sorted(_seen(out)))
        if seen not in FOUND:
            FOUND[seen] = _faults(out)
        return FOUND[seen]


FOUND: dict[tuple[tuple[str, int, bytes], ...], list[Finding]] = {}


def _seen(out: Path) -> Iterator[tuple[str, int, bytes]]:
    """All that lies in an output folder but the lock's note: name, mode, and what it holds or leads to."""
    for path in out.rglob("*"):
        mode, content = path.lstat().st_mode, b""
        if path.is_symlink():
            content = os.fsencode(path.readlink())
        elif path.is_file() and path.name != publish.LOCK:
            content = path.read_bytes()
        yield path.relative_to(out).as_posix(), mode, hashlib.sha256(content).digest()


def _faults(out: Path) -> list[Finding]:
    try:
        found = verify(out, every_run=True).findings
    except InputRefusedError:
        return []
    return [one for one in found if one.kind != "current" or (out / "current").is_symlink()]


def _run(village: Village, day: str) -> list[str]:
    """The words of a run."""
    files = [("--events", "events.parquet"), ("--households", "households.parquet"), ("--rules", "rules")]
    given = [word for option, name in files for word in (option, str(village.folder / name))]
    return ["run", *given, "--as-of", day]


def _village(folder: Path) -> Village:
    """A village with some events."""
    village = Village(folder)
    for number in range(1, 5):
        village.event(f"e{number}", date(2023, 2, number))
    village.event("f1", date(2023, 3, 1), item="fire", household="li")
    return village


def scored(folder: Path) -> Village:
    """And a run, and a quarter that hangs: with what most nights begin."""
    village = _village(folder)
    village.night(date(2023, 4, 15))
    village.hang("2023Q1")
    return village


def first(folder: Path, _: Village) -> Night:
    """The first run of all."""
    village = _village(folder)
    village.write()
    return Night(village, _run(village, "2023-04-15"))


def later(folder: Path, before: Village) -> Night:
    """A run over an earlier one."""
    village = before.copied_to(folder)
    village.event("e9", date(2023, 4, 20))
    village.write()
    return Night(village, _run(village, "2023-05-15"))


def announced(folder: Path, before: Village) -> Night:
    """A second quarter, frozen."""
    village = before.copied_to(folder)
    village.event("late", date(2023, 3, 2))
    village.night(date(2023, 7, 15))
    return Night(village, ["announce", "--quarter", "2023Q2"])


def too_many_rejects(folder: Path, before: Village) -> Night:
    """A run that ends with 6, and keeps the rejects."""
    village = before.copied_to(folder)
    for number in range(10):
        village.event(f"x{number}", date(2023, 4, 20), item="no such item")
    village.write()
    return Night(village, _run(village, "2023-05-15"), ExitCode.TOO_MANY_REJECTS)


def lost(folder: Path, before: Village) -> Night:
    """A run that ends with 9."""
    village = before.copied_to(folder)
    for number in range(1, 4):
        del village.events[f"e{number}"]
    village.write()
    return Night(village, _run(village, "2023-05-15"), ExitCode.LOSS)


# Each by the folder in which it may work, and what is scored already.
NIGHTS: dict[str, Callable[[Path, Village], Night]] = {
    "the first run": first,
    "a later run": later,
    "a quarter announced": announced,
    "a run with too many rejects": too_many_rejects,
    "a run with events lost": lost,
}
