"""`what-if`: what edited rule books would change, before anybody decides."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import options, output, progress
from jifen_batch.cli.help import option
from jifen_batch.cli.language import here, written
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.cli.values import PathText, Remote, refuse_repeats
from jifen_batch.engine import allocation
from jifen_batch.sentence import Sentence, settled

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.desk.what_if.page import Asked, WhatIf


@click.command(
    "what-if",
    cls=Watched,
    zh="细则修改试算：修改后的细则会改变什么。\n\n"
    "同样的事项分别按当前运行的细则和修改后的细则记分，什么也不发布。最后给出 `run --accept-rules` 要"
    "的指纹。加 --as-if 时，两套细则都整年移到那个过去的年度来记分：看明年的修改若在那年会怎样。",
)
@options.inputs
@options.rules(
    Sentence(
        "The edited rule books; with --readings, the current run's if not given.",
        "修改后的积分细则；用 --readings 时可不写，取当前运行的。",
    ),
    required=False,
)
@options.out
@options.villages
@options.successions
@options.mapping
@options.as_of(Sentence("the current run's", "照当前运行"))
@options.grace_days(Sentence("the current run's", "照当前运行"))
@options.top(20, Sentence("Show this many of the households most affected.", "列出影响最大的前几户。"))
@option(
    "--impact",
    type=PathText(),
    metavar="FILE.parquet",
    help=Sentence(
        "Also write every household and year, before and after.", "并把每户每年修改前后的积分写到这里。"
    ),
)
@option(
    "--readings",
    type=PathText(Remote.INPUT),
    metavar="FOLDER",
    help=Sentence(
        "Try each rule book of this folder beside the others, one at a time.",
        "逐一试算这个目录里的其他理解。",
    ),
)
@option(
    "--as-if",
    type=click.IntRange(2000, 2099),
    metavar="YEAR",
    help=Sentence(
        "Score this past year as if the edit, which begins later, began in it.",
        "按这个过去的年度试算以后才起用的修改。",
    ),
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    events: str,
    households: str,
    rules: tuple[str, ...],
    out: str,
    villages: str | None,
    successions: str | None,
    mapping: tuple[str, ...],
    as_of: date | None,
    grace_days: int | None,
    top: int,
    impact: str | None,
    readings: str | None,
    as_if: int | None,
) -> None:
    """Show what edited rule books would change.

    The same events are scored under the books of the current run and under the edited ones; nothing is
    published. It ends with the fingerprint that `run --accept-rules` wants. With --as-if both sets of books,
    moved by whole years, score that past year: what an edit of next year's would have done in it.
    """
    _refuse(rules, impact, readings, as_if)
    allocation.keep_what_is_let_go()
    from jifen_batch.desk.what_if.page import Asked
    from jifen_batch.published import side_file

    if impact:
        given = [events, households, villages, successions, *mapping, *rules]
        side_file.check("--impact", Path(impact), Path(out), given)
    asked = Asked(
        events, households, rules, Path(out), villages, successions, as_of, grace_days, mapping, as_if
    )
    if readings is None:
        _what_if(asked, top, Path(impact) if impact else None, as_json=as_json)
    else:
        _readings(asked, Path(readings), as_json=as_json)


def _refuse(rules: tuple[str, ...], impact: str | None, readings: str | None, as_if: int | None) -> None:
    """Refuse options that do not go together, before anything is scored."""
    refuse_repeats(rules, "--rules")
    if not rules and readings is None:
        raise WrongUsageError(
            "--rules is missing; name the edited rule books, or give --readings",
            "缺少 --rules；请指定修改后的细则，或写 --readings",
        )
    if impact and readings:
        raise WrongUsageError(
            "--impact and --readings do not go together; give one of them",
            "--impact 和 --readings 不能同时写；请只写其一",
        )
    if as_if is not None and readings:
        raise WrongUsageError(
            "--as-if and --readings do not go together; give one of them",
            "--as-if 和 --readings 不能同时写；请只写其一",
        )


def _what_if(asked: Asked, top: int, impact: Path | None, *, as_json: bool) -> None:
    """Try the edited books, and say what they would change."""
    from jifen_batch.cli import logs
    from jifen_batch.desk.what_if import page as what_if
    from jifen_batch.notices import impact as notice
    from jifen_batch.notices.words import printable

    began = time.monotonic()
    with progress.watched() as watching:
        found = what_if.what_if(asked, logs.logger(), watching)
        if impact:
            what_if.write_impact(found, impact)
        told = what_if.as_data(found, top)
    accepting = _accepting(asked, found)
    if as_json:
        output.document(
            settled(told, written()) | {"command": accepting, "impact": str(impact) if impact else None}
        )
    else:
        output.tables(*notice.parts(told, found.changes, found.read_aloud, found.names))
        # Not folded, so that it can be copied whole.
        output.text(printable(accepting))
    if found.other_inputs:
        logs.logger().warning("other_inputs", run_id=found.run_id, files=found.other_inputs)
    seconds = round(time.monotonic() - began, 3)
    logs.logger().info(
        "what-if", outcome=told["outcome"], seconds=seconds, fingerprint=found.fingerprint, **told["totals"]
    )


def _accepting(asked: Asked, found: WhatIf) -> str:
    """The run that would accept the edited books, as it is typed."""
    given = ["--events", asked.events, "--households", asked.households]
    given += [word for path in asked.rules for word in ("--rules", path)] + ["--out", str(asked.out)]
    given += ["--villages", asked.villages] if asked.villages else []
    given += ["--successions", asked.successions] if asked.successions else []
    given += [word for path in asked.mapping for word in ("--mapping", path)]
    given += ["--grace-days", str(found.grace_days)] if found.grace_days != options.GRACE_DAYS else []
    return shlex.join(["jifen-batch", "run", *given, "--accept-rules", found.fingerprint])


def _readings(asked: Asked, folder: Path, *, as_json: bool) -> None:
    """Try every book of a folder, one at a time."""
    from jifen_batch.cli import logs
    from jifen_batch.desk.what_if.readings import as_data
    from jifen_batch.desk.what_if.readings import readings as tried
    from jifen_batch.notices import impact as notice

    with progress.watched() as watching:
        found = tried(asked, folder, logs.logger(), watching)
    told = as_data(found, here)
    if as_json:
        output.document(told)
    else:
        output.tables(*notice.readings(told["readings"], found.fingerprint))
