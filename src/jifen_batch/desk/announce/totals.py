"""Some villages settled for a quarter: their own lines, the corrections and why, and what both come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import correction_causes
from jifen_batch.analysis.attribution import Side
from jifen_batch.analysis.attribution.pairs import KEY
from jifen_batch.analysis.corrections import announcement, broken_invariants, nets
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.published import runs
from jifen_batch.tables import REJECTS, UNPOSTED, Table
from jifen_batch.tables.announced import ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.desk.announce.context import AnnounceContext, Villages

MOVERS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Settled:
    """Some villages: `tables` by name (announcement, lines, corrections), and what is behind them.

    `hung` are the lines that hung before, `causes` what corrections are put down to (`behind.causes`),
    `nets` the net points of all lines up to the quarter, by account.
    """

    tables: dict[str, pl.DataFrame]
    hung: pl.DataFrame
    ledger: pl.DataFrame
    causes: pl.DataFrame
    nets: pl.DataFrame


def settled(on: AnnounceContext) -> Iterator[tuple[Villages, Settled]]:
    """All villages in their order, some at a time. Raises `InvariantBrokenError` where sums do not."""
    movers = _movers(on)
    for villages in on.villages():
        own = villages.ledger.filter(pl.col("quarter") > on.last).sort(LINES.sort_keys)
        corrections = correction_causes.corrections(villages.hung, villages.ledger, on.last)
        causes = _causes(on, villages, corrections, movers)
        corrections = _with_reasons(corrections, pl.concat([causes, movers]))
        to_date = nets(villages.ledger)
        rows = announcement(own, corrections, to_date, on.quarter)
        broken = broken_invariants(rows, villages.nets_before, to_date)
        if villages.hung.height + corrections["change"].sum() + own.height != villages.ledger.height:
            broken.append("what hangs, corrected, is the ledger")
        if broken:
            raise InvariantBrokenError(
                f"--quarter {on.quarter}: the sums break their own laws ({'; '.join(broken)}); nothing was "
                "announced: report this",
                f"--quarter {on.quarter}：合计不满足自身的规律（{'；'.join(broken)}）；没有公告任何内容"
                "；这是程序的错误，请报告",
            )
        tables = {ANNOUNCEMENT.name: rows, LINES.name: own, CORRECTIONS.name: corrections}
        yield villages, Settled(tables, villages.hung, villages.ledger, causes, to_date)


def _movers(on: AnnounceContext) -> pl.DataFrame:
    """What corrections are put down to (`behind.causes`), of households with lines in several villages.

    What came of such a line is seen only beside the lines of the other village.
    """
    found = [correction_causes.CAUSES.to_frame()]
    movers = on.movers()
    for start in range(0, movers.len(), MOVERS_AT_ONCE):
        some = pl.col("household_id").is_in(movers[start : start + MOVERS_AT_ONCE].implode())
        changes, ledger = pl.collect_all([on.changes.filter(some), on.ledger.filter(some)])
        hung = on.hung(changes, ledger)
        corrections = correction_causes.corrections(hung, ledger, on.last)
        found.append(_attributed(on, corrections, hung, ledger, pl.lit(value=True)))
    return pl.concat(found)


def _causes(
    on: AnnounceContext, villages: Villages, corrections: pl.DataFrame, movers: pl.DataFrame
) -> pl.DataFrame:
    """What the corrections of some villages are put down to; those of movers are known."""
    others = corrections.join(movers, on="household_id", how="anti")
    return pl.concat(
        [
            movers.filter(villages.stretch.holds),
            _attributed(on, others, villages.hung, villages.ledger, villages.stretch.holds),
        ]
    )


def _attributed(
    on: AnnounceContext, corrections: pl.DataFrame, hung: pl.DataFrame, ledger: pl.DataFrame, where: pl.Expr
) -> pl.DataFrame:
    """What these corrections are put down to, their households' lines held against each other."""
    if not corrections.height:
        return correction_causes.CAUSES.to_frame()
    events = correction_causes.removed_events(corrections)
    before = Side(on.books_before, date.fromisoformat(on.before[-1]["as_of"]))
    after = Side(
        on.books, on.as_of, _rows_of(on, UNPOSTED, events, where), _rows_of(on, REJECTS, events, where)
    )
    households = corrections.select("household_id").unique()
    lines = [frame.join(households, on="household_id", how="semi") for frame in (hung, ledger)]
    return correction_causes.causes(lines[0], lines[1], on.last, before, after)


def _rows_of(on: AnnounceContext, table: Table, events: pl.Series, where: pl.Expr) -> pl.DataFrame:
    """Rows of these events in a table of the run; those without a place are anybody's."""
    near = where | pl.col("village_id").is_null()
    return runs.scan(on.run, table).filter(near & pl.col("event_id").is_in(events.implode())).collect()


def _with_reasons(corrections: pl.DataFrame, causes: pl.DataFrame) -> pl.DataFrame:
    """Corrections (`CORRECTIONS`) with the reason of each line."""
    keyed = corrections.with_columns(reversed=TAKES_BACK)
    reasons = correction_causes.reasons(causes)
    reasoned = keyed.join(reasons, on=KEY, how="left", validate="m:1")
    return reasoned.select(CORRECTIONS.names).sort(CORRECTIONS.sort_keys)
