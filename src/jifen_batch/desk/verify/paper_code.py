"""The announcement that a short code on paper belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.errors import UsageRefusedError
from jifen_batch.inputs.files import hash_file
from jifen_batch.notices.printed.code import short_code, typed
from jifen_batch.published import announced, manifest

if TYPE_CHECKING:
    from pathlib import Path

HANGS, WITHDRAWN, UNKNOWN = "hangs", "withdrawn", "unknown"


def found(out: Path, text: str) -> dict[str, str | None]:
    """What a code (as somebody typed it) says: `code`, `state`, and the `quarter`, null where none has it.

    Raises `UsageRefusedError` for a text that is no code.
    """
    code = typed(text)
    if code is None:
        raise UsageRefusedError(
            "--code: is no code; type the 16 signs (0 to 9, A to F) that stand on the paper",
            "--code：不是核对码；请照纸上的 16 位输入（0 到 9、A 到 F）",
        )
    for quarter, digest in announced.digests(out).items():
        if short_code(digest) == code:
            return {"code": code, "state": HANGS, "quarter": quarter}
    for folder in announced.withdrawn(out):
        if short_code(hash_file(manifest.path(folder))[1]) == code:
            return {"code": code, "state": WITHDRAWN, "quarter": folder.name.partition("=")[2]}
    return {"code": code, "state": UNKNOWN, "quarter": None}
