"""Tasks done by the workers of a dask scheduler: it says who does what, and files carry the rows.

What dask logs of a task is the name of a function and some bytes (`dask_worker`).
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from jifen_batch.engine import address, certificates, dask_errors, dask_internals, orders
from jifen_batch.engine.dask_worker import carried_out, let_go
from jifen_batch.engine.processes import FROZEN_SECONDS
from jifen_batch.errors import JifenError, UsageRefusedError, WorkersLostError
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jifen_batch.engine.fitness import Greet
    from jifen_batch.engine.tasks import Task

TLS = "tls://"
CONNECT_SECONDS = 10
LOOK_SECONDS = 2.0
# A scheduler without workers may be about to get some; for so long it is waited for.
NO_WORKERS_SECONDS = 60.0
# A worker that begins to load its libraries may need that long to say what it is, or more.
GREETINGS = 4


class OnDask:
    """The workers of a scheduler at an address, `tls://` or on this machine `tcp://`."""

    def __init__(self, scheduler: str) -> None:
        """Connect. Raises `UsageRefusedError` and `WorkersLostError`."""
        try:
            import dask  # noqa: PLC0415 - an extra, loaded where asked for
            from distributed import Client  # noqa: PLC0415 - likewise
        except ImportError as error:
            raise UsageRefusedError(
                "--workers: dask is not installed here; pip install 'jifen-batch[cluster]', or "
                "requirements-cluster.txt",
                "--workers：这里没有装 dask；请 pip install 'jifen-batch[cluster]'，"
                "或用 requirements-cluster.txt",
            ) from error
        self.address, encrypted = scheduler, scheduler.startswith(TLS)
        # Logs of the library quote what it stumbled on; what we have to say we say ourselves.
        dask.config.set(
            {
                "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s",
                "distributed.comm.require-encryption": encrypted,
            }
        )
        _hush()
        if encrypted:
            certificates.refuse_useless()
        try:
            self._client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
            with suppress(TimeoutError):
                # They may be about to come; that none did is told by who asks them.
                self._in_time(self._client.wait_for_workers, 1, seconds=NO_WORKERS_SECONDS)
            self.count = max(1, sum(self._in_time(self._client.nthreads).values()))
        except Exception as error:
            self.close()
            raise self._lost(error) from error

    def _in_time(self, ask: Callable[..., Any], *given: object, seconds: float | None = None) -> Any:  # noqa: ANN401 - dask ships no types
        """What a call of the client gives, unless whoever it asks hangs. Raises `TimeoutError`."""

        async def asked() -> object:
            return await ask(*given)

        return self._client.sync(asked, callback_timeout=seconds or FROZEN_SECONDS)

    def greeted(self, greet: Greet) -> Mapping[str, bytes]:
        """The answers of all workers that there are, by their addresses; none of one without our program."""
        order = orders.sent(greet)
        ask = partial(self._client.run, carried_out, order, on_error="return")
        try:
            for _ in range(GREETINGS):
                with suppress(TimeoutError):
                    return {name: _answer(name, said) for name, said in self._in_time(ask).items()}
                self._without_those_that_hang()
        except Exception as error:
            raise self._lost(error) from error
        raise self._lost()

    def exposed(self) -> list[str]:
        """Schedulers and workers that run programs for whoever reaches this machine, by their addresses."""
        if self.address.startswith(TLS):
            return []
        try:
            found = {
                self.address: self._in_time(
                    partial(self._client.run_on_scheduler, dask_internals.scheduler_listens)
                )
            }
            found |= self._in_time(partial(self._client.run, dask_internals.worker_listens))
        except Exception as error:
            raise self._lost(error) from error
        return sorted(
            name for name, hosts in found.items() if not all(address.of_this_machine(one) for one in hosts)
        )

    def answers(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The answers to tasks, in their order. Raises `WorkersLostError`."""
        futures = []
        try:
            for task in tasks:
                order = orders.sent(task)
                key = f"jifen-{task.job.name[-16:]}-{task.name}"
                futures.append(self._client.submit(carried_out, order, key=key))
            for at, future in enumerate(futures):
                yield self._awaited(future)
                futures[at] = None
        except JifenError:
            raise
        except _of_dask() as error:
            raise self._lost(error) from error
        finally:
            with suppress(Exception):
                self._client.cancel([one for one in futures if one is not None], force=True)

    def _awaited(self, future: Any) -> bytes:  # noqa: ANN401 - dask ships no types
        """The answer of a task, once it is there and here; one that a lost worker had is made again.

        Raises `WorkersLostError` and `WorkersUnfitError`.
        """
        alone_since = None
        while True:
            try:
                answer = future.result(timeout=LOOK_SECONDS)
            except TimeoutError:
                alone_since = self._looked_after(alone_since)
            except Exception as error:
                if future.status != "error":
                    raise
                raise dask_errors.given_up(str(future.key).split("-", 2)[2], error) from None
            else:
                assert isinstance(answer, bytes)  # noqa: S101 - an answer is bytes
                return answer

    def _looked_after(self, alone_since: float | None) -> float | None:
        """Take work from workers that hang; since when there has been none, null = there is one.

        Raises `WorkersLostError` where that has been for too long, and where the scheduler is gone.
        """
        if self._client.status != "running":
            raise self._lost()
        if self._without_those_that_hang():
            return None
        since = alone_since or time.monotonic()
        if time.monotonic() - since > NO_WORKERS_SECONDS:
            raise WorkersLostError(
                f"--workers: the scheduler at {self.address} has had no worker for "
                f"{NO_WORKERS_SECONDS:.0f} s; start some, and run again; what was published stays as it was",
                f"--workers：{self.address} 的调度进程已有 {NO_WORKERS_SECONDS:.0f} 秒没有工作进程；"
                "请启动后重新执行；已发布的结果不变",
            )
        return since

    def _without_those_that_hang(self) -> int:
        """Have the scheduler let go of workers that hang; how many are left. Raises `TimeoutError`."""
        ask = partial(
            self._client.run_on_scheduler, dask_internals.without_those_that_hang, seconds=FROZEN_SECONDS
        )
        left: int = self._in_time(ask)
        return left

    def _lost(self, error: BaseException | None = None) -> WorkersLostError:
        """The sentence about a scheduler that cannot be reached, with the reason if the error has one."""
        why = dask_errors.why_unreached(error, self.address) if error else None
        en, zh = (f" ({why.en})", f"（{why.zh}）") if why else ("", "")
        return WorkersLostError(
            f"--workers: the scheduler at {self.address} cannot be reached, or is gone{en}; see to it, its "
            "network and its certificates, and run again; what was published stays as it was",
            f"--workers：连不上 {self.address} 的调度进程，或它已退出{zh}；"
            "请检查该进程、网络和证书，再重新执行；已发布的结果不变",
        )

    def close(self) -> None:
        """Leave the scheduler; its workers stay, and let go of what they held of the job."""
        with suppress(Exception):
            self._in_time(partial(self._client.run, let_go, wait=False), seconds=LOOK_SECONDS)
        with suppress(Exception):
            self._client.close(timeout=CONNECT_SECONDS)


def _answer(name: str, said: object) -> bytes:
    """What a worker answered to a greeting; nothing where it has not our program."""
    if isinstance(said, bytes):
        return said
    if isinstance(said, dask_errors.WITHOUT_PROGRAM) or not isinstance(said, BaseException):
        return b""
    return orders.refusal(dask_errors.failed(Sentence(name, name), said))


def _of_dask() -> tuple[type[BaseException], ...]:
    """What dask raises when a scheduler goes away."""
    from asyncio import CancelledError  # noqa: PLC0415 - beside the next
    from concurrent.futures import CancelledError as OtherCancelledError  # noqa: PLC0415 - likewise

    from distributed.client import FutureCancelledError  # noqa: PLC0415 - loaded before

    return OSError, RuntimeError, TimeoutError, CancelledError, OtherCancelledError, FutureCancelledError


def _hush() -> None:
    """Let dask say nothing in this process."""
    import logging  # noqa: PLC0415 - of no use to anybody else

    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
