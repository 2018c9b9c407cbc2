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
from jifen_batch.analysis.breaks.causes.last import earlier_figures, missing_events
from jifen_batch.analysis.breaks.combine import FOUND, explained, explained_alone
from jifen_batch.analysis.breaks.hypotheses import ACCOUNT, add_up, tried
from jifen_batch.tables.reconciled import BREAKS, GRAIN

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.evidence import Evidence


def explain(breaks: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Breaks (`KEYS`, none matched) with `cause` and what goes with it (`BREAKS`), in their order.

    All breaks of one statement name the same keys; `evidence` holds all of their households. `cause` is
    null where nothing explains the difference to the point, and where several causes would.
    """
    grain = [name for name in GRAIN if breaks[name].null_count() < breaks.height]
    names = [*ACCOUNT, *grain]
    keys = breaks.with_columns(
        key=pl.int_range(pl.len()).cast(pl.Int64), amount=pl.col("theirs") - pl.col("ours")
    )
    facts = _facts(keys, evidence.register["household_id"])
    asked = keys.filter(pl.col("outcome") != "duplicated_theirs").join(facts, on="key", how="anti")
    done = tried(asked, candidates(asked, evidence), evidence, grain)
    tested = explained(asked, done.atoms, partial(add_up, done))
    left = asked.join(tested, on="key", how="anti")
    earlier = explained_alone(left, earlier_figures(left, evidence.earlier, names))
    left = left.join(earlier, on="key", how="anti")
    missing = explained_alone(left, missing_events(left, evidence.lines, names))
    return _told(keys, pl.concat([facts, tested, earlier, missing]))


def _facts(keys: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """What can be seen without trying: households nobody enrolled, rows that stand twice (`FOUND`)."""
    stranger = (pl.col("outcome") == "only_theirs") & ~pl.col("household_id").is_in(known.unique().implode())
    doubled = (pl.col("outcome") == "duplicated_theirs") & (pl.col("theirs_once") == pl.col("ours"))
    cause = (
        pl.when(stranger)
        .then(pl.lit("unknown_household"))
        .when(doubled)
        .then(pl.lit("duplicate_row"))
        .otherwise(pl.lit(None, dtype=pl.String))
    )
    facts = keys.select("key", cause=cause, because=pl.lit(None), pieces=1, explanations=1)
    return facts.select(pl.col(name).cast(kind) for name, kind in FOUND.items()).drop_nulls("cause")


def _told(keys: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The breaks with what was found of them (`BREAKS`)."""
    told = keys.join(found, on="key", how="left", maintain_order="left")
    told = told.with_columns(
        pl.col("explanations").fill_null(0),
        explained=pl.when(pl.col("cause").is_not_null()).then("amount"),
    )
    return told.select(BREAKS.names).cast(dict(BREAKS.schema))  # type: ignore[arg-type]
