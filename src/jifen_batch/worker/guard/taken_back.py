"""Announced points that a draft takes back: how many, of which villages, and which input did it.

A night whose announced quarters are to the byte as the night before had them takes back what that did, and
is not asked again; another costs one pass over two tables of sums. Only of villages that lose more than
they may are the lines themselves read and put down to their causes.
"""

from __future__ import annotations

from datetime import date
from posixpath import dirname
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import takeback
from jifen_batch.analysis.corrections import ACCOUNT
from jifen_batch.analysis.takeback import CELL
from jifen_batch.dataclass import dataclass
from jifen_batch.published import announced, manifest, runs
from jifen_batch.published.announced_changes import AnnouncedChanges
from jifen_batch.published.differing import names_unlike
from jifen_batch.published.parquet_form import file_name
from jifen_batch.tables import ANNOUNCEMENTS
from jifen_batch.tables.announced import ANNOUNCEMENT
from jifen_batch.worker.guard import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jifen_batch.published.differing import Opened
    from jifen_batch.worker.draft import DraftRun

TAKEN_BACK, BOARD = "taken_back", "board"
LET_THROUGH = ("by_rules", "accepted")
LOST = (*CELL, "announced", "taken_back")
CELLS = pl.Schema(
    {
        "town_id": pl.String(),
        "village_id": pl.String(),
        "scoring_year": pl.Int32(),
        "announced": pl.Int64(),
        "taken_back": pl.Int64(),
        "by_rules": pl.Int64(),
        "accepted": pl.Int64(),
    }
)


@dataclass(frozen=True)
class TakenBack:
    """What is taken back, and what a run writes down of it.

    `cells` (`CELLS`), a row per village and scoring year that loses more than it may: points `announced`
    and `taken_back`, of these those that edited rules take (`by_rules`) and those that were `accepted`.
    `beyond` are the rows that nobody let through; `by_input` says which inputs took those. `board` is what
    the next night need not find out again: of which `quarters` (SHA-256 of their manifests) the `cells` lose
    more points than are lost unasked, whatever the share; null where households have other ids by now.
    """

    cells: pl.DataFrame
    beyond: pl.DataFrame
    by_input: list[dict[str, Any]]
    board: Mapping[str, Any] | None = None

    def written(self, accepted: bool) -> dict[str, Any]:  # noqa: FBT001 - said by its name
        """For the manifest: the cells, and that what is beyond was accepted; and `board`."""
        rest = pl.col("taken_back") - pl.col("by_rules")
        cells = self.cells.with_columns(accepted=rest) if accepted else self.cells
        return {TAKEN_BACK: cells.to_dicts(), BOARD: self.board}


NOTHING = TakenBack(CELLS.to_frame(), CELLS.to_frame(), [])


def find(board: AnnouncedChanges, drafted: DraftRun, before: Opened | None, share: float) -> TakenBack:
    """What a draft takes back of the quarters on the `board`, those announced as of its day or before it.

    `before` is the run that it comes after, null = none: what that let through is not asked about again
    while it lasts. `share`: how much of a village's announced points of a year may be taken back.
    """
    if not board.quarters:
        return NOTHING
    known = _as_before(board, drafted, before)
    if known and not _lost(known).filter(takeback.too_much("taken_back", share)).height:
        return TakenBack(CELLS.to_frame(), CELLS.to_frame(), [], known)
    hung = announced.scan(board.out, ANNOUNCEMENT, board.quarters, board.renamed).select(*ACCOUNT, "net")
    now = runs.scan(drafted.folder, ANNOUNCEMENTS).filter(pl.col("quarter") <= board.quarters[-1])
    lost = takeback.lost_accounts(hung, now)
    places = lost.select(CELL).unique()
    totals = hung.join(places.lazy(), on=CELL, how="semi").collect(engine="streaming")
    of_cells = takeback.by_cell(lost, totals)
    known = None
    if board.renamed.is_empty():
        known = {"quarters": _digests(board), "cells": of_cells.to_dicts()}
    cells = of_cells.filter(takeback.too_much("taken_back", share))
    cells = _let_through(cells, before.content if before else {})
    left = pl.col("taken_back") - pl.col("by_rules") - pl.col("accepted")
    suspects = cells.with_columns(left=left).filter(takeback.too_much("left", share))
    if suspects.is_empty():
        return TakenBack(cells, CELLS.to_frame(), [], known)
    households = lost.join(suspects, on=CELL, how="semi")["household_id"].unique().sort()
    put_down = [one.join(suspects, on=CELL, how="semi") for one in _pieces(board, drafted, households)]
    taken = takeback.without_rules(pl.concat(put_down))
    cells = _by_rules(cells, suspects, taken)
    beyond = cells.with_columns(left=left).filter(takeback.too_much("left", share)).drop("left")
    of_those = takeback.by_input(taken.join(beyond, on=CELL, how="semi"))
    return TakenBack(cells, beyond, of_those.to_dicts(), known)


def on_board(out: Path, drafted: DraftRun, hung: Mapping[str, Mapping[str, Any]]) -> AnnouncedChanges:
    """The quarters announced as of a draft's day or before it; `hung` are all, by quarter."""
    # A folder under another quarter's name is told as gone.
    manifests = [content for quarter, content in hung.items() if content["quarter"] == quarter]
    there = [one for one in manifests if one["as_of"] <= drafted.content["as_of"]]
    return AnnouncedChanges(out, there, drafted.renamed)


def _digests(board: AnnouncedChanges) -> list[str]:
    """SHA-256 of the manifests of the quarters on the board."""
    return [announced.manifest_digest(board.out, quarter) for quarter in board.quarters]


def _as_before(board: AnnouncedChanges, drafted: DraftRun, before: Opened | None) -> Mapping[str, Any] | None:
    """The `TakenBack.board` of the run before where this one's is the same, else null.

    The same quarters hang, nobody's id is another, and their announcements are to the byte what they were.
    """
    known: Mapping[str, Any] | None = before.content.get(BOARD) if before else None
    if before is None or known is None or board.renamed.height or known["quarters"] != _digests(board):
        return None
    sides = names_unlike(before.folder, drafted.folder, ANNOUNCEMENTS)
    latest = dirname(file_name(ANNOUNCEMENTS, 0, board.quarters[-1]))
    return known if all(dirname(name) > latest for side in sides for name in side) else None


def _lost(known: Mapping[str, Any]) -> pl.DataFrame:
    """The cells of a `TakenBack.board`: `CELL`, `announced` and `taken_back`."""
    return pl.DataFrame(known["cells"], schema={name: CELLS[name] for name in LOST})


def _let_through(cells: pl.DataFrame, before: Mapping[str, Any]) -> pl.DataFrame:
    """Cells (`CELLS`) with what of them the run before let through, as far as it still is taken back."""
    said = pl.DataFrame(before.get(TAKEN_BACK, []), schema=CELLS).select(*CELL, *LET_THROUGH)
    cells = cells.join(said, on=CELL, how="left", validate="1:1").with_columns(
        pl.col(LET_THROUGH).fill_null(0)
    )
    cells = cells.with_columns(accepted=pl.min_horizontal("accepted", "taken_back"))
    rest = pl.col("taken_back") - pl.col("accepted")
    return cells.with_columns(by_rules=pl.min_horizontal("by_rules", rest)).select(CELLS.names())


def _by_rules(cells: pl.DataFrame, looked_at: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Cells, those that were looked at with what edited rules take of them: all that no other input does."""
    others = taken.group_by(CELL).agg(others=pl.col("points").sum())
    seen = looked_at.select(*CELL, seen=pl.lit(value=True))
    joined = cells.join(seen, on=CELL, how="left").join(others, on=CELL, how="left")
    by_rules = (pl.col("taken_back") - pl.col("others").fill_null(0)).clip(lower_bound=0)
    joined = joined.with_columns(by_rules=pl.when("seen").then(by_rules).otherwise("by_rules"))
    rest = pl.col("taken_back") - pl.col("by_rules")
    return joined.with_columns(accepted=pl.min_horizontal("accepted", rest)).select(CELLS.names())


def _pieces(board: AnnouncedChanges, drafted: DraftRun, households: pl.Series) -> Iterator[pl.DataFrame]:
    """What became of the announced lines of these households, by cause and input, some of them at a time."""
    last = board.quarters[-1]
    books = rules.load([manifest.rules(announced.folder(board.out, last))]).tables
    before = pieces.Before(books, date.fromisoformat(board.contents[-1]["as_of"]))

    def hung(some: pl.Expr, ledger: pl.DataFrame) -> pl.DataFrame:
        return board.hung(board.changes.filter(some).collect(), ledger)

    return pieces.put_down(drafted, households, last, before, hung)
