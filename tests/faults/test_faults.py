"""Faults put into the kernels on purpose: each must be noticed on the villages of `test_agreement.py`.

A fault is what a village would suffer from it; the place of a function, and what becomes of forms there
(`faults.syntax`).
"""

from __future__ import annotations

import importlib

import pytest

import agreement
from faults.planted import imported_anew
from faults.syntax import Dropped, Swapped

# Each shows faults that those before it do not; looked at first, they save many other villages.
RICH = (255, 29, 53, 8, 23, 55, 11, 17, 24, 4, 10)

FAULTS = {
    "two operators swapped: forfeiture before the year cap": (
        "operators.OPERATORS",
        ("Operator(A, hold_caps)", "Operator(A, FORFEIT)"),
        ("Operator(A, forfeit_after_incidents)", "Operator(A, hold_caps)"),
        (
            "FORFEIT",
            (
                "lambda lines, context: forfeit_after_incidents("
                'lines.with_columns(lines["gross"].alias("cap_used")), context)'
            ),
        ),
    ),
    "two operators swapped: the matter cap before the tier": (
        "operators.OPERATORS",
        Swapped("keep_highest_tier", "hold_matter_caps"),
    ),
    "two operators swapped: the year cap before the matter cap": (
        "operators.OPERATORS",
        Swapped("hold_matter_caps", "hold_caps"),
    ),
    "an operator left out: once per period": (
        "operators.OPERATORS",
        Dropped("keep_first_of_period"),
    ),
    "a tie-break dropped: event ids no longer order a day": (
        "accrue.posting_order",
        ('("account", "posted_on", "accrued_on", "id_key")', '("account", "posted_on", "accrued_on")'),
    ),
    "a tie-break dropped: the accrual no longer orders a day of posting": (
        "accrue.posting_order",
        ('("account", "posted_on", "accrued_on", "id_key")', '("account", "posted_on", "id_key")'),
    ),
    "ids ordered by their length": (
        "packing.id_keys",
        ("A.to_arrow(**B)", "A.str.reverse().to_arrow(**B)"),
    ),
    "tied ids never settled": (
        "packing.id_keys",
        ("A if B else _ranks(_settle_ties(C, A, A.arg_sort()))", "A"),
        ("1 << KEY_BITS", "1 << 13"),
    ),
    "ids in the order of their rows": (
        "groups.id_keys_within",
        ("A.any()", "A.all()"),
    ),
    "a cap shared between households": (
        "cap._granted",
        ('group_starts(A, B["account"])', "group_starts(A)"),
    ),
    "a cap shared between years": (
        "cap.hold_caps",
        (
            'A.select_seq(*MOVED_BY, "points")',
            'A.select_seq(*MOVED_BY[1:], "points", account="household")',
        ),
    ),
    "two caps of a book taken for one": (
        "cap._granted",
        ('group_starts(A, B["account"])', 'group_starts(B["account"])'),
    ),
    "a net cap that remembers no peak": (
        "cap._granted",
        ("A.any()", "A.all()"),
    ),
    "a cap a point too high": (
        "cap._granted",
        ("np.minimum(A, B)", "np.minimum(A, B + 1)"),
    ),
    "a matter cap that ignores the matter": (
        "cap.hold_matter_caps",
        ('[A["account"], A["rule"], matters(A, B, C)]', '[A["account"], A["rule"]]'),
    ),
    "a lone line above its matter cap": (
        "cap.hold_matter_caps",
        ('pl.min_horizontal("points", "cap")', '"points"'),
    ),
    "a capped line keeps the cause of its tier": (
        "cap.hold_matter_caps",
        ('pl.when(~A).then("cause")', '"cause"'),
    ),
    "off by one month: a pledge misses its first": (
        "accrue.months_in_force",
        ("A - B.dt.month() + 1", "A - B.dt.month()"),
    ),
    "off by one month: a pledge that ends within a month counts it": (
        "accrue.months_in_force",
        ("A.dt.month() - (~B).cast(pl.Int8)", "A.dt.month()"),
    ),
    "off by one day: a month that ends on the as-of date is not posted": (
        "accrue.months_in_force",
        ("timedelta(days=1)", "timedelta(days=0)"),
    ),
    "a pledge reaches into the next year": (
        "accrue.months_in_force",
        ("A.dt.year() > B.dt.year()", "A.dt.year() > B.dt.year() + 1"),
    ),
    "the days of grace forgotten": (
        "accrue.accrue",
        ('pl.col("decided_on").to_physical() - A', 'pl.col("decided_on")'),
    ),
    "a late decision does not delay the posting": (
        "accrue.accrue",
        ('pl.max_horizontal("accrued_on", "decided_on")', 'pl.col("accrued_on")'),
    ),
    "points of the first of the month, not of the accrual": (
        "accrue.accrue",
        ('A["accrued_on"]', 'A["accrued_on"].dt.month_start()'),
    ),
    "dated points one day late": (
        "rulebook.points_on",
        ('A.steps.search_sorted(B, side="right")', 'A.steps.search_sorted(B, side="left")'),
    ),
    "torn ids never looked for": (
        "resolve.cross_household_hashes",
        ('pl.col("lowest") != pl.col("highest")', 'pl.col("lowest") > pl.col("highest")'),
    ),
    "a mover's rows at one place only": (
        "household_places.with_household_places",
        ("if A.len() == 0:\n    return A, B", "return A, B"),
    ),
    "a mover's rows twice in a part": (
        "parts.without_copies",
        ("A.len() == 0", "A.len() >= 0"),
    ),
    "reversals forgotten": (
        "forfeit.forfeit_after_incidents",
        ("A if B.height else C", "A if B.height < 0 else C"),
    ),
    "a reversal on the day of the award": (
        "forfeit.forfeit_after_incidents",
        ('A["posted_on"][B] < C', 'A["posted_on"][B] <= C'),
    ),
    "a reversal announced in the award's quarter": (
        "forfeit.forfeit_after_incidents",
        ('pl.max_horizontal("quarter", A["quarter"])', 'pl.col("quarter")'),
    ),
    "a duplicate incident forfeits again": (
        "forfeit.forfeit_after_incidents",
        ('A &= B["in_play"]', ""),
    ),
    "the latest incident named instead of the earliest": (
        "forfeit._first_of_all",
        ('pl.col("incident").min()', 'pl.col("incident").max()'),
    ),
    "a month's incident takes the year": (
        "forfeit.forfeit_after_incidents",
        ('["month"]', "[]"),
    ),
    "a matter's incident takes every matter": (
        "forfeit.forfeit_after_incidents",
        ('["matter_id"]', "[]"),
    ),
    "a household counts as enrolled on the day it left": (
        "places.enrolled_on",
        ("(A <= B) & (C.is_null() | (B < C))", "(A <= B) & (C.is_null() | (B <= C))"),
    ),
    "a household that returned counts by its first spell": (
        "places.enrolled_on",
        ("A.any()", "False"),
    ),
    "a household that moved counts in its last village at once": (
        "places.household_places_in_year",
        ("pl.when(~A & B).then(-C).otherwise(C)", "-C"),
    ),
    "the town's book over the village's": (
        "rulebook.rule_book",
        ("pl.coalesce(A, B, C)", "pl.coalesce(B, A, C)"),
    ),
    "a day's matter taken for the year's": (
        "matters.matters",
        ('pl.col("day").to_physical()', 'pl.col("day").dt.year()'),
    ),
    "a null matter equal to a given one": (
        "matters.matters",
        ("A * len(B) + C", "A"),
    ),
    "tiers that forget the year before": (
        "tier.keep_highest_tier",
        ('["household", "group", "matter"]', '["account", "group", "matter"]'),
    ),
    "tiers held against what was brought, not against the gross": (
        "tier.keep_highest_tier",
        ('pl.col("gross").cum_max()', 'pl.col("gross")'),
    ),
    "members all taken for one": (
        "once.keep_first_of_period",
        ("pl.when(A & B.is_not_null()).then(B + 1).otherwise(0)", "pl.lit(0)"),
    ),
    "months all taken for one": (
        "once.keep_first_of_period",
        ('A["month"].set(B, 0)', '(A["month"] // 2).set(B, 0)'),
    ),
    "the earlier revision stands": (
        "resolve.resolve",
        ("A == A.max().over(B)", "A == A.min().over(B)"),
    ),
    "revisions without a single latest one stand": (
        "resolve.resolve",
        ('pl.col("latest").sum().over(A) > 1', 'pl.col("latest").sum().over(A) > 2'),
    ),
    "a null household taken for another one": (
        "resolve._choose_revisions",
        ('pl.col("household_id")', 'pl.col("household_id").fill_null("")'),
    ),
    "rows recorded on the as-of date not seen": (
        "resolve.resolve",
        ("A + timedelta(days=1)", "A"),
    ),
    "the last of several not among the repeated": (
        "packing.repeated",
        (
            ("A[B] = C\nD = B[A[B] != C]\nif not len(D):\n    return E\nA[D] = len(B)\nreturn pl.Series(F)"),
            ("A[B] = C\nreturn pl.Series(A[B] != C)"),
        ),
    ),
    "a household counted once a spell": (
        "packing.numbered",
        ("np.cumsum(A.to_numpy()) - 1", "np.arange(A.len())"),
    ),
    "a household that moves taken for one that stays": (
        "places.number_places",
        ('greatest(A["household_place"], B)', 'least(A["household_place"], B)'),
    ),
    "two groups taken for one": (
        "groups.factorize",
        ("A[B] = np.arange(len(B))", "A[B] = np.arange(len(B)) // 2"),
    ),
    "a group's sum less its first value": (
        "groups.added",
        (
            "np.add.at(A, B, C.cast(pl.Int64).to_numpy())",
            "np.add.at(A, B[1:], C.cast(pl.Int64).to_numpy()[1:])",
        ),
    ),
    "a day told what the first of all is": (
        "calendar.of_days",
        # As of a feed that is long enough for it.
        ("A.len() < CENTURY_DAYS", "A.len() < 0"),
        ("A[B.cast(pl.UInt32)]", "A[(B // 2).cast(pl.UInt32)]"),
    ),
    "a quantity of 1000 refused": (
        "validate.reject_reasons",
        ("1000", "999"),
    ),
    "checks in another order": (
        "validate.reject_reasons",
        ("reversed(list(A))", "A"),
    ),
    "ranks without gaps": (
        "rank.ranked",
        ('A.rank("min", descending=True)', 'A.rank("dense", descending=True)'),
    ),
    "ranks of those who left": (
        "rank.ranked",
        ('pl.when("ranked").then("net")', 'pl.col("net")'),
    ),
    "a year to date that starts anew each quarter": (
        "total.announcements",
        ('pl.Series(group_cumsum(A["net"], B))', 'A["net"]'),
    ),
    "a reversal counted as a deduction": (
        "total.quarter_totals",
        ("(A < 0) & ~B", "A < 0"),
    ),
    "a village's households counted by the quarter's first day": (
        "participate.participation",
        ("timedelta(days=1)", "timedelta(days=80)"),
    ),
    "a mover's lines given back by every part": (
        "scoring.score",
        ("A = B.set(~C | D, None)", ("C |= True\nA = B.set(D, None)")),
    ),
    "a cap's period taken for the year": (
        "cap_table.CapTable",
        ("A if self.yearly else B", "A"),
    ),
    "an outer cap that forgets what the inner one left": (
        "cap.moves",
        ("brought[A] = granted", ""),
    ),
    "a floor seven points too low": (
        "cap._net_sums",
        ("clamped_sums(A, B, C, D)", "clamped_sums(A, B - 7, C, D)"),
    ),
    "a cap that falls takes back": (
        "clamp.stepped_sums",
        ("np.maximum(A, np.minimum(B, C))", "np.minimum(B, C)"),
    ),
    "a dated cap by the day it accrued": (
        "cap._dated_sums",
        ('pl.min_horizontal("posted_on", A)', 'pl.col("accrued_on")'),
    ),
    "a dated cap beyond the scoring year": (
        "cap._dated_sums",
        ('pl.min_horizontal("posted_on", A)', 'pl.col("posted_on")'),
    ),
    "a grant of the first of January to whoever came later": (
        "grants._in_year",
        ("pl.max_horizontal(A, pl.lit(B))", "pl.lit(B)"),
    ),
    "a grant of a month to whoever left on its last day": (
        "grants._in_year",
        ('pl.col("occurred_on") < pl.col("left_on")', 'pl.col("occurred_on") <= pl.col("left_on")'),
    ),
    "a grant that participation counts": (
        "total.quarter_totals",
        ('A["awards"] & ~B', 'A["awards"]'),
    ),
    "points for households of another kind": (
        "enrol._without_other_kinds",
        ('lines["points"].scatter(A, 0)', 'lines["points"]'),
    ),
    "once a quarter taken for once a half-year": (
        "once.keep_first_of_period",
        ("A // PERIOD_MONTHS[B]", 'A // PERIOD_MONTHS["half"]'),
    ),
    "a reset that takes what is posted on its day": (
        "forfeit._first_after",
        ("A.join_asof(B, allow_exact_matches=False, **C)", "A.join_asof(B, allow_exact_matches=True, **C)"),
    ),
    "a reset that takes what comes after it": (
        "forfeit._earliest_triggers",
        ("_first_after if before else _first_of_all", "_first_of_all"),
    ),
    "a quarter's incident takes the year": (
        "forfeit.forfeit_after_incidents",
        ('["quarter"]', "[]"),
    ),
    "a grade given though a line bars it": (
        "grade.graded",
        ("fits & ~barring", "fits"),
    ),
    "a share of the households rounded up": (
        "grade._fits",
        ("A // 100", "(A + 99) // 100"),
    ),
    "a top without its ties": (
        "grade._fits",
        ('pl.col("rank") <= pl.col("top")', 'pl.col("rank") < pl.col("top")'),
    ),
    "barred by the latest line": (
        "grade._earliest_bars",
        ('A.unique(B, keep="first", **C)', 'A.unique(B, keep="last", **C)'),
    ),
    "a group of another village": (
        "rank._groups_on",
        ('["household", "village"]', '["household"]'),
    ),
}


# The village that shows a fault which most do not; it is looked at first, and only the time depends on it.
SHOWN_BY = {
    "two operators swapped: forfeiture before the year cap": 17,
    "two operators swapped: the matter cap before the tier": 2,
    "a tie-break dropped: event ids no longer order a day": 17,
    "a tie-break dropped: the accrual no longer orders a day of posting": 164,
    "ids ordered by their length": 23,
    "ids in the order of their rows": 18,
    "a cap shared between years": 8,
    "a net cap that remembers no peak": 8,
    "a matter cap that ignores the matter": 17,
    "a capped line keeps the cause of its tier": 119,
    "off by one day: a month that ends on the as-of date is not posted": 62,
    "points of the first of the month, not of the accrual": 8,
    "torn ids never looked for": 8,
    "a mover's rows at one place only": 23,
    "reversals forgotten": 8,
    "a reversal on the day of the award": 17,
    "a reversal announced in the award's quarter": 8,
    "a duplicate incident forfeits again": 17,
    "the latest incident named instead of the earliest": 7,
    "a month's incident takes the year": 17,
    "a matter's incident takes every matter": 2,
    "a household counts as enrolled on the day it left": 118,
    "a household that moved counts in its last village at once": 23,
    "a day's matter taken for the year's": 23,
    "a null matter equal to a given one": 399,
    "tiers that forget the year before": 8,
    "tiers held against what was brought, not against the gross": 2,
    "members all taken for one": 1,
    "months all taken for one": 17,
    "a null household taken for another one": 8,
    "ranks without gaps": 17,
    "a reversal counted as a deduction": 8,
    "a mover's lines given back by every part": 23,
    "a cap's period taken for the year": 8,
    "a floor seven points too low": 8,
    "a cap that falls takes back": 72,
    "a dated cap by the day it accrued": 17,
    "a dated cap beyond the scoring year": 5,
    "a grant of the first of January to whoever came later": 7,
    "a grant of a month to whoever left on its last day": 15,
    "once a quarter taken for once a half-year": 26,
    "a reset that takes what is posted on its day": 2,
    "a reset that takes what comes after it": 2,
    "a quarter's incident takes the year": 10,
    "a grade given though a line bars it": 24,
    "a share of the households rounded up": 8,
    "barred by the latest line": 28,
    "a group of another village": 23,
    "two operators swapped: the year cap before the matter cap": 29,
    "a lone line above its matter cap": 29,
    "the days of grace forgotten": 29,
    "a mover's rows twice in a part": 29,
    "revisions without a single latest one stand": 29,
    "a household that moves taken for one that stays": 29,
    "a quantity of 1000 refused": 29,
    "a top without its ties": 29,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_kernel_is_noticed(fault):
    with imported_anew(*FAULTS[fault]):
        seeds = [SHOWN_BY.get(fault, RICH[0]), *RICH]
        assert hunted(seeds) is not None, "none of them shows it: look for one that does (SHOWN_BY)"


def test_without_a_fault_nothing_is_noticed():
    """Imported the same way, but unchanged; so it is the change that is noticed."""
    before = importlib.import_module("jifen_batch.scoring")
    with imported_anew("scoring.score"):
        assert importlib.import_module("jifen_batch.scoring") is not before
        assert hunted(sorted({*SHOWN_BY.values(), *RICH})) is None
    assert importlib.import_module("jifen_batch.scoring") is before


def hunted(seeds):
    """The seed of a village on which the oracle and the kernels, as they are just now, disagree; or none."""
    return importlib.import_module("faults.hunt").seed_of_disagreement(seeds)


def test_villages_are_named_for_faults_that_there_are():
    assert SHOWN_BY.keys() <= FAULTS.keys()
    assert {*SHOWN_BY.values(), *RICH} <= {*agreement.SEEDS}
