"""What goes from one process to another: records as bytes, and large frames as files that are mapped.

The register of a county is larger than all that is done with it at a time. So it is written once, and every
process of a machine has the same pages of it in memory; a record then only names the files.
"""

from __future__ import annotations

import io
import pickle
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from jifen_batch.storage import disk

if TYPE_CHECKING:
    from pathlib import Path

# A smaller frame is sooner copied than opened.
MAPPED_BYTES = 1 << 16
COLUMN = "column"


class _Pickler(pickle.Pickler):
    """As pickle's, with large frames put into files beside."""

    def __init__(self, file: io.BytesIO, beside: Path | None, saved: dict[int, tuple[object, str]]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.beside, self.saved = beside, saved

    def persistent_id(self, value: object) -> tuple[str, str] | None:
        """The kind and the file of a large frame or column; null for anything else."""
        if self.beside is None or not isinstance(value, pl.DataFrame | pl.Series):
            return None
        if value.estimated_size() < MAPPED_BYTES:
            return None
        kind = "series" if isinstance(value, pl.Series) else "frame"
        if id(value) not in self.saved:
            name = f"frame-{len(self.saved)}.arrow"
            frame = value.to_frame(COLUMN) if isinstance(value, pl.Series) else value
            write_frame(frame, self.beside / name)
            self.saved[id(value)] = value, name
        return kind, self.saved[id(value)][1]

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle has it
        """Read-only views, which mappings of columns are, as what they show."""
        if isinstance(value, MappingProxyType):
            return MappingProxyType, (dict(value),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """As pickle's, with the frames mapped."""

    def __init__(self, content: bytes, beside: Path) -> None:
        super().__init__(io.BytesIO(content))
        self.beside = beside

    def persistent_load(self, pid: tuple[str, str]) -> pl.DataFrame | pl.Series:
        """The frame or column of a file."""
        kind, name = pid
        frame = read_frame(self.beside / name)
        return frame.to_series() if kind == "series" else frame


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Leave a frame in a file that can be mapped. Raises `DiskError`."""
    disk.write_with(path, lambda: frame.rechunk().write_ipc(path, record_batch_size=max(frame.height, 1)))


def read_frame(path: Path) -> pl.DataFrame:
    """A frame that was left so: all who read it share its pages. Raises `DiskError`."""
    with disk.failures("read", path):
        frame = pl.from_arrow(pa.ipc.open_file(pa.memory_map(str(path))).read_all())
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame


class Saved:
    """Records saved in a folder for other processes; a frame that several records hold is written once."""

    def __init__(self, folder: Path) -> None:
        """The folder is there."""
        self.folder = folder
        # The frames are kept, so that no other one comes to be where one of them was in memory.
        self._saved: dict[int, tuple[object, str]] = {}

    def save(self, name: str, record: object) -> Path:
        """Save a record; the path by which it is loaded. Raises `DiskError`."""
        content = io.BytesIO()
        _Pickler(content, self.folder, self._saved).dump(record)
        path = self.folder / name
        disk.write_bytes(path, content.getvalue())
        return path


@lru_cache(maxsize=4)
def load(path: Path) -> Any:  # noqa: ANN401 - whatever was saved
    """A record that another process saved; the last few are kept. Raises `DiskError`."""
    with disk.failures("read", path):
        content = path.read_bytes()
    return _Unpickler(content, path.parent).load()


def as_bytes(record: object) -> bytes:
    """A record as bytes, to be sent."""
    content = io.BytesIO()
    _Pickler(content, None, {}).dump(record)
    return content.getvalue()


def from_bytes(content: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    """A record out of bytes that this program sent."""
    return pickle.loads(content)  # noqa: S301 - of our own processes, over a channel that is theirs
