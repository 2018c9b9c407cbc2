"""Redemption files are taken as they come, or refused in one sentence."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.redemptions import read_redemptions

HEADER = "redemption_id,household_id,redeemed_on,points,status,goods"
GOOD = "a,wang,2023-05-01,30,done,毛巾"


def read(folder, *lines, header=HEADER):
    (folder / "spent.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return read_redemptions(find(str(folder), "redemptions").files)


def test_equal_copies_are_one_and_goods_may_be_missing(tmp_path):
    rows = read(tmp_path, GOOD, "b,wang,2023-05-01,30,done,", GOOD)
    assert rows.rows() == [
        ("a", "wang", date(2023, 5, 1), 30, "done", "毛巾"),
        ("b", "wang", date(2023, 5, 1), 30, "done", None),
    ]
    bare = read(tmp_path, GOOD.rpartition(",")[0], header=HEADER.rpartition(",")[0])
    assert bare["goods"].to_list() == [None]


def test_rows_keep_the_order_in_which_they_were_first_read(tmp_path):
    told = [f"{number % 500},wang,2023-05-01,{number % 500 + 1},done," for number in range(700)]
    assert read(tmp_path, *told)["points"].to_list() == [*range(1, 501)]


def test_parquet_of_other_widths_reads_the_same(tmp_path):
    text = read(tmp_path, GOOD)
    narrow = text.with_columns(pl.col("points").cast(pl.UInt8), pl.col("status").cast(pl.Categorical))
    narrow.write_parquet(tmp_path / "spent.parquet")
    (tmp_path / "spent.csv").unlink()
    assert read_redemptions(find(str(tmp_path / "*.parquet"), "redemptions").files).equals(text)


REFUSED = {
    "a column is missing": (HEADER.replace(",points", ""), "b,wang,2023-05-01,done,", "points is missing"),
    "a household is missing": (HEADER, "b,,2023-05-01,30,done,", "column household_id, row 3: is empty"),
    "an id is missing": (HEADER, ",wang,2023-05-01,30,done,", "column redemption_id, row 3: is empty"),
    "a day is missing": (HEADER, "b,wang,,30,done,", "column redeemed_on, row 3: is empty"),
    "no points": (HEADER, "b,wang,2023-05-01,0,done,", "column points, row 3: is not 1 to 1,000,000,000"),
    "points are negative": (HEADER, "b,wang,2023-05-01,-5,done,", "points, row 3: is not 1 to"),
    "points without end": (HEADER, "b,wang,2023-05-01,1000000001,done,", "points, row 3: is not 1 to"),
    "points are broken": (HEADER, "b,wang,2023-05-01,1.5,done,", "column points, row 3: is no whole"),
    "a day beyond the century": (HEADER, "b,wang,2100-01-01,5,done,", "redeemed_on, row 3: is not within"),
    "a day before it": (HEADER, "b,wang,1999-12-31,5,done,", "redeemed_on, row 3: is not within"),
    "no day": (HEADER, "b,wang,2023-02-30,5,done,", "column redeemed_on, row 3: is"),
    "another status": (HEADER, "b,wang,2023-05-01,5,Done,", "status, row 3: is none of done, returned"),
    "another story": (HEADER, "a,wang,2023-05-01,30,returned,毛巾", "redemption_id, row 3: names a"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_malformed_is_refused_with_its_place_and_a_remedy(tmp_path, case):
    header, bad, problem = REFUSED[case]
    good = GOOD if header == HEADER else "a,wang,2023-05-01,done,毛巾"
    with pytest.raises(InputRefusedError) as refused:
        read(tmp_path, good, bad, header=header)
    sentence = str(refused.value)
    assert sentence.startswith("redemptions: spent.csv: ")
    assert problem in sentence
    assert sentence.count("; ") == 1
    assert "wang" not in sentence
    assert "毛巾" not in sentence


def test_the_row_is_that_of_its_own_file(tmp_path):
    (tmp_path / "later.csv").write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(InputRefusedError, match=r"spent\.csv: column status, rows 2, 3: "):
        read(tmp_path, "b,wang,2023-05-01,5,x,", "c,wang,2023-05-01,5,x,")
