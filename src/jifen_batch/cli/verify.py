"""`verify`: what was published, hashed and added up again."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.help import option
from jifen_batch.cli.language import written
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.engine import allocation
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence, settled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jifen_batch.desk.verify import Verified
    from jifen_batch.desk.verify.checked import Checked
    from jifen_batch.published.finding import Finding

CLEAN, DAMAGED = "clean", "damaged"


@click.command(
    "verify",
    cls=Watched,
    zh="核对已发布的结果：校验文件，重新加总。\n\n"
    "核对所有已公告的季度、当前运行和未发布运行的退回清单：文件对摘要，各表对逐笔台账。什么也不写；"
    "有问题时退出码为 4。",
)
@options.out
@options.run(Sentence("Check this published run.", "核对哪次已发布的运行。"))
@option("--all", is_flag=True, help=Sentence("Check every run that is kept.", "核对保留的全部运行。"))
@option(
    "--code",
    metavar="CODE",
    help=Sentence("Which announcement a paper with this code is of.", "查纸上的核对码属于哪次公告。"),
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    out: str,
    run: str,
    all: bool,  # noqa: A002, FBT001 - likewise; the option's own name
    code: str | None,
) -> None:
    """Hash and add up again what was published.

    All announced quarters, the current run and refused rejects: files against their digests, tables
    against what follows from the lines. Writes nothing; ends with 4 where something is wrong.
    """
    if all and run != "current":
        raise WrongUsageError(
            "--run and --all exclude each other; give one of them", "--run 和 --all 不能同时写；请只写其一"
        )
    began = time.monotonic()
    allocation.keep_what_is_let_go()
    from jifen_batch.cli import logs
    from jifen_batch.desk.verify import paper_code, verify
    from jifen_batch.notices import verified

    on_paper = paper_code.found(Path(out), code) if code is not None else None
    found = verify(Path(out), run, every_run=all)
    said = _document(found)
    if on_paper:
        said["paper"] = on_paper
        if on_paper["state"] == paper_code.UNKNOWN:
            said |= {"outcome": DAMAGED, "exit_code": int(ExitCode.DECISION)}
    if as_json:
        output.document(settled(said, written()))
    else:
        output.tables(*verified.parts(said))
        if on_paper:
            output.sentence(verified.paper(on_paper))
    looked = (*found.runs, *found.quarters, *found.refused)
    say = logs.logger().error if said["exit_code"] else logs.logger().info
    say(
        "verify",
        outcome=said["outcome"],
        runs=len(found.runs),
        quarters=len(found.quarters),
        refused=len(found.refused),
        files=sum(one.files for one in looked),
        bytes=sum(one.bytes for one in looked),
        rows=sum(one.rows for one in looked),
        made_by=[one.made_by for one in found.runs],
        findings=len(found.findings),
        remarks=len(found.remarks),
        seconds=round(time.monotonic() - began, 3),
        exit_code=said["exit_code"],
    )
    if said["exit_code"]:
        raise click.exceptions.Exit(said["exit_code"])


def _document(found: Verified) -> dict[str, Any]:
    """The result as plain data."""
    findings = _told(found.findings)
    return {
        "outcome": DAMAGED if findings else CLEAN,
        "exit_code": int(ExitCode.DECISION if findings else ExitCode.DONE),
        "runs": [_looked(one) for one in found.runs],
        "quarters": [_looked(one) for one in found.quarters],
        "refused": [_looked(one) for one in found.refused],
        "findings": findings,
        "remarks": _told(found.remarks),
    }


def _told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with their sentences, one for each that is the same."""
    from jifen_batch.notices import verified

    told = [verified.told(one.kind, one.file, one.figures) for one in findings]
    return list({tuple(one.items()): one for one in told}.values())


def _looked(one: Checked) -> dict[str, Any]:
    """How much of a run or a quarter was looked at."""
    return {
        "name": one.name,
        "files": one.files,
        "bytes": one.bytes,
        "rows": one.rows,
        "added_up": one.further,
        "made_by": one.made_by,
        "findings": len(one.findings),
    }
