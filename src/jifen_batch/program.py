"""Which program this is: a digest over the code that decides results; a mended fault makes a night new.

A run's id follows from it (specification 4), and nobody has to remember to raise a version. By content, so
that it is the same wherever the program lies, and needs no repository.
"""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from pathlib import Path

from jifen_batch import __version__

# Rooms and modules that decide what a run's tables hold: how inputs are read, what rules mean, how lines
# come about, what is written. What people read (notices), commands, and questions to runs decide nothing.
DECIDES = (
    "analysis/prices.py",
    "analysis/point_lots.py",
    "analysis/wallet.py",
    "analysis/wallet_ledger.py",
    "clock.py",
    "columns",
    "engine",
    "inputs",
    "kernels",
    "published/announced.py",
    "published/identity.py",
    "published/not_spendable.py",
    "published/parquet_form.py",
    "published/read.py",
    "published/runs.py",
    "published/spendable.py",
    "rules",
    "scheme",
    "scoring.py",
    "signs.py",
    "tables",
    "worker/intake.py",
    "worker/tally.py",
    "worker/wallets.py",
    "worker/writing.py",
)
DIGITS = 16
SOURCE = ".py"
COMPILED = "__pycache__"


def versions() -> dict[str, str]:
    """What it is and runs on, by name: this program's version, Python's, and those of its libraries."""
    # They are slow, and `current` needs none.
    import numpy  # noqa: ICN001, PLC0415
    import polars  # noqa: ICN001, PLC0415
    import pyarrow  # noqa: ICN001, PLC0415

    libraries = {library.__name__: library.__version__ for library in (polars, pyarrow, numpy)}
    return {"jifen-batch": __version__, "python": platform.python_version(), **libraries}


@cache
def code() -> str:
    """The digest of this program's code, as far as it decides results, in hexadecimal digits."""
    return digest(Path(__file__).parent)


def digest(package: Path) -> str:
    """The same of the package in a folder; any change of a byte of that code gives another."""
    found = hashlib.sha256()
    for name in files(package):
        content = (package / name).read_bytes()
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()[:DIGITS]


def files(package: Path) -> list[str]:
    """The source files that decide results, by their paths below the package."""
    found = [name for name in DECIDES if name.endswith(SOURCE)]
    for room in (name for name in DECIDES if not name.endswith(SOURCE)):
        for folder, rooms, names in os.walk(package / room):
            # Each has a folder of its compiled modules, which take as long to list as the sources.
            rooms[:] = [one for one in rooms if one != COMPILED]
            here = Path(folder).relative_to(package).as_posix()
            found += [f"{here}/{name}" for name in names if name.endswith(SOURCE)]
    return sorted(found)
