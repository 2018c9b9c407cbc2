"""What operators look at beside the lines: the events behind them, the rules, and who was enrolled where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    import polars as pl

    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook


@dataclass(frozen=True)
class Context:
    """`events` are those that the lines' `event_row` numbers, with their ids and matters."""

    events: pl.DataFrame
    book: RuleBook
    places: Places
