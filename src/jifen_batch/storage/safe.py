"""Where it is safe to publish: no link stands in the way, and nobody else may change what lies there."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from jifen_batch.errors import InputRefusedError
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def refuse_unsafe(out: Path, folders: Iterable[str]) -> None:
    """Refuse an output folder, or one of these `folders` in it, that is a link or that others may write to.

    What stands in them is not to be a link either, and above the output folder nobody else may be able
    to put another in its place. Raises `InputRefusedError`, and `DiskError` where that cannot be seen.
    """
    with disk.failures("look at", out):
        for folder in (out, *(out / name for name in folders)):
            _refuse(folder)
        for folder in out.absolute().resolve().parents:
            if folder.is_dir() and _others_may_write(folder) and not folder.stat().st_mode & stat.S_ISVTX:
                raise InputRefusedError(
                    f"{folder}: others may write to it, and could put another folder in the place of {out}; "
                    "take that right away (chmod o-w), or let --out lie elsewhere",
                    f"{folder}：其他用户可以写入，能用别的文件夹顶替 {out}；"
                    "请收回该权限（chmod o-w），或让 --out 放在别处",
                )
        for name in folders:
            for path in (out / name).glob("*"):
                # A hidden one is none of ours, or is swept away like whatever a dead command left.
                if path.is_symlink() and not path.name.startswith("."):
                    raise InputRefusedError(
                        f"{path}: is a link; move it away, and bring the folder itself",
                        f"{path}：是链接；请移走它，放回文件夹本身",
                    )


def _refuse(folder: Path) -> None:
    """Refuse one folder, by its own mode."""
    if folder.is_symlink():
        raise InputRefusedError(
            f"{folder}: is a link; name the folder itself, and let it hold its runs",
            f"{folder}：是链接；请指定文件夹本身，各次运行都放在里面",
        )
    if folder.exists() and not folder.is_dir():
        raise InputRefusedError(
            f"{folder}: is no folder; move it away, or name another",
            f"{folder}：不是文件夹；请移走它，或另选一个",
        )
    if folder.is_dir() and _others_may_write(folder):
        raise InputRefusedError(
            f"{folder}: others may write to it; take that right away (chmod o-w)",
            f"{folder}：其他用户可以写入；请收回该权限（chmod o-w）",
        )


def _others_may_write(folder: Path) -> bool:
    """Whether anybody may."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)
