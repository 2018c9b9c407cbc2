"""The peers' rules: the books as the worker's own loader compiles them, a Parquet file a table.

`python prepare.py RULES OUT`, where RULES is a file or folder of TOML; the files themselves go along, for
the row-by-row scorer layers them itself. A book beyond the annex is refused (`annex.py`).
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

from annex import BeyondError, refuse_beyond
from jifen_batch import rules


def main(source: Path, out: Path) -> None:
    """Load, check and compile the books, and write them down; raises `BeyondError`."""
    for path in sorted(source.glob("*.toml")) if source.is_dir() else [source]:
        refuse_beyond(path)
    loaded = rules.load([source])
    out.mkdir(parents=True)
    for field in fields(loaded.tables):
        getattr(loaded.tables, field.name).write_parquet(out / f"{field.name}.parquet")
    for number, file in enumerate(loaded.files):
        (out / f"{number}.toml").write_bytes(file.content)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except BeyondError as error:
        sys.exit(str(error))
