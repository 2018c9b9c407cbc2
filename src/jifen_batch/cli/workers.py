"""`workers`: whoever works along on other machines."""

from __future__ import annotations

from jifen_batch.cli.command import LazyGroup

command = LazyGroup(
    "workers", {"check": "workers_check"}, help="Look at workers on other machines (工作进程)."
)
