"""The operators in their order, which stands nowhere else (specification 3.3).

Each takes lines and gives lines, and what else it looks at is in `Context`. A run puts its lines through all
of them; a simulation of `reconcile` those that come after enrolment, through the very same tuple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jifen_batch.kernels.cap import hold_caps
from jifen_batch.kernels.deduct import name_deductions
from jifen_batch.kernels.enrol import drop_not_enrolled
from jifen_batch.kernels.forfeit import forfeit_after_incidents
from jifen_batch.kernels.matter_cap import hold_matter_caps
from jifen_batch.kernels.once import keep_first_of_period
from jifen_batch.kernels.tier import keep_highest_tier
from jifen_batch.scheme import operators as names

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from jifen_batch.kernels.context import Context


class Operator(NamedTuple):
    """A step of scoring: its name (`scheme.operators`), and what it makes of lines."""

    name: str
    apply: Callable[[pl.DataFrame, Context], pl.DataFrame]


OPERATORS = (
    Operator(names.ENROLMENT, drop_not_enrolled),
    Operator(names.ONCE, keep_first_of_period),
    Operator(names.TIER, keep_highest_tier),
    Operator(names.MATTER_CAP, hold_matter_caps),
    Operator(names.CAP, hold_caps),
    Operator(names.FORFEITURE, forfeit_after_incidents),
    Operator(names.DEDUCTION, name_deductions),
)


def operated(lines: pl.DataFrame, context: Context, after: str | None = None) -> pl.DataFrame:
    """Lines as all operators leave them, or those that come after the one named; reversals stand last.

    Lines are in posting order, as `accrue` gives them. Where operators before are left out, lines have what
    those would have added (`enrol.opened`).
    """
    begun = [operator.name for operator in OPERATORS].index(after) + 1 if after else 0
    for operator in OPERATORS[begun:]:
        lines = operator.apply(lines, context)
    return lines
