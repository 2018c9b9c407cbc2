"""`rules check`: whether rule books can be used, and every complaint if not."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.values import PathText, refuse_repeats


@click.command("check", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PathText())
@click.pass_obj
def command(as_json: bool, paths: tuple[str, ...]) -> None:  # noqa: FBT001 - click hands it over by place
    """Check rule books (检查积分细则).

    Every complaint is printed as file:line: problem; remedy, and the exit code is then 3.
    """
    from jifen_batch import rules

    refuse_repeats(paths, "PATH")
    loaded = rules.load([Path(path) for path in paths])
    books = loaded.tables.books.select("id", "title", "first_year", "last_year", "fingerprint")
    if as_json:
        files = [file.name for file in loaded.files]
        output.document({"outcome": "accepted", "files": files, "books": books.to_dicts(), "complaints": []})
        return
    from jifen_batch.notices import rule_book

    output.tables(rule_book.accepted(books, len(loaded.files)))
