"""Input files: told apart by format, held to what they were when found, and digested (specification 2).

A workbook's sheet that the mapping names is a file of its own in all but its bytes.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.phrases import FETCH_AGAIN, PERMISSIONS
from jifen_batch.inputs.safety import room
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.errors import RoomError
    from jifen_batch.inputs.mapping import Mapping

PARQUET, IPC, CSV, WORKBOOK = "parquet", "ipc", "csv", "workbook"
FORMATS = {
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".arrow": IPC,
    ".ipc": IPC,
    ".feather": IPC,
    ".csv": CSV,
    ".tsv": CSV,
    ".xlsx": WORKBOOK,
}
HIVE_NULLS = ("", "__HIVE_DEFAULT_PARTITION__")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One file of an input: `role` (events, households, …), `name` relative to what was given, posix.

    `stamp` tells whether the file is still the one that was found: its size and time; null = not asked.
    `mapping` says how a foreign sheet reads, null = as ours; `sheet` is the one of a workbook that it
    names, null = the first.
    """

    role: str
    path: Path
    name: str
    stamp: tuple[int, int] | None = None
    mapping: Mapping | None = field(default=None, compare=False, repr=False)
    sheet: str | None = None

    @property
    def format(self) -> str:
        """`parquet`, `ipc`, `csv` or `workbook`, by its ending."""
        return FORMATS[self.path.suffix.lower()]

    @property
    def place(self) -> str:
        """What rows are said to come from: the file, and the sheet where one is named."""
        return self.name if self.sheet is None else f"{self.name}#{self.sheet}"

    @property
    def is_text(self) -> bool:
        """Whether its cells are read as text, one by one: a sheet, or whatever a mapping is for."""
        return self.format in {CSV, WORKBOOK} or self.mapping is not None

    @property
    def size(self) -> int:
        """Bytes; those that it had when it was found."""
        return self.path.stat().st_size if self.stamp is None else self.stamp[0]

    @property
    def hive(self) -> dict[str, str | None]:
        """The `key=value` folders on its way, by key; an empty value and Hive's word for null are null."""
        pairs = dict(part.split("=", 1) for part in self.name.split("/")[:-1] if "=" in part)
        return {key: None if value in HIVE_NULLS else unquote(value) for key, value in pairs.items()}

    def refuse(self, problem: Sentence, remedy: Sentence) -> InputRefusedError:
        """An error that names this file."""
        where = Sentence(f"{self.role}: {self.place}", f"{self.role}：{self.place}")
        return InputRefusedError(*refusal(where, problem, remedy))

    def unreadable(self, error: BaseException | None = None) -> InputRefusedError | RoomError:
        """The complaint about a file that is not what its name says, or about memory that was refused."""
        if error is not None and room.is_refused_memory(error):
            short = room.short_of_memory(
                Sentence(
                    f"{self.role}: {self.place}: while it was read,", f"{self.role}：{self.place}：读取时"
                )
            )
            if short is not None:
                return short
        return self.refuse(
            Sentence(
                f"cannot be read as {self.format}: it is damaged, encrypted, of another format, or a string "
                "in it is not UTF-8",
                f"无法按 {self.format} 读取：文件损坏、加密、是别的格式，或其中的文字不是 UTF-8",
            ),
            Sentence("have it written or sent again", "请重新导出或重新报送"),
        )


@dataclass(frozen=True)
class Digest:
    """What a file held: `size` in bytes and `sha256`."""

    role: str
    name: str
    size: int
    sha256: str


def check_unchanged(files: Sequence[InputFile]) -> None:
    """Refuse a file that was replaced, written to or removed since it was found.

    What was hashed would not be what was read. Raises `InputRefusedError`.
    """
    for file in files:
        try:
            now = stamp(file.path)
        except OSError:
            now = None
        if file.stamp not in {None, now}:
            raise file.refuse(
                Sentence("was changed while it was read", "读取时被改动"),
                Sentence("run again when it is complete", "请待文件完整后重新执行"),
            )


def stamp(path: Path) -> tuple[int, int]:
    """What changes when a file does."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def digest_files(files: Sequence[InputFile], threads: int = 2) -> list[Digest]:
    """Size and SHA-256 of each file, in order; hashing lets other threads run.

    Of several sheets of one once, but for each input that reads it: who asks which were given goes by role.

    A file `NAME.sha256` beside an input must hold its digest, else `InputRefusedError`.
    """
    firsts: dict[Path, InputFile] = {}
    for file in files:
        firsts.setdefault(file.path, file)
    with ThreadPoolExecutor(threads) as pool:
        found = dict(zip(firsts, pool.map(_digest, firsts.values()), strict=True))
    by_role = {(file.role, file.path): file for file in files}
    return [replace(found[file.path], role=file.role, name=file.name) for file in by_role.values()]


def _digest(file: InputFile) -> Digest:
    """Digest of one file."""
    try:
        size, sha256 = hash_file(file.path)
        beside = file.path.with_name(file.path.name + ".sha256")
        promised = beside.read_text("utf-8", errors="replace").split()[:1] if beside.is_file() else [sha256]
    except OSError as error:
        raise file.refuse(reasons.cannot_be_read(error), PERMISSIONS) from error
    if [digest.lower() for digest in promised] != [sha256]:
        raise file.refuse(
            Sentence(
                "its content is not what the .sha256 beside it says", "内容与旁边的 .sha256 文件所载不符"
            ),
            FETCH_AGAIN,
        )
    return Digest(file.role, file.name, size, sha256)


def hash_file(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
