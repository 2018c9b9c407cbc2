"""manifest.json: what went into a run, what came out, and how it went (contract 4)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from jifen_batch.store.files import Digest, InputFile, digest_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "manifest.json"
# The key of a manifest's own digest: of its bytes without that key. It names every file but itself.
SEAL = "manifest_sha256"


def as_bytes(content: dict[str, Any]) -> bytes:
    """The manifest as it stands on the disk, with its own digest (`SEAL`)."""
    bare = {key: value for key, value in content.items() if key != SEAL}
    return _written({**bare, SEAL: hashlib.sha256(_written(bare)).hexdigest()})


def is_whole(read: bytes, content: dict[str, Any]) -> bool:
    """Whether the bytes that were read, and gave this content, are those that were once written."""
    return as_bytes(content) == read


def _written(content: dict[str, Any]) -> bytes:
    """Content in the one form that it is written in."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def of_inputs(digests: Sequence[Digest]) -> list[dict[str, Any]]:
    """Size and SHA-256 of each input file, by role and name."""
    return [asdict(digest) for digest in digests]


def of_outputs(folder: Path) -> list[dict[str, Any]]:
    """Size, SHA-256 and rows of each file as it lies on the disk, by its name in the run.

    `rows` is null for what is no table.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = [InputFile("output", path, path.relative_to(folder).as_posix()) for path in files]
    return [
        {"name": digest.name, "size": digest.size, "sha256": digest.sha256, "rows": _rows(path)}
        for path, digest in zip(files, digest_files(named), strict=True)
    ]


def _rows(path: Path) -> int | None:
    """Rows of a Parquet file by its own footer."""
    if path.suffix != ".parquet":
        return None
    import pyarrow.parquet as pq  # noqa: PLC0415 - a tenth of a second, which who only reads should not wait for

    return int(pq.read_metadata(path).num_rows)
