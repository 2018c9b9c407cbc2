"""`reconcile` as a page: read both sides, match, explain what breaks, ask the register (specification 5).

Every key of either side lands in exactly one outcome; ours - theirs is the sum of what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import clock
from jifen_batch.analysis import acceptance
from jifen_batch.analysis.breaks.match import match
from jifen_batch.analysis.breaks.patterns.levels import ceilings
from jifen_batch.analysis.breaks.totals import control_totals
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.reconcile import evidence
from jifen_batch.errors import InputRefusedError, InvariantBrokenError
from jifen_batch.inputs import accepted_breaks, mapping, statement
from jifen_batch.inputs.roles import STATEMENT_ROLE
from jifen_batch.published import damage, runs
from jifen_batch.tables import ITEMS, PARTICIPATION, STANDINGS
from jifen_batch.tables.reconciled import KEYS

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.inputs.statement import Statement

PLACE = ("town_id", "village_id")


@dataclass(frozen=True)
class Question:
    """What is to be reconciled with what: the options of the command."""

    out: Path
    statement: str
    mappings: tuple[str, ...] = ()
    accepted: str | None = None
    tolerance: int = 0
    villages: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    run: str = "current"
    as_of: date | None = None


@dataclass(frozen=True)
class Reconciled:
    """What came of it.

    `totals` are `CONTROL_TOTALS`, `breaks` are `JUDGED_BREAKS`, `causes` as `acceptance.by_cause`,
    `obsolete` are entries of `ACCEPTED` that no break needs any more; `keys` are counted, matched too,
    `rows` those of the statement, `grain` what it tells apart beyond household and year. `passed_over` and
    `warnings` are the statement's own.
    """

    run_id: str
    day: date
    files: int
    rows: int
    keys: int
    grain: list[str]
    years: list[int]
    totals: pl.DataFrame
    breaks: pl.DataFrame
    causes: pl.DataFrame
    obsolete: pl.DataFrame
    passed_over: list[InputRemark]
    warnings: list[InputRemark]

    @property
    def open(self) -> int:
        """How many breaks are not accepted."""
        return int(self.breaks.select(acceptance.is_open().sum()).item())

    def largest(self, first: int) -> pl.DataFrame:
        """The first breaks: open ones before accepted ones, then by size, equals in the order of keys."""
        size = pl.col("difference").abs()
        return self.breaks.sort(acceptance.is_open(), size, descending=True, maintain_order=True).head(first)


def reconcile(question: Question) -> Reconciled:
    """Our balances against a statement. Raises `InputRefusedError`, and `RulesRefusedError` for TOML."""
    folder = runs.find(question.out, question.run)
    read_as = mapping.load_all(question.mappings).get(STATEMENT_ROLE, mapping.Mapping())
    register = accepted_breaks.read(question.accepted) if question.accepted else accepted_breaks.none()
    damage.check_run(folder)
    _check_places(folder, question)
    theirs = statement.read(question.statement, read_as, _known(folder, question.out))
    years = theirs.rows["scoring_year"].unique().sort().to_list()
    ours = evidence.ours_at(folder, theirs.keys, years)
    keys = match(ours, theirs.rows, theirs.keys, question.tolerance)
    keys = _placed(keys, folder) if "household_id" in theirs.keys else _in_towns(keys, folder)
    _check_complete(keys, theirs)
    keys = _of_places(keys, question)
    differing = keys.filter(pl.col("outcome") != "matched").sort(KEYS.sort_keys, nulls_last=False)
    highest = ceilings(keys, theirs.keys[2:])
    explained = evidence.explained if "household_id" in theirs.keys else evidence.villages_explained
    breaks = explained(folder, question.out, differing, highest)
    day = question.as_of or clock.today()
    judged = acceptance.judged(breaks, register, day)
    grain = theirs.keys[2:]
    return Reconciled(
        run_id=folder.name,
        day=day,
        files=theirs.files,
        rows=theirs.rows.height,
        keys=keys.height,
        grain=grain,
        years=years,
        totals=control_totals(keys),
        breaks=judged,
        causes=acceptance.by_cause(judged),
        obsolete=acceptance.obsolete(_within(register, keys, question), keys, grain),
        passed_over=theirs.passed_over,
        warnings=theirs.warnings,
    )


def _known(folder: Path, out: Path) -> statement.Known:
    """The categories and items of the run's books, and of other kept runs': they may score by older ones."""
    others = [run for run in evidence.other_runs(folder, out) if damage.whole(run, ITEMS)]
    named = [
        runs.read(run, ITEMS).select(pl.col("category", "code").cast(pl.String)) for run in (folder, *others)
    ]
    items = pl.concat(named)
    return statement.Known(frozenset(items["category"]), frozenset(items["code"]))


def _check_places(folder: Path, question: Question) -> None:
    """Refuse towns and villages that the run does not have."""
    if not (question.villages or question.towns):
        return
    places = runs.scan(folder, PARTICIPATION).select(PLACE).unique().collect()
    for column, named in (("village_id", question.villages), ("town_id", question.towns)):
        unknown = sorted(set(named) - set(places[column]))
        if unknown:
            raise InputRefusedError(
                f"--{column.removesuffix('_id')} {unknown[0]}: the run has none of that id; name one that "
                "stands in its participation/",
                f"--{column.removesuffix('_id')} {unknown[0]}：这次运行中没有这个编号；请写 participation/ 中"
                "有的编号",
            )


def _placed(keys: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Keys of households without points in that year, at the place where the standings have them."""
    account = ["household_id", "scoring_year"]
    nowhere = keys.filter(pl.col("village_id").is_null())
    if nowhere.height == 0:
        return keys
    lost = nowhere.select(account).unique()
    standings = runs.scan(folder, STANDINGS).select(*account, *PLACE)
    places = standings.join(lost.lazy(), on=account, how="semi").collect()
    found = nowhere.drop(PLACE).join(places, on=account, how="left", maintain_order="left")
    known = keys.filter(pl.col("village_id").is_not_null())
    return pl.concat([known, found.select(keys.columns).cast(keys.schema)])


def _in_towns(keys: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Keys of villages without points in that year, in the town where the participation has them last."""
    towns = runs.read(folder, PARTICIPATION).sort("quarter").unique("village_id", keep="last")
    known = keys.join(towns.select("village_id", town="town_id"), on="village_id", how="left")
    return known.with_columns(pl.coalesce("town_id", "town").alias("town_id")).select(keys.columns)


def _check_complete(keys: pl.DataFrame, theirs: Statement) -> None:
    """Whatever the statement says stands in some key, once."""
    if keys["theirs"].sum() != theirs.rows["points"].sum() or keys["rows_theirs"].sum() != theirs.rows.height:
        raise InvariantBrokenError(
            "the keys do not add up to the statement; this is a fault of the program",
            "各项合计与对账表不符；这是程序的错误",
        )


def _of_places(keys: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Keys of the towns and villages asked for; those of households that nobody can place stay in."""
    if not (question.villages or question.towns):
        return keys
    asked = pl.col("village_id").is_in(question.villages) | pl.col("town_id").is_in(question.towns)
    return keys.filter(asked | pl.col("village_id").is_null())


def _within(register: pl.DataFrame, keys: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Entries that can be judged: with places asked for, only those of households that stand there."""
    if not (question.villages or question.towns):
        return register
    return register.join(keys, on="household_id", how="semi", maintain_order="left")
