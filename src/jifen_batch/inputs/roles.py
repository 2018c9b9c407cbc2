"""The inputs that a mapping can be for, and every column that each of them knows (specification 2).

Whoever reads an input may want fewer of its columns; a header is held against all of them.
"""

from __future__ import annotations

from jifen_batch.tables import EVENTS, HOUSEHOLDS, OBJECTIONS, SUCCESSIONS, VILLAGES, Table
from jifen_batch.tables.inputs import HOUSEHOLDERS
from jifen_batch.tables.statement import STATEMENT
from jifen_batch.tables.surveys import SURVEYS
from jifen_batch.tables.wallets import PRICES, REDEMPTIONS

STATEMENT_ROLE, SURVEYS_ROLE = STATEMENT.name, SURVEYS.name


def _whole_register() -> Table:
    """The register with what only printed notices read of it."""
    further = [column for column in HOUSEHOLDERS if column.name not in HOUSEHOLDS.names]
    return Table(HOUSEHOLDS.name, (*HOUSEHOLDS.columns, *further))


ROLES: dict[str, Table] = {
    table.name: table
    for table in (
        EVENTS,
        _whole_register(),
        VILLAGES,
        REDEMPTIONS,
        PRICES,
        SUCCESSIONS,
        OBJECTIONS,
        STATEMENT,
        SURVEYS,
    )
}
