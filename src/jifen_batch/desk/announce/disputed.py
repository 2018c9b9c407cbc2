"""Open objections to what would hang: disputed points are not put up unnoticed (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.changes import ADDED, one_sided
from jifen_batch.analysis.objections import concerns, open_ones
from jifen_batch.published import runs
from jifen_batch.sentence import Sentence
from jifen_batch.tables import LEDGER, OBJECTIONS

if TYPE_CHECKING:
    from jifen_batch.desk.announce.context import AnnounceContext

NAMED_AT_MOST = 10


def disputed(on: AnnounceContext) -> dict[str, Any] | None:
    """Open objections that concern a line which the quarter would put up; null where none does.

    `objections`, how many; `lines` and `points` of what they concern, and whose it is (`households`); and
    the first few `named`: `objection_id`, `household_id`, `event_id` and `raised_on`.
    """
    found = open_ones(runs.read(on.run, OBJECTIONS), on.as_of)
    if found.is_empty():
        return None
    disputed_line = concerns(found)
    changes, ledger = pl.collect_all([rows.filter(disputed_line) for rows in (on.changes, on.ledger)])
    moved = one_sided(on.hung(changes, ledger), ledger, LEDGER.names)
    put_up = moved.filter(pl.col("change") == ADDED)
    own = found.filter(
        pl.when(pl.col("event_id").is_null())
        .then(pl.col("household_id").is_in(put_up["household_id"].implode()))
        .otherwise(pl.col("event_id").is_in(put_up["event_id"].implode()))
    )
    if own.is_empty():
        return None
    return {
        "objections": own.height,
        "lines": put_up.height,
        "points": int(put_up["points"].sum()),
        "households": put_up["household_id"].unique().sort().to_list(),
        "named": own.head(NAMED_AT_MOST)
        .select("objection_id", "household_id", "event_id", pl.col("raised_on").cast(pl.String))
        .to_dicts(),
    }


def sentence(on: AnnounceContext, found: dict[str, Any]) -> Sentence:
    """What is to be decided; whose points they are stands in the answer, and in no log."""
    return Sentence(
        f"--quarter {on.quarter}: {found['objections']:,} open objection(s) concern {found['lines']:,} "
        f"line(s) with {found['points']:+,} points that it would put up; have them decided and run again, "
        "or announce them all the same with --accept-open",
        f"--quarter {on.quarter}：异议未了结 {found['objections']:,} 件，涉及将要公告的 "
        f"{found['lines']:,} 笔、共 {found['points']:+,} 分；"
        "请处理后重新执行 run，或用 --accept-open 照常公告",
    )
