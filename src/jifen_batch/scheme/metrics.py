"""What monitoring learns of a command that ended: every figure of `--metrics`, by command."""

from __future__ import annotations

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.exit_codes import ExitCode

RUN, RECONCILE = "run", "reconcile"


@dataclass(frozen=True)
class Metric:
    """A figure: its `name` after the command's, `help` as the file has it, and what pages say of it."""

    name: str
    help: str
    means_en: str
    means_zh: str


@dataclass(frozen=True)
class Monitored:
    """A command that is monitored: the ends that count as success, and its figures.

    Of every command are `last_success`, `last_end`, `duration` and `exit_code`; `figures` are what the
    command came to; `further` follow from its outcome.
    """

    success: tuple[ExitCode, ...]
    last_success: Metric
    last_end: Metric
    duration: Metric
    exit_code: Metric
    figures: tuple[Metric, ...]
    further: tuple[Metric, ...] = ()

    @property
    def every(self) -> tuple[Metric, ...]:
        """All figures, in the order of the file."""
        common = (self.last_success, self.last_end, self.duration, self.exit_code)
        return (*common, *self.figures, *self.further)


_DURATION = Metric("duration_seconds", "How long it took.", "how long it took", "用时")
_EXIT_CODE = Metric("exit_code", "How it ended; 0 is well.", "how it ended", "退出码")

HELD_BACK = Metric(
    "held_back",
    "1 while edited rule books wait to be accepted.",
    "1 while edited rule books wait to be accepted",
    "有细则修改暂缓时为 1",
)
OUTCOME = Metric(
    "outcome",
    "1 for the way in which it ended.",
    "1 for its outcome, 0 for the others: `published`, `kept`, `unchanged`, `held_back`, `failed`",
    "标签 `outcome` 等于本次结果的为 1，其余为 0",
)

MONITORED = {
    RUN: Monitored(
        success=(ExitCode.DONE, ExitCode.HELD_BACK),
        last_success=Metric(
            "last_success_timestamp_seconds",
            "Unix time at which a run was published, or found to be published already last.",
            "when a run was last published (8 too), or found to be published already",
            "上次成功（含 8，含内容未变）的时间",
        ),
        last_end=Metric(
            "last_end_timestamp_seconds",
            "Unix time at which it last ended.",
            "when a run last ended, however",
            "上次结束的时间，不论结果",
        ),
        duration=_DURATION,
        exit_code=_EXIT_CODE,
        figures=(
            Metric("rows", "Event rows read.", "event rows read", "读入行数"),
            Metric("lines", "Lines of the ledger.", "lines of the ledger", "台账条数"),
            Metric("rejects", "Rows rejected.", "rows rejected", "退回行数"),
            Metric(
                "peak_memory_bytes",
                "The most memory that was held.",
                "the most memory that was held",
                "内存峰值",
            ),
        ),
        further=(HELD_BACK, OUTCOME),
    ),
    RECONCILE: Monitored(
        success=(ExitCode.DONE, ExitCode.DECISION),
        last_success=Metric(
            "last_success_timestamp_seconds",
            "Unix time at which balances were held against a statement last.",
            "when balances were last held against a statement (4 too)",
            "上次对完账（含 4）的时间",
        ),
        last_end=Metric(
            "last_end_timestamp_seconds",
            "Unix time at which it last ended.",
            "when it last ended, however",
            "上次结束的时间，不论结果",
        ),
        duration=_DURATION,
        exit_code=_EXIT_CODE,
        figures=(
            Metric(
                "open_breaks",
                "Breaks that nobody has accepted.",
                "breaks that nobody has accepted",
                "未认可的差异",
            ),
            Metric("breaks", "Breaks, accepted ones too.", "breaks, accepted ones too", "全部差异"),
            Metric("keys", "Keys that were matched.", "keys that were matched", "对账键数"),
        ),
    ),
}
