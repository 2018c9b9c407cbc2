"""Every table that goes in or out: its columns, types, sort keys, and what each column means.

Floor zero of the house: readers, kernels, writers, the pages of docs and the tests all take their
columns from here, so that no table can drift from what it says of itself (specification 2 and 4). What a
run takes and publishes is named here; each other command's tables stand in a module of their own.
"""

from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES
from jifen_batch.tables.column import Column, Table
from jifen_batch.tables.inputs import (
    EVENTS,
    HOUSEHOLDS,
    OBJECTIONS,
    OFTEN_SHARED,
    SUCCESSIONS,
    VILLAGES,
)
from jifen_batch.tables.run import (
    ANNOUNCEMENTS,
    BALANCES,
    GROUPS,
    ITEMS,
    LEDGER,
    OUTPUTS,
    PARTICIPATION,
    POSTING_ORDER,
    REGISTER,
    REJECTS,
    STANDINGS,
    SUMS,
    UNPOSTED,
)
from jifen_batch.tables.wallets import MISPRICED, WALLETS

# Everything that is published, in runs and in announced quarters.
PUBLISHED = (
    *OUTPUTS,
    WALLETS,
    MISPRICED,
    SUCCESSIONS,
    OBJECTIONS,
    ANNOUNCEMENT,
    LINES,
    CORRECTIONS,
    ANNOUNCED_STANDINGS,
)

# The version of all tables together: that of the column that came last, so that nobody has to raise it.
SCHEMA_VERSION = str(max(column.since for table in PUBLISHED for column in table))

__all__ = [
    "ANNOUNCEMENTS",
    "BALANCES",
    "EVENTS",
    "GROUPS",
    "HOUSEHOLDS",
    "ITEMS",
    "LEDGER",
    "OBJECTIONS",
    "OFTEN_SHARED",
    "OUTPUTS",
    "PARTICIPATION",
    "POSTING_ORDER",
    "PUBLISHED",
    "REGISTER",
    "REJECTS",
    "SCHEMA_VERSION",
    "STANDINGS",
    "SUCCESSIONS",
    "SUMS",
    "UNPOSTED",
    "VILLAGES",
    "Column",
    "Table",
]
