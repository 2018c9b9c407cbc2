"""Read what is published while it changes: `reader.py OUT STOP RECIPE`; prints `READS MIXED`.

With the recipe `current` is resolved once, and one folder read that never changes; without it every file
is looked up through `current`. A read that finds files of two runs, or misses one, is mixed. Reads go on
until STOP is there and a thousand are done.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

READS = 1000
# What a reader takes for one file before it comes to the next.
BETWEEN_SECONDS = 0.001


def is_mixed(folder: Path) -> bool:
    """Whether the files that lie there one after the other are not those of one run."""
    try:
        files = json.loads((folder / "manifest.json").read_bytes())["outputs"]
        for file in files:
            time.sleep(BETWEEN_SECONDS)
            if hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() != file["sha256"]:
                return True
    except OSError:
        return True
    return False


if __name__ == "__main__":
    out, stop, recipe = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "recipe"
    reads = mixed = 0
    while reads < READS or not stop.exists():
        current = out / "current"
        mixed += is_mixed(current.resolve(strict=True) if recipe else current)
        reads += 1
    print(reads, mixed)  # noqa: T201 - to whoever asked
