"""Which program this is: a digest over the code that decides results; a mended fault makes a night new.

A run's id follows from it (specification 4), and nobody has to remember to raise a version. By content, so
that it is the same wherever the program lies, and needs no repository.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

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


@cache
def code() -> str:
    """The digest of this program's code, as far as it decides results, in hexadecimal digits."""
    return digest(Path(__file__).parent)


def digest(package: Path) -> str:
    """The same of the package in a folder; any change of a byte of that code gives another."""
    found = hashlib.sha256()
    for path in files(package):
        content = path.read_bytes()
        found.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()[:DIGITS]


def files(package: Path) -> list[Path]:
    """The source files that decide results, by their paths."""
    places = [package / name for name in DECIDES]
    return sorted(path for place in places for path in ([place] if place.is_file() else place.rglob("*.py")))
