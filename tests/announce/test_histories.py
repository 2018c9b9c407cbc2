"""Long random histories: whatever comes late or is edited, the announcements sum up to the ledger.

`SOAK_SEEDS=FIRST:LAST` lives through other, or more, histories.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter

import polars as pl
import pytest

from announce.history import History
from announce.slow import ACCOUNT, Board, cells, with_quarter
from jifen_batch.desk.announce.page import ANNOUNCED, UNCHANGED, announce
from jifen_batch.errors import DecisionNeededError
from jifen_batch.published import announced, publish, runs, village_range
from jifen_batch.tables import LEDGER, REJECTS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES
from oracle.book import read_books
from oracle.register import Register
from oracle.standings import standings

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:1").partition(":")
QUARTERS = 4
FIGURES = ("awarded", "deducted", "reversed", "adjusted", "net", "year_to_date")


def frozen(out, quarter, table):
    return announced.scan(out, table, [quarter]).select(table.names).collect()


def digests(out):
    """Every file that hangs, by name."""
    files = sorted(path for path in (out / announced.ANNOUNCED).rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rejected_events(run, board):
    """Events that hang and that the run has rejected."""
    hung = {line[LEDGER.names.index("event_id")] for line in board.hanging()}
    return hung & set(runs.read(run, REJECTS)["event_id"])


def held_against(history, made, run):
    """The frozen tables of a quarter, cell by cell, against what the slow announcer made."""
    out, quarter = history.out, made.quarter
    rows = frozen(out, quarter, ANNOUNCEMENT).to_dicts()
    said = {tuple(row[name] for name in ACCOUNT): {name: row[name] for name in FIGURES} for row in rows}
    assert said == {keys: {name: row[name] for name in FIGURES} for keys, row in made.rows.items()}
    assert len(said) == len(rows)
    assert {row["quarter"] for row in rows} <= {quarter}
    lines = frozen(out, quarter, LINES)
    assert Counter(map(cells, lines.iter_rows(named=True))) == made.lines
    corrections = frozen(out, quarter, CORRECTIONS)
    changes = Counter()
    for row in corrections.iter_rows(named=True):
        changes[cells(row)] += row["change"]
    assert changes == made.corrections
    for table, frame in ((LINES, lines), (CORRECTIONS, corrections)):
        assert frame.equals(frame.sort(table.sort_keys, maintain_order=True))
    ledger = runs.scan(run, LEDGER).filter(pl.col("quarter") <= quarter).collect().to_dicts()
    register, books = Register(history.households), read_books(history.texts.values())
    rows, _ = standings(ledger, register, books, history.as_of)
    with_quarter(rows, lines.to_dicts(), quarter)
    board = frozen(out, quarter, ANNOUNCED_STANDINGS)
    expected = [{name: row[name] for name in board.columns} for row in rows]
    assert sorted(map(repr, board.to_dicts())) == sorted(map(repr, expected))


def laws(history, board, run):
    """The sums and the replay, read from what hangs alone."""
    out, quarters = history.out, announced.quarters(history.out)
    ledger = runs.scan(run, LEDGER).filter(pl.col("quarter") <= history.quarter).collect()
    by = ["household_id", "scoring_year", "category"]
    said = announced.scan(out, ANNOUNCEMENT, quarters).group_by(by).agg(pl.col("net").sum()).collect()
    nets = ledger.group_by(by).agg(net=pl.col("points").sum())
    both = said.join(nets, on=by, how="full", coalesce=True, suffix="_ledger").fill_null(0)
    assert (both["net"] == both["net_ledger"]).all()
    assert board.hanging() == Counter(map(cells, ledger.iter_rows(named=True)))
    corrections = frozen(out, history.quarter, CORRECTIONS)
    signed = corrections.group_by(ACCOUNT).agg(points=(pl.col("points") * pl.col("change")).sum())
    rows = frozen(out, history.quarter, ANNOUNCEMENT)
    adjusted = rows.join(signed, on=ACCOUNT, how="left")["points"].fill_null(0)
    assert (rows.sort(ACCOUNT)["adjusted"].sum(), adjusted.sum()) == (signed["points"].sum(),) * 2


def explained(history, done):
    """The notice puts every adjusted point down to a cause that was found."""
    said = done.adjustments
    by_cause = said.group_by(ACCOUNT).agg(
        pl.col("points").sum(), pl.col("difference", "announced", "now").first()
    )
    assert (by_cause["points"] == by_cause["difference"]).all()
    assert (by_cause["now"] - by_cause["announced"] == by_cause["difference"]).all()
    rows = frozen(history.out, history.quarter, ANNOUNCEMENT).join(by_cause, on=ACCOUNT, how="left")
    assert (rows["adjusted"] == rows["difference"].fill_null(0)).all()
    assert by_cause.join(rows, on=ACCOUNT, how="anti").height == 0
    assert said.filter(cause="unattributed").to_dicts() == []


@pytest.mark.parametrize("seed", range(int(FIRST), int(LAST)))
def test_the_announcements_of_a_history_sum_up_to_its_ledger(seed, tmp_path, monkeypatch):
    # Three villages of some dozen lines are cut in stretches too.
    monkeypatch.setattr(village_range.cut, "__defaults__", (25,))
    history, board = History(seed, tmp_path), Board()
    for _ in range(QUARTERS):
        history.next_quarter()
        run = publish.current(history.out)
        before = digests(history.out)
        if board.announced:
            again(history, board, run)
        slips = rejected_events(run, board)
        if slips:
            with pytest.raises(DecisionNeededError, match="rejected"):
                announce(history.out, history.quarter, with_earlier=True)
            assert digests(history.out) == before
        done = announce(history.out, history.quarter, with_earlier=True, accept_rejects=bool(slips))
        assert done.outcome == ANNOUNCED
        made = board.announce(runs.read(run, LEDGER).to_dicts(), history.quarter)
        held_against(history, made, run)
        board.announced.append(made)
        laws(history, board, run)
        explained(history, done)
        assert digests(history.out).items() >= before.items()
        assert announce(history.out, history.quarter, with_earlier=True).outcome == UNCHANGED


def again(history, board, run):
    """The last quarter announced again: nothing to do if it would be the same, else refused."""
    last = board.announced.pop()
    now = board.announce(runs.read(run, LEDGER).to_dicts(), last.quarter)
    board.announced.append(last)
    if (now.lines, now.corrections) == (last.lines, last.corrections):
        assert announce(history.out, last.quarter, with_earlier=True).outcome == UNCHANGED
        return
    with pytest.raises(DecisionNeededError, match="differs") as refused:
        announce(history.out, last.quarter, with_earlier=True)
    differs = refused.value.figures["differs"]
    net = sum(row["net"] for row in now.rows.values()) - sum(row["net"] for row in last.rows.values())
    assert differs["points"] == net
