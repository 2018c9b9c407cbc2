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
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILE_BYTES_LIMIT = 1 << 19  # some thousand items: a worst-case file still takes seconds, not minutes
KEY_PARTS_LIMIT = 100  # tomllib takes quadratic time over a key of very many dotted parts

_LONG_KEY = re.compile(rf"(?:^|[=,{{\[])(?:[^.=,{{}}\[\]\n]*+\.){{{KEY_PARTS_LIMIT}}}", re.MULTILINE)
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)$")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4299}")  # Python converts no longer ones
_ID = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)
_SYNTAX = {
    "Cannot overwrite a value": ("同一个键写了两次", "请只保留一处"),
    "Duplicate inline table key": ("同一个键写了两次", "请只保留一处"),
    "Cannot declare": ("同一个表写了两次", "请合并为一处（多个事项请各写 [[items]]）"),
    "Cannot redefine namespace": ("同一个表写了两次", "请合并为一处"),
    "Cannot mutate immutable namespace": ("这个表在前面已经写完整", "请把内容写进原处"),
    "Expected '=' after a key": ("键的后面缺少等号", "请写成 键 = 值，等号用半角"),
    "Invalid initial character": ("键名无法识别", "键名请用英文字母，符号请用半角"),
    "Expected ']": ("表名的方括号没有配对", "请写成 [表] 或 [[items]]"),
    "Unterminated string": ("引号没有配对", "请用半角双引号把文字括起来"),
    "Unescaped": ("文字里的反斜杠无法识别", "请把 \\ 写成 \\\\，或删去"),
    "Illegal character": ("文字里有不允许的字符", "请把文字写在一行之内，并用半角双引号括起来"),
    "Invalid date": ("日期不存在", "请写真实的日期，如 2023-01-31"),
    "Unclosed array": ("方括号没有配对", "请补上 ]，各项之间用半角逗号"),
    "Unclosed inline table": ("花括号没有配对", "请补上 }，各项之间用半角逗号"),
    "Invalid value": ("等号后面的值无法识别", "文字请加半角双引号，整数直接写，如 5"),
    "Invalid statement": ("这一行无法识别", "请写成 [表]、[[items]] 或 键 = 值，符号都用半角"),
}


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


def unread(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """What the folders of rule files hold beside, and why it is not read, by name: a book may be among it."""
    found = []
    for folder in paths:
        if not folder.is_dir():
            continue
        for one in sorted(folder.iterdir()):
            if one.is_dir():
                found.append(
                    (printable(Path(one.name)) + "/", "is a folder; name it with --rules, too, to read it")
                )
            elif not one.match("*.toml"):
                found.append((printable(Path(one.name)), "does not end in .toml"))
            elif one.name.startswith("."):
                found.append((printable(Path(one.name)), "its name begins with ."))
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
            refused = (_deepest_line(text), "括号嵌套过深", "请按样张的写法减少嵌套")
        except ValueError as error:  # TOMLDecodeError is one; so is an integer of thousands of digits
            refused = _syntax(str(error), text)
    return RuleDraft(file, text, None), [Complaint(printable(file.path), *refused)]


def _unreadable(file: RuleFile, text: str) -> tuple[int, str, str] | None:
    """Line, problem and remedy of what must not even reach the TOML parser."""
    if len(file.content) > FILE_BYTES_LIMIT:
        return 1, f"文件超过 {FILE_BYTES_LIMIT >> 10} KB", "请把细则分成几个文件"
    try:
        file.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = file.content.count(b"\n", 0, error.start) + 1
        return line, "不是 UTF-8 编码", "请在编辑器里另存为 UTF-8 编码"
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.end()) + 1
        return line, f"一处用点连接了 {KEY_PARTS_LIMIT} 段以上", "请按样张的写法书写键名"
    return None


def _deepest_line(text: str) -> int:
    """The line that opens most brackets; tomllib does not say where it lost its way."""
    opened = [line.count("[") + line.count("{") for line in text.split("\n")]
    return opened.index(max(opened)) + 1


def _syntax(message: str, text: str) -> tuple[int, str, str]:
    """Say in Chinese what tomllib found, and where."""
    if number := _LONG_NUMBER.search(text) if message.startswith("Exceeds the limit") else None:
        return text.count("\n", 0, number.start()) + 1, "整数过长", "请写实际的分值"
    found = _POSITION.search(message)
    line = int(found[1]) if found else text.rstrip().count("\n") + 1
    problem, remedy = next(
        (said for start, said in _SYNTAX.items() if message.startswith(start)),
        ("不符合 TOML 的写法", "请对照样张检查括号、引号和等号，符号都用半角"),
    )
    column = f"（第 {found[2]} 列）" if found else ""
    return line, problem + column, remedy
