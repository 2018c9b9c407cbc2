"""`workers check`: whether workers on other machines may work along, before a night finds out."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.language import here
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.cli.values import PathText
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.engine.cluster import Fitness


@click.command("check", cls=Watched)
@options.workers("Whom to ask: dask+tls://HOST:PORT, or spark (向谁询问).", required=True)
@options.shuffle
@click.option(
    "--see",
    multiple=True,
    type=PathText(),
    metavar="PATH",
    help="Something that they must see, such as an input; may be given several times (必须看得到的路径).",
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    workers: str,
    shuffle: str | None,
    see: tuple[str, ...],
) -> None:
    """Ask workers who they are and what they see (检查工作进程).

    Versions, kind of processor, how ids hash, the inputs, the shuffle folder. Ends with 2 where one is unfit.
    """
    from jifen_batch.engine import address, cluster

    asked = address.parsed(workers)
    if asked.kind == address.HERE:
        raise WrongUsageError(
            "--workers here is this machine: name workers elsewhere",
            "--workers here 就是本机：请写别处的工作进程",
        )
    folder = cluster.checked_shuffle(asked, Path(shuffle) if shuffle is not None else None)
    machines = cluster.hired(asked)
    try:
        found = cluster.fitness_of(machines, folder, [Path(path) for path in see])
    finally:
        machines.close()
    if as_json:
        output.document({"workers": [_document(one) for one in found]})
    for one in () if as_json else found:
        output.text(here(_told(one)))
    if not found or not all(one.fit for one in found):
        raise click.exceptions.Exit(int(ExitCode.USAGE))


def _document(one: Fitness) -> dict[str, object]:
    """A worker as plain data."""
    machine = vars(one.machine) if one.machine else None
    return {"name": one.name, "fit": one.fit, "machine": machine, "unlike": one.unlike, "unseen": one.unseen}


def _told(one: Fitness) -> Sentence:
    """A worker in a line."""
    if one.machine is None:
        return Sentence(f"{one.name}: not this very program", f"{one.name}：没有同样的程序")
    what = f"{one.machine.host}, {one.machine.told}"
    if one.fit:
        return Sentence(f"{one.name}: fit ({what})", f"{one.name}：可以（{what}）")
    unlike, unseen = ", ".join(one.unlike) or "-", ", ".join(one.unseen) or "-"
    return Sentence(
        f"{one.name}: unfit: unlike here in {unlike}; does not see {unseen} ({what})",
        f"{one.name}：不可以：与本机不同 {unlike}；看不到 {unseen}（{what}）",
    )
