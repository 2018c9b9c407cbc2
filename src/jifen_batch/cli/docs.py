"""`docs`: the pages that came with the program, for servers without internet."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.sentence import Sentence


@click.command(
    "docs", cls=Command, zh="打印说明书在哪里。\n\n每件事一页，中英文都有；不需要服务器，也不需要联网。"
)
@option("--open", is_flag=True, help=Sentence("Open them in the browser.", "用浏览器打开。"))
@click.pass_obj
def command(as_json: bool, open: bool) -> None:  # noqa: A002, FBT001 - click's names and places
    """Print where the documentation lies.

    A page for each task, in Chinese and English; it needs no server and no internet.
    """
    from jifen_batch import starter

    page = starter.front_page()
    if open:
        click.launch(str(page))
    if as_json:
        output.document({"page": str(page)})
    else:
        output.text(str(page))
