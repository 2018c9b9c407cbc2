"""A crew of several machines: who they are, whether they are fit, and where they leave their files."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from jifen_batch.engine import address, fitness, job_folder, orders
from jifen_batch.engine.crew import Crew, Hands
from jifen_batch.engine.worker_fitness import Fitness
from jifen_batch.errors import (
    DiskError,
    JifenError,
    UsageRefusedError,
    WorkersLostError,
    WorkersUnfitError,
)
from jifen_batch.storage import disk, safe, scratch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jifen_batch.engine.address import Workers
    from jifen_batch.engine.fitness import Greet, Greeting
    from jifen_batch.inputs.files import InputFile

PREFIX = "jifen-job-"
NAME_DIGITS = 16
SIGN, GREET, LEFT_BEHIND_SECONDS = "sign", "greet-", 86_400


class Machines(Hands, Protocol):
    """Hands on several machines."""

    def greeted(self, greet: Greet) -> Mapping[str, bytes]:
        """The answers of all workers that there are, by what they are called. Raises `WorkersLostError`."""

    def exposed(self) -> Sequence[str]:
        """Which of them anybody may have run programs. Raises `WorkersLostError`."""


def crew(asked: Workers, shuffle: Path | None, below: Path, files: Sequence[InputFile]) -> Crew:
    """The workers that were asked for, held to be fit, with a fresh folder of the job.

    What earlier runs of the same output folder left in the shuffle folder goes first: none is alive, for the
    output folder is locked. Raises `UsageRefusedError`, `WorkersUnfitError` and `WorkersLostError`.
    """
    folder = checked_shuffle(asked, shuffle)
    machines = hired(asked)
    try:
        name = f"{PREFIX}{_of_output(below)}-"
        for left in folder.glob(f"{name}*"):
            with suppress(DiskError):
                job_folder.sweep(left)
        job = folder / f"{name}{scratch.token()}"
        refuse_unfit(fitness_of(machines, folder, [*{file.path for file in files}][:1]))
    except BaseException:
        machines.close()
        raise
    return Crew(machines, job)


def checked_shuffle(asked: Workers, shuffle: Path | None) -> Path:
    """The shuffle folder, there and safe. Raises `UsageRefusedError` and `InputRefusedError`."""
    asked.refuse_without(shuffle)
    assert shuffle is not None  # noqa: S101 - refused above
    safe.refuse_unsafe(shuffle, (), "--shuffle")
    above = shuffle.absolute().parent
    if not above.is_dir():
        # Made here alone, it would be seen by nobody else.
        raise UsageRefusedError(
            f"--shuffle {shuffle}: there is no folder {above}; mount it, or correct the path",
            f"--shuffle {shuffle}：没有 {above} 这个文件夹；请先挂载，或改正路径",
        )
    disk.make_lasting_folder(shuffle)
    return shuffle.absolute()


def hired(asked: Workers) -> Machines:
    """The workers that were asked for. Raises `UsageRefusedError` and `WorkersLostError`."""
    if asked.kind == address.DASK:
        from jifen_batch.engine.on_dask import OnDask  # noqa: PLC0415 - an extra, loaded where asked for

        assert asked.address is not None  # noqa: S101 - a scheduler has one
        return OnDask(asked.address)
    from jifen_batch.engine.on_spark import OnSpark  # noqa: PLC0415 - likewise

    return OnSpark()


def fitness_of(machines: Machines, folder: Path, paths: Sequence[Path]) -> list[Fitness]:
    """What each worker is and does not see of the shuffle folder and some paths.

    Raises `WorkersLostError`.
    """
    _sweep_greetings(folder)
    asked = folder / f"{PREFIX}{GREET}{scratch.token()}"
    disk.make_folder(asked)
    try:
        disk.write_bytes(asked / SIGN, scratch.token().encode())
        greet = fitness.Greet(asked / SIGN, [path.absolute() for path in paths])
        answers = machines.greeted(greet)
        return [_fitness(name, answer) for name, answer in sorted(answers.items())]
    finally:
        disk.remove_tree(asked)


def _sweep_greetings(folder: Path) -> None:
    """Remove what commands that were killed have left; a greeting takes seconds, on whatever machine."""
    for left in folder.glob(f"{PREFIX}{GREET}*"):
        with suppress(DiskError, FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
                disk.remove_tree(left)


def _fitness(name: str, answer: bytes) -> Fitness:
    """What an answer says; none is by another program, or by something that is none of ours."""
    without_program = Fitness(name, None, ["program"], [], [])
    if not answer:
        return without_program
    try:
        greeting: Greeting = orders.answered(answer)
    except WorkersUnfitError:
        return without_program
    except JifenError as error:
        return Fitness(name, None, [], [], [], error)
    unlike = greeting.machine.unlike(fitness.of_this_machine())
    return Fitness(name, greeting.machine, unlike, greeting.unseen, greeting.unwritable)


def refuse_unfit(found: Sequence[Fitness]) -> None:
    """Raise what is wrong with the first worker that may not work along, `WorkersLostError` for none."""
    if not found:
        raise WorkersLostError(
            "--workers: the scheduler has no worker that answers; start some, and run again",
            "--workers：调度进程没有能应答的工作进程；请先启动，再重新执行",
        )
    for fault in (one.fault for one in found):
        if fault is not None:
            raise fault


def _of_output(below: Path) -> str:
    """Digits of the output folder whose run puts what it must not forget `below` it, and of this machine."""
    place = f"{os.uname().nodename}:{below.absolute().resolve()}"
    return hashlib.sha256(place.encode()).hexdigest()[:NAME_DIGITS]
