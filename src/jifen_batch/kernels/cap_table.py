"""The caps of all books as lookups: which hold the lines of a rule, and what each of them is.

Caps lie within each other, and what the inner one grants is brought to the outer. So they are told apart
by how far out they lie: a level holds caps of which none lies within another, and all lines under them
are held at once.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.calendar import MONTHS
from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
UNBOUNDED = 10**18  # beyond every sum of points, and far enough below 2^63 to add to it


@dataclass(frozen=True)
class CapLevel:
    """Caps equally far out: of each rule the `cap` that holds its lines, and whether it is its `own`.

    `cap` (UInt32) is null where the rule has none at this level.
    """

    cap: pl.Series
    own: pl.Series


@dataclass(frozen=True)
class CapTable:
    """The caps of compiled books, numbered as the rows of `tables.caps`."""

    tables: RuleTables

    @cached_property
    def of_rules(self) -> pl.Series:
        """The cap of each rule (UInt32); null = none."""
        return self.tables.items["cap_row"].cast(pl.UInt32)

    @cached_property
    def net(self) -> pl.Series:
        """Whether deductions make room again under each cap."""
        return self.tables.caps["net"]

    @cached_property
    def dated(self) -> pl.Series:
        """Whether the points of each cap change on some day."""
        steps = np.bincount(self.tables.cap_points["cap"].to_numpy(), minlength=self.tables.caps.height)
        return pl.Series(steps > 1)

    @cached_property
    def floors(self) -> pl.Series:
        """How far down each cap lets its sum go."""
        return self.tables.caps["floor"].fill_null(-UNBOUNDED)

    @cached_property
    def points(self) -> pl.Series:
        """The points that each cap begins with; `UNBOUNDED` without an upper bound."""
        first = self.tables.cap_points.unique("cap", keep="first", maintain_order=True)
        every = pl.Series([UNBOUNDED], dtype=pl.Int64).new_from_index(0, self.tables.caps.height)
        return every.scatter(first["cap"], first["points"])

    @cached_property
    def highest(self) -> pl.Series:
        """The highest points of each cap at any time."""
        most = self.tables.cap_points.group_by("cap").agg(pl.col("points").max())
        return self.points.scatter(most["cap"], most["points"])

    @cached_property
    def outermost(self) -> pl.Series:
        """The last of the caps around each rule's lines (UInt32); null = none."""
        outer = self.of_rules
        for level in self.levels:
            outer = pl.select(pl.coalesce(level.cap, outer)).to_series()
        return outer

    @cached_property
    def stretches(self) -> pl.Series:
        """Of each row of `tables.cap_points`, how many steps its cap has before it."""
        steps = self.tables.cap_points
        return steps.select(number=pl.int_range(pl.len(), dtype=pl.Int64).over("cap"))["number"]

    @cached_property
    def yearly(self) -> bool:
        """Whether every cap counts by the scoring year."""
        return bool((self.tables.caps["period"] == "year").all())

    @cached_property
    def slots(self) -> pl.Series:
        """A number for each cap and month that is equal just where cap and period are (UInt32)."""
        months = self.tables.caps["period"].replace_strict(PERIOD_MONTHS, return_dtype=pl.Int64).to_numpy()
        first = np.cumsum(MONTHS // months) - MONTHS // months
        period = np.arange(MONTHS) // months[:, None]
        return pl.Series((first[:, None] + period).ravel().astype(np.uint32))

    @cached_property
    def levels(self) -> list[CapLevel]:
        """The levels from the innermost outwards."""
        heights = self._heights()
        within = self.tables.caps["within"].fill_null(-1).to_numpy()
        own = self.tables.items["cap_row"].fill_null(-1).to_numpy()
        levels, at = [], own.copy()
        for height in range(int(heights.max(initial=-1)) + 1):
            here = (at >= 0) & (heights[at] == height)
            cap = pl.Series(np.where(here, at, 0).astype(np.uint32)).set(pl.Series(~here), None)
            levels.append(CapLevel(cap, pl.Series(here & (at == own))))
            at = np.where(here, within[at], at)
        return levels

    def _heights(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """How many caps lie in each other within each, at most."""
        within = self.tables.caps["within"].fill_null(-1).to_numpy()
        heights = np.zeros(len(within), dtype=np.int64)
        inner = np.flatnonzero(within >= 0)
        # As many rounds as caps can lie in each other; none goes in a circle (specification 2.3, Refused).
        while len(inner):
            least = np.zeros_like(heights)
            np.maximum.at(least, within[inner], heights[inner] + 1)
            if (least <= heights).all():
                break
            heights = np.maximum(heights, least)
        return heights

    def slots_of(self, caps: pl.Series, months: pl.Series) -> pl.Series:
        """The slot of each cap and month (1 to 12) of a line."""
        return caps if self.yearly else self.slots[caps * MONTHS + (months - 1).cast(pl.UInt32)]

    def step_on(self, caps: pl.Series, days: pl.Series) -> pl.Series:
        """The row of `tables.cap_points` in force for each cap on each day."""
        steps = self.tables.cap_points
        asked = pl.DataFrame({"cap": caps.cast(pl.Int32), "day": days}).with_row_index("row").sort("day")
        known = steps.with_row_index("step").sort("from_date")
        found = asked.join_asof(known, left_on="day", right_on="from_date", by="cap", check_sortedness=False)
        return found.sort("row")["step"]
