"""Whose events have a line: stretches of one owner, their sums, and those of some owners."""

from __future__ import annotations

import polars as pl

from jifen_batch.kernels.posted_events import PostedEvents


def posted(*rows):
    schema = {"household": pl.String, "event": pl.UInt64}
    return PostedEvents.of(pl.DataFrame(rows, schema=schema, orient="row"))


ROWS = [("a", 7), ("a", 8), ("b", 9), ("a", 7)]


def test_rows_are_kept_as_stretches_of_one_owner_and_come_back_as_they_were():
    kept = posted(*ROWS)
    assert kept.owners.rows() == [("a", 2), ("b", 1), ("a", 1)]
    assert kept.rows().rows() == ROWS
    assert PostedEvents.together([kept, posted(("c", 1))]).rows().rows() == [*ROWS, ("c", 1)]


def test_the_events_of_a_stretch_are_added_up_modulo_2_to_the_64():
    kept = posted(("a", 2**64 - 1), ("a", 3), ("b", 5))
    assert kept.sums().rows() == [("a", 2, 2), ("b", 1, 5)]


def test_those_of_some_owners_are_picked_out():
    kept = posted(*ROWS)
    assert kept.where(kept.owners["household"] == "a").rows().rows() == [("a", 7), ("a", 8), ("a", 7)]
    assert kept.where(kept.owners["household"] == "c").rows().rows() == []


def test_of_nothing_there_is_nothing():
    assert posted().sums().rows() == posted().rows().rows() == []
