"""`rules`: the commands for whoever edits the rule books."""

from __future__ import annotations

from jifen_batch.cli.command import LazyGroup

command = LazyGroup(
    "rules",
    {"check": "rules_check", "show": "rules_show", "diff": "rules_diff", "schema": "rules_schema"},
    help="Check, show and compare rule books (积分细则).",
)
