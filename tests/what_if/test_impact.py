"""Standings before and after, by pencil: who gains, who enters the first ten, who is most affected."""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis import impact
from jifen_batch.tables import STANDINGS
from jifen_batch.tables.impact import (
    FIRST_TEN,
    GRADES_MOVED,
    IMPACT,
    MOST_AFFECTED,
    ROWS_MOVED,
    VILLAGE_IMPACT,
)


def standings(nets, year=2023, village="v", *, ranked=True, grades=None):
    """Households of a village by net, ranked as the specification does; `grades` by household."""
    rows = [
        {
            "town_id": "t",
            "village_id": village,
            "household_id": name,
            "scoring_year": year,
            "net": net,
            "rank": 1 + sum(other > net for other in nets.values()) if ranked else None,
            "rank_in_town": None,
            "households": len(nets),
            "grade": (grades or {}).get(name),
        }
        for name, net in nets.items()
    ]
    return pl.DataFrame(rows, schema=STANDINGS.schema)


def told(rows, *columns):
    return rows.select(columns).rows()


def test_every_household_and_year_stands_with_what_it_had_and_has():
    rows = impact.impact(standings({"a": 5, "b": 3}), standings({"a": 5, "b": 7}))
    assert rows.schema == IMPACT.schema
    assert rows.rows() == [
        ("t", "v", "a", 2023, 5, 5, 0, 1, 2, None, None),
        ("t", "v", "b", 2023, 3, 7, 4, 2, 1, None, None),
    ]


def test_a_year_that_only_one_side_has_counts_as_no_points_and_no_rank():
    """A book that begins a year earlier scores a year that had no line before, and no standings."""
    both = standings({"a": 5})
    rows = impact.impact(both, pl.concat([both, standings({"a": 2}, year=2022)]))
    assert told(rows, "scoring_year", "net_before", "net_after", "rank_before", "rank_after") == [
        (2022, 0, 2, None, 1),
        (2023, 5, 5, 1, 1),
    ]


def test_quantiles_of_gains_and_losses_are_whole_points_that_somebody_gets():
    """Ten gain 1 to 10, the lower median is 5, nine in ten gain 9 or less; two lose 4 and 7."""
    before = {f"h{number:02}": 100 for number in range(13)}
    moves = [*range(1, 11), -4, -7, 0]
    after = {name: net + move for (name, net), move in zip(before.items(), moves, strict=True)}
    rows = impact.by_village(impact.impact(standings(before), standings(after)))
    assert rows.schema == VILLAGE_IMPACT.schema
    [row] = rows.to_dicts()
    counts = [row[name] for name in ("households", "gaining", "losing", "points_up", "points_down")]
    assert counts == [13, 10, 2, 55, -11]
    assert [row[f"gain_{name}"] for name in ("median", "90th", "max")] == [5, 9, 10]
    assert [row[f"loss_{name}"] for name in ("median", "90th", "max")] == [-4, -4, -7]


def test_a_village_in_which_nobody_gains_has_no_median_of_gains():
    rows = impact.by_village(impact.impact(standings({"a": 5}), standings({"a": 4})))
    assert told(rows, "gain_median", "gain_max", "loss_median", "loss_max") == [(None, None, -1, -1)]


def test_years_add_villages_up():
    before = pl.concat([standings({"a": 5}), standings({"b": 5}, village="w")])
    after = pl.concat([standings({"a": 9}), standings({"b": 4}, village="w")])
    rows = impact.by_year(impact.by_village(impact.impact(before, after)))
    assert told(rows, "scoring_year", "households", "points_up", "points_down") == [(2023, 2, 4, -1)]


def test_who_enters_and_leaves_the_first_ten():
    """The eleventh draws level with the sixth: four fall by a rank, and the tenth is out."""
    before = {f"h{number:02}": 100 - number for number in range(12)}
    after = before | {"h10": 95}
    moved = impact.impact(standings(before), standings(after))
    assert told(impact.by_village(moved), "ranks_changed", "first_ten_changed") == [(5, 1)]
    rows = impact.first_ten(moved)
    assert rows.schema == FIRST_TEN.schema
    assert told(rows, "household_id", "change", "rank_before", "rank_after") == [
        ("h10", "enters", 11, 6),
        ("h09", "leaves", 10, 11),
    ]


def test_a_household_without_a_rank_is_not_among_the_first_ten():
    rows = impact.impact(standings({"a": 5}, ranked=False), standings({"a": 5}))
    assert told(impact.first_ten(rows), "household_id", "change") == [("a", "enters")]
    assert impact.totals(rows) == {
        "households": 0,
        "points_up": 0,
        "points_down": 0,
        "ranks_changed": 1,
        "first_ten_changed": 1,
        "grades_changed": 0,
    }


def test_who_gains_loses_and_keeps_a_grade():
    """a loses its star, b gains one, c changes from four to five, d keeps what it has, e has none."""
    nets = dict.fromkeys("abcde", 5)
    before = standings(nets, grades={"a": "五星", "c": "四星", "d": "四星"})
    after = standings(nets, grades={"b": "四星", "c": "五星", "d": "四星"})
    rows = impact.impact(before, after)
    moved = impact.grades_moved(rows)
    assert moved.schema == GRADES_MOVED.schema
    assert told(moved, "household_id", "grade_before", "grade_after") == [
        ("a", "五星", None),
        ("b", None, "四星"),
        ("c", "四星", "五星"),
    ]
    assert impact.totals(rows)["grades_changed"] == 3


def test_gains_of_one_year_do_not_hide_losses_of_another():
    """Household a moves 6 points in two years and ends where it was; b moves 5; c does not move."""
    before = pl.concat([standings({"a": 5, "b": 5, "c": 5}), standings({"a": 5, "b": 5, "c": 5}, year=2024)])
    after = pl.concat([standings({"a": 8, "b": 5, "c": 5}), standings({"a": 2, "b": 0, "c": 5}, year=2024)])
    most = impact.most_affected(impact.impact(before, after), 20)
    assert most.schema == MOST_AFFECTED.schema
    assert told(most, "household_id", "net_before", "net_after", "difference", "moved", "rank_after") == [
        ("a", 10, 10, 0, 6, 2),
        ("b", 10, 5, -5, 5, 3),
    ]
    assert impact.most_affected(impact.impact(before, after), 1)["household_id"].to_list() == ["a"]


def test_of_equally_affected_households_the_first_by_id_is_told():
    rows = impact.impact(standings({"b": 1, "a": 1}), standings({"b": 2, "a": 2}))
    assert impact.most_affected(rows, 1)["household_id"].to_list() == ["a"]


def test_rows_move_by_outcome_and_an_item_that_is_missing_is_one_too():
    def rows(*told):
        return pl.DataFrame(told, schema=["row", "item", "outcome"], orient="row")

    before = rows(("1", "a", "unknown_item"), ("2", "a", "declared"), ("3", None, "missing_field"))
    after = rows(("1", "a", "unknown_item"), ("2", "a", "unknown_item"), ("3", None, "missing_field"))
    moved = impact.rows_moved(before, after)
    assert moved.schema == ROWS_MOVED.schema
    assert moved.rows() == [("a", "declared", 0, 1), ("a", "unknown_item", 1, 0)]
