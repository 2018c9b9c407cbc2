"""The oracle over random villages: that they reach every corner, and that its own laws hold there.

What single clauses mean is in `tests/oracle/`; that the kernels agree is tested beside them.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

import agreement
import oracle
from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import UNPOSTED
from jifen_batch.scheme.word import names
from villages import make, write

CORNERS = {
    ("ledger", "disposition"): names(DISPOSITIONS),
    ("rejects", "reason"): names(REJECT_REASONS),
    ("unposted", "state"): names(UNPOSTED),
}
SEEDS = range(25)


def test_the_villages_that_the_worker_is_held_to_reach_every_corner():
    """Each in two villages or more."""
    reached = {corner: Counter() for corner in CORNERS}
    for village in map(make, agreement.SEEDS):
        scored = oracle.score(village)
        for (table, column), counted in reached.items():
            counted.update({row[column] for row in scored[table]})
    for corner, expected in CORNERS.items():
        rarest = reached[corner].most_common()[:-4:-1]
        print(corner, "rarest, in how many villages:", rarest)  # noqa: T201 - shown when it fails
        assert {name for name in expected if reached[corner][name] < 2} == set(), corner
        assert set(reached[corner]) <= set(expected), corner


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_accounted_for(seed):
    counted = oracle.accounting(make(seed))
    assert counted.pop("rows") == len(make(seed).events) == sum(counted.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_shuffled_or_doubled_change_nothing(seed):
    village = make(seed)
    # A row that cannot be read takes part in nothing, and so is no copy of another.
    rows = [*village.events, *(row for row in village.events if not row.get("unreadable"))]
    Random(seed).shuffle(rows)  # noqa: S311 - a test's draws, nobody's secret
    doubled = [row for row in rows if row.get("event_id")]
    doubled += [row for row in village.events if not row.get("event_id")]
    assert oracle.score(replace(village, events=doubled)) == oracle.score(village)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ledger_is_append_only(seed):
    village = make(seed)
    rows = [row | {"recorded_at": None} for row in village.events]
    later = replace(village, events=rows, as_of=village.as_of + timedelta(days=300))
    ledger = oracle.score(later)["ledger"]
    for days in (0, 100, 250, 290):
        earlier = replace(later, as_of=later.as_of - timedelta(days=days))
        before = [line for line in ledger if line["posted_on"] <= earlier.as_of]
        assert oracle.score(earlier)["ledger"] == before


@pytest.mark.parametrize("seed", SEEDS)
def test_all_announcements_together_are_the_ledgers_net(seed):
    scored = oracle.score(make(seed))
    nets = [sum(row["net"] for row in scored[name]) for name in ("balances", "announcements", "standings")]
    assert nets == [sum(line["points"] for line in scored["ledger"])] * 3


def test_a_line_never_brings_more_than_its_gross():
    lines = [line for seed in SEEDS for line in oracle.score(make(seed))["ledger"]]
    assert [line for line in lines if line["gross"] >= 0 and not 0 <= line["points"] <= line["gross"]] == []
    losses = [line for line in lines if line["gross"] < 0]
    assert [line for line in losses if not line["gross"] <= line["points"] <= 0] == []
    partly = {line["disposition"] for line in losses if line["points"] not in (0, line["gross"])}
    assert partly == {"floored"}


def test_a_seed_is_one_village_whatever_the_hash_seed():
    told = "import villages; print([villages.make(seed) for seed in range(5)])"
    prints = {
        subprocess.run(
            [sys.executable, "-c", told],
            cwd=Path(__file__).parent,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parent)},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(prints) == 1


@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_is_what_the_village_says(seed, tmp_path):
    village = make(seed)
    paths = write(village, tmp_path)
    for name in {row["source_file"] for row in village.events}:
        read = pl.read_parquet if name.endswith(".parquet") else pl.read_ipc
        rows = read(paths.events / name).to_dicts()
        expected = [row for row in village.events if row["source_file"] == name]
        assert [row["event_id"] for row in rows] == [row["event_id"] for row in expected]
        assert [row["source_row"] for row in expected] == list(range(1, len(rows) + 1))
    assert {path.name for path in paths.rules.iterdir()} == set(village.rule_texts)
    assert pl.read_parquet(paths.households).height == len(village.households)
    assert (paths.villages is None) == (village.villages is None)
