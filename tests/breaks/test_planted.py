"""Mistakes planted in a foreign statement: nearly all get their true cause, and none a false one.

`SOAK_SEEDS=FIRST:LAST` plants more of them, in other counties.
"""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import structlog

from breaks import county, foreign
from breaks.verdict import verdicts
from jifen_batch import rules
from jifen_batch.analysis.breaks.match import match
from jifen_batch.analysis.breaks.patterns.levels import ceilings
from jifen_batch.analysis.breaks.totals import control_totals
from jifen_batch.desk.reconcile import evidence
from jifen_batch.tables import EVENTS
from jifen_batch.tables.reconciled import BREAKS
from jifen_batch.worker import RunOptions, run

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "1:2").partition(":")
HOUSEHOLDS, WRONG_SHARE, TRUE_SHARE_MIN = 2000, 0.2, 0.95
BOOK = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"
YEARLY = ["household_id", "scoring_year"]
QUIET = structlog.wrap_logger(
    structlog.PrintLogger(), wrapper_class=structlog.make_filtering_bound_logger("critical")
)


@pytest.fixture(scope="module", params=range(int(FIRST), int(LAST)))
def published(request, tmp_path_factory):
    """A county scored by former rules, on a few rows, then by those in force, on all."""
    folder = tmp_path_factory.mktemp("county")
    made = county.make(HOUSEHOLDS, request.param)
    text = BOOK.read_text(encoding="utf-8")
    made.register.write_parquet(folder / "households.parquet")
    rows = made.rows.select(EVENTS.names)
    for name, content, some in (("former", foreign.former_rules(text), rows.head(100)), ("now", text, rows)):
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
        some.write_parquet(folder / f"{name}.parquet")
        options = RunOptions(
            events=str(folder / f"{name}.parquet"),
            households=str(folder / "households.parquet"),
            rules=(str(folder / f"{name}.toml"),),
            out=folder / "out",
            as_of=county.AS_OF,
            grace_days=county.GRACE_DAYS,
        )
        report = run(options, QUIET)
    books = [rules.load([folder / f"{name}.toml"]).tables for name in ("now", "former")]
    return made, report.folder, folder / "out", books


@pytest.mark.parametrize("grain", [[], ["category", "quarter"]])
def test_planted_mistakes_get_their_true_cause_and_none_a_false_one(published, grain):
    made, folder, out, books = published
    keys = [*YEARLY, *grain]
    ours = evidence.ours_at(folder, keys, [county.YEAR])
    system = foreign.System(made, ours.select(*keys, "ours"), *books, keys)
    planted = foreign.plant(system, WRONG_SHARE, seed=7)
    pairs = match(ours, planted.statement, keys)
    breaks = pairs.filter(pl.col("outcome") != "matched")
    assert breaks.height == planted.truth.height >= WRONG_SHARE * HOUSEHOLDS * 0.9

    totals = control_totals(pairs)
    assert totals["ours"][0] - totals["theirs"][0] == breaks["difference"].sum() == totals["of_breaks"][0]

    explained = evidence.explained(folder, out, breaks, ceilings(pairs, grain))
    assert explained.schema == BREAKS.schema
    held = verdicts(explained, planted.truth, keys)
    assert held.filter(pl.col("verdict") == "false").to_dicts() == []
    assert (held["verdict"] == "true").mean() >= TRUE_SHARE_MIN
    told = explained.filter(pl.col("cause").is_not_null())
    assert (told["explained"] == -told["difference"]).all()


def mistyped(points, rng):
    """A figure as a tired clerk types it: a digit more, less or another, or two exchanged."""
    digits = list(str(abs(points)))
    at = int(rng.integers(len(digits)))
    kind = rng.choice(["other", "more", "less", "swapped"])
    if kind == "swapped" and at:
        digits[at - 1], digits[at] = digits[at], digits[at - 1]
    elif kind == "more":
        digits.insert(at, str(rng.integers(10)))
    elif kind == "less" and len(digits) > 1:
        del digits[at]
    else:
        digits[at] = str((int(digits[at]) + int(rng.integers(1, 10))) % 10)
    return int("".join(digits)) * (-1 if points < 0 else 1)


@pytest.mark.parametrize("grain", [[], ["category"]])
def test_of_a_thousand_typing_errors_none_is_told_as_proved(published, grain):
    _, folder, out, _ = published
    keys = [*YEARLY, *grain]
    ours = evidence.ours_at(folder, keys, [county.YEAR]).sort(keys)
    rng = np.random.default_rng(11)
    wrong = {int(row) for row in rng.permutation(ours.height)[:1000]}
    points = [mistyped(one, rng) if row in wrong else one for row, one in enumerate(ours["ours"])]
    statement = ours.select(*keys, points=pl.Series(points))
    pairs = match(ours, statement, keys)
    breaks = pairs.filter(pl.col("outcome") != "matched")
    assert breaks.height >= 850
    explained = evidence.explained(folder, out, breaks, ceilings(pairs, grain))
    told = explained.filter(pl.col("cause").is_not_null())
    assert told.filter(pl.col("strength") == "proved").to_dicts() == []
    assert (told["strength"] == "fits").all()


def test_a_mistake_made_everywhere_is_proved(published):
    made, folder, out, books = published
    ours = evidence.ours_at(folder, YEARLY, [county.YEAR])
    system = foreign.System(made, ours.select(*YEARLY, "ours"), *books, YEARLY)
    statement = foreign.without_deductions(system)
    pairs = match(ours, statement, YEARLY)
    breaks = pairs.filter(pl.col("outcome") != "matched")
    explained = evidence.explained(folder, out, breaks, ceilings(pairs, []))
    shown = explained.filter(pl.col("cause") == "deduction_left_out")
    assert shown.height >= 0.8 * breaks.height > 20
    assert (shown["strength"] == "proved").all()
