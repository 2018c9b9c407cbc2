"""The laws of specification 3.4, on random villages; with `SOAK_SEEDS`, on many more of them."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import memory
from jifen_batch.tables import LEDGER
from oracle.calendar_days import period_name

SOAKING = "SOAK_SEEDS" in os.environ
EXAMPLES = 400 if SOAKING else 20
# All laws are held against the same villages, each of which is made once; when soaking each has its own.
seeds = st.integers(0, 10**9) if SOAKING else st.integers(300, 299 + EXAMPLES)
# A seed has no smaller sibling: shrinking one would only look at other villages.
law = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
KEY = ["household_id", "event_id", "accrued_on", "disposition"]
OUT_OF_PLAY = ("not_enrolled", "not_eligible", "duplicate")


case_of = lru_cache(EXAMPLES)(memory.case)


def line_key(line):
    """What tells a line from all others but its reversal."""
    return line["household_id"], line["event_id"], line["accrued_on"]


def same_lines(one, other):
    """Assert that two ledgers hold the same lines, cell by cell."""
    assert_frame_equal(one.sort(KEY), other.sort(KEY))


def lines_with_items(case):
    """Every line with the rule behind it."""
    books = dict(case.books.books.select("id", "book").iter_rows())
    items = {(row["book"], row["code"]): row for row in case.books.items.to_dicts()}
    return [(line, items[books[line["book"]], line["item"]]) for line in case.ledger.to_dicts()]


def inside(line, scope):
    """The household, year and period that a forfeiture of this scope would take."""
    matter = scope == "matter"
    period = line["matter_id"] if matter else period_name(line["accrued_on"], scope)
    return line["household_id"], line["scoring_year"], scope, period


@law
@given(seeds)
def test_every_approved_event_that_posts_has_a_line_and_none_brings_more_than_its_gross(seed):
    case = case_of(seed)
    states = pl.concat([part.tally.states for part in case.parts])
    posted = states.filter(pl.col("state") == "posted")["len"].sum()
    sent = case.ledger.filter(~pl.col("event_id").str.starts_with("grant:"))
    assert sent["event_id"].n_unique() == posted
    between = pl.col("points").is_between(pl.min_horizontal("gross", 0), pl.max_horizontal("gross", 0))
    assert case.ledger.filter(~between).height == 0


@law
@given(seeds, st.integers(1, 400))
def test_the_ledger_is_append_only(seed, days):
    case = case_of(seed)
    early = case.as_of - timedelta(days=days)
    recorded = pl.col("recorded_at").dt.date()
    known = case.but(rows=case.rows.filter(recorded.is_null() | (recorded <= early)))
    same_lines(known.but(as_of=early).ledger, known.ledger.filter(pl.col("posted_on") <= early))


@law
@given(seeds, st.integers(0, 10**6))
def test_shuffling_and_doubling_rows_change_no_line(seed, shuffle):
    case = case_of(seed)
    doubled = pl.concat([case.rows, case.rows.sample(fraction=0.5, seed=shuffle)])
    shuffled = memory.numbered(doubled.sample(fraction=1, shuffle=True, seed=shuffle).drop("source"))
    same_lines(case.but(rows=shuffled).ledger, case.ledger)


@law
@given(seeds, st.integers(6, 60))
def test_the_parts_that_rows_are_scored_in_change_nothing_but_where_they_lie(seed, rows_per_part):
    case = case_of(seed)
    parts = case.scored(rows_per_part)
    for name in ("ledger", "balances", "announcements"):
        whole = pl.concat([getattr(part, name) for part in case.parts])
        apart = pl.concat([getattr(part, name) for part in parts])
        keys = ["scoring_year"] if name != "ledger" else ["scoring_year", *LEDGER.sort_keys]
        sort = [*keys, *[column for column in whole.columns if column not in keys]]
        assert_frame_equal(apart.sort(sort), whole.sort(sort))
        order = LEDGER.sort_keys if name == "ledger" else LEDGER.sort_keys[:3]
        for _, year in apart.group_by("scoring_year", maintain_order=True):
            assert year.select(order).rows() == sorted(year.select(order).rows())
    for name in ("unposted", "rejects"):
        whole = pl.concat([getattr(part, name) for part in case.parts])
        apart = pl.concat([getattr(part, name) for part in parts])
        assert sorted(map(repr, apart.rows())) == sorted(map(repr, whole.rows()))


@law
@given(seeds, seeds)
def test_other_households_change_no_line_of_anyone(seed, other_seed):
    case, other = case_of(seed), case_of(other_seed)
    theirs = [pl.format("их-{}", pl.col(name)).alias(name) for name in ("event_id", "household_id")]
    rows = memory.numbered(pl.concat([other.rows.with_columns(theirs), case.rows]).drop("source"))
    spells = other.register.with_columns(theirs[1])
    spells = spells.join(case.register.select("village_id").unique(), on="village_id", how="semi")
    # Since when a village is in its other town, any spell may say: who else lives there says what was said.
    towns = case.register.select("village_id", town="town_id").unique().unique("village_id", keep="none")
    under_two = spells.unique("household_id", keep="none").join(towns, on="village_id", how="anti")
    told = case.register.join(towns, on="village_id", how="anti")
    told = told.filter(pl.col("household_id") == pl.col("household_id").first().over("village_id"))
    guests = under_two.select("household_id", "village_id").join(told.drop("household_id"), on="village_id")
    spells = spells.join(towns, on="village_id").with_columns(town_id="town").drop("town")
    spells = pl.concat([spells, guests.select(spells.columns)])
    together = case.but(rows=rows, register=pl.concat([case.register, spells]))
    ours = together.ledger.filter(~pl.col("household_id").str.starts_with("их-"))
    same_lines(ours, case.ledger)


def outermost(caps, number):
    """The cap that lies around all others of an item."""
    cap = caps[number]
    return cap if cap["within"] is None else outermost(caps, cap["within"])


def highest_of_year(points, cap, year):
    """The highest figure of a cap in a scoring year; none without an upper bound."""
    steps = [(row["from_date"], row["points"]) for row in points if row["cap"] == cap]
    begun = [points for day, points in steps if day <= date(year, 1, 1)][-1:]
    return max(begun + [points for day, points in steps if day.year == year], default=None)


@law
@given(seeds)
def test_a_cap_holds_what_is_under_it_and_a_floor_too_before_forfeitures(seed):
    case = case_of(seed)
    caps = case.books.caps.with_row_index("number").to_dicts()
    points = case.books.cap_points.to_dicts()
    brought, untold = defaultdict(list), set()
    for line, item in lines_with_items(case):
        if item["cap"]:
            cap = outermost(caps, item["cap_row"])
            period = period_name(line["accrued_on"], cap["period"])
            key = (line["household_id"], line["scoring_year"], cap["number"], period)
            brought[key].append(line)
            untold |= {key} if line["disposition"] == "forfeited" else set()
    for key, lines in brought.items():
        highest, floor = highest_of_year(points, key[2], key[1]), caps[key[2]]["floor"]
        assert highest is None or sum(line["points"] for line in lines) <= highest
        if floor is not None and key not in untold:
            assert sum(line["points"] for line in lines if line["disposition"] != "reversed") >= floor


@law
@given(seeds)
def test_an_exclusive_matter_brings_its_highest_gross(seed):
    tiers = defaultdict(list)
    for line, item in lines_with_items(case_of(seed)):
        if item["exclusive"] and line["matter_id"] and line["disposition"] not in OUT_OF_PLAY:
            tiers[line["household_id"], item["exclusive"], line["matter_id"]].append(line)
    for lines in tiers.values():
        if not {line["disposition"] for line in lines} & {"capped", "forfeited", "reversed"}:
            assert sum(line["points"] for line in lines) == max(line["gross"] for line in lines)


@law
@given(seeds)
def test_what_an_incident_names_comes_to_nothing_in_its_scope(seed):
    case = case_of(seed)
    playing = [pair for pair in lines_with_items(case) if pair[0]["disposition"] not in OUT_OF_PLAY]
    named = defaultdict(list)
    for row in case.books.forfeits.to_dicts():
        named[row["trigger"]].append(row["forfeited"])
    # A reversal repeats all of its award but the days of posting, and is posted later.
    awards = {line_key(line): line for line, _ in playing if line["disposition"] != "reversed"}
    for trigger, item in playing:
        scope = inside(trigger, item["forfeits_scope"]) if item["forfeits_scope"] else None
        taken = [
            line["points"]
            for line, other in playing
            if other["rule"] in named[item["rule"]]
            and inside(line, scope[2]) == scope
            and (not item["forfeits_before"] or awards[line_key(line)]["posted_on"] < trigger["posted_on"])
        ]
        assert sum(taken) == 0


@law
@given(seeds)
def test_announcements_and_balances_come_to_the_net_of_the_ledger(seed):
    case = case_of(seed)
    place = ["town_id", "village_id", "household_id", "scoring_year", "category"]
    net = case.ledger.group_by(place).agg(net=pl.col("points").sum()).sort(place)
    announced = pl.concat([part.announcements for part in case.parts])
    balances = pl.concat([part.balances for part in case.parts])
    assert_frame_equal(announced.group_by(place).agg(pl.col("net").sum()).sort(place), net)
    assert_frame_equal(balances.select(*place, "net").sort(place), net)
    last = (
        announced.sort("quarter").group_by(place, maintain_order=True).agg(net=pl.col("year_to_date").last())
    )
    assert_frame_equal(last.sort(place), net)
