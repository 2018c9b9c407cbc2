"""`init`: a folder to begin with."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText
from jifen_batch.sentence import Sentence


@click.command(
    "init",
    cls=Command,
    zh="建立工作目录：细则、配置文件和待填的表。\n\n"
    "FOLDER 须是新的或空的目录；之后 `run --config FOLDER/worker.toml` 就给其中的数据记分。",
)
@click.argument("folder", type=PathText(), metavar="FOLDER")
@option(
    "--example",
    is_flag=True,
    help=Sentence("With the inputs of an invented village.", "附一个虚构村的示例数据。"),
)
@click.pass_obj
def command(as_json: bool, folder: str, example: bool) -> None:  # noqa: FBT001 - click hands it over by place
    """Lay out rule books, a configuration and sheets to fill in.

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
