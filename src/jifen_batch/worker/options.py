"""What a run is asked to do, and what it says when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# Shanghai has kept UTC+8 without summer time since 1991; a server may have no time zone tables.
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do; locations are files, folders or globs.

    `as_of` None means today in Shanghai; `max_reject_rate` is a share of all rows; `keep` counts runs.
    """

    events: str
    households: str
    rules: tuple[str, ...]
    out: Path
    villages: str | None = None
    as_of: date | None = None
    grace_days: int = 15
    max_reject_rate: float = 0.05
    keep: int = 8

    @property
    def day(self) -> date:
        """The as-of date."""
        return self.as_of or datetime.now(SHANGHAI).date()

    def that_change_results(self) -> dict[str, Any]:
        """The options that the tables depend on."""
        return {"as_of": self.day.isoformat(), "grace_days": self.grace_days}


@dataclass(frozen=True)
class RunReport:
    """How a run ended: `outcome` is `published` or `unchanged`, `manifest` as it stands in the run."""

    run_id: str
    folder: Path
    outcome: str
    manifest: dict[str, Any]
