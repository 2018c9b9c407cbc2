"""Every break explained as far as the amounts bear it out: the page of the engine (specification 5).

Facts about the statement come first. Then every mistake that the households' rows and rules give room
for is tried on the amounts, and what fits to the point is weighed. What any figure can be made to fit
(an older run of ours, an event that they lack) is only looked at where nothing else explains a key.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.candidates import candidates
from jifen_batch.analysis.breaks.causes.ids import changed_ids
from jifen_batch.analysis.breaks.causes.last import earlier_figures, missing_events
from jifen_batch.analysis.breaks.combine import FOUND, explained, explained_alone
from jifen_batch.analysis.breaks.hypotheses import ACCOUNT, add_up, tried
from jifen_batch.analysis.breaks.patterns.cap_figures import cap_figures
from jifen_batch.analysis.breaks.patterns.levels import same_differences, total_caps
from jifen_batch.analysis.breaks.patterns.rivals import without_rivals
from jifen_batch.analysis.breaks.patterns.strength import with_strength
from jifen_batch.scheme.causes import FITS, PROVED
from jifen_batch.tables.reconciled import BREAKS, GRAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.evidence import Evidence


def explain(breaks: pl.DataFrame, evidence: Evidence, highest: pl.DataFrame) -> pl.DataFrame:
    """Breaks (`KEYS`, none matched) with `cause` and what goes with it (`BREAKS`), in their order.

    All breaks of one statement name the same keys; `evidence` holds all of their households, `highest` the
    highest sums of theirs (`patterns.levels.ceilings`). `cause` is null where nothing explains the difference
    to the point, and where several causes would.
    """
    grain = [name for name in GRAIN if breaks[name].null_count() < breaks.height]
    names = [*ACCOUNT, *grain]
    keys = keyed(breaks)
    facts = _facts(keys, names, evidence)
    asked = keys.filter(pl.col("outcome") != "duplicated_theirs").join(facts, on="key", how="anti")
    done = tried(asked, candidates(asked, evidence), evidence, grain)
    tested = explained(asked, without_rivals(done.atoms, asked), partial(add_up, done))
    left = asked.join(tested, on="key", how="anti")
    past = earlier_figures(asked, evidence.earlier, names)
    earlier = explained_alone(left, past)
    left = left.join(earlier, on="key", how="anti")
    missing = explained_alone(left, missing_events(left, evidence.lines, names))
    weighed = ("key", "cause", "because", "amount")
    atoms = pl.concat([done.atoms.select(weighed), past.select(weighed)])
    found = with_strength(pl.concat([facts, tested, earlier, missing]), atoms, keys)
    shown = [
        cap_figures(asked, done.atoms, evidence, names),
        total_caps(asked, highest, grain),
        same_differences(asked, found),
    ]
    return told(keys, _strongest(found, [_as_found(one) for one in shown]))


def keyed(breaks: pl.DataFrame) -> pl.DataFrame:
    """Breaks with a number, `key`, and `amount`, what a cause must come to: theirs - ours."""
    return breaks.with_columns(
        key=pl.int_range(pl.len()).cast(pl.Int64), amount=pl.col("theirs") - pl.col("ours")
    )


def _facts(keys: pl.DataFrame, names: Sequence[str], evidence: Evidence) -> pl.DataFrame:
    """What can be seen without trying: changed ids, households nobody enrolled, rows that stand twice."""
    known = evidence.register["household_id"].unique()
    renamed = _as_found(changed_ids(keys, names, evidence.renamed, known))
    stranger = (pl.col("outcome") == "only_theirs") & ~pl.col("household_id").is_in(known.implode())
    doubled = (pl.col("outcome") == "duplicated_theirs") & (pl.col("theirs_once") == pl.col("ours"))
    cause = (
        pl.when(stranger)
        .then(pl.lit("unknown_household"))
        .when(doubled)
        .then(pl.lit("duplicate_row"))
        .otherwise(pl.lit(None, dtype=pl.String))
    )
    seen = keys.select("key", cause=cause, because=pl.lit(None), strength=pl.lit(PROVED))
    seen = _as_found(seen.drop_nulls("cause"))
    return pl.concat([renamed, seen.join(renamed, on="key", how="anti")])


def _as_found(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `key`, `cause`, `because` and `strength` as `FOUND`: one explanation each, in one piece."""
    rows = rows.with_columns(pieces=pl.lit(1), explanations=pl.lit(1))
    return rows.select(pl.col(name).cast(kind) for name, kind in FOUND.items())


def _strongest(found: pl.DataFrame, shown: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row per key: what is proved before what fits, and that before nothing; tested causes first."""
    weight = (
        pl.when(pl.col("strength") == PROVED).then(0).when(pl.col("strength") == FITS).then(2).otherwise(4)
    )
    rows = [found.with_columns(weight=weight, place=0)]
    rows += [one.with_columns(weight=weight + 1, place=at) for at, one in enumerate(shown, 1)]
    ordered = pl.concat(rows).sort("key", "weight", "place")
    return ordered.unique("key", keep="first", maintain_order=True).drop("weight", "place")


def told(keys: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The breaks with what was found of them (`BREAKS`)."""
    told = keys.join(found, on="key", how="left", maintain_order="left")
    told = told.with_columns(
        pl.col("explanations").fill_null(0),
        explained=pl.when(pl.col("cause").is_not_null()).then("amount"),
    )
    return told.select(BREAKS.names).cast(dict(BREAKS.schema))  # type: ignore[arg-type]
