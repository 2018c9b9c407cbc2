"""`synth`: realistic inputs of any size, for trials."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from jifen_batch.cli import output
from jifen_batch.cli.command import Command
from jifen_batch.cli.help import option
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.sentence import Sentence

MAX_HOUSEHOLDS = 100_000_000
MAX_YEARS = 20


@click.command(
    "synth",
    cls=Command,
    zh="生成任意规模的模拟数据。\n\n"
    "输出目录里有 events/、households.parquet 和 villages.parquet；其中没有一个真人。",
)
@option(
    "--households",
    required=True,
    type=Whole(1, MAX_HOUSEHOLDS),
    help=Sentence("How many households.", "户数。"),
)
@option(
    "--years",
    type=Whole(1, MAX_YEARS),
    default=1,
    show_default=True,
    help=Sentence("How many scoring years.", "积分年度数。"),
)
@option(
    "--seed",
    type=Whole(0, 2**63 - 1),
    default=0,
    show_default=True,
    help=Sentence("The same seed, the same files.", "同一个种子，文件逐字节相同。"),
)
@option(
    "--out",
    required=True,
    type=PathText(),
    metavar="DIR",
    help=Sentence("The folder to write into.", "输出目录。"),
)
@option(
    "--every-rule",
    is_flag=True,
    help=Sentence(
        "Also write every-rule.toml, a book over the shipped one that uses the whole rule language.",
        "并写出 every-rule.toml：在自带细则之上的本地细则，把每一种写法都用上。",
    ),
)
@click.pass_obj
def command(as_json: bool, households: int, years: int, seed: int, out: str, every_rule: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917 - click
    """Write made-up inputs of any size.

    Into the output folder go events/, households.parquet and villages.parquet; nobody in them is real.
    """
    from jifen_batch import synth

    report = dataclasses.asdict(synth.generate(households, years, seed, Path(out)))
    if every_rule:
        synth.write_every_rule(Path(out))
    if as_json:
        output.document(report)
    else:
        for name, value in report.items():
            output.text(f"{name}: {value}")
