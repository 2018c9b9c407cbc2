"""A county's inputs, town after town and year after year."""

from __future__ import annotations

import operator
from dataclasses import astuple
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError
from jifen_batch.synth.entry import ROWS, enter
from jifen_batch.synth.files import HOUSEHOLDS_FILE, VILLAGES_FILE, Growing, claim, write_events
from jifen_batch.synth.flaws import flawed
from jifen_batch.synth.habits import habits
from jifen_batch.synth.occasions import occasions
from jifen_batch.synth.people import people_of, register_of
from jifen_batch.synth.places import town_of, towns, villages_of
from jifen_batch.synth.times import Year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.synth.people import People
    from jifen_batch.synth.places import Town

FIRST_YEAR_MIN, LAST_YEAR_MAX = 2001, 2098


@dataclass(frozen=True)
class SynthReport:
    """What was made: `rows` of events in `files`, of `households` in `villages` of `towns`."""

    households: int
    villages: int
    towns: int
    files: int
    rows: int
    size_bytes: int

    def __add__(self, other: SynthReport) -> SynthReport:
        """Both together."""
        return SynthReport(*map(operator.add, astuple(self), astuple(other)))


@dataclass(frozen=True)
class Order:
    """What is asked for: scoring years from `first_year`, by this seed, into this folder."""

    first_year: int
    years: int
    seed: int
    out: Path


def generate(households: int, years: int, seed: int, out: Path, first_year: int = 2023) -> SynthReport:
    """Write events/, households.parquet and villages.parquet into `out`, for so many households and years.

    The same arguments give the same bytes. `households` and `years` are 1 or above, `seed` 0 or above.
    Raises `UsageRefusedError` where `out` holds inputs already, or the years leave 2001 to 2098.
    """
    if not FIRST_YEAR_MIN <= first_year <= first_year + years - 1 <= LAST_YEAR_MAX:
        raise UsageRefusedError(
            f"--years: scoring years lie between {FIRST_YEAR_MIN} and {LAST_YEAR_MAX}; ask for fewer",
            f"--years：积分年度须在 {FIRST_YEAR_MIN} 至 {LAST_YEAR_MAX} 之间；请减少年数",
        )
    claim(out)
    order = Order(first_year, years, seed, out)
    report = SynthReport(0, 0, 0, 0, 0, 0)
    with Growing(out / HOUSEHOLDS_FILE) as register, Growing(out / VILLAGES_FILE) as villages:
        for town in towns(households, seed):
            people = people_of(town, first_year, years, seed)
            before = town_of(seed, max(town.number - 1, 0), households)
            register.append(register_of(town, before, people, seed))
            villages.append(villages_of(town, seed))
            report += _events(town, people, order)
    return report


def _events(town: Town, people: People, order: Order) -> SynthReport:
    """Write a town's events, and count them."""
    report = SynthReport(people.ids.len(), len(town.village_ids), 1, 0, 0, 0)
    for rows in _years(town, people, order):
        files = write_events(rows, order.out, town.town_id)
        size_bytes = sum(file.stat().st_size for file in files)
        report += SynthReport(0, 0, 0, len(files), rows.height, size_bytes)
    return report


def _years(town: Town, people: People, order: Order) -> Iterator[pl.DataFrame]:
    """The rows that arrive in each year, in order of arrival; a last frame for what arrives after all."""
    waiting = pl.DataFrame(schema=ROWS)
    for number in range(order.first_year, order.first_year + order.years):
        year = Year.of(number)
        deeds = pl.concat(
            [habits(town, people, year, order.seed), occasions(town, people, year, order.seed)],
            how="diagonal",
        )
        made = flawed(enter(deeds, town, people, year, order.seed), town, year, order.seed)
        rows = pl.concat([waiting, made]).sort("arrived", maintain_order=True)
        now = rows["arrived"].dt.year() == number
        yield rows.filter(now)
        waiting = rows.filter(~now)
    yield waiting
