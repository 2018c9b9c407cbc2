"""Random villages twice, with something edited: what is attributed is the difference, to the point."""

from __future__ import annotations

import os
from itertools import count
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import annex
import memory
import villages
from compare import edited
from jifen_batch.analysis.attribution import Side, attribute
from jifen_batch.analysis.changes import changed_lines

ROUNDS = int(os.environ.get("SOAK_SEEDS", "1"))
ACCOUNT = ["household_id", "scoring_year", "category", "town_id", "village_id"]
# What an edit can be the cause of by itself; whatever else changes must follow from other lines.
OWN = {
    "rows": {"rows"},
    "revised": {"rows"},
    "register": {"place", "enrolment"},
    "day": {"due", "rows"},
    "grace": {"grace"},
    "points": {"points"},
    "cap": {"cap"},
    "no_cap": {"cap"},
    "matter_cap": {"matter_cap", "cap"},
    "no_matter_cap": {"matter_cap", "cap"},
    "tier": {"tier"},
    "forfeits": {"forfeiture"},
    "scope": {"forfeiture"},
    "member": {"once"},
    "matter": {"once", "tier", "matter_cap", "cap", "item"},
    "per": {"once", "item"},
    "pledge": {"item"},
    "disabled": {"item"},
    "category": {"item"},
    "years": {"book"},
}
# The first seed that such an edit makes a difference to, where that is not the fourth.
FIRST = {
    "register": 7,
    "grace": 9,
    "matter_cap": 6,
    "no_matter_cap": 9,
    "tier": 12,
    "forfeits": 13,
    "scope": 9,
    "member": 49,
    "matter": 15,
    "per": 12,
    "pledge": 23,
    "disabled": 47,
    "years": 10,
}


def of_the_annex(book):
    """Whether a book says nothing beyond what the annex does."""
    return not any(annex.beyond(book))


def side(case):
    """What lies behind the lines of a village."""
    unposted = pl.concat([part.unposted for part in case.parts])
    return Side(case.books, case.as_of, unposted, pl.concat([part.rejects for part in case.parts]))


def pair(kind, seed):
    """A village before and after an edit of this kind, in either order; null where no edit is accepted."""
    village = villages.make(seed, of_the_annex)
    rng, case = Random(seed), memory.case_of(village)  # noqa: S311 - a test's draws, nobody's secret
    other = edited.other(rng, case, village.rule_texts, kind)
    if other is None:
        return None
    return (case, other) if seed % 2 else (other, case)


@pytest.mark.parametrize("kind", OWN)
def test_attributed_points_are_the_difference_and_only_the_edit_and_its_consequences_are_causes(kind):
    changed = 0
    # Some villages have nothing that an edit of this kind could change: then the next is taken.
    for seed in count(FIRST.get(kind, 3)):
        sides = pair(kind, seed)
        changes = changed_lines(*(one.ledger for one in sides)) if sides else None
        if changes is None or changes.is_empty():
            continue
        found = attribute(changes, *map(side, sides))
        moved = (pl.col("points") * pl.col("change")).sum()
        expected = changes.group_by(ACCOUNT).agg(points=moved).filter(pl.col("points") != 0)
        sums = found.group_by(ACCOUNT).agg(pl.col("points").sum()).filter(pl.col("points") != 0)
        assert_frame_equal(sums, expected, check_row_order=False)
        causes = set(found.filter(pl.col("what") != "followed")["cause"])
        assert causes <= OWN[kind], seed
        changed += 1
        if changed == ROUNDS:
            break
