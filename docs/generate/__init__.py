"""What the code knows, written into the pages: `make docs` writes it, `make docs-check` holds it.

A page says `<!-- [[[cog generate.table("ledger") ]]] -->`; what stands from there to `[[[end]]]` is made.
"""

from generate.commands import command_list, commands, exit_codes, metrics, options
from generate.fields import fields, rule_keys
from generate.figures import command_times, everyday_evidence, evidence, hunted, speed
from generate.house import floors, touched
from generate.sessions import example, excerpt, log_fields, log_line, session, snippet, source, workbook_rows
from generate.tables import table, tables
from generate.words import words

__all__ = [
    "command_list",
    "command_times",
    "commands",
    "everyday_evidence",
    "evidence",
    "example",
    "excerpt",
    "exit_codes",
    "fields",
    "floors",
    "hunted",
    "log_fields",
    "log_line",
    "metrics",
    "options",
    "rule_keys",
    "session",
    "snippet",
    "source",
    "speed",
    "table",
    "tables",
    "touched",
    "words",
    "workbook_rows",
]
