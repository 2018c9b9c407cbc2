"""`init`: a folder to begin with."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText


@click.command("init", cls=Command)
@click.argument("folder", type=PathText(), metavar="FOLDER")
@click.option("--example", is_flag=True, help="With the inputs of an invented village (附示例村数据).")
@click.pass_obj
def command(as_json: bool, folder: str, example: bool) -> None:  # noqa: FBT001 - click hands it over by place
    """Lay out rule books, a configuration and sheets to fill in (建立工作目录).

    FOLDER must be new or empty; `run --config FOLDER/worker.toml` then scores what is in it.
    """
    from jifen_batch import starter

    files = starter.lay_out(Path(folder), example=example)
    if as_json:
        output.document({"folder": folder, "files": files})
    else:
        for name in files:
            output.text(f"{folder}/{name}")
        output.text(f"\njifen-batch run --config {folder}/worker.toml")
