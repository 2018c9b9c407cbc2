"""The worker and the oracle agree on random villages, cell by cell, from files to published files.

On forty, among which each planted fault shows (`faults/test_faults.py`); `SOAK_SEEDS=FIRST:LAST` holds them
together on other, or more, villages.
"""

from __future__ import annotations

import os

import pytest

import agreement
import villages
from jifen_batch.inputs import pieces

STEP = 10


def chosen():
    """The seeds of `SOAK_SEEDS`, or those that always are."""
    first, _, last = os.environ.get("SOAK_SEEDS", "").partition(":")
    return range(int(first), int(last)) if last else agreement.SEEDS


@pytest.mark.parametrize("step", range(0, len(chosen()), STEP))
def test_every_cell_of_every_table_is_what_the_oracle_says(step, monkeypatch):
    if step // STEP % 2:
        # Ids stay in codes however few rows share them; in files that small they would seldom do.
        monkeypatch.setattr(pieces, "ROWS_PER_NAME", 0)
    seeds = chosen()[step : step + STEP]
    assert [line for seed in seeds for line in agreement.differences(villages.make(seed))] == []
