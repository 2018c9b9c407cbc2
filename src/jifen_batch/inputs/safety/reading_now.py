"""Which input files this process is reading, told to the process that watches it.

A damaged file can end a process without a word: then the one that watches names the file by this note.
The note is shared memory, so that telling never waits for anybody, and what was told outlives its teller.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from contextlib import contextmanager, suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

# Numbers below belong to stdin, stdout and stderr, also where a process was started without them.
FIRST_HANDLE = 3
NOTE_BYTES_MAX = 1 << 28


@dataclass(frozen=True)
class ReadingNow:
    """What is being read: `columns` of `files`; null for the columns where the files' layout is read."""

    files: list[InputFile]
    columns: list[str] | None


@dataclass
class _Note:
    """The note of this process; nobody is told before there is a handle."""

    handle: int | None = None
    reading: list[ReadingNow] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self) -> None:
        """Write what is read now; where that fails a crash is told without a file's name."""
        if self.handle is None:
            return
        told = json.dumps(_as_data(self.reading)).encode() if self.reading else b""
        with suppress(OSError):
            os.ftruncate(self.handle, 0)
            os.pwrite(self.handle, told, 0)


_NOTE = _Note()


def new_note() -> int:
    """A handle of an empty note, for a process to be started with."""
    fresh = os.memfd_create("jifen-batch")
    try:
        return fcntl.fcntl(fresh, fcntl.F_DUPFD_CLOEXEC, FIRST_HANDLE)
    finally:
        os.close(fresh)


def tell_to(handle: int) -> None:
    """From now on, tell this note."""
    _NOTE.handle = handle


@contextmanager
def on(files: Sequence[InputFile], columns: Sequence[str] | None = None) -> Iterator[None]:
    """Inside, these files are read; by another thread others may be."""
    reading = ReadingNow([*files], None if columns is None else [*columns])
    with _NOTE.lock:
        _NOTE.reading.append(reading)
        _NOTE.tell()
    try:
        yield
    finally:
        with _NOTE.lock:
            _NOTE.reading = [one for one in _NOTE.reading if one is not reading]
            _NOTE.tell()


def last(handle: int) -> ReadingNow | None:
    """What a note says is, or was, being read; null for nothing."""
    from jifen_batch.inputs.files import InputFile  # noqa: PLC0415 - who watches need not wait for it

    try:
        told = json.loads(os.pread(handle, NOTE_BYTES_MAX, 0))
    except ValueError:
        return None
    files = [InputFile(told["role"], Path(path), name) for path, name in told["files"]]
    return ReadingNow(files, told["columns"])


def _as_data(reading: Sequence[ReadingNow]) -> dict[str, object]:
    """Whatever is being read, by whichever thread; the columns of the last that reads some."""
    files = list(dict.fromkeys(file for one in reading for file in one.files))
    return {
        "role": files[-1].role if files else "",
        "files": [[str(file.path), file.name] for file in files],
        "columns": next((one.columns for one in reversed(reading) if one.columns is not None), None),
    }
