"""`rules diff`: what differs between two sets of rule books."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.language import written
from jifen_batch.cli.values import PathText, Remote
from jifen_batch.sentence import settled


@click.command(
    "diff",
    cls=Command,
    zh="比较细则 A 和 B 有什么不同。\n\n"
    "每处修改从何时起怎样，用一句可以念给大家听的话说明。A、B 各是 TOML 文件或其目录，"
    "如已发布运行的 `rules` 目录；细则所沿用的都要在内。",
)
@click.argument("before", metavar="A", type=PathText(Remote.INPUT))
@click.argument("after", metavar="B", type=PathText(Remote.INPUT))
@click.pass_obj
def command(as_json: bool, before: str, after: str) -> None:  # noqa: FBT001 - click hands it over by place
    """Show what differs between rule books A and B.

     What each edited rule does from then on is said in a sentence, as one would read it to a council
    . Each is a TOML file or a folder of them, such as the `rules` folder of a published run; all
     that a book extends must be there.
    """
    from jifen_batch import rules
    from jifen_batch.notices.read_aloud import read_aloud
    from jifen_batch.rules.diff import changes

    sides = [rules.load([Path(path)]) for path in (before, after)]
    found = changes(*sides)
    sentences = read_aloud(found, *sides)
    if as_json:
        output.document(
            {
                "outcome": "different" if found else "same",
                "fingerprints": {"a": sides[0].fingerprint, "b": sides[1].fingerprint},
                "changes": [change.as_data() for change in found],
                "read_aloud": [settled(one.as_data(), written()) for one in sentences],
            }
        )
        return
    from jifen_batch.notices import rule_changes

    output.tables(*rule_changes.parts(found), *rule_changes.aloud(sentences))
