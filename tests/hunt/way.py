"""A way in which a night goes wrong in practice, and what should come of it: a row of the table of ways."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from jifen_batch.errors import (
    InputRefusedError,
    LossError,
    RulesRefusedError,
    TooManyRejectsError,
    UsageRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hunt.world import World


class End(Enum):
    """What may come of a night: what people are told, and the exit code."""

    READ = ("read as it is meant", "按本意读入", 0, None)
    TOLD = ("read, and told in log and manifest", "照常读入，日志和清单中说明", 0, None)
    REJECTED = ("the row is a reject with its sentence", "该行退回并说明", 0, None)
    REFUSED = ("refused", "拒收", 3, InputRefusedError)
    RULES = ("the rule books are refused", "细则拒收", 3, RulesRefusedError)
    USAGE = ("refused", "不执行", 2, UsageRefusedError)
    TOO_MANY = ("nothing published, the reasons named", "不发布，说明退回原因", 6, TooManyRejectsError)
    HELD = ("published under the accepted books", "按已认可的细则发布", 8, None)
    STOPPED = ("nothing published, the input named", "不发布，指明是哪份数据", 9, LossError)

    def __init__(self, en: str, zh: str, code: int, error: type[Exception] | None) -> None:
        """The end in both languages, its exit code, and the error that says so; null = a report does."""
        self.en, self.zh, self.code, self.error = en, zh, code, error


@dataclass(frozen=True)
class Way:
    """A way by its name in both languages; `spoil` does it, and `says` are words of what is said of it.

    `spoil` gives the points of events that are rightly others afterwards, null = no line; none where all
    is as it was.
    """

    of: str
    name: str
    en: str
    zh: str
    end: End
    says: tuple[str, ...]
    spoil: Callable[[World], dict[str, int | None] | None]


WAYS: list[Way] = []


def way(en: str, zh: str, end: End, *says: str) -> Callable[[Callable[[World], object]], None]:
    """Put a way into the table; what it is about is said by the module that it stands in."""

    def put(spoil: Callable[[World], object]) -> None:
        of = spoil.__module__.rpartition(".")[2]
        WAYS.append(Way(of, spoil.__name__, en, zh, end, says, spoil))

    return put
