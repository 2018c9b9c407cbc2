"""What a run is asked to do, and what it says when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch import clock
from jifen_batch.dataclass import dataclass
from jifen_batch.engine.address import HERE

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

# The inputs of a run; all but the first two are optional.
ROLES = ("events", "households", "villages", "redemptions", "successions", "objections", "prices")


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do; locations are files, folders or globs.

    `mapping` are files that say how foreign sheets read; `as_of` None means today in Shanghai;
    `max_reject_rate` is a share of all rows, `max_takeback` one of a village's announced points of a
    year; `keep` counts runs; `make_current` lets a run of an earlier day become the current one;
    `accept_rules` and `accept_loss` are the fingerprints of an edit and of a loss that are meant;
    `memory` is what the process may hold, in bytes, null = as much as the machine has free. `workers` says
    who scores (`engine.chosen`), `shuffle` is the folder where workers of several machines meet; neither
    changes a byte of what is published.
    """

    events: str
    households: str
    rules: tuple[str, ...]
    out: Path
    villages: str | None = None
    redemptions: str | None = None
    successions: str | None = None
    objections: str | None = None
    prices: str | None = None
    mapping: tuple[str, ...] = ()
    as_of: date | None = None
    grace_days: int = 15
    max_reject_rate: float = 0.05
    keep: int = 8
    accept_rules: str | None = None
    accept_loss: str | None = None
    max_takeback: float = 0.02
    make_current: bool = False
    memory: int | None = None
    workers: str = HERE
    shuffle: Path | None = None

    @property
    def day(self) -> date:
        """The as-of date."""
        return self.as_of or clock.today()

    @property
    def inputs(self) -> dict[str, str]:
        """Where each input lies that was given, by role."""
        given = {role: getattr(self, role) for role in ROLES}
        return {role: path for role, path in given.items() if path}

    def that_change_results(self) -> dict[str, Any]:
        """The options that the tables depend on."""
        return {"as_of": self.day.isoformat(), "grace_days": self.grace_days}

    def that_make_it_another(self) -> dict[str, Any]:
        """The options that make another run of the same inputs: an accepted loss is written down in it."""
        accepted = {"accept_loss": self.accept_loss} if self.accept_loss else {}
        return self.that_change_results() | accepted


@dataclass(frozen=True)
class RunReport:
    """How a run ended: its `outcome`, and the `manifest` as it stands in the run.

    `held_back` says which edited rule books wait to be accepted (`edits.Edit.held_back`); null = none.
    """

    run_id: str
    folder: Path
    outcome: str
    manifest: dict[str, Any]
    held_back: dict[str, Any] | None = None
