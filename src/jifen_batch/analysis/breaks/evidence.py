"""What lies behind breaks: all that a run kept of their households, and the rules it was scored by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from jifen_batch.tables.rule_tables import RuleTables


@dataclass(frozen=True)
class OlderRules:
    """Rule books that differ from the run's: `name` says where they were in force: a run, a quarter."""

    name: str
    tables: RuleTables


@dataclass(frozen=True)
class Evidence:
    """Everything of the households that break, of all years.

    `lines` are theirs in the ledger (`LEDGER`), `unposted` and `rejects` their rows there (a reject's
    household may only resemble theirs), `register` their spells; `tables` the run's rule books, `older`
    other books of kept runs and announced quarters. `earlier` has a row per kept run and key: `run`, the
    keys, `points`, what that run said.
    """

    lines: pl.DataFrame
    unposted: pl.DataFrame
    rejects: pl.DataFrame
    register: pl.DataFrame
    renamed: pl.DataFrame
    tables: RuleTables
    older: tuple[OlderRules, ...]
    earlier: pl.DataFrame
    as_of: date
    grace_days: int
