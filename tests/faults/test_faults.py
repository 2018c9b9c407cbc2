"""Faults put into the kernels on purpose: each must be noticed on a few hundred random villages.

A fault is a file, what stands there, what it becomes, and what a village would suffer from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import jifen_batch

PACKAGE = Path(jifen_batch.__file__).parent
TESTS = Path(__file__).parents[1]
SEEDS = 400

FAULTS = {
    "two operators swapped: forfeiture before the year cap": (
        "scoring.py",
        "    lines = hold_year_caps(lines, book)\n",
        "    lines = lines.with_columns(cap_used=pl.lit(None, pl.Int64))\n",
        "forfeit_after_incidents(lines, events, book)\n",
        "forfeit_after_incidents(lines, events, book)\n    lines = hold_year_caps(lines, book)\n",
    ),
    "two operators swapped: the matter cap before the tier": (
        "scoring.py",
        "lines = keep_highest_tier(lines, events, book)",
        "lines = hold_matter_caps(lines, events, book, )",
        "lines = hold_matter_caps(lines, events, book)\n",
        "lines = keep_highest_tier(lines, events, book)\n",
    ),
    "two operators swapped: the year cap before the matter cap": (
        "scoring.py",
        "    lines = hold_matter_caps(lines, events, book)\n    lines = hold_year_caps(lines, book)\n",
        "    lines = hold_year_caps(lines, book)\n    lines = hold_matter_caps(lines, events, book)\n",
    ),
    "an operator left out: once per period": (
        "scoring.py",
        "    lines = keep_first_of_period(lines, events, book)\n",
        "",
    ),
    "a tie-break dropped: event ids no longer order a day": (
        "kernels/accrue.py",
        'order = ("account", "posted_on", "accrued_on", "id_key")',
        'order = ("account", "posted_on", "accrued_on")',
    ),
    "a tie-break dropped: the accrual no longer orders a day of posting": (
        "kernels/accrue.py",
        'order = ("account", "posted_on", "accrued_on", "id_key")',
        'order = ("account", "posted_on", "id_key")',
    ),
    "ids ordered by their length": (
        "columns/packing.py",
        "    text = ids.to_arrow(",
        "    text = ids.str.reverse().to_arrow(",
    ),
    "tied ids never settled": (
        "columns/packing.py",
        "        if taken >= 1 << KEY_BITS:\n            return",
        "        if taken >= 1 << 13:\n            return",
        "return key if decided else _ranks(_settle_ties(ids, key, key.arg_sort()))",
        "return key",
    ),
    "ids in the order of their rows": (
        "columns/groups.py",
        "    if behind.any():\n",
        "    if behind.all():\n",
    ),
    "a cap shared between households": (
        "kernels/cap.py",
        'starts(few["slot"], few["account"])',
        'starts(few["slot"])',
    ),
    "a cap shared between years": (
        "kernels/cap.py",
        "in_order(slots[rows])",
        'in_order(slots[rows] * (1 << 32) + lines["household"][rows])',
        'lines.select_seq("account", "points", "rule")',
        'lines.select_seq("points", "rule", account="household")',
    ),
    "two caps of a book taken for one": (
        "kernels/cap.py",
        "in_order(slots[rows])",
        'in_order(lines["account"][rows])',
        'starts(few["slot"], few["account"])',
        'starts(few["account"])',
    ),
    "a net cap that remembers no peak": ("kernels/cap.py", 'if few["net"].any():', 'if few["net"].all():'),
    "a deduction makes room under an awards cap": (
        "kernels/cap.py",
        'np.maximum(total - few["cap"].to_numpy(), 0)',
        'np.maximum(total - few["cap"].to_numpy() - 1, 0)',
    ),
    "a matter cap that ignores the matter": (
        "kernels/cap.py",
        'packed([few["account"], few["rule"], matters(few, events, book)])',
        'packed([few["account"], few["rule"]])',
    ),
    "a lone line above its matter cap": (
        "kernels/cap.py",
        'granted=pl.min_horizontal("points", "cap"))\n    held',
        'granted="points")\n    held',
    ),
    "a capped line keeps the cause of its tier": (
        "kernels/cap.py",
        'cause=pl.when(~lost).then("cause")',
        'cause="cause"',
    ),
    "off by one month: a pledge misses its first": (
        "kernels/accrue.py",
        "return (last - start.dt.month() + 1)",
        "return (last - start.dt.month())",
    ),
    "off by one month: a pledge that ends within a month counts it": (
        "kernels/accrue.py",
        "until_month = until.dt.month() - (~ends_with_month).cast(pl.Int8)",
        "until_month = until.dt.month()",
    ),
    "off by one day: a month that ends on the as-of date is not posted": (
        "kernels/accrue.py",
        "tomorrow = as_of + timedelta(days=1)",
        "tomorrow = as_of + timedelta(days=0)",
    ),
    "a pledge reaches into the next year": (
        "kernels/accrue.py",
        "(until.dt.year() > start.dt.year())",
        "(until.dt.year() > start.dt.year() + 1)",
    ),
    "the days of grace forgotten": (
        "kernels/accrue.py",
        '(pl.col("decided_on").to_physical() - grace_days)',
        'pl.col("decided_on")',
    ),
    "a late decision does not delay the posting": (
        "kernels/accrue.py",
        'posted_on=pl.max_horizontal("accrued_on", "decided_on")',
        'posted_on=pl.col("accrued_on")',
    ),
    "points of the first of the month, not of the accrual": (
        "kernels/accrue.py",
        'points_on(book, lines["rule"], lines["accrued_on"])',
        'points_on(book, lines["rule"], lines["accrued_on"].dt.month_start())',
    ),
    "dated points one day late": (
        "kernels/rulebook.py",
        'book.steps.search_sorted(asked, side="right")',
        'book.steps.search_sorted(asked, side="left")',
    ),
    "torn ids never looked for": (
        "kernels/resolve.py",
        'homes.filter(pl.col("lowest") != pl.col("highest"))',
        'homes.filter(pl.col("lowest") > pl.col("highest"))',
    ),
    "a mover's rows at one seat only": (
        "kernels/seating.py",
        "    if moves.len() == 0:\n",
        "    if moves.len() >= 0:\n",
    ),
    "a mover's rows twice in a part": (
        "kernels/parts.py",
        "    if copies.len() == 0:\n",
        "    if copies.len() >= 0:\n",
    ),
    "reversals forgotten": (
        "kernels/post.py",
        "if reversals.height else lines",
        "if reversals.height < 0 else lines",
    ),
    "a reversal on the day of the award": (
        "kernels/forfeit.py",
        'before = lines["posted_on"][rows] < incident_on',
        'before = lines["posted_on"][rows] <= incident_on',
    ),
    "a reversal announced in the award's quarter": (
        "kernels/forfeit.py",
        'quarter=pl.max_horizontal("quarter", incident["quarter"])',
        'quarter=pl.col("quarter")',
    ),
    "a duplicate incident forfeits again": (
        "kernels/forfeit.py",
        '    triggers &= lines["plays"]\n',
        "",
    ),
    "the latest incident named instead of the earliest": (
        "kernels/forfeit.py",
        'agg(trigger=pl.col("incident").min())',
        'agg(trigger=pl.col("incident").max())',
    ),
    "a month's incident takes the year": (
        "kernels/forfeit.py",
        '"month": ["month"]',
        '"month": []',
    ),
    "a matter's incident takes every matter": (
        "kernels/forfeit.py",
        '"matter": ["matter_id"]',
        '"matter": []',
    ),
    "a household counts as enrolled on the day it left": (
        "kernels/places.py",
        "(end.is_null() | (day < end))",
        "(end.is_null() | (day <= end))",
    ),
    "a household that returned counts by its first spell": (
        "kernels/places.py",
        '    if several.any():\n        asked = pl.DataFrame({"household": household, ',
        '    if several.all() & (day.len() > 99):\n        asked = pl.DataFrame({"household": household, ',
    ),
    "a household that moved counts in its last village at once": (
        "kernels/places.py",
        "            nearness=pl.when(~in_year & before).then(-day).otherwise(day),",
        "            nearness=-day,",
    ),
    "the town's book over the village's": (
        "kernels/rulebook.py",
        "pl.coalesce(own, town, base)",
        "pl.coalesce(town, own, base)",
    ),
    "a day's matter taken for the year's": (
        "kernels/matters.py",
        'pl.col("day").to_physical().cast(pl.Int64)',
        'pl.col("day").dt.year().cast(pl.Int64)',
    ),
    "a null matter equal to a given one": (
        "kernels/matters.py",
        "number * len(kinds) + kind",
        "number",
    ),
    "tiers that forget the year before": (
        "kernels/tier.py",
        'same = ["household", "group", "matter"]',
        'same = ["account", "group", "matter"]',
    ),
    "tiers held against what was brought, not against the gross": (
        "kernels/tier.py",
        'highest=pl.col("gross").cum_max().shift(1).over(same).fill_null(0)',
        'highest=pl.col("gross").shift(1).over(same).fill_null(0)',
    ),
    "members all taken for one": (
        "kernels/once.py",
        "packed([period, *told])",
        'packed([period, told["matter"]])',
    ),
    "months all taken for one": (
        "kernels/once.py",
        'lines["month"].set(~book',
        '(lines["month"] // 2).set(~book',
    ),
    "the earlier revision stands": (
        "kernels/resolve.py",
        "recorded == recorded.max().over(of_event)",
        "recorded == recorded.min().over(of_event)",
    ),
    "revisions without a single latest one stand": (
        "kernels/resolve.py",
        '.when(pl.col("latest").sum().over(of_event) > 1)',
        '.when(pl.col("latest").sum().over(of_event) > 2)',
    ),
    "a null household taken for another one": (
        "kernels/resolve.py",
        'household = pl.col("household_id")',
        'household = pl.col("household_id").fill_null("")',
    ),
    "rows recorded on the as-of date not seen": (
        "kernels/resolve.py",
        "as_of + timedelta(days=1), time.min",
        "as_of, time.min",
    ),
    "the last of several not among the repeated": (
        "columns/packing.py",
        "    last[displaced] = len(places)\n    return pl.Series(last[places] == len(places))",
        "    return pl.Series(last[places] != rows)",
    ),
    "a household counted once a spell": (
        "columns/packing.py",
        "numbers[order.to_numpy()] = np.cumsum(first.to_numpy()) - 1",
        "numbers[order.to_numpy()] = np.arange(ids.len())",
    ),
    "a household that moves taken for one that stays": (
        "kernels/places.py",
        'moves=lowest < pl.Series(greatest(spells["seat"], begins))',
        'moves=lowest < pl.Series(least(spells["seat"], begins))',
    ),
    "two groups taken for one": (
        "columns/groups.py",
        "numbers[occurring] = np.arange(len(occurring))",
        "numbers[occurring] = np.arange(len(occurring)) // 2",
    ),
    "a group's sum less its first value": (
        "columns/groups.py",
        "np.add.at(sums, groups, values.cast(pl.Int64).to_numpy())",
        "np.add.at(sums, groups[1:], values.cast(pl.Int64).to_numpy()[1:])",
    ),
    "a day told what the first of all is": (
        "columns/calendar.py",
        "told[numbers.cast(pl.UInt32)]",
        "told[(numbers // 2).cast(pl.UInt32)]",
    ),
    "a quantity of 1000 refused": ("kernels/validate.py", "QUANTITY_MAX = 1000", "QUANTITY_MAX = 999"),
    "checks in another order": (
        "kernels/validate.py",
        "for reason in reversed(list(checks)):",
        "for reason in checks:",
    ),
    "ranks without gaps": ("kernels/rank.py", 'ranked.rank("min"', 'ranked.rank("dense"'),
    "ranks of those who left": (
        "kernels/rank.py",
        'ranked = pl.when("ranked").then("net")',
        'ranked = pl.col("net")',
    ),
    "a year to date that starts anew each quarter": (
        "kernels/total.py",
        'year_to_date=pl.Series(running(totals["net"], begins))',
        'year_to_date=totals["net"]',
    ),
    "a reversal counted as a deduction": (
        "kernels/total.py",
        "loss = (points < 0) & ~reversal",
        "loss = points < 0",
    ),
    "a village's households counted by the quarter's first day": (
        "kernels/participate.py",
        "day = min(next_quarter - timedelta(days=1), as_of)",
        "day = min(next_quarter - timedelta(days=80), as_of)",
    ),
    "a mover's lines given back by every part": (
        "scoring.py",
        "states = states.set(~own | ",
        "own |= True\n    states = states.set(",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_kernel_is_noticed(fault, tmp_path):
    name, *changes = FAULTS[fault]
    copy = tmp_path / "src" / "jifen_batch"
    # With what Python has compiled: only the module that is broken is compiled anew.
    shutil.copytree(PACKAGE, copy)
    text = (copy / name).read_text(encoding="utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert text.count(old) == 1, f"{name} no longer has: {old}"
        text = text.replace(old, new)
    (copy / name).write_text(text, encoding="utf-8")
    path = os.pathsep.join(map(str, (copy.parent, TESTS)))
    hunt = [sys.executable, str(Path(__file__).with_name("hunt.py")), "0", str(SEEDS)]
    found = subprocess.run(
        hunt, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=200, check=False
    )
    assert found.returncode == 1, f"not noticed in {SEEDS} villages: {found.stderr[-500:]}"
    assert found.stderr.startswith("seed "), found.stderr[-2000:]
