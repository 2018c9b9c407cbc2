"""Where it is safe to publish: no link stands in the way, and nobody else may change what lies there."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from jifen_batch.errors import InputRefusedError
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def refuse_unsafe(out: Path, folders: Iterable[str], option: str = "--out") -> None:
    """Refuse a folder that an option names, or one of these `folders` in it, if a link, or open to others.

    What stands in them is not to be a link either, and above the output folder nobody else may be able
    to put another in its place. Raises `InputRefusedError`, and `DiskError` where that cannot be seen.
    """
    with disk.failures("look at", out):
        for folder in (out, *(out / name for name in folders)):
            _refuse(folder, option)
        for folder in out.absolute().resolve().parents:
            if folder.is_dir() and _others_may_write(folder) and not folder.stat().st_mode & stat.S_ISVTX:
                raise InputRefusedError(
                    f"{folder}: others may write to it, and could put another folder in the place of {out}; "
                    f"take that right away (chmod o-w), or let {option} lie elsewhere",
                    f"{folder}：其他用户可以写入，能用别的文件夹顶替 {out}；"
                    f"请收回该权限（chmod o-w），或让 {option} 放在别处",
                )
        for name in folders:
            for path in (out / name).glob("*"):
                # A hidden one is none of ours, or is swept away like whatever a dead command left.
                if path.is_symlink() and not path.name.startswith("."):
                    raise InputRefusedError(
                        f"{path}: is a link; move it away, and bring the folder itself",
                        f"{path}：是链接；请移走它，放回文件夹本身",
                    )


def _refuse(folder: Path, option: str) -> None:
    """Refuse one folder, by its own mode."""
    if folder.is_symlink():
        raise InputRefusedError(
            f"{folder}: is a link; let {option} name the folder itself, without a link in it",
            f"{folder}：是链接；{option} 请写文件夹本身，里面也不要有链接",
        )
    if folder.exists() and not folder.is_dir():
        raise InputRefusedError(
            f"{folder}: is no folder; move it away, or let {option} name another",
            f"{folder}：不是文件夹；请移走它，或让 {option} 另选一个",
        )
    if folder.is_dir() and _others_may_write(folder):
        raise InputRefusedError(
            f"{folder}: others may write to it; take that right away (chmod o-w), or let {option} name a "
            "folder of your own",
            f"{folder}：其他用户可以写入；请收回该权限（chmod o-w），或让 {option} 写一个自己的文件夹",
        )


def _others_may_write(folder: Path) -> bool:
    """Whether anybody may."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)
