"""The wallets of many random households, as the kernels keep them and as a slow hand does."""

from __future__ import annotations

import os
from datetime import date, timedelta
from random import Random

import pencil
from wallet import slow
from wallet.purse import COUNTED, kept

EXPIRIES = ("none", "12-31", "03-31")
FIRST, LAST = os.environ.get("SOAK_SEEDS", "0:6").split(":")
HOUSEHOLDS = 150


def history(rng):
    """Announcements of quarters from 2023 on, with their days, and random households under them."""
    days = []
    for number in range(rng.randint(1, 12)):
        year, quarter = 2023 + number // 4, number % 4 + 1
        end = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        day = end + timedelta(rng.choice([15, 15, 20, 90, 400]))
        days.append((f"{year}Q{quarter}", max([day, *(before for _, before in days)])))
    announced, spends = {}, {}
    for name in map(str, range(HOUSEHOLDS)):
        for quarter, day in days:
            years = {
                year: rng.choice([5, 10, 20, 30, -5, -20, -40, 0])
                for year in range(2023, int(quarter[:4]) + 1)
                if rng.random() < (0.8 if str(year) == quarter[:4] else 0.25)
            }
            announced.setdefault(name, []).append((quarter, day, years))
        begin, span = date(2023, 1, 1), (days[-1][1] - date(2023, 1, 1)).days + 500
        eager = rng.choice([1, 1, 2, 6])
        spends[name] = [
            (
                rng.choice([day for _, day in days] + [begin + timedelta(rng.randrange(span))] * 3),
                rng.randint(1, 15),
            )
            for _ in range(rng.randint(0, 3) * eager)
        ]
    return announced, spends


def test_wallets_are_those_kept_by_hand():
    reached = dict.fromkeys(COUNTED, 0)
    for seed in range(int(FIRST), int(LAST)):
        rng = Random(seed)  # noqa: S311 - a test's draws, nobody's secret
        announced, spends = history(rng)
        as_of = date(2023, 6, 1) + timedelta(rng.randrange(1500))
        expires = [rng.choice(EXPIRIES), rng.choice(EXPIRIES)]
        # Half of the households live in `far` from 2024 on, whose book has an expiry of its own.
        spells = [
            ("near", "town", date(2020, 1, 1), date(2024, 1, 1)),
            ("far", "town", date(2024, 1, 1), None),
        ]
        moved = {name for name in announced if rng.random() < 0.5}
        people = pencil.register(
            **{n: spells if n in moved else [("near", "town", date(2020, 1, 1), None)] for n in announced}
        )
        made = kept(announced, spends, *expires, as_of=as_of, people=people)
        ours = {row["household_id"]: row for row in made.rows.to_dicts()}
        causes = {}
        for name, quarter, points in made.taken_back.rows():
            causes.setdefault(name, {})[quarter] = points
        for name in announced:
            book = [*expires] if name in moved else [expires[0]] * 2
            theirs, took = slow.wallet(
                announced[name], spends[name], lambda year, book=book: book[year > 2023], as_of
            )
            row = ours.get(name, dict.fromkeys(COUNTED, 0) | {"taken_back_in": None})
            assert {column: row[column] for column in theirs} == theirs, (seed, name)
            assert causes.get(name, {}) == took, (seed, name)
            for column in COUNTED:
                reached[column] += theirs[column] != 0
    assert min(reached.values()) > 10, reached
