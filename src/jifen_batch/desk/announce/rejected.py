"""Rejects that concern what hangs: a mistyped revision must not take points back unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.corrections import standing
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.word import chinese
from jifen_batch.sentence import Sentence
from jifen_batch.tables import REJECTS

if TYPE_CHECKING:
    from jifen_batch.desk.announce.context import AnnounceContext

NAMED_AT_MOST = 10
REASONS = chinese(REJECT_REASONS)
EVENT = ("town_id", "village_id", "household_id", "event_id")


def announced_before(on: AnnounceContext) -> dict[str, Any] | None:
    """The announced events that the run has rejected; null where there is none.

    `events`, how many; `points` that hang of them; counts by `villages` and `reasons` (an event that was
    rejected for several counts for each); and the first few `named`: place, `household_id`, `event_id`,
    `reasons` and `points`.
    """
    rejects = (
        runs.scan(on.run, REJECTS).select("event_id", "reason").drop_nulls("event_id").unique().collect()
    )
    hung = on.changes.select("event_id").join(rejects.lazy(), on="event_id", how="semi").unique()
    concerned = hung.collect(engine="streaming")["event_id"]
    if not concerned.len():
        return None
    lines = standing(on.changes.filter(pl.col("event_id").is_in(concerned.implode())).collect())
    reasons = rejects.group_by("event_id").agg(reasons=pl.col("reason").sort())
    events = (
        lines.group_by(EVENT)
        .agg(pl.col("points").sum())
        .join(reasons, on="event_id", how="left", validate="m:1")
        .sort(EVENT)
    )
    if not events.height:
        return None
    by_reason = events.select("event_id", pl.col("reasons").explode()).unique()
    return {
        "events": events["event_id"].n_unique(),
        "points": int(events["points"].sum()),
        "villages": _counted(events["village_id"]),
        "reasons": _counted(by_reason["reasons"]),
        "named": events.head(NAMED_AT_MOST).to_dicts(),
    }


def _counted(values: pl.Series) -> dict[str, int]:
    """How often each value occurs, in their order."""
    return dict(values.value_counts().sort(values.name).iter_rows())


def sentence(on: AnnounceContext, found: dict[str, Any]) -> Sentence:
    """What is to be decided; which events they are stands in the answer, and in no log."""
    named = list(found["villages"].items())[:NAMED_AT_MOST]
    villages = ", ".join(f"{village}: {count:,}" for village, count in named)
    reasons = ", ".join(f"{reason}: {count:,}" for reason, count in found["reasons"].items())
    villages_zh = "，".join(f"{village}：{count:,} 条" for village, count in named)
    reasons_zh = "，".join(f"{REASONS[reason]}：{count:,} 条" for reason, count in found["reasons"].items())
    return Sentence(
        f"--quarter {on.quarter}: {found['events']:,} announced event(s) with {found['points']:+,} points "
        f"are rejected by the current run ({reasons}; {villages}); have them corrected and "
        "run again, or take their points back with --accept-rejects",
        f"--quarter {on.quarter}：已公告的事项中有 {found['events']:,} 条（共 {found['points']:+,} 分）"
        f"被当前运行退回（{reasons_zh}；{villages_zh}）；"
        "请更正后重新执行 run，或用 --accept-rejects 收回这些积分",
    )
