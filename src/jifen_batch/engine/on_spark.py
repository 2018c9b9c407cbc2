"""Tasks done by the executors of a Spark context: a row of an RDD is an order, and files carry the rows.

Spark's own shuffle is not used. Which cluster it is, YARN or another, is said as for every Spark program: by
the options of `spark-submit` in `PYSPARK_SUBMIT_ARGS`, or the configuration that pyspark finds.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from jifen_batch.engine import orders
from jifen_batch.engine.processes import Children
from jifen_batch.errors import UsageRefusedError, WorkersLostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jifen_batch.engine.fitness import Greet
    from jifen_batch.engine.tasks import Task

GREETINGS_PER_SLOT = 2
# By which Python executors work; without it, by the first on their path.
PYTHON_VARIABLE = "PYSPARK_PYTHON"
_CHILDREN = Children()


def carried_out(order: bytes) -> bytes:
    """The answer to an order, by a process of the executor that this runs in."""
    return _CHILDREN.answer(order)


class OnSpark:
    """The executors of a Spark context."""

    def __init__(self) -> None:
        """Begin a context. Raises `UsageRefusedError` and `WorkersLostError`."""
        try:
            from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - the cluster's, loaded where asked for
        except ImportError as error:
            raise UsageRefusedError(
                "--workers spark: pyspark is not installed here; put that of the cluster's Spark "
                "(SPARK_HOME/python/lib/*.zip) on PYTHONPATH, or install the same version",
                "--workers spark：这里没有 pyspark；请把集群 Spark 自带的"
                "（SPARK_HOME/python/lib/*.zip）写进 PYTHONPATH，或安装同版本的",
            ) from error
        os.environ.setdefault(PYTHON_VARIABLE, sys.executable)
        try:
            self._context = SparkContext.getOrCreate(SparkConf().setAppName("jifen-batch"))
            self._context.setLogLevel("OFF")
        except Exception as error:
            raise _lost() from error
        self.count = max(1, self._context.defaultParallelism)

    def greeted(self, greet: Greet) -> Mapping[str, bytes]:
        """The answers of all machines that take tasks, by their names; none of one without our program."""
        asked = [orders.sent(greet)] * (self.count * GREETINGS_PER_SLOT)
        try:
            said = self._context.parallelize(asked, len(asked)).map(_greeted).collect()
        except Exception as error:
            raise _lost() from error
        return dict(said)

    @staticmethod
    def exposed() -> list[str]:
        """None: whom it lets in is Spark's own affair."""
        return []

    def answers(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The answers to tasks, in their order. Raises `WorkersLostError`."""
        asked = [orders.sent(task) for task in tasks]
        if not asked:
            return
        try:
            yield from (
                self._context.parallelize(asked, len(asked))
                .map(carried_out)
                .toLocalIterator(prefetchPartitions=True)
            )
        except Exception as error:
            raise _lost() from error

    def close(self) -> None:
        """End the context."""
        with suppress(Exception):
            self._context.stop()


def _greeted(order: bytes) -> tuple[str, bytes]:
    """A machine's name and its answer."""
    return os.uname().nodename, carried_out(order)


def _lost() -> WorkersLostError:
    """The sentence about Spark that does not work; what it says itself may quote cells."""
    return WorkersLostError(
        "--workers spark: the session cannot be begun, or its tasks failed more often than Spark allows "
        "(spark.task.maxFailures); see its own logs, and that every executor has this very program; what was "
        "published stays as it was",
        "--workers spark：无法开始会话，或任务失败次数超过 Spark 的上限（spark.task.maxFailures）；"
        "请查看 Spark 的日志，并确认每个执行器上装有同样的程序；已发布的结果不变",
    )
