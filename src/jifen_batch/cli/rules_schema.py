"""`rules schema`: the format of rule books, for editors."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command


@click.command(
    "schema",
    cls=Command,
    zh="打印细则文件格式（JSON Schema）。\n\n供编辑器在输入时补全和检查；加不加 --json 都是 JSON。",
)
def command() -> None:
    """Print the JSON Schema.

    For editors that complete and check a rule file as it is typed; JSON with or without --json.
    """
    from jifen_batch.rules.schema import json_schema

    output.document(json_schema())
