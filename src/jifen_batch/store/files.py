"""Input files: found, ordered, told apart by format, and digested (contract 2)."""

from __future__ import annotations

import glob
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jifen_batch.errors import InputRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PARQUET, IPC, CSV = "parquet", "ipc", "csv"
FORMATS = {".parquet": PARQUET, ".pq": PARQUET, ".arrow": IPC, ".ipc": IPC, ".feather": IPC, ".csv": CSV}
GLOB_SIGNS = re.compile(r"[*?\[]")
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One file of an input: `role` (events, households, …), `name` relative to what was given, posix."""

    role: str
    path: Path
    name: str

    @property
    def format(self) -> str:
        """`parquet`, `ipc` or `csv`, by its ending."""
        return FORMATS[self.path.suffix.lower()]

    @property
    def hive(self) -> dict[str, str]:
        """The `key=value` folders on its way, by key."""
        pairs = dict(part.split("=", 1) for part in self.name.split("/")[:-1] if "=" in part)
        return {key: unquote(value) for key, value in pairs.items() if value != HIVE_NULL}

    def refuse(self, problem: str, remedy: str) -> InputRefusedError:
        """An error that names this file."""
        return InputRefusedError(f"{self.role}: {self.name}: {problem}; {remedy}")


@dataclass(frozen=True)
class Digest:
    """What a file held: `size` in bytes and `sha256`."""

    role: str
    name: str
    size: int
    sha256: str


def find_files(location: str, role: str) -> list[InputFile]:
    """All files of an input, a file, folder or glob, in the order of their names' bytes.

    Hidden files and those that begin with `_` are left alone. Raises `InputRefusedError` where there
    is no file that can be read.
    """
    path = Path(location)
    if path.is_file():
        found, base = [path], path.parent
    elif path.is_dir():
        found, base = [file for file in path.rglob("*") if file.is_file()], path
    else:
        base = _fixed_folder(location)
        found = [Path(file) for file in glob.glob(location, recursive=True) if Path(file).is_file()]  # noqa: PTH207 - a pattern may be absolute
    if not found:
        raise InputRefusedError(f"{role}: {location}: there is no such file; check --{role} and the folder")
    named = {file: file.relative_to(base).as_posix() for file in found}
    known = [InputFile(role, file, name) for file, name in named.items() if _is_input(file, name)]
    if not known:
        kinds = ", ".join(FORMATS)
        raise InputRefusedError(f"{role}: {location}: no file ends in {kinds}; check --{role}")
    return sorted(known, key=lambda file: file.name.encode())


def _fixed_folder(pattern: str) -> Path:
    """The leading folder of a glob that has no wildcard in it."""
    parts = Path(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if GLOB_SIGNS.search(part)), len(parts) - 1)
    return Path(*parts[:fixed])


def _is_input(path: Path, name: str) -> bool:
    """Whether a file is read: of a known format, and no part of its name hidden."""
    hidden = any(part.startswith((".", "_")) for part in name.split("/"))
    return path.suffix.lower() in FORMATS and not hidden


def digest_files(files: Sequence[InputFile], threads: int = 2) -> list[Digest]:
    """Size and SHA-256 of each file, in order; hashing lets other threads run.

    A file `NAME.sha256` beside an input must hold its digest, else `InputRefusedError`.
    """
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(_digest, files))


def _digest(file: InputFile) -> Digest:
    """Digest of one file."""
    try:
        size, sha256 = hash_file(file.path)
        beside = file.path.with_name(file.path.name + ".sha256")
        promised = beside.read_text("utf-8", errors="replace").split()[:1] if beside.is_file() else [sha256]
    except OSError as error:
        raise file.refuse(
            f"cannot be read ({error.strerror})", "check the file and its permissions"
        ) from error
    if [digest.lower() for digest in promised] != [sha256]:
        raise file.refuse("its content is not what the .sha256 beside it says", "fetch the file again")
    return Digest(file.role, file.name, size, sha256)


def hash_file(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def duplicated(names: Iterable[str]) -> list[str]:
    """Names that stand more than once."""
    seen: set[str] = set()
    return sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
