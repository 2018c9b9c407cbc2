"""Random villages under their books and under edited ones: the trial says what two real runs would.

`SOAK_SEEDS=FIRST:LAST` tries other, or more, villages.
"""

from __future__ import annotations

import os
import re
from collections import Counter

import polars as pl
import pytest

import villages
from agreement import published
from jifen_batch.analysis.impact import ON_THE_BOARD
from jifen_batch.desk.what_if.page import Asked, what_if
from jifen_batch.published import runs
from jifen_batch.tables import LEDGER, REJECTS, STANDINGS, UNPOSTED
from jifen_batch.worker.effect import announced_effect
from what_if.conftest import QUIET

FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:3").partition(":")
SEEDS = range(int(FIRST), int(LAST))
POINTS = re.compile(r'"points" = ([1-9][0-9]*)')
PLEDGE = re.compile(r'"pledge" = true')


def edited(village):
    """The village's books with a point less everywhere, and a pledge in each that is none any more."""
    texts = {
        name: POINTS.sub(lambda found: f'"points" = {int(found[1]) - 1}', text)
        for name, text in village.rule_texts.items()
    }
    return {name: PLEDGE.sub('"pledge" = false', text, count=1) for name, text in texts.items()}


@pytest.fixture(scope="module", params=SEEDS)
def tried(request, tmp_path_factory):
    """The trial of an edit, and the two runs that it stands for."""
    folder = tmp_path_factory.mktemp("laws")
    village = villages.make(request.param)
    before = published(village, folder / "before")
    new = villages.Village(**(vars(village) | {"rule_texts": edited(village)}))
    after = published(new, folder / "after")
    paths = villages.write(village, folder / "again")
    found = what_if(
        Asked(
            str(paths.events),
            str(paths.households),
            (str(folder / "after" / "in" / paths.rules.name),),
            folder / "before" / "out",
            successions=str(paths.successions) if paths.successions else None,
        ),
        QUIET,
    )
    return found, before.folder, after.folder


def test_nets_and_ranks_are_those_of_the_standings(tried):
    found, *folders = tried
    keys = ["household_id", "scoring_year"]
    for name, folder in zip(("before", "after"), folders, strict=True):
        rows = runs.read(folder, STANDINGS).select(*keys, "net", "rank").sort(keys)
        ours = found.impact.join(rows, on=keys, how="semi").sort(keys)
        assert ours.select(*keys, net=f"net_{name}", rank=f"rank_{name}").equals(rows)
        others = found.impact.join(rows, on=keys, how="anti")
        assert others.filter(pl.col(f"net_{name}") != 0).is_empty()


def test_differences_add_up_to_the_difference_of_the_ledgers(tried):
    found, *folders = tried
    points = [runs.read(folder, LEDGER)["points"].sum() for folder in folders]
    assert found.impact["difference"].sum() == points[1] - points[0]
    assert found.totals["points_up"] + found.totals["points_down"] == points[1] - points[0]


def test_the_effect_on_announced_quarters_is_the_difference_of_two_bags_of_lines(tried):
    _, *folders = tried
    bags = []
    for folder in folders:
        lines = runs.read(folder, LEDGER)
        bags.append(Counter(lines.select(ON_THE_BOARD).iter_rows()))
        assert bags[-1].total() == len(bags[-1])
    quarters = sorted({line[ON_THE_BOARD.index("quarter")] for bag in bags for line in bag})[1::2]
    expected = by_hand(bags[1] - bags[0], bags[0] - bags[1], quarters)
    assert announced_effect(*folders, quarters).rows() == expected


def by_hand(added, removed, quarters):
    """The effect, line by line."""
    at = {name: number for number, name in enumerate(ON_THE_BOARD)}
    told = {}
    for sign, lines in ((1, added), (-1, removed)):
        for line in lines:
            hung = next((quarter for quarter in quarters if quarter >= line[at["quarter"]]), None)
            if hung:
                counts, households, accounts = told.setdefault(hung, (Counter(), set(), Counter()))
                counts[sign] += 1
                households.add(line[at["household_id"]])
                account = tuple(line[at[name]] for name in ("household_id", "scoring_year", "category"))
                accounts[account] += sign * line[at["points"]]
    return [
        (
            quarter,
            counts[1],
            counts[-1],
            len(households),
            sum(points for points in accounts.values() if points > 0),
            sum(points for points in accounts.values() if points < 0),
        )
        for quarter, (counts, households, accounts) in sorted(told.items())
    ]


def test_rows_that_move_are_those_whose_outcome_differs(tried):
    """Each run's rejects and unposted rows as bags; what is in one and not in the other has moved."""
    found, *folders = tried
    bags = [
        Counter(runs.read(folder, REJECTS).select("item", "reason", "source_file", "source_row").iter_rows())
        + Counter(runs.read(folder, UNPOSTED).select("item", "state", "event_id", "recorded_at").iter_rows())
        for folder in folders
    ]
    expected = {}
    for column, moved in (("newly", bags[1] - bags[0]), ("no_longer", bags[0] - bags[1])):
        for item, outcome, *_ in moved.elements():
            expected.setdefault((item, outcome), Counter())[column] += 1
    told = {(item, outcome): Counter(newly=a, no_longer=b) for item, outcome, a, b in found.rows.rows()}
    assert told == expected


def test_the_edit_is_told(tried):
    found, *_ = tried
    assert found.changes
