"""What separates a household from the next: ranks as they stand in the village, equals and gaps."""

import polars as pl

from jifen_batch.analysis.neighbours import neighbours
from jifen_batch.tables import STANDINGS


def village(*rows, year=2023, name="v"):
    """Standings of (household, net, rank)."""
    named = [
        dict(zip(("household_id", "net", "rank"), row, strict=True))
        | {"town_id": "t", "village_id": name, "scoring_year": year, "rank_in_town": 1, "households": 9}
        for row in rows
    ]
    return pl.DataFrame(named, schema=STANDINGS.schema)


FIVE = village(("a", 90, 1), ("b", 70, 2), ("c", 70, 2), ("d", 60, 4), ("e", 99, None))


def distances(rows, household):
    names = ("level", "above_rank", "above_points", "above_households", "below_rank", "below_points")
    return neighbours(rows, household).select(names).rows()


def test_between_two_ranks_both_distances_are_told():
    assert distances(FIVE, "b") == [(1, 1, 20, 1, 4, 10)]


def test_the_next_rank_may_be_held_by_several():
    assert distances(FIVE, "d") == [(0, 2, 10, 2, None, None)]


def test_nobody_stands_above_the_first():
    assert distances(FIVE, "a") == [(0, None, None, None, 2, 20)]


def test_who_is_not_ranked_has_no_neighbours_and_is_nobodys():
    assert distances(FIVE, "e") == [(None, None, None, None, None, None)]


def test_years_and_villages_are_told_apart():
    rows = pl.concat([village(("a", 5, 1), year=2024), FIVE, village(("a", 1, 2), ("z", 2, 1), name="w")])
    found = neighbours(rows, "a").select("village_id", "scoring_year", "above_points", "below_points").rows()
    assert sorted(found) == [("v", 2023, None, 20), ("v", 2024, None, None), ("w", 2023, 1, None)]
