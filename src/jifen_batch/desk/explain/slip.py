"""The slip of a household as a file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jifen_batch.notices.explaining.slip import slip
from jifen_batch.notices.printed.typeset import Typesetter
from jifen_batch.published import side_file
from jifen_batch.storage import disk, scratch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PDF, WRITING = ".pdf", ".slip-"


def write(said: Mapping[str, Any], to: Path, out: Path, fonts: str | None, option: str = "--slip") -> None:
    """Write the slip of what is said of a household, over what stands there.

    Raises `UsageRefusedError` for a place that cannot be, and where no PDF can be made here; `DiskError`
    where it cannot be written.
    """
    side_file.check(option, to, out, ending=PDF)
    content = Typesetter(fonts).pdf(slip(said), date.fromisoformat(said["as_of"]))
    with scratch.replacing(to, WRITING) as fresh:
        disk.write_bytes(fresh, content)
