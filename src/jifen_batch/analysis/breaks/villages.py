"""Breaks of whole villages: what a mistake made everywhere would bring all of its households together.

A statement that only names villages hides who differs. So only mistakes that a system makes throughout are
tried: all of a kind, or a rule or book that it has otherwise, added up over the households of the village.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.candidates import candidates
from jifen_batch.analysis.breaks.combine import explained_alone
from jifen_batch.analysis.breaks.explain import told
from jifen_batch.analysis.breaks.hypotheses import tried
from jifen_batch.analysis.breaks.patterns.rivals import without_rivals
from jifen_batch.analysis.breaks.patterns.strength import OF_ONE, with_strength
from jifen_batch.tables.reconciled import GRAIN

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.evidence import Evidence

PLACE = ("town_id", "village_id")
ATOMS = pl.Schema(
    {
        "key": pl.Int64(),
        "cause": pl.String(),
        "part": pl.String(),
        "whole": pl.Boolean(),
        "because": pl.String(),
        "amount": pl.Int64(),
    }
)


def village_atoms(keys: pl.DataFrame, ours: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """What each mistake made throughout would change in breaks of villages (`ATOMS`).

    `keys` (`keyed`) are breaks of some villages, `ours` our figures of all of their households: the place,
    `household_id`, year, grain and `ours`; `evidence` holds those households.
    """
    grain = [name for name in GRAIN if keys[name].null_count() < keys.height]
    place = [*PLACE, "scoring_year", *grain]
    asked = ours.join(keys, on=place, how="semi").with_columns(key=pl.int_range(pl.len()).cast(pl.Int64))
    done = tried(asked, candidates(asked, evidence), evidence, grain)
    named = done.atoms.join(asked.select("key", *place), on="key").with_columns(_pattern())
    # Of one kind of rows a household has them all at once, or only one of them.
    alone = ~pl.col("whole").any().over("key", "cause") & (pl.len().over("key", "cause") == 1)
    throughout = (pl.col("pattern") != "") | pl.col("whole") | alone
    sums = named.filter(throughout).group_by(*place, "cause", "pattern").agg(pl.col("amount").sum())
    atoms = sums.join(keys.select("key", *place), on=place)
    atoms = atoms.with_columns(part="pattern", whole=pl.lit(value=True), because="pattern")
    return atoms.select(pl.col(name).cast(kind) for name, kind in ATOMS.items())


def explain_villages(keys: pl.DataFrame, atoms: pl.DataFrame) -> pl.DataFrame:
    """Breaks of villages (`keyed`) with their causes (`BREAKS`), in their order."""
    of_villages = keys.with_columns(household_id="village_id")
    found = explained_alone(keys, without_rivals(atoms, of_villages))
    return told(keys, with_strength(found, atoms, of_villages))


def _pattern() -> pl.Expr:
    """The rule, book or run of a mistake that is about one; empty of others."""
    one = pl.col("cause").cast(pl.String).is_in(OF_ONE)
    return pl.when(one).then("because").otherwise(pl.lit("")).alias("pattern")
