"""Codes turned into the names of a part: the same texts, whatever else the process has named."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.kernels.naming import with_own_names


@given(
    before=st.lists(st.text(max_size=3)),
    names=st.lists(st.one_of(st.none(), st.sampled_from("戊甲乙丁丙bca"))),
)
def test_own_names_are_the_same_texts_in_the_order_of_their_bytes(before, names):
    elsewhere = pl.Series(before, dtype=pl.Categorical)
    texts = pl.Series("matter_id", names, dtype=pl.String)
    own = with_own_names(texts.cast(pl.Categorical).to_frame(), "matter_id")["matter_id"]
    assert own.cast(pl.String).equals(texts)
    assert own.dtype.categories.to_list() == sorted({name for name in names if name}, key=str.encode)
    assert elsewhere.len() == len(before)


def test_texts_stay_texts():
    rows = pl.DataFrame({"member_id": ["1", None]})
    assert with_own_names(rows, "member_id").equals(rows)
