"""`explain` as a page: find the household, its rows, its rules; put its story together (specification 5).

Reads what one household needs of a run, however large: its rows by the sort keys, the village's
standings, and the rule books that were applied.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import announced_lines, line_arithmetic
from jifen_batch.analysis.grade_gaps import grade_gaps
from jifen_batch.analysis.neighbours import neighbours
from jifen_batch.analysis.objections import open_ones
from jifen_batch.dataclass import dataclass
from jifen_batch.desk.explain import governing_books, near_ids, own_wallet
from jifen_batch.errors import InputRefusedError
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.successions import OLD
from jifen_batch.published import announced, damage, identity, publish, runs, seek
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.signs import is_utf8
from jifen_batch.tables import BALANCES, LEDGER, OBJECTIONS, REGISTER, REJECTS, STANDINGS, UNPOSTED
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from jifen_batch.analysis.line_arithmetic import LineArithmetic
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.tables import Table

CHECK_ID = Sentence("check the id, or name an older run with --run", "请检查编号，或用 --run 指定较早的运行")
PLACE = ("town_id", "village_id")


@dataclass(frozen=True)
class Named:
    """A household by the id that it has `now` and those it had, by what is `renamed`."""

    now: str
    former: list[str]
    renamed: pl.DataFrame

    @property
    def named(self) -> pl.Expr:
        """Whether a row names it, by any id."""
        return pl.col("household_id").is_in([self.now, *self.former])

    def of_now(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Rows of it by the id of now."""
        return identity.of_now(rows, self.renamed)


def explain(out: Path, household: str, named: str = publish.CURRENT) -> LineArithmetic:
    """What became of everything that a household did, by the run of that name, in all years.

    The household may be named by any id that it has had.

    Raises `InputRefusedError` for a household that the run's register does not have, and for a file that
    cannot be read.
    """
    run = runs.find(out, named)
    quarters = announced.quarters(out)
    content = publish.read_manifest(run)
    as_of = str(content["as_of"])
    with damage.named(run, out, quarters):
        renamed = identity.renamed_by_run(run, content)
        household, *former = identity.ids_of(household, renamed)
        spells = _spells(run, household)
        who = Named(household, former, renamed)
        register = _of_villages(run, spells)
        found = _collected(run, out, who, register, quarters)
        last = announced.scan(out, ANNOUNCED_STANDINGS, quarters[-1:])
        stood = who.of_now(last.filter(who.named)).collect()
        objections = open_ones(runs.read(run, OBJECTIONS), date.fromisoformat(as_of))
    applied = {*found[LEDGER]["book"], *found[LINES]["book"], *found[CORRECTIONS]["book"]}
    book, places = _rules(run, register, applied)
    announced_as_of = _announced_as_of(out, quarters)
    hanging = announced_lines.hanging(found[LINES], found[CORRECTIONS])
    lines = announced_lines.announced(line_arithmetic.told(found[LEDGER], book), hanging)
    own = neighbours(found[STANDINGS], household)
    return line_arithmetic.LineArithmetic(
        run_id=run.name,
        as_of=as_of,
        household_id=household,
        former=renamed.filter(pl.col(OLD).is_in(former)),
        objections=_own_objections(objections, household, found),
        spells=spells,
        standings=own,
        grade_gaps=grade_gaps(own, lines, places, book),
        balances=found[BALANCES].sort("scoring_year", "category"),
        lines=lines,
        unposted=line_arithmetic.named(found[UNPOSTED], places, book),
        rejects=line_arithmetic.named(found[REJECTS], places, book),
        quarters=announced_as_of,
        wallet=own_wallet.own_wallet(
            *(run, out, [household, *former], found[ANNOUNCEMENT], announced_as_of),
            *(places, book, date.fromisoformat(as_of)),
        ),
        announced_standings=stood,
        hung=found[ANNOUNCEMENT],
        corrections=line_arithmetic.worded(found[CORRECTIONS], book),
        taken_down_next=line_arithmetic.worded(announced_lines.taken_down_next(found[LEDGER], hanging), book),
    )


def _spells(run: Path, household: str) -> pl.DataFrame:
    """The household's rows of the register. Raises `InputRefusedError` where it has none."""
    register = runs.scan(run, REGISTER)
    spells = register.filter(pl.col("household_id") == household).collect() if is_utf8(household) else None
    if spells is not None and spells.height:
        return spells.sort("enrolled_on")
    remedy = near_ids.meant(register, household) if spells is not None else None
    remedy = remedy or CHECK_ID
    problem = Sentence(f"it is not in the register of run {run.name}", f"运行 {run.name} 的农户名册中无此户")
    raise InputRefusedError(*refusal("HOUSEHOLD", problem, remedy))


def _collected(
    run: Path, out: Path, who: Named, register: pl.DataFrame, quarters: list[str]
) -> dict[Table, pl.DataFrame]:
    """The household's rows of each table, read together; of the standings those of its villages."""
    household = who.now
    # In every town that they were in: a year stays where it began.
    villages = register.select(PLACE).unique().sort(PLACE).to_dicts()
    household_places = [village | {"household_id": household} for village in villages]
    boards = _boards(out, who, quarters, household_places)
    nowhere = dict.fromkeys(PLACE) | {"household_id": household}
    years = seek.values(run, LEDGER)
    asked: dict[Table, list[pl.LazyFrame]] = {
        LEDGER: [
            seek.rows(run, LEDGER, household_place, year)
            for year in years
            for household_place in household_places
        ],
        BALANCES: [seek.rows(run, BALANCES, household_place) for household_place in household_places],
        STANDINGS: [seek.rows(run, STANDINGS, village) for village in villages],
        # A row without a date has no place, though its household has one.
        UNPOSTED: [seek.rows(run, UNPOSTED, key) for key in (*household_places, nowhere)],
        REJECTS: [seek.rows(run, REJECTS, key) for key in (*household_places, nowhere)],
        **{
            table: [
                identity.of_now(
                    announced.scan(out, table, quarters).filter(seek.matching(board)), who.renamed
                )
                for board in boards
            ]
            for table in (LINES, ANNOUNCEMENT)
        },
        # Few, and some of them may stand where the household was thought to live.
        CORRECTIONS: [who.of_now(announced.scan(out, CORRECTIONS, quarters).filter(who.named))],
    }
    return _read_together(asked)


def _of_villages(run: Path, spells: pl.DataFrame) -> pl.DataFrame:
    """The register of these spells' villages: in which town one is in a year, all its households say."""
    there = pl.col("village_id").is_in(spells["village_id"].unique().implode())
    return runs.scan(run, REGISTER).filter(there).collect()


def _own_objections(
    objections: pl.DataFrame, household: str, found: Mapping[Table, pl.DataFrame]
) -> pl.DataFrame:
    """Those that concern the household: itself, or an event that it has."""
    events = pl.concat([found[table]["event_id"] for table in (LEDGER, UNPOSTED, REJECTS)]).drop_nulls()
    of_event = pl.col("event_id").is_in(events.unique().implode())
    return objections.filter(of_event.fill_null(value=False) | (pl.col("household_id") == household))


def _boards(
    out: Path, who: Named, quarters: list[str], household_places: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Places where something of the household may hang: its own, and those that it was thought to have.

    A register that was corrected moves past years too. Where it stood before is in the standings of the
    last announcement, or in a correction.
    """
    said = [
        announced.scan(out, ANNOUNCED_STANDINGS, quarters[-1:]),
        announced.scan(out, CORRECTIONS, quarters),
    ]
    keys = [*PLACE, "household_id"]
    hung = [rows.filter(who.named).select(keys) for rows in said]
    former = [place | {"household_id": old} for place in household_places for old in who.former]
    known = pl.DataFrame([*household_places, *former], schema=dict.fromkeys(keys, pl.String)).lazy()
    return pl.concat([known, *hung]).unique().sort(keys).collect().to_dicts()


def _read_together(asked: Mapping[Table, list[pl.LazyFrame]]) -> dict[Table, pl.DataFrame]:
    """The frames of each table as one, all read at once; a ledger may have no year at all."""
    frames = iter(pl.collect_all([frame for each in asked.values() for frame in each]))
    return {
        table: pl.concat([next(frames) for _ in each]) if each else table.schema.to_frame()
        for table, each in asked.items()
    }


def _rules(run: Path, register: pl.DataFrame, applied: Collection[str]) -> tuple[RuleBook, Places]:
    """The rule books that have to do with the household, and its places, numbered."""
    places = number_places(register)
    ids = {*register["town_id"], *register["village_id"]}
    loaded = governing_books.governing(run, applied, ids)
    return rule_book(loaded.tables, places), places


def _announced_as_of(out: Path, quarters: list[str]) -> pl.DataFrame:
    """The announced quarters, and the day that each was announced as of."""
    days = [publish.read_manifest(announced.folder(out, quarter)).get("as_of") for quarter in quarters]
    return pl.DataFrame(
        {"quarter": quarters, "as_of": days}, schema={"quarter": pl.String, "as_of": pl.String}
    )
