"""Points that the run before gave and a draft does not, though nothing of them hangs yet.

The ledger only grows: what was awarded is taken back by lines of its own, so an account's awards of the
quarters that the run before knew fall only where rows, register or rules of the past are others now. Until
a quarter hangs that is nobody's quarrel, and told; but where the register takes more than half of a
village's year, of which no event says a word, somebody has to say that it is meant.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import takeback
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.analysis.takeback import CELL, too_much
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.published import identity, manifest, publish, runs
from jifen_batch.published.differing import unlike
from jifen_batch.sentence import Sentence
from jifen_batch.tables import ANNOUNCEMENTS, LEDGER
from jifen_batch.worker.guard import missing_events, pieces
from jifen_batch.worker.guard.sentence import cells_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

WIPED_SHARE = 0.5
CELLS = pl.Schema(
    {
        "town_id": pl.String(),
        "village_id": pl.String(),
        "scoring_year": pl.Int32(),
        "awarded": pl.Int64(),
        "gone": pl.Int64(),
    }
)


@dataclass(frozen=True)
class GonePoints:
    """What is gone of the villages and years of which that many points are (`CELLS`), sorted.

    Up to the `last` quarter that the run before had; null where nothing is gone.
    """

    cells: pl.DataFrame
    last: str | None


NOTHING = GonePoints(CELLS.to_frame(), None)


def find(before: Path | None, drafted: DraftRun) -> GonePoints:
    """What of the awards of the run `before`, null = none, a draft does not give any more.

    Nothing of a draft that was published before, which was held against what there was then.
    """
    if before is None or drafted.published:
        return NOTHING
    renamed = drafted.renamed
    last = runs.scan(before, ANNOUNCEMENTS).select(pl.col("quarter").max()).collect().item()
    if last is None:
        return NOTHING
    # Most files of a night are those of the night before to the byte, but where ids are read otherwise.
    sides = (
        (runs.scan(before, ANNOUNCEMENTS), runs.scan(drafted.folder, ANNOUNCEMENTS))
        if renamed.height
        else unlike(before, drafted.folder, ANNOUNCEMENTS)
    )
    had, has = (
        identity.of_now(one, renamed).filter(pl.col("quarter") <= last).select(*ACCOUNT, net="awarded")
        for one in sides
    )
    lost = takeback.lost_accounts(had, has)
    if lost.is_empty():
        return NOTHING
    whole = identity.of_now(runs.scan(before, ANNOUNCEMENTS), renamed).select(*ACCOUNT, net="awarded")
    totals = whole.join(lost.lazy().select(CELL).unique(), on=CELL, how="semi").collect(engine="streaming")
    cells = takeback.by_cell(lost, totals).rename({"announced": "awarded", "taken_back": "gone"})
    return GonePoints(cells.select(CELLS.names()), last)


def wiped(
    before: Path | None, drafted: DraftRun, gone: GonePoints, known: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The villages and years of which the register takes more than half (`CELLS`, and `households`), sorted.

    But for those `known` to lose events or announced points.
    """
    others = pl.DataFrame([{name: one[name] for name in CELL} for one in known], schema=missing_events.CELLS)
    cells = gone.cells.join(others, on=CELL, how="anti").filter(too_much("gone", WIPED_SHARE, "awarded"))
    if before is None or gone.last is None or cells.is_empty():
        return []
    books = rules.load([manifest.rules(before)]).tables
    lines = identity.of_now(runs.scan(before, LEDGER), drafted.renamed)
    day = date.fromisoformat(publish.read_manifest(before)["as_of"])
    there = pl.col("village_id").is_in(cells["village_id"].unique().implode())
    ids = lines.filter(there).select("household_id").unique().collect(engine="streaming")["household_id"]
    put_down = pieces.put_down(
        drafted,
        ids.sort(),
        gone.last,
        pieces.Before(books, day),
        lambda some, _: lines.filter(some).collect(),
    )
    taken = takeback.without_rules(pl.concat(one.join(cells, on=CELL, how="semi") for one in put_down))
    by_register = taken.filter(pl.col("input") == takeback.REGISTER).group_by(CELL)
    sums = by_register.agg(gone=pl.col("points").sum(), households=pl.col("household_id").n_unique())
    cells = cells.drop("gone").join(sums, on=CELL, how="inner", maintain_order="left")
    return cells.filter(too_much("gone", WIPED_SHARE, "awarded")).to_dicts()


def remarks(before: Path, drafted: DraftRun, gone: GonePoints, options: RunOptions) -> Iterator[InputRemark]:
    """At most one: the villages and years that lost more than may be taken back of what hangs."""
    cells = gone.cells.filter(too_much("gone", options.max_takeback, "awarded")).to_dicts()
    if cells:
        some = cells_named(cells, "gone", "awarded")
        yield InputRemark(
            "ledger",
            before.name,
            Sentence(
                f"points that run {before.name} had are gone ({some.en}); before you announce, see why with "
                f"compare --out {options.out} {before.name} {drafted.run_id}",
                f"运行 {before.name} 中的积分有一部分没有了（{some.zh}）；公告之前请用 "
                f"compare --out {options.out} {before.name} {drafted.run_id} 查明原因",
            ),
        )
