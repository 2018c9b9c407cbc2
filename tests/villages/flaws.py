"""What goes wrong with a feed: wrong cells, rows sent twice, revisions that agree or do not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from villages import words
from villages.chance import likely, weighted

if TYPE_CHECKING:
    from random import Random

    from villages.feed import Feed

Row = dict[str, Any]
REQUIRED = ("event_id", "household_id", "item", "occurred_on", "status")
NULLABLE = ("decided_on", "until", "matter_id", "quantity", "member_id", "decision_id", "evidence_id")
DAYS = ("occurred_on", "decided_on", "until", "recorded_at")
BAD_DAYS = (date(1999, 12, 31), date(2100, 1, 1), date(1900, 2, 28), date(2262, 4, 12), date(9999, 12, 31))
EDGE_DAYS = (date(2000, 1, 1), date(2099, 12, 31))
BAD_QUANTITIES = (0, -1, 1001, 2, 1000, -(2**31), 2**31, 2**40)


def _emptied(rng: Random, row: Row) -> Row:
    name = rng.choice(REQUIRED if likely(rng, 0.4) else NULLABLE)
    return row | {name: None if name in (*DAYS, "quantity") else rng.choice((None, ""))}


def _misdated(rng: Random, row: Row) -> Row:
    name = rng.choice(("occurred_on", "decided_on", "until"))
    return row | {name: rng.choice(BAD_DAYS if likely(rng, 0.7) else EDGE_DAYS)}


def _miscoded(rng: Random, row: Row) -> Row:
    """A status, household or item that there is none of, though it may look like one."""
    name = rng.choice(("status", "household_id", "item"))
    if name == "status":
        return row | {name: rng.choice(words.UNKNOWN_STATUSES)}
    like = words.look_alike(rng, row[name]) if row[name] and likely(rng, 0.6) else "nobody"
    return row | {name: like}


def _miscounted(rng: Random, row: Row) -> Row:
    return row | {"quantity": rng.choice(BAD_QUANTITIES)}


def _misbounded(rng: Random, row: Row) -> Row:
    """An `until` where none belongs, or before the start."""
    start = row["occurred_on"] or date(2023, 5, 5)
    return row | {"until": start + timedelta(days=rng.choice((-1, -30, 0, 30)))}


def _named(rng: Random, row: Row) -> Row:
    return row | {rng.choice(("member_id", "evidence_id")): rng.choice(words.PERSONAL)}


def _unbound(_: Random, row: Row) -> Row:
    return row | {"matter_id": ""}


def _reserved(rng: Random, row: Row) -> Row:
    """An id that only grants may bear, or nearly one."""
    return row | {"event_id": rng.choice((f"grant:{row['item']}:2023", "grant:", "Grant:x", "grant"))}


FLAWS = {
    _emptied: 5,
    _misdated: 2,
    _miscoded: 4,
    _miscounted: 4,
    _misbounded: 4,
    _named: 2,
    _unbound: 2,
    _reserved: 2,
}


def spoiled(rng: Random, row: Row) -> Row:
    return weighted(rng, FLAWS)(rng, row)


def _revised(rng: Random, feed: Feed, row: Row) -> Row:
    """The same event told otherwise: later, earlier, or at the very same time."""
    day = row["occurred_on"] or feed.season.as_of
    changes = {
        "status": weighted(rng, {"approved": 3, "withdrawn": 3, "declared": 1}),
        "decided_on": feed.decided_on(feed.season.as_of if day.year > 2100 else day),
        "quantity": rng.choice((1, None, 2)),
        "matter_id": rng.choice(words.MATTERS),
        "decision_id": "会-改",
        "evidence_id": "证-改",
    }
    name = rng.choice(list(changes))
    at = row["recorded_at"]
    anew = feed.recorded_at(feed.season.any_day(rng))
    moved = at + timedelta(microseconds=rng.choice((1, -1, 10**9, 10**12))) if at else anew
    when = {"later": moved, "equal": at, "anew": anew, "null": None}
    drawn = weighted(rng, {"later": 8, "equal": 1, "anew": 3, "null": 1})
    return row | {name: changes[name], "recorded_at": when[drawn]}


def again(rng: Random, feed: Feed, row: Row) -> Row:
    """The row once more: just so, revised, or under another household or none."""
    kind = weighted(rng, {"same": 6, "revised": 6, "household": 1, "nobody": 1, "one": 1})
    if kind == "same":
        return dict(row)
    if kind == "revised":
        return _revised(rng, feed, row)
    if likely(rng, 0.5):
        row = row | {"recorded_at": feed.recorded_at(feed.season.any_day(rng))}
    if kind == "one":  # a null quantity and 1 are different rows
        return row | {"quantity": 1 if row["quantity"] is None else None}
    households = {"household": rng.choice(sorted(feed.register.spells)), "nobody": rng.choice((None, ""))}
    return row | {"household_id": households[kind]}
