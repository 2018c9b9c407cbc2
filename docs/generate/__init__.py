"""What the code knows, written into the pages: `make docs` writes it, `make docs-check` holds it.

A page says `<!-- [[[cog generate.table("ledger") ]]] -->`; what stands from there to `[[[end]]]` is made.
"""

from generate.commands import command_list, commands, exit_codes, metrics, options
from generate.fields import fields
from generate.sessions import example, session
from generate.tables import table, tables
from generate.words import words

__all__ = [
    "command_list",
    "commands",
    "example",
    "exit_codes",
    "fields",
    "metrics",
    "options",
    "session",
    "table",
    "tables",
    "words",
]
