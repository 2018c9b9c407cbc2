"""The folder that printed notices or work lists are written to, the user's own: complete, or not there.

Written beside its place under a name of its own, and renamed in one step. Of what data say, only letters
and digits get into the name of a file.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from jifen_batch.errors import DiskError, UsageRefusedError
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INDEX = "index.xlsx"
OPTION = "--notices"
# A name of a file holds 255 bytes, three of them a Chinese character.
LONGEST_PART = 24


def check(folder: Path, out: Path, option: str = OPTION) -> None:
    """Refuse a place for the folder that `option` asks for, before anything is worked out.

    Raises `UsageRefusedError` for a place in the output folder, one that is taken (an empty folder is
    not), a link, or a place that others may write to.
    """

    def refuse(problem: Sentence, remedy: Sentence) -> UsageRefusedError:
        return UsageRefusedError(*refusal(f"{option} {folder}", problem, remedy))

    with disk.failures("look at", folder):
        parent = folder.absolute().parent
        if folder.resolve().is_relative_to(out.resolve()):
            raise refuse(
                Sentence("lies in the output folder", "在输出文件夹里面"),
                Sentence(
                    "name another place, that folder is the worker's own", "请另选位置，那里只归本程序使用"
                ),
            )
        if folder.is_symlink():
            raise refuse(
                Sentence("is a link", "是链接"), Sentence("name the folder itself", "请指定文件夹本身")
            )
        if not parent.is_dir():
            raise refuse(
                Sentence(f"{parent} is no folder", f"{parent} 不是文件夹"),
                Sentence("make it, or name another place", "请先建立，或另选位置"),
            )
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise refuse(
                Sentence("is there already and not empty", "已经存在，且不是空的"),
                Sentence("name a folder that is not there yet", "请指定一个还不存在的文件夹"),
            )
        if _others_may_write(parent) or (folder.exists() and _others_may_write(folder)):
            raise refuse(
                Sentence("others may write there", "其他用户可以写入"),
                Sentence(
                    "take that right away (chmod o-w), or name another place",
                    "请收回该权限（chmod o-w），或另选位置",
                ),
            )


def _others_may_write(folder: Path) -> bool:
    """Whether others may put things there, and take ours away: not so in a shared place such as /tmp."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def name_of(number: int) -> str:
    """The file's name of the village with this number, from 1."""
    return f"{number:04}.xlsx"


class FileNames:
    """Names of files by what they are about, no two of them equal, whatever a disk takes for equal."""

    def __init__(self) -> None:
        """None yet."""
        self._taken: set[str] = set()

    def of(self, *parts: str) -> str:
        """A name without its ending, of what of these parts may stand in one; numbered where it is taken."""
        clean = [plain for part in parts if (plain := _plain(part))]
        base = "_".join(dict.fromkeys(clean)) or "1"
        name, number = base, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name.casefold())
        return name


def _plain(text: str) -> str:
    """Letters, digits and dashes of a text; whatever else stands between them is one dash."""
    signs = unicodedata.normalize("NFKC", text)
    kept = "".join(sign if sign.isalnum() else " " for sign in signs)
    return "-".join(kept.split())[:LONGEST_PART].strip("-")


@contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """A folder to write the notices into, which takes its name at the end; gone if it does not come so far.

    Raises `DiskError`, also where something has come to stand there meanwhile.
    """
    writing = folder.absolute().with_name(f".{folder.name}.new-{os.getpid()}")
    disk.remove_tree(writing)
    try:
        disk.make_folder(writing)
        yield writing
        disk.sync(writing)
        disk.rename(writing, folder.absolute())
    except BaseException:
        with suppress(DiskError):
            disk.remove_tree(writing)
        raise
