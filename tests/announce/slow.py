"""A second announcer, from the specification alone: plain Python over ledger rows, one after another.

It imports nothing of the package but the names of columns.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from jifen_batch.tables import LEDGER

ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year", "category")


def cells(row):
    """A ledger row as a value that can be counted."""
    return tuple(row[name] for name in LEDGER.names)


def account(line):
    return tuple(line[LEDGER.names.index(name)] for name in ACCOUNT)


def value(line, name):
    return line[LEDGER.names.index(name)]


def with_quarter(standings, own_lines, quarter):
    """Add to rows of standings what the quarter's own lines came to, and the rank by it (specification 4)."""
    for row in standings:
        home = (row["household_id"], row["scoring_year"])
        points = [
            line["points"] for line in own_lines if (line["household_id"], line["scoring_year"]) == home
        ]
        row["quarter_net"] = sum(points) if row["scoring_year"] == int(quarter[:4]) else None
    for row in standings:
        peers = [
            peer["quarter_net"]
            for peer in standings
            if peer["rank"] is not None
            and (peer["village_id"], peer["scoring_year"]) == (row["village_id"], row["scoring_year"])
        ]
        above = row["rank"] is not None and row["quarter_net"] is not None
        row["quarter_rank"] = 1 + sum(net > row["quarter_net"] for net in peers) if above else None


@dataclass
class Announced:
    """What one quarter put up: its own lines, corrections with their change, and a row per account."""

    quarter: str
    lines: Counter
    corrections: Counter
    rows: dict = field(default_factory=dict)


@dataclass
class Board:
    """All announcements so far, in order."""

    announced: list = field(default_factory=list)

    def hanging(self):
        """Every line that hangs, and how often; never less than once."""
        lines = Counter()
        for one in self.announced:
            for put_up in (one.lines, one.corrections):
                for line, times in put_up.items():
                    lines[line] += times
        assert all(times >= 0 for times in lines.values())
        return +lines

    def announce(self, ledger, quarter):
        """What an announcement of this quarter says, by this ledger; it is not hung up."""
        last = self.announced[-1].quarter if self.announced else ""
        known = [cells(row) for row in ledger if row["quarter"] <= quarter]
        own = Counter(line for line in known if value(line, "quarter") > last)
        now = Counter(line for line in known if value(line, "quarter") <= last)
        corrections = Counter(now)
        corrections.subtract(self.hanging())
        corrections = Counter({line: times for line, times in corrections.items() if times})
        made = Announced(quarter, own, corrections)
        for line in own:
            row = made.rows.setdefault(account(line), Counter())
            points = value(line, "points")
            if value(line, "disposition") == "reversed":
                row["reversed"] += points
            else:
                row["awarded" if points > 0 else "deducted"] += points
        for line, change in corrections.items():
            made.rows.setdefault(account(line), Counter())["adjusted"] += change * value(line, "points")
        for keys, row in made.rows.items():
            row["net"] = sum(row[name] for name in ("awarded", "deducted", "reversed", "adjusted"))
            row["year_to_date"] = sum(value(line, "points") for line in known if account(line) == keys)
        return made
