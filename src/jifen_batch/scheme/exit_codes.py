"""How a command ends: every exit code, what it means and what is to be done (specification 5)."""

from __future__ import annotations

from enum import IntEnum

from jifen_batch.dataclass import dataclass


class ExitCode(IntEnum):
    """The number that the shell sees."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    REFUSED = 3
    DECISION = 4
    LOCKED = 5
    TOO_MANY_REJECTS = 6
    DISK = 7
    HELD_BACK = 8
    LOSS = 9


@dataclass(frozen=True)
class Ending:
    """An exit code as an operator reads it: its `code`, what it means, and what to do."""

    code: str
    means_en: str
    remedy_en: str
    means_zh: str
    remedy_zh: str


SIGNALLED = "128+N"

ENDINGS = (
    Ending(
        str(int(ExitCode.DONE)),
        "done; also: this very work was published before, nothing new to do",
        "nothing",
        "完成；同样的工作以前发布过、没有新的可做，也是 0",
        "不用管",
    ),
    Ending(
        str(int(ExitCode.INTERNAL)),
        "a fault of the program; nothing was published",
        "report the log line; `JIFEN_DEBUG=1` adds the traceback",
        "程序自身的错误；什么也没有发布",
        "把那行日志报上来；`JIFEN_DEBUG=1` 会附上调用栈",
    ),
    Ending(
        str(int(ExitCode.USAGE)),
        "an option or the configuration file is wrong, or machines that were to work along are unfit",
        "read the sentence; `--help`",
        "选项或配置文件写错，或要帮着算的机器不合适",
        "看那句话；`--help`",
    ),
    Ending(
        str(int(ExitCode.REFUSED)),
        "an input or a rule book is refused",
        "correct the file, column or line that is named",
        "输入或细则不被接受",
        "改正所指的文件、列、行",
    ),
    Ending(
        str(int(ExitCode.DECISION)),
        "`reconcile` found breaks that nobody has accepted, `announce` needs a decision first, or `verify` "
        "found damage",
        "look into the breaks; have the rejects corrected, or announce the next quarter; restore what is "
        "named",
        "`reconcile` 有未认可的差异，`announce` 要先有人拿主意，或 `verify` 发现损坏",
        "查差异；退回的更正了再跑，或改为公告下一季；恢复所指的文件",
    ),
    Ending(
        str(int(ExitCode.LOCKED)),
        "another run holds the output folder, or has published to the object store meanwhile",
        "wait; the lock goes with its process; run again",
        "另一次运行占着输出目录，或期间已发布到对象存储",
        "等它结束；进程一走，锁就没有了；再跑一次",
    ),
    Ending(
        str(int(ExitCode.TOO_MANY_REJECTS)),
        "more rows rejected than `--max-reject-rate`; nothing was published",
        "look into `refused/<run_id>/rejects`, correct the feed",
        "退回的行超过 `--max-reject-rate`；什么也没有发布",
        "看 `refused/<run_id>/rejects`，改正来源",
    ),
    Ending(
        str(int(ExitCode.DISK)),
        "the disk, the file system or the object store failed, or processes or machines that worked along "
        "are gone",
        "make room, see to the store and the machines, run again; nothing has to be cleaned by hand",
        "磁盘、文件系统或对象存储出错，或帮着算的进程、机器没了",
        "腾出空间、看看存储和机器再跑；不用手工清理",
    ),
    Ending(
        str(int(ExitCode.HELD_BACK)),
        "published, but under the last accepted rule books: an edit that would change announced quarters is "
        "held back",
        "`what-if`; then `run --accept-rules FINGERPRINT`, or undo the edit",
        "已发布，但用的是上次接受的细则：会改动已公告季度的修改暂缓",
        "`what-if` 试算，再 `run --accept-rules 指纹`，或改回去",
    ),
    Ending(
        str(int(ExitCode.LOSS)),
        "what an earlier run or an announcement had is missing or would be taken back; nothing was published",
        "put right the input that the sentence names, or `run --accept-loss FINGERPRINT`",
        "以前有的事项少了，或已公告的积分将被收回，或公告的季度不见了；什么也没有发布",
        "改正所说的输入，或 `run --accept-loss 指纹`",
    ),
    Ending(
        SIGNALLED,
        "stopped by signal N, as 143 by SIGTERM",
        "run again",
        "被信号 N 停下，SIGTERM 是 143",
        "再跑一次",
    ),
)
