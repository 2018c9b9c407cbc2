"""A county in which each pair (`rule_pairs.fields`) is a town of one village, asked once for all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.tables import LEDGER
from rule_pairs import books as pair_books

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2024-06-01"
KINDS = {"A": "出租户", "B": None}
GRAINS = ((), ("category",), ("category", "item"), ("category", "quarter"))


def run(*words):
    result = CliRunner().invoke(program, [*map(str, words), "--json"])
    assert result.exit_code in {0, 4}, result.output
    return json.loads(result.stdout)


def posted(ledger):
    """The ledger's lines; a run without one has no file of them."""
    files = list(ledger.rglob("*.parquet"))
    return pl.read_parquet(files, hive_partitioning=True) if files else LEDGER.schema.to_frame()


@dataclass(frozen=True)
class County:
    """Pairs by their number; `older` is the book of each pair that a first run had, the other is today's."""

    folder: Path
    pairs: dict[int, tuple[str, str, Any]]
    older: int

    def write_inputs(self):
        rows = [
            {
                **event,
                "event_id": f"{number}-{event['event_id']}",
                "household_id": f"{number}-{event['household_id']}",
            }
            for number, (_, _, pair) in self.pairs.items()
            for event in pair.events
        ]
        columns = dict.fromkeys(name for row in rows for name in row)
        pl.DataFrame([{name: row.get(name) for name in columns} for row in rows]).write_csv(
            self.folder / "e.csv"
        )
        spells = [
            {
                "household_id": f"{number}-{of}",
                "village_id": f"v{number}",
                "town_id": f"t{number}",
                "enrolled_on": "2020-01-01",
                "kind": kind,
            }
            for number in self.pairs
            for of, kind in KINDS.items()
        ]
        pl.DataFrame(spells).write_csv(self.folder / "h.csv")

    @property
    def inputs(self):
        return ("--events", self.folder / "e.csv", "--households", self.folder / "h.csv", "--as-of", AS_OF)

    @property
    def out(self):
        return ("--out", self.folder / "out")

    @cached_property
    def books(self):
        """The older books, and today's."""
        return [
            pair_books.write(self.folder / f"books{which}", self.pairs, which)
            for which in (self.older, 1 - self.older)
        ]

    @cached_property
    def nights(self):
        """The id and the ledger of the run with the older books, and of that with today's."""
        self.write_inputs()
        made = []
        for books in self.books:
            told = run("run", *self.inputs, *self.out, "--rules", books, "--max-reject-rate", "1")
            made.append((told["run_id"], posted(self.folder / "out" / "current" / "ledger")))
        return made

    @cached_property
    def compared(self):
        return run("compare", *self.out, self.nights[0][0], "current")

    @cached_property
    def tried(self):
        assert self.nights
        return run("what-if", *self.inputs, *self.out, "--rules", self.books[0])

    @cached_property
    def points(self):
        """By grain: what each household has by the older books and by today's."""
        (_, older), (_, today) = self.nights
        found = {}
        for grain in GRAINS:
            keys = ["household_id", "scoring_year", *grain]
            theirs = older.group_by(keys).agg(theirs=pl.col("points").sum())
            ours = today.group_by(keys).agg(ours=pl.col("points").sum())
            found[grain] = theirs.join(ours, on=keys, how="full", coalesce=True).sort(keys)
        return found

    @cached_property
    def breaks(self):
        """By grain: the breaks where a statement has the figures of the older books."""
        found = {}
        for grain, points in self.points.items():
            theirs = points.drop("ours").drop_nulls("theirs").rename({"theirs": "points"})
            path = self.folder / "theirs.csv"
            theirs.write_csv(path)
            found[grain] = run("reconcile", *self.out, "--statement", path)["breaks"] if theirs.height else []
        return found
