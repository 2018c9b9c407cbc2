"""Integer keys that sort like the columns they stand for.

Sorting one packed integer is many times cheaper than sorting several columns or strings. A packed key
is exact, not a hash: it keeps the very order of its columns. Where the columns do not fit into 63 bits,
or ids differ only beyond the bytes that fit, the slow exact path takes over.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

KEY_BITS = 63
WHOLE = 1 << 64
# Room of so many places a key, four or eight bytes each, is filled and looked through faster than keys are
# sorted; so much room is always there.
PLACES_PER_KEY = 64
PLACES_AT_LEAST = 1 << 16
# Checksums of events that are kept beside runs are made of these hashes, so that it stays as it is.
ID_SEED = 2023
# Ids of every length that hashes are made of in another way, of one, two and three bytes a character.
PROBED = ("", "a", "E-2024-0117", "310113102-0042-7", "é" * 16, "户" * 33, "x" * 257)
PROBE_DIGITS = 16


def pack_keys(columns: Sequence[pl.Series]) -> pl.Series:
    """One Int64 per row that sorts, and repeats, exactly as the integer columns do together.

    Columns are integers or dates without nulls, the first the most significant. Exact because the key
    counts in digits, one a column, of which each has as many values as its measured spread; the cost is
    a product and a sum a column, in place. Where there is no room for that, the widest columns are counted:
    what they hold is ranked, which takes a sort.
    """
    columns = [column if column.dtype.is_integer() else column.cast(pl.Int32) for column in columns]
    spreads = [value_span(column) for column in columns]
    for widest in sorted(range(len(columns)), key=spreads.__getitem__, reverse=True):
        if math.prod(spreads) < 1 << KEY_BITS:
            break
        columns[widest] = columns[widest].rank("dense")
        spreads[widest] = value_span(columns[widest])
    if math.prod(spreads) >= 1 << KEY_BITS:
        # Two columns of ranks always fit, and become one.
        return pack_keys([pack_keys(columns[:2]).rank("dense"), *columns[2:]])
    key, least = np.zeros(columns[0].len(), dtype=np.int64), 0
    for column, spread in zip(columns, spreads, strict=True):
        if spread > 1:
            # What the lowest values come to is taken off at the end; until then sums may wrap, and back.
            key *= spread
            np.add(key, column.to_numpy(), out=key, dtype=np.int64, casting="unsafe")
            least = least * spread + int(column.min())  # type: ignore[arg-type]
    key -= np.uint64(least % WHOLE).astype(np.int64)
    return pl.Series("key", key)


def value_span(values: pl.Series) -> int:
    """How many whole numbers there are from the least to the greatest; 1 where there are none."""
    if values.len() == 0:
        return 1
    return int(values.max()) - int(values.min()) + 1  # type: ignore[arg-type]


def close_together(keys: pl.Series) -> bool:
    """Whether there is room for a place for every whole number between the keys."""
    return value_span(keys) <= max(PLACES_PER_KEY * keys.len(), PLACES_AT_LEAST)


def repeated(keys: pl.Series) -> pl.Series:
    """Which rows carry a key that stands more than once; one boolean per row. Keys have no nulls.

    Keys that lie close together have a place each, and a row that finds another one there is told at
    once. Of others sorted neighbours tell which keys repeat. They are few, so looking each row up among
    them costs little: the shape of every search here for the few rows that could matter.
    """
    if close_together(keys):
        return _met(keys)
    ordered = keys.sort()
    again = ordered.filter(ordered == ordered.shift(1)).unique()
    if again.len() == 0:
        return pl.Series([False]).new_from_index(0, keys.len())
    return keys.is_in(again.implode())


def _met(keys: pl.Series) -> pl.Series:
    """The same for keys that lie close together: the last row of each place stays there.

    Exact, because only places that some row wrote are read; rows that come sorted find theirs near by.
    """
    places = (keys - keys.min()).cast(pl.Int64).to_numpy()
    rows = np.arange(len(places), dtype=np.uint32)
    last = np.empty(value_span(keys), dtype=np.uint32)
    last[places] = rows
    displaced = places[last[places] != rows]
    if not len(displaced):
        return pl.Series([False]).new_from_index(0, keys.len())
    last[displaced] = len(places)
    return pl.Series(last[places] == len(places))


def id_hashes(ids: pl.Series) -> pl.Series:
    """A hash of each id (UInt64), of null as well; the same wherever the same polars runs."""
    return ids.hash(ID_SEED)


def hash_probe() -> str:
    """Sixteen hexadecimal digits that are the same just where ids have the same hashes.

    Another polars hashes otherwise, and so may another kind of processor: hashes are exchanged, and held
    against those of another night, only where this is the same.
    """
    hashes = id_hashes(pl.Series([*PROBED, None], dtype=pl.String)).to_list()
    return hashlib.sha256(repr(hashes).encode()).hexdigest()[:PROBE_DIGITS]


def id_keys(ids: pl.Series) -> pl.Series:
    """A number for each id (Int64) that sorts as the UTF-8 bytes of the ids do; ids have no nulls.

    Bytes that differ between ids are packed into one integer; where not all fit, it is the id's rank,
    equal ids in any order.
    """
    if ids.len() == 0:
        return pl.Series("key", [], dtype=pl.Int64)
    key, decided = _byte_key(ids)
    return key if decided else _ranks(_settle_ties(ids, key, key.arg_sort()))


def _ranks(order: pl.Series) -> pl.Series:
    """The place of each row in an order."""
    ranks = np.empty(order.len(), dtype=np.int64)
    ranks[order.to_numpy()] = np.arange(order.len())
    return pl.Series("rank", ranks)


def numbered(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct ids by their UTF-8 bytes, and the place of each row's among them (UInt32); no nulls."""
    order = id_keys(ids).arg_sort()
    ordered = ids[order]
    first = (ordered != ordered.shift(1)).fill_null(value=True)
    numbers = np.empty(ids.len(), dtype=np.uint32)
    numbers[order.to_numpy()] = np.cumsum(first.to_numpy()) - 1
    return ordered.filter(first), pl.Series(ids.name, numbers)


def _byte_key(ids: pl.Series) -> tuple[pl.Series, bool]:
    """Order-preserving integer of the leading bytes that vary, and whether it decides all order.

    A byte counts as its value + 1 and the end of an id as 0, so that a shorter id sorts before its
    longer continuation. Only a position's spread between the ids takes room: what all share takes none.
    """
    text = ids.to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    content = np.frombuffer(text.buffers()[2] or b"\0", dtype=np.uint8)
    lengths = np.diff(offsets)
    longest, taken = int(lengths.max()), 1
    key = np.zeros(len(lengths), dtype=np.int64)
    alike = bool((lengths == longest).all())
    for position in range(longest):
        # Ids of one length lie side by side as the rows of a table, and a position is its column.
        if alike:
            codes = content[offsets[0] : offsets[-1]].reshape(-1, longest)[:, position].astype(np.int64)
        else:
            codes = _codes_at(content, offsets[:-1], lengths, position)
        lowest, highest = int(codes.min()), int(codes.max())
        spread = highest - lowest + 1
        taken *= spread
        if taken >= 1 << KEY_BITS:
            return pl.Series("key", key), False
        if spread > 1:
            key *= spread
            key += codes - lowest
    return pl.Series("key", key), True


def _codes_at(
    content: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    position: int,
) -> npt.NDArray[np.int64]:
    """Byte + 1 of every id at a position, 0 beyond its end."""
    within = lengths > position
    codes = np.zeros(len(starts), dtype=np.int64)
    codes[within] = content[starts[within] + position].astype(np.int64) + 1
    return codes


def _settle_ties(ids: pl.Series, key: pl.Series, order: pl.Series) -> pl.Series:
    """Reorder the rows that tie on the leading bytes, within their own places, by the whole id."""
    tied = repeated(key)[order]
    if not tied.any():
        return order
    rows = pl.DataFrame({"row": order.filter(tied)})
    rows = rows.with_columns(key=key[rows["row"]], id=ids[rows["row"]])
    settled = order.to_numpy().copy()
    settled[tied.to_numpy()] = rows.sort("key", "id")["row"].to_numpy()
    return pl.Series("row", settled)
