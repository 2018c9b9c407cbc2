"""Another system's statement about a county: right for most, and for some wrong in a way that is known.

Each mistake is made where such a system would make it, in its rows or in its rules, and the households
it befell are scored again from there by the worker's own pass. The engine that is tested sees nothing
of this; it only has what the run published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import pencil
from breaks import county
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables

OF_FLAW = {
    "declared": "pending",
    "assessed": "pending",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "early": "not_yet_posted",
    "item": "rejected",
    "member": "rejected",
    "until": "rejected",
    "household": "rejected",
}
# In the order in which causes are named together.
ROW_CAUSES = ("pending", "declined", "withdrawn", "rejected", "not_yet_posted")


@dataclass(frozen=True)
class Case:
    """What some households are scored from."""

    rows: pl.DataFrame
    register: pl.DataFrame
    books: RuleTables
    as_of: date = county.AS_OF
    grace_days: int = county.GRACE_DAYS


@dataclass(frozen=True)
class System:
    """What the other system is about: a county, rule books in force and former ones, and its statement's
    `keys`; `ours` are the published figures, `keys` and `ours`."""

    made: county.County
    ours: pl.DataFrame
    books: RuleTables
    former: RuleTables
    keys: list[str]


@dataclass(frozen=True)
class Planted:
    """`statement`: keys and `points`; `truth`: the keys that are wrong, and their true `cause`."""

    statement: pl.DataFrame
    truth: pl.DataFrame


def plant(system, share, seed):
    """The statement with about this share of the households wrong, for all causes alike."""
    made, keys = system.made, system.keys
    rng = np.random.default_rng(seed)
    wanted = int(share * made.register.height)
    kinds = _kinds(system)
    taken = pl.Series("number", [], dtype=pl.Int64)
    theirs, truth = [], []
    for place, (causes, numbers, change) in enumerate(kinds):
        free = numbers.filter(~numbers.is_in(taken.implode())).unique().sort()
        room = (wanted - sum(part["household_id"].n_unique() for part in truth)) // (len(kinds) - place)
        chosen = free.gather(np.sort(rng.permutation(free.len())[: int(1.2 * room)]))
        told = _told(system, chosen, causes, change)
        wrong = told.filter(pl.col("cause").is_not_null())
        befallen = wrong.select("household_id").unique().sort("household_id").head(room)
        taken = pl.concat([taken, chosen])
        theirs.append(told.join(befallen, on="household_id", how="semi"))
        truth.append(wrong.join(befallen, on="household_id", how="semi"))
    wrong, truth = pl.concat(theirs), pl.concat(truth)
    right = system.ours.rename({"ours": "points"}).join(wrong, on="household_id", how="anti")
    statement = pl.concat([right.select(*keys, "points"), wrong.select(*keys, "points")])
    return Planted(statement, truth.select(*keys, "cause"))


def without_deductions(system):
    """The statement of a system that knows no deductions, whoever it is about."""
    everybody = system.made.register["household_id"].str.tail(7).cast(pl.Int64)
    told = _told(system, everybody, ("deduction_left_out",), _no_deductions)
    return told.select(*system.keys, "points")


def _told(system, numbers, causes, change):
    """What they say of some households, `keys` and `points`, and the true `cause` where it is wrong.

    Where several mistakes were made at once, those are true of a key without which it would differ.
    """
    keys, ours = system.keys, system.ours
    chosen = _chosen(system.made, numbers, system.books)
    ids = _ids(numbers).rename("household_id").to_frame()
    told = ours.join(ids, on="household_id", how="semi").select(*keys, "ours")
    told = told.join(_figures(change(chosen), keys), on=keys, how="full", coalesce=True)
    named = pl.lit(causes[0])
    if len(causes) > 1:
        for cause in causes:
            others = _figures(_as_meant(set(causes) - {cause})(chosen), keys)
            told = told.join(others.rename({"points": cause}), on=keys, how="left")
        told = told.with_columns(pl.col("points", *causes).fill_null(0))
        effects = [pl.when(pl.col(cause) != pl.col("points")).then(pl.lit(cause)) for cause in causes]
        named = pl.concat_str(effects, separator="+", ignore_nulls=True)
    told = told.with_columns(pl.col("ours", "points").fill_null(0))
    wrong = (pl.col("ours") != pl.col("points")) & (named != "")
    return told.select(*keys, "points", cause=pl.when(wrong).then(named))


def _chosen(made, numbers, tables):
    """The rows of some households, as rows and as meant, ready to be scored."""
    hit = made.rows["number"].is_in(numbers.implode())
    case = Case(
        rows=made.rows.filter(hit),
        register=made.register.filter(pl.col("household_id").is_in(_ids(numbers).implode())),
        books=tables,
    )
    return case, made.meant.filter(hit)


def _ids(numbers):
    return numbers.to_frame("number").select(county.ids(pl.col("number"))).to_series()


def _figures(changed, keys):
    """Net points by `keys`."""
    case, left_out = changed
    rows = case.rows.select(EVENTS.names, source=pl.int_range(pl.len(), dtype=pl.Int64))
    rows = rows.with_columns(pl.col("quantity").cast(pl.Int64))
    scored = pencil.scored(case.books, rows, case.register, case.as_of, case.grace_days)
    ledger = scored.ledger.filter(~pl.col("disposition").is_in(left_out))
    return ledger.group_by(keys).agg(pl.col("points").sum())


def _kinds(system):
    """Causes, households it could befall, and how it changes what they are scored from; scarce ones first."""
    made, rows = system.made, system.made.rows
    of_item = lambda *codes: rows.filter(pl.col("item").is_in(codes))["number"]  # noqa: E731 - a word for it
    flaw = rows.select("number", cause=pl.col("flaw").replace_strict(OF_FLAW, default=None)).drop_nulls()
    kinds = [
        ("forfeiture_not_taken_back", of_item("rental.accident", "custom.banquet_breach"), _no_forfeits),
        ("forfeiture_not_taken_back", of_item("rental.accident"), _no_reversals),
        ("older_revision", rows.filter(pl.col("flaw") == "older")["number"], _older_revisions),
        ("tier_counted_twice", of_item("honour.moral.district", "honour.family.district"), _no_tiers),
        ("not_enrolled", _newcomers(made), _always_enrolled),
        ("duplicate", _repeated(rows), _unlimited),
        ("cap_not_applied", _many(rows), _no_caps),
        *(
            (cause, flaw.filter(pl.col("cause") == cause)["number"], _as_meant({cause}))
            for cause in reversed(ROW_CAUSES)
        ),
        ("deduction_left_out", of_item("deliberation.absence", "environment.check_failed"), _no_deductions),
        ("older_rules", of_item("courtyard.contest", "service.military"), _with_books(system.former)),
    ]
    if "quarter" in system.keys:
        kinds.append(("late_approval", rows.filter(pl.col("flaw") == "late")["number"], _by_day))
    twice = [(ROW_CAUSES, _with_two(flaw), _as_meant(set(ROW_CAUSES)))]
    return twice + [((cause,), numbers, change) for cause, numbers, change in kinds]


def _newcomers(made):
    first = pl.date(county.YEAR, 1, 1)
    late = made.register.filter(pl.col("enrolled_on") > first)["household_id"]
    return late.str.tail(7).cast(pl.Int64).rename("number")


def _repeated(rows):
    yearly = rows.filter(pl.col("item").is_in([*county.ONCE][:9]))
    return yearly.filter(pl.len().over("number", "item") > 1)["number"]


def _many(rows):
    services = rows.filter(pl.col("item") == county.VOLUNTEERS)
    return services.filter((pl.len().over("number") > 18) | (pl.col("quantity") > 2))["number"]


def _with_two(flaw):
    pairs = flaw.filter(pl.len().over("number") == 2)
    return pairs.filter(pl.col("cause").n_unique().over("number") == 2)["number"]


def _as_meant(causes):
    """The rows with a flaw of these causes as they were meant."""

    def change(chosen):
        case, meant = chosen
        hit = case.rows.select(pl.col("flaw").replace_strict(OF_FLAW, default="").is_in(causes)).to_series()
        right = case.rows.filter(~hit).select(EVENTS.names)
        as_of = case.as_of + timedelta(days=31 if "not_yet_posted" in causes else 0)
        rows = pl.concat([right, meant.filter(hit).select(EVENTS.names)])
        return replace(case, rows=rows, as_of=as_of), []

    return change


def _older_revisions(chosen):
    case, _ = chosen
    older = case.rows.filter(pl.col("flaw") == "older")
    standing = case.rows.filter(~pl.col("event_id").is_in(older["event_id"].implode()))
    return replace(case, rows=pl.concat([standing, older])), []


def _no_reversals(chosen):
    return chosen[0], ["reversed"]


def _no_deductions(chosen):
    case, _ = chosen
    losses = ["deliberation.absence", "environment.check_failed", "violation.building"]
    return replace(case, rows=case.rows.filter(~pl.col("item").is_in(losses))), []


def _always_enrolled(chosen):
    case, _ = chosen
    return replace(case, register=case.register.with_columns(enrolled_on=pl.date(2020, 1, 1))), []


def _by_day(chosen):
    return replace(chosen[0], grace_days=400), []


def _with_books(books):
    return lambda chosen: (replace(chosen[0], books=books), [])


def _with_items(**columns):
    """The rules with some columns of every item changed."""

    def change(chosen):
        case, _ = chosen
        items = case.books.items.with_columns(**columns)
        return replace(case, books=replace(case.books, items=items)), []

    return change


_no_caps = _with_items(
    cap=pl.lit(None, dtype=pl.String),
    cap_points=pl.lit(None, dtype=pl.Int64),
    matter_cap=pl.lit(None, dtype=pl.Int64),
)
_no_tiers = _with_items(exclusive=pl.lit(None, dtype=pl.String))
_unlimited = _with_items(per=pl.when(pl.col("per") == "year").then(pl.lit("event")).otherwise("per"))


def _no_forfeits(chosen):
    case, left_out = _with_items(forfeits_scope=pl.lit(None, dtype=pl.String))(chosen)
    return replace(case, books=replace(case.books, forfeits=case.books.forfeits.clear())), left_out


def former_rules(text: str) -> str:
    """The shipped book as it might have been before: fewer points for two items, more for one."""
    for code, points, former in (
        ("courtyard.contest", 15, 12),
        ("service.military", 60, 48),
        ("education.local_job", 50, 42),
    ):
        begin = text.index(f'code = "{code}"')
        at = text.index(f"points = {points}\n", begin)
        text = text[:at] + f"points = {former}\n" + text[at + len(f"points = {points}\n") :]
    return text
