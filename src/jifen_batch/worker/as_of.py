"""The day that a run is as of: said by an option, or by a clock that is not wrong (specification 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jifen_batch import clock
from jifen_batch.errors import UsageRefusedError
from jifen_batch.published import publish

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.worker.options import RunOptions


def settle(options: RunOptions) -> tuple[RunOptions, bool]:
    """The options with their day, and whether the run is to become the current one.

    A run as of a day before that of the current one is a look back, unless `make_current` is given. Raises
    `UsageRefusedError` where the day comes from a clock that stands outside the years 2000 to 2099, or before
    the current run's day.
    """
    last = publish.last_accepted(options.out)
    current = publish.read_manifest(last)["as_of"] if last else ""
    day = options.as_of or _today(current)
    return replace(options, as_of=day), day.isoformat() >= current or options.make_current


def _today(current: str) -> date:
    """The day that the clock says."""
    today = clock.today()
    if clock.FIRST_DAY <= today <= clock.LAST_DAY and today.isoformat() >= current:
        return today
    behind = f", before {current}, the day of the current run" if current else ""
    earlier = f"，早于当前运行的截止日期 {current}" if current else ""
    raise UsageRefusedError(
        f"--as-of: the clock of this machine says {today}{behind}; set the clock right, or give --as-of (and "
        "--make-current where an earlier day is to be the current one)",
        f"--as-of：本机时钟为 {today}{earlier}；请校正时钟，或用 --as-of 指定日期"
        "（确要以较早的日期为当前结果的，另加 --make-current）",
    )
