"""`workers check`: whether workers on other machines may work along, before a night finds out."""

# ruff: noqa: PLC0415 - what a command works with is imported when it runs, so that help is quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jifen_batch.cli import options, output
from jifen_batch.cli.help import option
from jifen_batch.cli.language import here
from jifen_batch.cli.process.watched import Watched
from jifen_batch.cli.usage import WrongUsageError
from jifen_batch.cli.values import PathText
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.engine.worker_fitness import Fitness


@click.command(
    "check",
    cls=Watched,
    zh="检查工作进程：各是什么，看得到什么。\n\n"
    "版本、处理器种类、编号如何散列、输入、交换目录。有一个不合格时退出码为 2。",
)
@options.workers(
    Sentence("Whom to ask: dask+tls://HOST:PORT, or spark.", "向谁询问：dask+tls://HOST:PORT 或 spark。"),
    required=True,
)
@options.shuffle
@option(
    "--see",
    multiple=True,
    type=PathText(),
    metavar="PATH",
    help=Sentence(
        "Something that they must see, such as an input; may be given several times.",
        "必须看得到的路径，如某个输入（可重复）。",
    ),
)
@click.pass_obj
def command(
    as_json: bool,  # noqa: FBT001 - click hands it over by place
    workers: str,
    shuffle: str | None,
    see: tuple[str, ...],
) -> None:
    """Ask workers who they are and what they see.

    Versions, kind of processor, how ids hash, the inputs, the shuffle folder. Ends with 2 where one is unfit.
    """
    from jifen_batch.engine import address, cluster

    asked = address.parsed(workers)
    if asked.kind == address.HERE:
        raise WrongUsageError(
            "--workers here is this machine: name workers elsewhere",
            "--workers here 就是本机：请写别处的工作进程",
        )
    for path in see:
        if not Path(path).exists():
            raise WrongUsageError(
                f"--see {path}: is not on this machine either; name what is here and they must see",
                f"--see {path}：本机上也没有；请写本机上有、他们也要看得到的",
            )
    folder = cluster.checked_shuffle(asked, Path(shuffle) if shuffle is not None else None)
    machines = cluster.hired(asked)
    try:
        found = cluster.fitness_of(machines, folder, [Path(path) for path in see])
        exposed = machines.exposed()
    finally:
        machines.close()
    if not found:
        cluster.refuse_unfit(found)
    if as_json:
        output.document({"workers": [_document(one) for one in found], "exposed": [*exposed]})
    else:
        for told in (*map(_told, found), *map(_told_of_exposed, exposed)):
            output.text(here(told))
    if any(one.fault for one in found):
        raise click.exceptions.Exit(int(ExitCode.USAGE))


def _document(one: Fitness) -> dict[str, object]:
    """A worker as plain data."""
    machine = vars(one.machine) if one.machine else None
    lacks = {"unlike": one.unlike, "unseen": one.unseen, "unwritable": one.unwritable}
    fault = one.fault
    return {
        "name": one.name,
        "fit": fault is None,
        "machine": machine,
        **lacks,
        "sentence": None if fault is None else fault.sentence._asdict(),
    }


def _told(one: Fitness) -> Sentence:
    """A worker in a line."""
    fault = one.fault
    if fault is not None:
        return Sentence(f"{one.name}: unfit: {fault}", f"{one.name}：不可以：{fault.zh}")
    assert one.machine is not None  # noqa: S101 - it is fit
    what = f"{one.machine.host}, {one.machine.told}"
    return Sentence(f"{one.name}: fit ({what})", f"{one.name}：可以（{what}）")


def _told_of_exposed(name: str) -> Sentence:
    """A line about who runs programs for strangers."""
    return Sentence(
        f"{name}: listens beyond this machine without certificates, and whoever reaches it runs programs "
        "here; start it with --host 127.0.0.1",
        f"{name}：未用证书却可从别的机器连入，能连上的人都能在这里运行程序；请加 --host 127.0.0.1 启动",
    )
