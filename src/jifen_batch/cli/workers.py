"""`workers`: whoever works along on other machines."""

from __future__ import annotations

from jifen_batch.cli.command import LazyGroup
from jifen_batch.sentence import Sentence

command = LazyGroup(
    "workers",
    {"check": "workers_check"},
    help=Sentence("Look at workers on other machines.", "查看别的机器上的工作进程。"),
)
