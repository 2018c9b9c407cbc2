"""`rules schema`: the format of rule books, for editors."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command


@click.command("schema", cls=Command)
def command() -> None:
    """Print the JSON Schema (细则文件格式).

    For editors that complete and check a rule file as it is typed; JSON with or without --json.
    """
    from jifen_batch.rules.schema import json_schema

    output.document(json_schema())
