"""What every peer is asked: the same inputs, the same two options, a folder for the tables."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """Inputs of a run as Parquet: `events` and `rules` are folders, `villages` may be absent."""

    events: Path
    households: Path
    villages: Path | None
    rules: Path
    as_of: date
    grace_days: int
    out: Path

    def into(self, folder: Path) -> Asked:
        """The same, with the tables in another folder."""
        return replace(self, out=folder)


def asked(words: list[str] | None = None) -> Asked:
    """From the command line: EVENTS HOUSEHOLDS VILLAGES RULES AS_OF GRACE_DAYS OUT, VILLAGES perhaps `-`."""
    events, households, villages, rules, as_of, grace_days, out = words or sys.argv[1:]
    return Asked(
        events=Path(events),
        households=Path(households),
        villages=None if villages == "-" else Path(villages),
        rules=Path(rules),
        as_of=date.fromisoformat(as_of),
        grace_days=int(grace_days),
        out=Path(out),
    )
