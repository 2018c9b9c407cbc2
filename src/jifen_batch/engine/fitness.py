"""Whether machines may work together: the same program, hashing alike, seeing the same files."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cache
from typing import TYPE_CHECKING

from jifen_batch import program as decides
from jifen_batch.columns.packing import hash_probe
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import DiskError
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from pathlib import Path

REPLY = ".reply"
PROBED = ("architecture", "code", "hashes")


@dataclass(frozen=True)
class Machine:
    """What is installed on a machine; `hashes` is the probe of how ids hash there."""

    host: str
    architecture: str
    versions: dict[str, str]
    code: str
    hashes: str

    @property
    def told(self) -> str:
        """All of it in a line."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"{versions}, code {self.code}, {self.architecture}, hashes {self.hashes}"

    def unlike(self, other: Machine) -> list[str]:
        """What is not the same of two machines, in which work gives the same bytes only on equal ones."""
        of_versions = {name for name in self.versions if self.versions[name] != other.versions.get(name)}
        of_others = {name for name in PROBED if vars(self)[name] != vars(other)[name]}
        return sorted(of_versions | of_others)


@cache
def of_this_machine() -> Machine:
    """What this process runs on."""
    return Machine(
        host=os.uname().nodename,
        architecture=f"{platform.machine()} {sys.byteorder}",
        versions=decides.versions(),
        code=decides.code(),
        hashes=hash_probe(),
    )


@cache
def program() -> str:
    """What a worker must be, as digits: everything that is told of a machine but its name."""
    return hashlib.sha256(of_this_machine().told.encode()).hexdigest()


@dataclass(frozen=True)
class Greeting:
    """What a machine says of itself, and of some paths: which it does not see, or may not write to."""

    machine: Machine
    unseen: list[str]
    unwritable: list[str]


@dataclass(frozen=True)
class Greet:
    """Say what a machine is and sees; leave a file beside the token, each time another, as tasks will."""

    token: Path
    paths: list[Path]

    @property
    def name(self) -> str:
        """By which it is told."""
        return "greet"

    def do(self) -> Greeting:
        """Never refused: what is not seen is told."""
        own, shuffle = of_this_machine(), str(self.token.parent.parent)
        unseen = [str(path) for path in self.paths if not _seen(path)]
        try:
            token = self.token.read_text(encoding="ascii")
        except OSError:
            return Greeting(own, [*unseen, shuffle], [])
        reply = self.token.with_name(f"{self.token.name}-{own.host}-{scratch.token()}{REPLY}")
        try:
            disk.write_bytes(reply, token.encode())
        except DiskError:
            return Greeting(own, unseen, [shuffle])
        return Greeting(own, unseen, [])


def _seen(path: Path) -> bool:
    """Whether a path is there for this process."""
    try:
        return path.exists()
    except OSError:
        return False
