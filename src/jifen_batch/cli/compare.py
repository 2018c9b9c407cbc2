"""`compare`: what changed between two published runs, for whom, and which rule did it."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.help import option
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.values import PathText, Whole
from jifen_batch.engine import allocation
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.desk.compare.page import Compared
    from jifen_batch.published.differing import Opened

MAX_TOP = 10_000


@click.command(
    "compare",
    cls=Watched,
    zh="比较两次结果：从 RUN_A 到 RUN_B 变了什么。\n\n"
    "运行写编号、编号的开头，或 `current`。每一笔变动都归到原因；有差异是结果，不是失败。",
)
@click.argument("run_a", metavar="RUN_A")
@click.argument("run_b", metavar="RUN_B")
@options.out
@option(
    "--top",
    type=Whole(0, MAX_TOP),
    default=20,
    show_default=True,
    help=Sentence("Show this many of the households most affected.", "列出影响最大的前几户。"),
)
@option(
    "--lines",
    type=PathText(),
    metavar="FILE.parquet",
    help=Sentence("Also write every changed line with its cause.", "并把每一笔变动及其原因写到这里。"),
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    run_a: str,
    run_b: str,
    out: str,
    top: int,
    lines: str | None,
) -> None:
    """Show what changed from RUN_A to RUN_B.

    Runs are named by id, by the beginning of one, or `current`. Every changed line is put down to its cause;
    differences are a result, not a failure.
    """
    began = time.monotonic()
    allocation.keep_what_is_let_go()
    from jifen_batch.cli import logs
    from jifen_batch.desk.compare.page import compare

    found = compare(Path(out), (run_a, run_b), top, Path(lines) if lines else None)
    told = _document(found)
    if as_json:
        output.document(told | {"lines": lines})
    else:
        from jifen_batch.notices import comparison

        output.tables(*comparison.parts(told, found.rules, found.names))
    figures = ("outcome", "difference", "attributed", "unattributed", "lines_unattributed")
    logs.logger().info(
        "compare",
        run_a=found.before.folder.name,
        run_b=found.after.folder.name,
        **{name: told[name] for name in figures},
        seconds=round(time.monotonic() - began, 3),
    )


def _document(found: Compared) -> dict[str, Any]:
    """The result as plain data."""
    from jifen_batch.analysis import impact

    return {
        "outcome": "identical" if found.identical else "different",
        "before": _side(found.before),
        "after": _side(found.after),
        "difference": found.difference,
        "attributed": found.attributed,
        "unattributed": found.unattributed,
        "lines_unattributed": found.lines_unattributed,
        "rules": [change.as_data() for change in found.rules],
        "causes": found.by_cause.to_dicts(),
        "villages": found.by_village.to_dicts(),
        "items": found.by_item.to_dicts(),
        "totals": impact.totals(found.impact),
        "first_ten": impact.first_ten(found.impact).to_dicts(),
        "grades": impact.grades_moved(found.impact).to_dicts(),
        "households": _households(found),
    }


def _side(run: Opened) -> dict[str, Any]:
    """What is held side by side of a run."""
    content = run.content
    events: dict[int, int] = {}
    for one in content["events_by_village_year"]:
        events[one["scoring_year"]] = events.get(one["scoring_year"], 0) + one["events"]
    return {
        "run_id": run.folder.name,
        "as_of": content["as_of"],
        "books": {book["id"]: book["fingerprint"] for book in content["books"]},
        "accounting": content["accounting"],
        "events": events,
        "lines": content["control_totals"]["lines"],
        "points": content["control_totals"]["points"],
        "dispositions": content["control_totals"]["dispositions"],
    }


def _households(found: Compared) -> list[dict[str, Any]]:
    """The households most affected, each with what moved it, most points first."""
    causes: dict[str, list[dict[str, Any]]] = {}
    for one in found.reasons.to_dicts():
        points = one["points_up"] + one["points_down"]
        causes.setdefault(one["household_id"], []).append({"cause": one["cause"], "points": points})
    return [one | {"causes": causes.get(one["household_id"], [])} for one in found.most_affected.to_dicts()]
