"""What publishing does to the disk: each step of it whole, lasting, and with the modes that it must have.

Files are 0640 and folders 0750 whatever the umask. A failing disk becomes one error, whichever library
met it. All changes go through `operations`.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jifen_batch.errors import DiskError
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.storage import operations, reasons
from jifen_batch.storage.operations import FILE_MODE, FOLDER_MODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


Doing = Literal[
    "ask for the free space of",
    "look at",
    "look into",
    "make the folder",
    "open",
    "read",
    "read back",
    "remove",
    "rename",
    "set the time of",
    "switch",
    "sync",
    "write",
]
IN_CHINESE: dict[Doing, str] = {
    "ask for the free space of": "查询剩余空间",
    "look at": "查看",
    "look into": "查看",
    "make the folder": "建立文件夹",
    "open": "打开",
    "read": "读取",
    "read back": "读回",
    "remove": "删除",
    "rename": "改名",
    "set the time of": "设定时间",
    "switch": "切换",
    "sync": "写入磁盘",
    "write": "写入",
}


@contextmanager
def failures(what: Doing, path: Path) -> Iterator[None]:
    """Inside, whatever the file system refuses becomes a `DiskError` that says what was being done."""
    try:
        yield
    except OSError as error:
        # Never in the words of the error: a library's may quote cells.
        raise _failed(what, path, error, error.errno) from error
    except _of_libraries() as error:
        raise _failed(what, path, error, None) from error


def _failed(what: Doing, path: Path, error: Exception, number: int | None) -> DiskError:
    """The sentence for what the file system refused, by the number of the system's error, if it has one."""
    kind = type(error).__name__
    why = reasons.reason(number) if number else Sentence(kind, kind)
    problem = Sentence(f"cannot {what} ({why.en})", f"无法{IN_CHINESE[what]}（{why.zh}）")
    return DiskError(*refusal(str(path), problem, _remedy(number)))


def _of_libraries() -> tuple[type[Exception], ...]:
    """What the libraries raise when they meet a failing disk; asked only once something was raised."""
    # Each takes a tenth of a second, which who only reads, or only renames, should not wait for.
    import polars as pl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    return pl.exceptions.ComputeError, pa.ArrowException


def _remedy(number: int | None) -> Sentence:
    """What to do about a failing disk."""
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Sentence("check who may write there and run again", "请检查谁有权写入，再重新执行")
    return Sentence("make room or check the disk, and run again", "请腾出空间或检查磁盘，再重新执行")


def make_folder(path: Path, inside: Path | None = None) -> None:
    """Make a folder and those above it; whoever publishes what is in it syncs it then.

    None is made but `inside` the one that is given, which has to be there: it may have been swept.
    """
    with failures("make the folder", path):
        for folder in reversed(_missing(path, inside)):
            # Another thread may have been quicker.
            with suppress(FileExistsError):
                operations.mkdir(folder)
            operations.chmod(folder, FOLDER_MODE)


def make_lasting_folder(path: Path) -> None:
    """Make a folder and those above it, and make sure that they stay.

    One that is there already is made sure of too: whoever made it may have been killed before.
    """
    made = _missing(path) or [path]
    make_folder(path)
    for folder in reversed(made):
        # What lies above may be somebody else's, for us to pass through only.
        if os.access(folder.parent, os.R_OK):
            sync(folder.parent)


def _missing(path: Path, inside: Path | None = None) -> list[Path]:
    """Which of a folder and those above it, up to one that is given, are not there yet, itself first."""
    up_to = takewhile(lambda folder: folder != inside, (path, *path.parents))
    return [folder for folder in up_to if not folder.exists()]


def make_fresh_folder(path: Path) -> bool:
    """Make a folder unless there is something of its name; whether it was made."""
    with failures("make the folder", path):
        try:
            operations.mkdir(path)
        except FileExistsError:
            return False
        operations.chmod(path, FOLDER_MODE)
    return True


def write_with(path: Path, write: Callable[[], object]) -> None:
    """Write a file by somebody else's hand."""
    with failures("write", path):
        operations.write_by(path, write)
        operations.chmod(path, FILE_MODE)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a new file; whoever publishes it syncs it then."""
    with failures("write", path):
        operations.write(path, content)
        operations.chmod(path, FILE_MODE)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """The same, as its pieces come."""
    with failures("write", path):
        operations.write_pieces(path, pieces)
        operations.chmod(path, FILE_MODE)


def sync(path: Path) -> None:
    """Make sure that a file's content, or a folder's entries, are on the disk."""
    with failures("sync", path):
        operations.fsync(path)


def sync_tree(folder: Path) -> None:
    """Make sure that everything in a folder is on the disk, the folder itself last."""
    for top, _, names in _walked(folder):
        for name in names:
            sync(top / name)
        sync(top)


def _walked(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Folders, from the deepest up, with the names of folders and files in them; no link is followed."""

    def fail(error: OSError) -> None:
        raise error

    with failures("look into", folder):
        for top, folders, names in os.walk(folder, topdown=False, onerror=fail):
            links = [name for name in folders if Path(top, name).is_symlink()]
            yield Path(top), [name for name in folders if name not in links], names + links


def rename(path: Path, to: Path) -> None:
    """Move a file or folder within its file system, in one step, over what a file may replace."""
    with failures("rename", path):
        operations.rename(path, to)
    sync(to.parent)


def settle_folder(path: Path, to: Path) -> bool:
    """Give a folder its name, unless another one that holds something has it; whether it was given.

    For what need not outlast the machine: nothing is synced.
    """
    with failures("rename", path):
        try:
            operations.rename(path, to)
        except OSError as error:
            if error.errno in {errno.EEXIST, errno.ENOTEMPTY}:
                return False
            raise
    return True


def take_in(path: Path, to: Path) -> None:
    """Bring a file, from wherever it lies, to where nothing has its name; who publishes it syncs it then."""
    with failures("write", to):
        try:
            operations.rename(path, to)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            import shutil  # noqa: PLC0415 - with all packings that it knows, for what hardly any night meets

            operations.write_by(to, lambda: shutil.copyfile(path, to))
        operations.chmod(to, FILE_MODE)


def switch_link(link: Path, fresh: Path, target: str) -> None:
    """Point a link elsewhere in one step; `fresh` is a free name beside it."""
    with failures("switch", link):
        operations.symlink(fresh, target)
        operations.rename(fresh, link)
    sync(link.parent)


def remove_tree(path: Path) -> None:
    """Remove a folder and all that is in it, or a file; of a link, the link. Nothing there is well too."""
    with failures("remove", path):
        if not os.path.lexists(path):
            return
        if path.is_symlink() or not path.is_dir():
            operations.unlink(path)
            return
        for top, folders, names in _walked(path):
            for name in names:
                operations.unlink(top / name)
            for name in folders:
                operations.rmdir(top / name)
        operations.rmdir(path)


def touch(path: Path, at_ns: int | None = None) -> None:
    """Set the time of a file or folder, to now where none is given, for good."""
    with failures("set the time of", path):
        operations.utime(path, *([] if at_ns is None else [at_ns]))
    sync(path)


@contextmanager
def lockable(path: Path) -> Iterator[int]:
    """A handle of a file to lock, made where it is not there yet; a lock on it ends with the handle."""
    with failures("open", path):
        handle = operations.open_lock(path)
    try:
        yield handle
    finally:
        os.close(handle)


def note(handle: int, text: str, path: Path) -> None:
    """Write a short text over all that the file of a handle holds; for people, so it need not last."""
    with failures("write", path):
        operations.note(handle, text.encode("ascii"))


def free_bytes(path: Path) -> int:
    """How much room is left where a folder stands."""
    with failures("ask for the free space of", path):
        system = os.statvfs(path)
        return system.f_bavail * system.f_frsize


def hasten(path: Path) -> None:
    """Have the system begin to bring a written file to the disk; a later `sync` then finds little to do.

    Nothing is certain by it.
    """
    with failures("write", path):
        _not_needed(path)


def forget(path: Path) -> None:
    """Let the system forget what it has of a file in memory, so that it is read from the disk again.

    The file must be synced; a system that keeps it nevertheless gives the same bytes sooner.
    """
    with failures("read back", path):
        _not_needed(path)


def _not_needed(path: Path) -> None:
    """Tell the system that what it has of a file in memory is not needed: written out, and let go of then."""
    if not hasattr(os, "posix_fadvise"):
        return
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
