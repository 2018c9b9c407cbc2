"""Which files an input has, in order, and which of its folder are passed over, each with why.

Nothing is passed over in silence: a table that is not read would be somebody's month without points. So
a file that looks like one and cannot be read stops the night, and any other is named.
"""

# ruff: noqa: PLC0415 - what reads workbooks takes long to load, and most nights read none

from __future__ import annotations

import glob
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.files import FORMATS, WORKBOOK, InputFile, stamp
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.inputs.safety import kind, limits, table_folders
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.mapping import Mapping

GLOB_SIGNS = re.compile(r"[*?\[]")
HIDDEN = (".", "_")
# Excel and WPS keep such a file beside a workbook that somebody has open.
OPEN_ELSEWHERE = "~$"
DIGEST = ".sha256"
UNNAMED_SHEET = Sentence(
    "a sheet that [file] sheets does not name", "对照表 [file] 的 sheets 没有写这张工作表"
)
NOT_THE_FIRST = Sentence(
    "a sheet beside the first, which alone is read; to read it too, name it, or all, as sheets under [file] "
    "of --mapping",
    "是第一张以外的工作表，没有读；要一并读取，请在 --mapping 的 [file] 中用 sheets 写明它的名称，或写 all",
)
HIDDEN_SHEET = Sentence(
    "a hidden sheet; name it under [file] sheets to read it",
    "是隐藏的工作表；要读取，请在对照表 [file] 的 sheets 里写明它的名称",
)
IS_OPEN = Sentence("somebody has the workbook of that name open", "有人正打开同名的工作簿")
AS_XLSX = Sentence("open it and save it as .xlsx, or as CSV UTF-8", "请打开后另存为 .xlsx 或 CSV UTF-8")
AS_PARQUET = Sentence("write it as Parquet or CSV UTF-8", "请导出为 Parquet 或 CSV UTF-8")
# Endings of tables that are not read, and what to do with such a file.
FOREIGN = {
    **dict.fromkeys(
        (".xls", ".xlsb", ".xlsm", ".xlt", ".xltx", ".xltm", ".et", ".ett", ".ods", ".fods", ".numbers"),
        AS_XLSX,
    ),
    **dict.fromkeys((".orc", ".avro", ".json", ".jsonl", ".ndjson", ".arrows", ".dbf", ".xml"), AS_PARQUET),
    **dict.fromkeys(
        (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z", ".rar", ".tar", ".tgz"), kind.UNPACK
    ),
}


@dataclass(frozen=True)
class Found:
    """The files of an input in the order of their names' bytes, and what was passed over, likewise."""

    files: list[InputFile]
    passed_over: list[InputRemark]


def find(location: str, role: str, mapping: Mapping | None = None) -> Found:
    """All files of an input, a file, folder or glob; of workbooks each sheet that the mapping names.

    A folder is read with all below it, also one that a glob matches. Hidden files and those that begin
    with `_` are passed over, unless named outright, and so are those of no table's ending. Raises
    `InputRefusedError` where there is no file that can be read, one of a table's ending that is none of
    ours, an empty one, or a folder that another program keeps its versions of a table in.
    """
    path = Path(location)
    try:
        if location and path.is_file():
            table_folders.refuse(path.parent, role)
            below, skipped = {path.name: path}, list[InputRemark]()
        elif location and path.is_dir():
            below, skipped = _sorted_out(((_below(path, file), file) for file in _walk(path, role)), role)
        else:
            below, skipped = _sorted_out(_matched(location, role), role)
        if not below and not skipped:
            raise _refused(
                role,
                location,
                Sentence("there is no such file", "没有这个文件"),
                Sentence(f"check --{role} and the folder", f"请检查 --{role} 和该文件夹"),
            )
        files = _as_inputs(below, role, mapping)
    except OSError as error:
        why = reasons.reason(error.errno)
        raise _refused(
            role,
            location,
            Sentence(f"cannot be looked into ({why.en})", f"无法查看（{why.zh}）"),
            Sentence("check the permissions", "请检查权限"),
        ) from error
    if not files:
        raise _refused(
            role,
            location,
            Sentence(f"no file ends in {', '.join(FORMATS)}", f"没有以 {'、'.join(FORMATS)} 结尾的文件"),
            Sentence(f"check --{role}", f"请检查 --{role}"),
        )
    limits.check_files(files)
    sheets, unread = _by_sheet(files)
    return Found(sheets, sorted([*skipped, *unread], key=lambda one: one.name))


def _refused(role: str, location: str, problem: Sentence, remedy: Sentence) -> InputRefusedError:
    """The complaint about an input as a whole."""
    where = Sentence(f"{role}: {location}", f"{role}：{location}")
    return InputRefusedError(*refusal(where, problem, remedy))


def _as_inputs(below: dict[str, Path], role: str, mapping: Mapping | None) -> list[InputFile]:
    """Files in order, all that cannot be read told at once."""
    faults = Faults()
    files = []
    for name, path in below.items():
        file = InputFile(role, path, name, stamp(path), mapping)
        with faults.kept():
            _check_name(file)
            ending = path.suffix.lower()
            if ending not in FORMATS:
                raise file.refuse(
                    Sentence(
                        f"ends in {ending or 'nothing'}, which is not read",
                        f"以 {ending} 结尾的文件不能读取" if ending else "没有扩展名，不能读取",
                    ),
                    FOREIGN.get(ending, AS_XLSX),
                )
            kind.check(file)
            files.append(file)
    faults.refuse()
    return sorted(files, key=lambda file: file.name.encode())


def _by_sheet(files: list[InputFile]) -> tuple[list[InputFile], list[InputRemark]]:
    """Files with a workbook's named sheets in its place, and the sheets that nobody names."""
    each: list[InputFile] = []
    unread: list[InputRemark] = []
    for file in files:
        if file.format != WORKBOOK:
            each.append(file)
            continue
        from jifen_batch.inputs.formats import workbook

        names = workbook.sheet_names(file)
        wanted = _wanted(file, names)
        if wanted is None and names and workbook.begins_with_chart(file):
            wanted = [*names][:1]
        each += [replace(file, sheet=name) for name in wanted] if wanted is not None else [file]
        rest = [name for name in names if name not in wanted] if wanted is not None else [*names][1:]
        why = UNNAMED_SHEET if file.mapping else NOT_THE_FIRST
        unread += [
            InputRemark(file.role, replace(file, sheet=name).place, why if names[name] else HIDDEN_SHEET)
            for name in rest
        ]
    return each, unread


def _wanted(file: InputFile, names: dict[str, bool]) -> Sequence[str] | None:
    """The sheets of a workbook to read, of those it has and whether each is to be seen; null = the first.

    What a clerk has hidden is an old table or a list to choose from: it is read where it is named.
    """
    seen = [name for name, shown in names.items() if shown]
    wanted = file.mapping.sheets_of(seen) if file.mapping else None
    return seen[:1] if wanted is None and seen and seen[0] != next(iter(names)) else wanted


def _sorted_out(found: Iterator[tuple[str, Path]], role: str) -> tuple[dict[str, Path], list[InputRemark]]:
    """Files to read, or to refuse, by name, and those passed over; a digest beside a file is looked at."""
    read: dict[str, Path] = {}
    skipped: list[InputRemark] = []
    for name, path in found:
        last = name.rpartition("/")[2]
        ending = path.suffix.lower()
        if any(part.startswith(HIDDEN) for part in name.split("/")):
            skipped.append(InputRemark(role, name, begins_with(_hidden_sign(name))))
        elif last.startswith(OPEN_ELSEWHERE):
            skipped.append(InputRemark(role, name, IS_OPEN))
        elif ending in FORMATS or ending in FOREIGN:
            read[name] = path
        elif ending != DIGEST or not path.with_name(last.removesuffix(path.suffix)).exists():
            skipped.append(InputRemark(role, name, _no_table(ending)))
    return read, skipped


def begins_with(sign: str) -> Sentence:
    """Why a hidden file is not read."""
    return Sentence(f"its name begins with {sign}", f"名称以 {sign} 开头")


def _no_table(ending: str) -> Sentence:
    """Why a file of some ending is not read."""
    return Sentence(
        f"ends in {ending or 'nothing'}, which no table does",
        f"以 {ending} 结尾，不是表格文件" if ending else "没有扩展名，不是表格文件",
    )


def _hidden_sign(name: str) -> str:
    """The sign by which a file or a folder on its way is hidden."""
    return next(part[0] for part in name.split("/") if part.startswith(HIDDEN))


def _matched(pattern: str, role: str) -> Iterator[tuple[str, Path]]:
    """Files that match a glob or lie in a folder that does, by their name below its fixed folder."""
    parts = Path(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if GLOB_SIGNS.search(part)), None)
    if fixed is None:
        return
    base = Path(*parts[:fixed])
    folders: set[Path] = set()
    for match in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - a pattern may be absolute
        path = Path(match)
        if path.is_file() and path.parent not in folders:
            folders.add(path.parent)
            table_folders.refuse(path.parent, role)
        for file in [path] if path.is_file() else _walk(path, role):
            yield _below(base, file), file


def _below(base: Path, path: Path) -> str:
    """A file's name below a folder; a folder's ends in a stroke."""
    return path.relative_to(base).as_posix() + ("/" if path.is_dir() else "")


def _walk(folder: Path, role: str) -> Iterator[Path]:
    """All files below a folder, and hidden folders whole; none is entered twice, whatever links say.

    A folder that cannot be listed is an error: `rglob` would pass over it, and its rows be missed.
    """
    entered: set[tuple[int, int]] = set()

    def fail(error: OSError) -> None:
        raise error

    table_folders.refuse(folder, role)
    for parent, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        here = Path(parent).stat()
        if (here.st_dev, here.st_ino) in entered:
            folders.clear()
            continue
        entered.add((here.st_dev, here.st_ino))
        table_folders.refuse_below(Path(parent), folders, role)
        hidden = sorted(name for name in folders if name.startswith(HIDDEN))
        yield from (Path(parent, name) for name in hidden)
        folders[:] = sorted(set(folders) - set(hidden))
        # A link that leads nowhere stays in: that its file is missing has to be said.
        yield from (path for name in files if (path := Path(parent, name)).is_file() or _is_lost(path))


def _is_lost(path: Path) -> bool:
    """Whether it is a link of an input's name that leads nowhere."""
    is_input = path.suffix.lower() in FORMATS and not path.name.startswith(HIDDEN)
    return is_input and path.is_symlink() and not path.exists()


def _check_name(file: InputFile) -> None:
    """Refuse a name that cannot be written down."""
    try:
        file.name.encode()
    except UnicodeEncodeError as error:
        raise _refused(
            file.role,
            ascii(file.name),
            Sentence("the file's name is not UTF-8", "文件名不是 UTF-8 编码"),
            Sentence("rename the file", "请给文件改名"),
        ) from error
