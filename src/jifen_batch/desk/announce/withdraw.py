"""The last announcement taken back as a whole, with its trace (specification 4, `announce --withdraw`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.errors import UsageRefusedError
from jifen_batch.published import announced, publish, withdrawal

if TYPE_CHECKING:
    from pathlib import Path


def withdraw(out: Path, quarter: str, reason: str) -> dict[str, Any]:
    """Move the last announced quarter to `announced/withdrawn/`; what is told there of it, and `folder`.

    Raises `UsageRefusedError` for a quarter that does not hang, and for one after which others were
    announced: those rest on it.
    """
    publish.current(out)
    with publish.lock(out):
        quarters = announced.quarters(out)
        if quarter not in quarters:
            raise UsageRefusedError(
                f"--withdraw {quarter}: is not announced; name the last announced quarter",
                f"--withdraw {quarter}：没有公告过，请填最近一次公告的季度",
            )
        if quarter != quarters[-1]:
            raise UsageRefusedError(
                f"--withdraw {quarter}: {quarters[-1]} was announced after it and rests on it; what is wrong "
                f"in {quarter} is corrected by the next announcement",
                f"--withdraw {quarter}：{quarters[-1]} 已在其后公告并以其为准，{quarter} 的差错"
                "由下一次公告更正",
            )
        announced.verified(out, quarters)
        place = withdrawal.withdraw(out, quarter, reason)
        return {**(withdrawal.last_of(out, quarter) or {}), "folder": str(place)}
