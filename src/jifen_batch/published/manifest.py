"""manifest.json: what went into a run, what came out, and how it went (specification 4)."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeGuard

from jifen_batch import program
from jifen_batch.errors import DiskError
from jifen_batch.inputs.files import hash_file
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jifen_batch.inputs.files import Digest

THREADS = 2
NAME = "manifest.json"
RULES = "rules"
# Below it lies what is no table, where a folder's own files are tables: readers of data sets pass over names
# that begin so.
ABOUT = "_about"
# The key of a manifest's own digest: of its bytes without that key. It names every file but itself.
SEAL = "manifest_sha256"
RECORD = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",\n   ", ": "))


def about(folder: Path) -> Path:
    """Where a run or quarter keeps what is no table: itself, or `ABOUT` in it, as quarters do since 0.2.0."""
    inside = folder / ABOUT
    return inside if inside.is_dir() else folder


def path(folder: Path) -> Path:
    """The manifest of a run or a quarter."""
    return about(folder) / NAME


def rules(folder: Path) -> Path:
    """The rule files of a run or a quarter."""
    return about(folder) / RULES


def as_bytes(content: dict[str, Any]) -> bytes:
    """The manifest as it stands on the disk, with its own digest (`SEAL`)."""
    entries = {key: _entry(key, value) for key, value in content.items() if key != SEAL}
    digest = hashlib.sha256(_written(entries)).hexdigest()
    return _written({**entries, SEAL: _entry(SEAL, digest)})


def is_whole(read: bytes, content: dict[str, Any]) -> bool:
    """Whether the bytes that were read, and gave this content, are those that were once written."""
    return as_bytes(content) == read


def _entry(key: str, value: object) -> str:
    """One entry of the content in the one form that it is written in, without the braces around it.

    That is JSON with an indent. `json` writes that in Python, and ten times as fast without: so records,
    which are thousands, are written without one, and with the new line and the indent as separators.
    """
    if not _are_records(value):
        return json.dumps({key: value}, ensure_ascii=False, indent=1, sort_keys=True)[2:-2]
    records = [RECORD.encode(one)[1:-1] for one in value]
    inside = "\n  },\n  {\n   ".join(records)
    return f" {json.dumps(key, ensure_ascii=False)}: [\n  {{\n   {inside}\n  }}\n ]"


def _are_records(value: object) -> TypeGuard[list[dict[str, object]]]:
    """Whether it is a list of records: none empty, none with anything in it that has parts."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and one for one in value)
        and not any(isinstance(part, (dict, list, tuple)) for one in value for part in one.values())
    )


def _written(entries: Mapping[str, str]) -> bytes:
    """A document of these entries, as `json.dumps` would write them together."""
    lines = ",\n".join(entries[key] for key in sorted(entries))
    return f"{{\n{lines}\n}}\n".encode()


def of_program() -> dict[str, Any]:
    """By which program it was made: the version of its tables, its own, its code, and what it runs on."""
    # polars is slow, and `current` needs none.
    from jifen_batch.columns.packing import hash_probe  # noqa: PLC0415
    from jifen_batch.tables import SCHEMA_VERSION  # noqa: PLC0415

    return {
        "schema_version": SCHEMA_VERSION,
        "versions": {
            **program.versions(),
            "code": program.code(),
            "id_hashes": hash_probe(),
        },
    }


def made_by(content: Mapping[str, Any]) -> str:
    """The program that a manifest says it was made by: its version, and what its code is where known."""
    versions = content.get("versions", {})
    code = f" ({versions['code']})" if "code" in versions else ""
    return f"jifen-batch {versions.get('jifen-batch')}{code}"


def of_inputs(digests: Sequence[Digest]) -> list[dict[str, Any]]:
    """Size and SHA-256 of each input file, by role and name."""
    return [asdict(digest) for digest in digests]


def of_outputs(folder: Path) -> list[dict[str, Any]]:
    """Size, SHA-256 and rows of each file as it was written, by its name in the run.

    `rows` is null for what is no table. Raises `DiskError`.
    """
    with disk.failures("read back", folder):
        return [
            {"name": name, "size": size, "sha256": sha256, "rows": _rows(folder / name)}
            for name, (size, sha256) in _digests(folder).items()
        ]


def read_back(folder: Path, files: Sequence[Mapping[str, Any]]) -> None:
    """Hold what lies on the disk, read from there, against what was written (`of_outputs`).

    The folder must be synced. Raises `DiskError` for a file that is another, missing or too many.
    """
    with disk.failures("read back", folder):
        for path in _files(folder):
            disk.forget(path)
        found = _digests(folder)
    wanted = {file["name"]: (file["size"], file["sha256"]) for file in files}
    wrong = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
    if wrong:
        raise DiskError(
            f"{folder / wrong[0]}: the disk does not give back what was written; nothing was published: "
            "check the disk, and run again",
            f"{folder / wrong[0]}：从磁盘读回的与写入的不同；没有发布任何结果：请检查磁盘，再重新执行",
        )


def _files(folder: Path) -> list[Path]:
    """All files below a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digests(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file below a folder, by its name there."""
    files = _files(folder)
    with ThreadPoolExecutor(THREADS) as pool:
        digests = list(pool.map(hash_file, files))
    return {path.relative_to(folder).as_posix(): one for path, one in zip(files, digests, strict=True)}


def _rows(path: Path) -> int | None:
    """Rows of a Parquet file by its own footer."""
    if path.suffix != ".parquet":
        return None
    import pyarrow.parquet as pq  # noqa: PLC0415 - a tenth of a second, which who only reads should not wait for

    return int(pq.read_metadata(path).num_rows)
