"""One side of a comparison: what its lines were made by, as far as the lines themselves do not say."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.tables import REJECTS, UNPOSTED

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from jifen_batch.tables.rule_tables import RuleTables

UNPOSTED_READ = ("event_id", "village_id", "occurred_on", "state")
REJECTS_READ = (
    "event_id",
    "household_id",
    "village_id",
    "item",
    "occurred_on",
    "matter_id",
    "quantity",
    "reason",
)


@dataclass(frozen=True)
class Side:
    """What lies behind the lines of one side.

    `books` are its compiled rule books and `as_of` its as-of date. `unposted` and `rejects` are its rows of
    those tables about events of which a line stands only on the other side; further rows do no harm. They
    need `UNPOSTED_READ` and `REJECTS_READ` of the columns. Empty where it is not known what became of
    events without a line: then a line that is not there is `new` or `missing`.
    """

    books: RuleTables
    as_of: date
    unposted: pl.DataFrame = field(default_factory=UNPOSTED.schema.to_frame)
    rejects: pl.DataFrame = field(default_factory=REJECTS.schema.to_frame)
