"""A published folder held against its manifest: every file as it was written, none missing, none added.

Nothing is decoded here but the manifest itself; what no longer has its digest is never decoded at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.files import hash_file
from jifen_batch.published import manifest
from jifen_batch.published.finding import Finding
from jifen_batch.published.read import refuse_newer

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MANIFEST_BYTES = 1 << 28


@dataclass(frozen=True)
class Entry:
    """What a manifest says of a file: its name in the folder, size, SHA-256, rows (null = no table)."""

    name: str
    size: int
    sha256: str
    rows: int | None

    @classmethod
    def of(cls, said: dict[str, Any]) -> Entry:
        """The entry, if it is one. Raises `ValueError`, `KeyError` or `TypeError`."""
        name, rows = str(said["name"]), said["rows"]
        inside = PurePosixPath(name)
        if inside.is_absolute() or not inside.parts or ".." in inside.parts:
            raise ValueError(name)
        return cls(name, int(said["size"]), str(said["sha256"]), None if rows is None else int(rows))


@dataclass(frozen=True)
class Read:
    """A manifest as it was read: its `content`, null where there is none to go by, and its `digest`."""

    content: dict[str, Any] | None
    digest: str
    findings: list[Finding]


@dataclass(frozen=True)
class SealedFolder:
    """Files held against their manifest: those that are as it says, by name, and what is not."""

    whole: dict[str, Entry]
    bytes: int
    findings: list[Finding]


def read(folder: Path, out: Path) -> Read:
    """The manifest of a folder, whole or not; a missing one has no content.

    Raises `InputRefusedError` for one of a newer program.
    """
    path = manifest.path(folder)
    file = shown(path, out)
    try:
        if path.is_symlink():
            return Read(None, "", [Finding("link", file)])
        too_large = path.stat().st_size > MAX_MANIFEST_BYTES
        written = b"" if too_large else path.read_bytes()
    except FileNotFoundError:
        return Read(None, "", [Finding("manifest_missing", file)])
    except OSError as error:
        return Read(None, "", [Finding("unreadable", file, {"error": error.strerror or ""})])
    digest = hashlib.sha256(written).hexdigest()
    try:
        content = json.loads(written)
        whole = isinstance(content, dict) and manifest.is_whole(written, content)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return Read(None, digest, [Finding("manifest_damaged", file)])
    if whole:
        # Only its own digest tells a newer program's manifest from one in which a byte fell over.
        refuse_newer(content, folder)
    return Read(content, digest, [] if whole else [Finding("manifest_changed", file)])


def hold(folder: Path, entries: list[Entry], out: Path, bare: frozenset[str] = frozenset()) -> SealedFolder:
    """All files of a folder held against these entries; folders in `bare` may lie there without a file."""
    own = manifest.path(folder)
    lying = {name: path for name, path in _below(folder) if path != own}
    named = {entry.name: entry for entry in entries}
    findings = [Finding("missing", shown(folder / name, out)) for name in named if name not in lying]
    whole, size = {}, 0
    for name, path in sorted(lying.items()):
        file = shown(path, out)
        if path.is_dir() and not path.is_symlink():
            # One that was emptied is told of by the files that are missing.
            if name not in bare and not any(one.startswith(f"{name}/") for one in named):
                findings.append(Finding("added", f"{file}/"))
        elif path.is_symlink() or not path.is_file():
            findings.append(Finding("link", file))
        elif name not in named:
            findings.append(Finding("added", file))
        else:
            fault, held = _compared(path, named[name], file)
            size += held
            if fault:
                findings.append(fault)
            else:
                whole[name] = named[name]
    return SealedFolder(whole, size, findings)


def shown(path: Path, out: Path) -> str:
    """A path as findings name it: relative to the output folder."""
    return path.relative_to(out).as_posix()


def _compared(path: Path, entry: Entry, file: str) -> tuple[Finding | None, int]:
    """What is wrong with a file by size and digest, if anything, and how many bytes were hashed."""
    try:
        size, digest = hash_file(path)
    except OSError as error:
        return Finding("unreadable", file, {"error": error.strerror or ""}), 0
    if (size, digest) == (entry.size, entry.sha256):
        return None, size
    return Finding("changed", file), size


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """All that lies below a folder, by its name there: what is no plain folder, and empty ones.

    Links are not followed.
    """
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in (*files, *links):
            path = Path(parent, name)
            yield path.relative_to(folder).as_posix(), path
        if not folders and not files and Path(parent) != folder:
            yield Path(parent).relative_to(folder).as_posix(), Path(parent)
