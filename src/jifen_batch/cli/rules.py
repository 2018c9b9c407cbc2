"""`rules`: the commands for whoever edits the rule books."""

from __future__ import annotations

from jifen_batch.cli.command import LazyGroup
from jifen_batch.sentence import Sentence

command = LazyGroup(
    "rules",
    {"check": "rules_check", "show": "rules_show", "diff": "rules_diff", "schema": "rules_schema"},
    help=Sentence("Check, show and compare rule books.", "检查、显示、比较积分细则。"),
)
