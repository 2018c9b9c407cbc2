"""`current`: the folder of the run that is published now."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.command import Command


@click.command(
    "current", cls=Command, zh="打印当前结果目录。\n\n读数据的程序先取一次目录，之后读的就是不再变的目录。"
)
@options.out
@click.pass_obj
def command(as_json: bool, out: str) -> None:  # noqa: FBT001 - click hands it over by place
    """Print the published folder.

    Readers resolve it once, then read an immutable folder.
    """
    from jifen_batch.published import publish

    folder = publish.current_folder(Path(out))
    if as_json:
        output.document({"folder": str(folder), "run_id": folder.name})
    else:
        output.text(str(folder))
