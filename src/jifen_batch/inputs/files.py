"""Input files: found, ordered, told apart by format, and digested (specification 2)."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.safety import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARQUET, IPC, CSV = "parquet", "ipc", "csv"
FORMATS = {".parquet": PARQUET, ".pq": PARQUET, ".arrow": IPC, ".ipc": IPC, ".feather": IPC, ".csv": CSV}
GLOB_SIGNS = re.compile(r"[*?\[]")
HIVE_NULLS = ("", "__HIVE_DEFAULT_PARTITION__")
HIDDEN = (".", "_")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One file of an input: `role` (events, households, …), `name` relative to what was given, posix.

    `stamp` tells whether the file is still the one that was found: its size and time; null = not asked.
    """

    role: str
    path: Path
    name: str
    stamp: tuple[int, int] | None = None

    @property
    def format(self) -> str:
        """`parquet`, `ipc` or `csv`, by its ending."""
        return FORMATS[self.path.suffix.lower()]

    @property
    def size(self) -> int:
        """Bytes; those that it had when it was found."""
        return self.path.stat().st_size if self.stamp is None else self.stamp[0]

    @property
    def hive(self) -> dict[str, str | None]:
        """The `key=value` folders on its way, by key; an empty value and Hive's word for null are null."""
        pairs = dict(part.split("=", 1) for part in self.name.split("/")[:-1] if "=" in part)
        return {key: None if value in HIVE_NULLS else unquote(value) for key, value in pairs.items()}

    def refuse(self, problem: str, remedy: str) -> InputRefusedError:
        """An error that names this file."""
        return InputRefusedError(f"{self.role}: {self.name}: {problem}; {remedy}")

    def unreadable(self) -> InputRefusedError:
        """The complaint about a file that is not what its name says."""
        return self.refuse(
            f"cannot be read as {self.format}: it is damaged, encrypted, of another format, or a string in "
            "it is not UTF-8",
            "have it written or sent again",
        )


@dataclass(frozen=True)
class Digest:
    """What a file held: `size` in bytes and `sha256`."""

    role: str
    name: str
    size: int
    sha256: str


def find_files(location: str, role: str) -> list[InputFile]:
    """All files of an input, a file, folder or glob, in the order of their names' bytes.

    A folder is read with all below it, also one that a glob matches. Hidden files and those that begin
    with `_` are left alone. Raises `InputRefusedError` where there is no file that can be read.
    """
    path = Path(location)
    try:
        if location and path.is_file():
            found = {path.name: path}
        elif location and path.is_dir():
            found = {file.relative_to(path).as_posix(): file for file in _files_below(path)}
        else:
            found = dict(_matched(location))
        stamps = {name: _stamp(file) for name, file in found.items()}
    except OSError as error:
        raise InputRefusedError(
            f"{role}: {location}: cannot be looked into ({error.strerror}); check the permissions"
        ) from error
    if not found:
        raise InputRefusedError(f"{role}: {location}: there is no such file; check --{role} and the folder")
    known = [
        InputFile(role, file, name, stamps[name]) for name, file in found.items() if _is_input(file, name)
    ]
    if not known:
        kinds = ", ".join(FORMATS)
        raise InputRefusedError(f"{role}: {location}: no file ends in {kinds}; check --{role}")
    known.sort(key=_name_bytes)
    limits.check_files(known)
    return known


def check_unchanged(files: Sequence[InputFile]) -> None:
    """Refuse a file that was replaced, written to or removed since it was found.

    What was hashed would not be what was read. Raises `InputRefusedError`.
    """
    for file in files:
        try:
            now = _stamp(file.path)
        except OSError:
            now = None
        if file.stamp not in {None, now}:
            raise file.refuse("was changed while it was read", "run again when it is complete")


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file does."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _matched(pattern: str) -> Iterator[tuple[str, Path]]:
    """Files that match a glob or lie in a folder that does, by their name below its fixed folder."""
    parts = Path(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if GLOB_SIGNS.search(part)), None)
    if fixed is None:
        return
    base = Path(*parts[:fixed])
    for match in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - a pattern may be absolute
        path = Path(match)
        for file in [path] if path.is_file() else _files_below(path):
            yield file.relative_to(base).as_posix(), file


def _files_below(folder: Path) -> Iterator[Path]:
    """All files below a folder, hidden folders left out; no folder is entered twice, whatever links say.

    A folder that cannot be listed is an error: `rglob` would pass over it, and its rows be missed.
    """
    entered: set[tuple[int, int]] = set()

    def fail(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        here = Path(parent).stat()
        if (here.st_dev, here.st_ino) in entered:
            folders.clear()
            continue
        entered.add((here.st_dev, here.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith(HIDDEN))
        # A link that leads nowhere stays in: that its file is missing has to be said.
        yield from (path for name in files if (path := Path(parent, name)).is_file() or _is_lost(path))


def _is_lost(path: Path) -> bool:
    """Whether it is a link of an input's name that leads nowhere."""
    return path.is_symlink() and not path.exists() and _is_input(path, path.name)


def _is_input(path: Path, name: str) -> bool:
    """Whether a file is read: of a known format, and no part of its name hidden."""
    hidden = any(part.startswith(HIDDEN) for part in name.split("/"))
    return path.suffix.lower() in FORMATS and not hidden


def _name_bytes(file: InputFile) -> bytes:
    """What files are sorted by."""
    try:
        return file.name.encode()
    except UnicodeEncodeError as error:
        raise InputRefusedError(
            f"{file.role}: {file.name!a}: the file's name is not UTF-8; rename the file"
        ) from error


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
