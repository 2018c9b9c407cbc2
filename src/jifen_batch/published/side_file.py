"""A file that somebody wants beside a command's answer: where it must not stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.errors import UsageRefusedError
from jifen_batch.published import announced, publish

if TYPE_CHECKING:
    from collections.abc import Iterable


def check(
    option: str, path: Path, out: Path, inputs: Iterable[str | None] = (), ending: str = ".parquet"
) -> None:
    """Refuse a place for the file that `option` asks for, before anything is worked out.

    Raises `UsageRefusedError` for a name without that `ending`, a folder that does not exist, one of
    the `inputs` or a place in one (the next night would read it), or a place among what was published.
    """
    if path.suffix.lower() != ending or path.is_dir():
        raise UsageRefusedError(f"{option} {path}: is no name of such a file; let it end in {ending}")
    if not path.absolute().parent.is_dir():
        raise UsageRefusedError(f"{option} {path}: {path.parent} is no folder; make it, or name another")
    real = path.resolve()
    if any(real.is_relative_to(Path(given).resolve()) for given in inputs if given is not None):
        raise UsageRefusedError(f"{option} {path}: is one of the inputs; name another file")
    kept = [(out / name).resolve() for name in (publish.RUNS, announced.ANNOUNCED)]
    if any(real.is_relative_to(folder) for folder in kept):
        raise UsageRefusedError(f"{option} {path}: what is published never changes; name another folder")
