"""A quarter that hangs already, announced again: what would be put up now, held against what was."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.corrections import ACCOUNT, UP, left_over, one_account
from jifen_batch.dataclass import dataclass
from jifen_batch.published import announced
from jifen_batch.tables import LEDGER
from jifen_batch.tables.announced import ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from jifen_batch.desk.announce.context import AnnounceContext
    from jifen_batch.published.village_range import VillageRange

DIFFERS = ("announced", "now", "difference")


@dataclass
class Reopened:
    """Where now and then differ: counts, and the first `shown` accounts whose row is another.

    `households` counts those with a line or a row that differs, in each village; `lines_added` and
    `lines_removed` those that only now or only then has put up or taken down; `points` what they come to.
    """

    shown: int
    households: int = 0
    accounts: int = 0
    lines_added: int = 0
    lines_removed: int = 0
    points: int = 0
    rows: list[pl.DataFrame] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return self.households > 0

    def add(self, ground: AnnounceContext, stretch: VillageRange, now: dict[str, pl.DataFrame]) -> None:
        """Hold the tables of some villages, by name, against those that hang."""
        tables = (ANNOUNCEMENT, LINES, CORRECTIONS)
        frozen = pl.collect_all(
            announced.scan(ground.out, table, [ground.quarter], ground.renamed)
            .filter(stretch.holds)
            .select(table.names)
            for table in tables
        )
        then = {table.name: rows for table, rows in zip(tables, frozen, strict=True)}
        if ground.renamed.height:
            then[ANNOUNCEMENT.name] = one_account(then[ANNOUNCEMENT.name])
        version = announced.version(ground.out, ground.quarter)
        both = pl.concat([_put_up(now), _put_up(then).with_columns(-pl.col("change"))])
        lines = left_over(both, LEDGER.of_version(version).names)
        accounts = _other_rows(
            then[ANNOUNCEMENT.name], now[ANNOUNCEMENT.name], ANNOUNCEMENT.of_version(version).names
        )
        household_place = list(ACCOUNT[:3])
        self.households += pl.concat(
            [lines.select(household_place), accounts.select(household_place)]
        ).n_unique()
        self.accounts += accounts.height
        self.lines_added += int((lines["change"] > 0).sum())
        self.lines_removed += int((lines["change"] < 0).sum())
        self.points += int((lines["points"] * lines["change"]).sum())
        self.rows.append(accounts.head(self.shown - sum(rows.height for rows in self.rows)))

    def as_data(self) -> dict[str, Any]:
        """The counts and the accounts, as plain data."""
        return {
            "households": self.households,
            "accounts": self.accounts,
            "lines_added": self.lines_added,
            "lines_removed": self.lines_removed,
            "points": self.points,
            "rows": pl.concat(self.rows).to_dicts() if self.rows else [],
        }


def _put_up(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """All that an announcement puts up and takes down: the ledger's columns and `change`."""
    names = [*LEDGER.names, "change"]
    return pl.concat(
        [tables[LINES.name].with_columns(UP).select(names), tables[CORRECTIONS.name].select(names)]
    )


def _other_rows(then: pl.DataFrame, now: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Accounts whose announcement is another: `ACCOUNT`, net `announced`, net `now`, `difference`.

    Null where there was, or is, no row. Rows are the same if they are so in all of `columns`.
    """
    same = then.join(now, on=columns, how="semi", nulls_equal=True).select(ACCOUNT)
    sides = [
        rows.join(same, on=ACCOUNT, how="anti").select(*ACCOUNT, pl.col("net").alias(name))
        for rows, name in ((then, "announced"), (now, "now"))
    ]
    both = sides[0].join(sides[1], on=ACCOUNT, how="full", coalesce=True, validate="1:1")
    difference = pl.col("now").fill_null(0) - pl.col("announced").fill_null(0)
    return both.with_columns(difference=difference).sort(ACCOUNT)
