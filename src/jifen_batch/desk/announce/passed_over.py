"""Earlier quarters that were never announced: their lines would go up under another quarter's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.desk.announce.context import AnnounceContext


def passed_over(on: AnnounceContext) -> dict[str, Any] | None:
    """Quarters after the last announced and before this one that have lines: `quarter`, `lines`, `points`.

    Null where there is none.
    """
    skipped = on.ledger.filter((pl.col("quarter") > on.last) & (pl.col("quarter") < on.quarter))
    sums = skipped.group_by("quarter").agg(
        lines=pl.len().cast(pl.Int64), points=pl.col("points").sum().cast(pl.Int64)
    )
    quarters = sums.sort("quarter").collect(engine="streaming").to_dicts()
    return {"quarters": quarters} if quarters else None


def sentence(on: AnnounceContext, found: Mapping[str, Any]) -> Sentence:
    """Which they are, and what can be done."""
    named = ", ".join(
        f"{one['quarter']}: {one['lines']:,} lines, {one['points']:+,} points" for one in found["quarters"]
    )
    named_zh = "，".join(
        f"{one['quarter']}：{one['lines']:,} 笔，{one['points']:+,} 分" for one in found["quarters"]
    )
    return Sentence(
        f"--quarter {on.quarter}: earlier quarters with lines were never announced ({named}); announce them "
        "first, one after the other, or put them up in this announcement, each shown, with --with-earlier",
        f"--quarter {on.quarter}：此前有记分的季度从未公告（{named_zh}）；请先逐季公告，或用 --with-earlier "
        "在本次公告中分季列出",
    )
