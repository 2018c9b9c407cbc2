"""Small reconciliations for a pencil: a few events, what the other system says, and why it says so."""

from __future__ import annotations

from datetime import date

import polars as pl

import pencil
from jifen_batch.analysis.breaks.evidence import Evidence, OlderRules
from jifen_batch.analysis.breaks.explain import explain
from jifen_batch.analysis.breaks.match import match
from jifen_batch.analysis.breaks.patterns.levels import ceilings
from jifen_batch.kernels.successions import RENAMING

AS_OF = date(2024, 12, 31)
YEARLY = ("household_id", "scoring_year")
GRACE_DAYS = 15


def breaks(tables, events, theirs, keys=YEARLY, **more):
    """What breaks, explained: `theirs` are rows of the statement as tuples of the keys and the points.

    `people` is a register, `former` other rule books, `kept` those that the run is said to have had,
    `earlier` rows of (run, keys, points).
    """
    people = more.get("people", pencil.register())
    scored = pencil.scored(tables, events, people, AS_OF, GRACE_DAYS)
    ledger = scored.ledger
    ours = ledger.group_by("town_id", "village_id", *keys).agg(ours=pl.col("points").sum())
    types = {key: pl.Int32 if key == "scoring_year" else pl.String for key in keys}
    statement = pl.DataFrame(theirs, schema=types | {"points": pl.Int64}, orient="row")
    pairs = match(ours, statement, keys)
    held = Evidence(
        lines=ledger,
        unposted=scored.unposted,
        rejects=scored.rejects,
        register=people,
        renamed=more.get("renamed", RENAMING.to_frame()),
        tables=more.get("kept", tables),
        older=tuple(OlderRules("former", one) for one in more.get("former", ())),
        earlier=pl.DataFrame(
            more.get("earlier", []), schema={"run": pl.String, **types, "points": pl.Int64}, orient="row"
        ),
        as_of=AS_OF,
        grace_days=GRACE_DAYS,
    )
    highest = ceilings(pairs, keys[2:])
    return explain(pairs.filter(pl.col("outcome") != "matched"), held, highest)


def told(*args, **kwargs):
    """The cause of each break and what is behind it, in the order of the keys."""
    return list(breaks(*args, **kwargs).select("cause", "because").iter_rows())


def wang(points):
    """What they say of household wang in 2024."""
    return [("wang", 2024, points)]
