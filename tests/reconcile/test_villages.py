"""Statements that name villages and no households."""

import polars as pl
import pytest

KEYS = ["village_id", "scoring_year", "category"]


@pytest.fixture
def theirs(village):
    """What is right, by village, year and category."""
    balances = pl.read_parquet(f"{village.folder}/balances/**/*.parquet")
    return balances.group_by(KEYS).agg(points=pl.col("net").sum()).sort(KEYS)


def test_villages_that_agree_have_no_break(reconcile, theirs):
    result = reconcile(theirs)
    assert result.exit_code == 0
    assert (result.said["keys"], result.said["breaks"]) == (theirs.height, [])


def test_a_village_that_differs_is_one_break_without_a_household(reconcile, theirs):
    wrong = theirs.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.col("points") + 1).otherwise("points")
    )
    result = reconcile(wrong)
    assert result.exit_code == 4
    (found,) = result.said["breaks"]
    assert (found["village_id"], found["household_id"], found["difference"]) == (
        theirs["village_id"][0],
        None,
        -1,
    )
    assert found["cause"] is None
    assert "差异明细" in reconcile(wrong, as_json=False).stdout


def test_deductions_left_out_in_all_villages_are_told(reconcile, village, theirs):
    ledger = pl.read_parquet(f"{village.folder}/ledger/**/*.parquet", hive_partitioning=True)
    losses = ledger.filter(pl.col("disposition") == "deducted").with_columns(
        pl.col("scoring_year").cast(pl.Int32)
    )
    losses = losses.group_by(KEYS).agg(lost=pl.col("points").sum())
    without = theirs.join(losses, on=KEYS, how="left").with_columns(
        points=pl.col("points") - pl.col("lost").fill_null(0)
    )
    result = reconcile(without.select(*KEYS, "points"))
    causes = [one["cause"] for one in result.said["breaks"]]
    told = [cause for cause in causes if cause]
    assert set(told) == {"deduction_left_out"}
    assert len(told) >= len(causes) / 2 > 2, (
        "several mistakes may come to one sum, and a village is many households"
    )
