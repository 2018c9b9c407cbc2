"""Rule files on disk: found, read once, and parsed into drafts (specification 2.3).

What cannot be read at all is an input error. What can be read but is no TOML becomes a complaint with
its line, and the draft then says so, so that nobody complains a second time about what it might hold.
"""

from __future__ import annotations

import os
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch import signs
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint, InputRefusedError
from jifen_batch.rules.locate import KeyPath, line_of, locate
from jifen_batch.rules.no_toml import NO_UTF8, TOO_DEEP, said
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILE_BYTES_LIMIT = 1 << 19  # some thousand items: a worst-case file still takes seconds, not minutes
FOLDER = Sentence(
    "is a folder; name it with --rules, too, to read it", "是文件夹；要读取，请也用 --rules 写明"
)
NO_TOML_NAME = Sentence("does not end in .toml", "不以 .toml 结尾")
HIDDEN = Sentence("its name begins with .", "名称以 . 开头")
KEY_PARTS_LIMIT = 100  # tomllib takes quadratic time over a key of very many dotted parts

_LONG_KEY = re.compile(rf"(?:^|[=,{{\[])(?:[^.=,{{}}\[\]\n]*+\.){{{KEY_PARTS_LIMIT}}}", re.MULTILINE)
_ID = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class RuleFile:
    """One rule file as read: `name` is unique in a run's `rules/`, `path` as it was given."""

    name: str
    path: Path
    content: bytes


@dataclass(frozen=True, eq=False)
class RuleDraft:
    """One rule file as parsed; `tables` is None where it is no TOML, then `ids` are what it may name."""

    file: RuleFile
    text: str
    tables: dict[str, Any] | None

    @property
    def shown(self) -> str:
        """The path as it can be printed, whatever bytes the name is made of."""
        return printable(self.file.path)

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        """Where each key stands; made only when somebody asks."""
        try:
            return locate(self.text)
        except RecursionError:  # nested almost as deep as tomllib itself can go
            return {}

    def line(self, path: KeyPath) -> int:
        """Line of a key, or of what is nearest around it."""
        return line_of(self.lines, path)

    @property
    def ids(self) -> set[str]:
        """Book ids that a file which is no TOML seems to hold."""
        return set(_ID.findall(self.text)) if self.tables is None else set()


def printable(path: Path) -> str:
    """A path as one printable line."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return signs.shown(text)


def read_files(paths: Sequence[Path]) -> list[RuleFile]:
    """Every rule file of files and folders, each once, in order of name and content.

    Raises `InputRefusedError` for a path that is neither file nor folder, for a folder without a
    `*.toml`, and for a file that cannot be read.
    """
    if not paths:
        raise InputRefusedError(
            "--rules names no rule file; give a file or a folder of *.toml files",
            "--rules 没有指定细则文件；请给出一个文件，或存放 *.toml 的文件夹",
        )
    found: dict[tuple[int, int], tuple[Path, bytes]] = {}
    for path in paths:
        for one in _files_at(Path(path)):
            identity, content = _read(one)
            found.setdefault(identity, (one, content))
    named = sorted(found.values(), key=lambda each: (_copy_name(each[0]), each[1]))
    return [
        RuleFile(name, path, content)
        for name, (path, content) in zip(_unique(_copy_name(path) for path, _ in named), named, strict=True)
    ]


def _files_at(path: Path) -> list[Path]:
    """The file itself, or the `*.toml` files directly in the folder; hidden ones are editors' own."""
    try:
        if path.is_dir():
            inside = sorted(
                each for each in path.glob("*.toml") if each.is_file() and not each.name.startswith(".")
            )
            if not inside:
                raise InputRefusedError(
                    f"{printable(path)}: no *.toml file in this folder; check --rules",
                    f"{printable(path)}：文件夹里没有 *.toml 文件；请检查 --rules",
                )
            return inside
        if path.is_file():
            return [path]
    except (OSError, ValueError):
        pass
    raise InputRefusedError(
        f"{printable(path)}: no such rule file or folder; check --rules",
        f"{printable(path)}：没有这个细则文件或文件夹；请检查 --rules",
    )


def unread(paths: Sequence[Path]) -> list[tuple[str, Sentence]]:
    """What the folders of rule files hold beside, and why it is not read, by name: a book may be among it."""
    found = []
    for folder in paths:
        if not folder.is_dir():
            continue
        for one in sorted(folder.iterdir()):
            if one.is_dir():
                found.append((printable(Path(one.name)) + "/", FOLDER))
            elif not one.match("*.toml"):
                found.append((printable(Path(one.name)), NO_TOML_NAME))
            elif one.name.startswith("."):
                found.append((printable(Path(one.name)), HIDDEN))
    return found


def _read(path: Path) -> tuple[tuple[int, int], bytes]:
    """Identity on disk, and content up to one byte beyond the limit."""
    try:
        with path.open("rb") as source:
            status = os.fstat(source.fileno())
            return (status.st_dev, status.st_ino), source.read(FILE_BYTES_LIMIT + 1)
    except OSError as error:
        remedy = Sentence("check its permissions and the disk", "请检查权限和磁盘")
        raise InputRefusedError(*refusal(printable(path), reasons.cannot_be_read(error), remedy)) from error


def _copy_name(path: Path) -> str:
    """A file name safe to write, from one that may hold anything."""
    stem = re.sub(r"[^\w.-]", "_", printable(Path(path.name)).removesuffix(".toml")).lstrip(".")
    return f"{stem[:60] or 'rules'}.toml"


def _unique(names: Iterable[str]) -> list[str]:
    """The names, numbered where one came before, also on disks that know no case."""
    taken: set[str] = set()
    unique = []
    for name in names:
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            free = f"{name.removesuffix('.toml')}-{number}.toml"
        taken.add(free.casefold())
        unique.append(free)
    return unique


def parse(file: RuleFile) -> tuple[RuleDraft, list[Complaint]]:
    """The file's tables, or a draft without tables and the complaint why."""
    text = file.content.decode("utf-8", "replace").removeprefix("\ufeff")
    refused = _unreadable(file, text)
    if refused is None:
        try:
            return RuleDraft(file, text, tomllib.loads(text)), []
        except RecursionError:
            refused = (_deepest_line(text), *TOO_DEEP)
        except ValueError as error:  # TOMLDecodeError is one; so is an integer of thousands of digits
            refused = said(str(error), text)
    return RuleDraft(file, text, None), [Complaint(printable(file.path), *refused)]


def _unreadable(file: RuleFile, text: str) -> tuple[int, Sentence, Sentence] | None:
    """Line, problem and remedy of what must not even reach the TOML parser."""
    if len(file.content) > FILE_BYTES_LIMIT:
        limit = FILE_BYTES_LIMIT >> 10
        too_large = Sentence(f"the file is larger than {limit} KB", f"文件超过 {limit} KB")
        return 1, too_large, Sentence("divide the book into several files", "请把细则分成几个文件")
    try:
        file.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = file.content.count(b"\n", 0, error.start) + 1
        return line, *NO_UTF8
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.end()) + 1
        long = Sentence(
            f"a key has more than {KEY_PARTS_LIMIT} parts joined by dots",
            f"一处用点连接了 {KEY_PARTS_LIMIT} 段以上",
        )
        return line, long, Sentence("write keys as the sample book does", "请按样张的写法书写键名")
    return None


def _deepest_line(text: str) -> int:
    """The line that opens most brackets; tomllib does not say where it lost its way."""
    opened = [line.count("[") + line.count("{") for line in text.split("\n")]
    return opened.index(max(opened)) + 1
