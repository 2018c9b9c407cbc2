"""`rules check`: whether rule books can be used, and every complaint if not."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import exits, output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText, Remote, refuse_repeats
from jifen_batch.errors import RulesRefusedError
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.errors import Complaint
    from jifen_batch.rules import LoadedRules


@click.command(
    "check",
    cls=Command,
    zh="检查积分细则。\n\n"
    "每处问题以“文件:行：问题；改法”写到 stderr，退出码为 3：终端上一处一行，"
    "否则为带文件和行号的 JSON 行。可以接受但可能不是本意的，列在各细则之下；"
    "只有加 --strict 才也为 3。",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PathText(Remote.INPUT))
@option(
    "--strict", is_flag=True, help=Sentence("Refuse books that are warned of, too.", "有提醒的细则也不通过。")
)
@option(
    "--households",
    type=PathText(Remote.INPUT),
    help=Sentence(
        "The register, to hold the scopes of local books against.", "农户名册，用来核对本地细则的适用范围。"
    ),
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    paths: tuple[str, ...],
    strict: bool,  # noqa: FBT001
    households: str | None,
) -> None:
    """Check rule books.

    Every complaint is told on stderr as file:line: problem; remedy, and the exit code is then 3: one a line
    on a terminal, else as JSON lines with file and line. What is accepted and perhaps not meant so is printed
    with the books; only with --strict it is 3 as well.
    """
    from jifen_batch import rules

    refuse_repeats(paths, "PATH")
    loaded = rules.load([Path(path) for path in paths])
    warnings = sorted({*loaded.warnings, *(_unknown_scopes(loaded, households) if households else [])})
    if strict and warnings:
        raise RulesRefusedError(warnings)
    books = loaded.tables.books.select("id", "title", "first_year", "last_year", "fingerprint")
    if as_json:
        files = [file.name for file in loaded.files]
        described = [exits.complained(warning) for warning in warnings]
        accepted = {"outcome": "accepted", "files": files, "books": books.to_dicts()}
        output.document(accepted | {"complaints": [], "warnings": described})
        return
    from jifen_batch.notices import rule_book

    output.tables(rule_book.accepted(books, len(loaded.files)), *rule_book.warned(warnings))


def _unknown_scopes(loaded: LoadedRules, households: str) -> list[Complaint]:
    """Warnings about scopes that name a place which the register lacks."""
    from jifen_batch.cli import logs
    from jifen_batch.inputs import remark, respelling, text_doubts
    from jifen_batch.inputs.find import find
    from jifen_batch.inputs.run_inputs import read_register
    from jifen_batch.kernels.successions import RENAMING

    found = find(households, "households")
    remark.tell(logs.logger(), remark.PASSED_OVER, found.passed_over)
    remark.tell(logs.logger(), remark.MAY_BE_WRONG, text_doubts.remarks(found.files))
    register = read_register(found.files, RENAMING.to_frame()).spells
    return loaded.unknown_scopes(register, respelling.of_scope)
