"""Packed keys keep the very order of what they stand for, also where the short way ends."""

from __future__ import annotations

from datetime import date
from operator import itemgetter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.columns import packing
from jifen_batch.columns.groups import id_keys_within
from jifen_batch.columns.packing import id_keys, numbered, pack_keys, repeated
from jifen_batch.kernels.household_places import with_household_places
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.resolve import cross_household_hashes, resolve, resolve_cross_household
from pencil import events, register

WIDE = st.integers(-(2**40), 2**40)
NARROW = st.integers(-3, 3)


@pytest.mark.parametrize("numbers", [NARROW, WIDE], ids=["packed", "too wide to pack"])
@given(data=st.data())
def test_a_key_orders_and_repeats_as_its_columns_do(numbers, data):
    rows = data.draw(st.lists(st.tuples(numbers, NARROW, numbers), min_size=1, max_size=30))
    columns = [pl.Series(name, [row[at] for row in rows]) for at, name in enumerate("abc")]
    found = pack_keys(columns).to_list()
    pairs = list(zip(rows, found, strict=True))
    assert all((one < other) == (a < b) for one, a in pairs for other, b in pairs)


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 4), min_size=1, max_size=30))
def test_columns_too_wide_even_when_counted_become_one_after_the_other(rows):
    columns = [pl.Series(str(at), [row[at] for row in rows]) for at in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        # Two columns of up to 30 ranks fit into ten bits, and no more.
        patch.setattr(packing, "KEY_BITS", 10)
        found = pack_keys(columns).to_list()
    pairs = list(zip(rows, found, strict=True))
    assert all((one < other) == (a < b) for one, a in pairs for other, b in pairs)


ids = st.lists(st.text(st.sampled_from("ab\0é中zA0🙂"), max_size=40), min_size=1, max_size=40, unique=True)


@given(ids, st.sampled_from(["", "2023-", "x" * 30]))
def test_ids_rank_by_their_bytes(names, prefix):
    names = [prefix + name for name in names]
    ranks = id_keys(pl.Series(names)).to_list()
    ordered = [name for _, name in sorted(zip(ranks, names, strict=True))]
    assert ordered == sorted(names, key=str.encode)


@given(
    st.booleans(),
    st.lists(st.tuples(st.integers(3, 6), st.text(st.sampled_from("ab\0é中"), max_size=4)), unique=True),
)
def test_ids_rank_by_their_bytes_within_their_group(ascending, rows):
    rows = sorted(rows, key=itemgetter(0)) if ascending else rows
    groups = pl.Series([group for group, _ in rows], dtype=pl.UInt32)
    found = id_keys_within(groups, pl.Series([name for _, name in rows], dtype=pl.String))
    told = sorted(zip(groups, found, [name for _, name in rows], strict=True))
    assert [(group, name) for group, _, name in told] == sorted(
        rows, key=lambda row: (row[0], row[1].encode())
    )


@given(st.lists(st.text(st.sampled_from("ab\0é中"), max_size=20), max_size=20))
def test_ids_that_stand_several_times_are_numbered_once(names):
    distinct, numbers = numbered(pl.Series(names, dtype=pl.String))
    assert distinct.to_list() == sorted(set(names), key=str.encode)
    assert distinct.gather(numbers).to_list() == names


def test_ids_that_tie_on_the_bytes_that_fit_are_settled_by_the_whole():
    names = [f"{'ab' * 20}{tail}" for tail in ("z", "a", "")] + ["b" * 41, "B" * 41]
    ranks = id_keys(pl.Series(names)).to_list()
    assert ranks == [sorted(names, key=str.encode).index(name) for name in names]


@pytest.mark.parametrize("apart", [1, 10**15], ids=["close together", "far apart"])
@given(st.lists(st.integers(-4, 9), max_size=20))
def test_repeated_are_those_that_stand_more_than_once(apart, numbers):
    marks = repeated(pl.Series(numbers, dtype=pl.Int64) * apart).to_list()
    assert marks == [numbers.count(number) > 1 for number in numbers]


def test_colliding_hashes_change_no_row_resolution():
    rows = events(
        {"event_id": "copy", "item": "i"},
        {"event_id": "copy", "item": "i"},
        {"event_id": "two", "item": "i"},
        {"event_id": "two", "item": "j"},
        {"event_id": "torn", "item": "i"},
        {"event_id": "torn", "item": "i", "household_id": "li"},
        {"event_id": "alone", "item": "i"},
        {"item": "i"},
        {"item": "i"},
    )
    told = ["stands", "collapsed", "conflicting_revision", "conflicting_revision"]
    told += ["conflicting_household", "conflicting_household", "stands", "stands", "stands"]
    for hashes in (pl.Series.hash, lambda names: names.str.len_bytes().cast(pl.UInt64) * 0):
        places = number_places(register(wang=None, li=None), hashes)
        batch = with_household_places(rows, places)
        hashed = batch.select("id_hash", home="household").drop_nulls("id_hash")
        suspects = batch.filter(pl.col("id_hash").is_in(cross_household_hashes(hashed).implode()))
        torn = resolve_cross_household(suspects, date(2023, 12, 31), places)
        row_resolutions = batch.select("source", resolve(batch, date(2023, 12, 31), torn, places)).sort(
            "source"
        )
        assert row_resolutions["row_resolution"].to_list() == told
