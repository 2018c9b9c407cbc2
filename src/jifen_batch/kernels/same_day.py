"""Approved events of one household, item and day: where one event may stand under two ids.

An old file beside its copy from a sheet program says every event twice, and no id twice. Which of these
ids are the same written otherwise is asked where texts are known; here only the few are found to ask it of.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.columns.packing import pack_keys, repeated

SAME_DAY = {"day": pl.Int64, "event_id": pl.String, "source": pl.Int64}


def same_day(approved: pl.DataFrame, sources: pl.Series, household_places: range) -> pl.DataFrame:
    """Events of these household places that are not alone on their day (`SAME_DAY`), as they come.

    `day` numbers household, item and `occurred_on`. `approved` are as `approved_events` gives them, each of
    which stands; `sources` number the rows that they are in `event_row` of.
    """
    day = pack_keys([approved[name] for name in ("account", "rule", "occurred_on")]).alias("day")
    again = repeated(day)
    if not again.any():
        return pl.DataFrame(schema=SAME_DAY)
    some = approved.select_seq("event_id", "event_row", "household_place").with_columns_seq(day)
    some = some.filter(again)
    some = some.with_columns_seq(sources[some["event_row"]].alias("source"))
    own = some["household_place"].is_between(household_places.start, household_places.stop, closed="left")
    return some.filter(own).select_seq(*SAME_DAY)
