"""Caps numbered by what is said of them and of those around them, however many books say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.rules.frames import Row, frame

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from jifen_batch.rules.layered import LayeredCap

_CAPS = {
    "name": pl.String,
    "net": pl.Boolean,
    "floor": pl.Int64,
    "period": pl.String,
    "within": pl.Int32,
}
_STEPS = {"cap": pl.Int32, "from_date": pl.Date, "points": pl.Int64}


class CapNumbers:
    """The caps of all books so far, and the steps of their points, a row each."""

    def __init__(self) -> None:
        """No cap yet."""
        self._numbers: dict[Row, int] = {}
        self._caps: list[Row] = []
        self._steps: list[Row] = []

    def number(self, around: Sequence[LayeredCap], begin: dt.date) -> int | None:
        """The number of a cap, the first of these; the others lie around it, outwards. None without one.

        Undated points hold from `begin` on.
        """
        if not around:
            return None
        # Caps live as long as this takes, so no two have the same identity.
        key = (*map(id, around), begin)
        if key not in self._numbers:
            within = self.number(around[1:], begin)
            number = self._numbers[key] = len(self._caps)
            self._caps.append(_row(around[0], within))
            self._steps += [(number, day or begin, points) for day, points in around[0].steps]
        return self._numbers[key]

    def frame(self) -> pl.DataFrame:
        """`RuleTables.caps`."""
        return frame(self._caps, _CAPS)

    def steps_frame(self) -> pl.DataFrame:
        """`RuleTables.cap_points`."""
        return frame(self._steps, _STEPS)


def _row(cap: LayeredCap, within: int | None) -> Row:
    """A cap's row in the order of `_CAPS`; its name is that of the place that gave it."""
    fields = cap.fields
    assert fields is not None  # noqa: S101 - a book with a cap that was complained about is never compiled
    return (cap.place.path[1], cap.net, fields.floor, fields.period, within)
