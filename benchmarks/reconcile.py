"""Reconciliation of one statement, from reading it to explained breaks: seconds, peak, and how it did.

Run in a process of its own: `python reconcile.py OUT STATEMENT TRUTH KEYS` prints one line of JSON. The
clock stops before the breaks are held against what is true of them.
"""

# ruff: noqa: E402 - polars is imported after the allocator is told what to do, as the command does it

from __future__ import annotations

from jifen_batch.engine import allocation

allocation.keep_what_is_let_go()

import json
import resource
import sys
import time
from pathlib import Path

import polars as pl

from breaks.verdict import shares, verdicts
from jifen_batch.analysis.breaks.match import match
from jifen_batch.analysis.breaks.patterns.levels import ceilings
from jifen_batch.analysis.breaks.totals import control_totals
from jifen_batch.desk.reconcile import evidence

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def main(out: Path, statement: Path, truth: Path, keys: list[str]) -> None:
    """Match, total and explain; then judge."""
    began = time.perf_counter()
    folder = (out / "current").resolve()
    theirs = pl.read_parquet(statement)
    ours = evidence.ours_at(folder, keys, theirs["scoring_year"].unique().to_list())
    pairs = match(ours, theirs, keys)
    matched = time.perf_counter() - began
    totals = control_totals(pairs)
    explained = evidence.explained(
        folder, out, pairs.filter(pl.col("outcome") != "matched"), ceilings(pairs, keys[2:])
    )
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT
    held = verdicts(explained, pl.read_parquet(truth), keys)
    report = {
        "keys": pairs.height,
        "breaks": explained.height,
        "match s": matched,
        "seconds": seconds,
        "peak_bytes": peak,
        "balanced": bool((totals["difference"] == totals["of_breaks"] + totals["within_tolerance"]).all()),
        "verdicts": dict(held["verdict"].value_counts().iter_rows()),
        "by_cause": shares(held).to_dicts(),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), keys=sys.argv[4].split(","))
