"""Numbers turned back into names, without a text a row.

A part's lines name a few thousand households and a few dozen items, each many times over. So the names
that a part's numbers span become the categories of an Enum, and what is made for each row is its code:
exact, because categories are the names themselves, in the order of their bytes.
"""

from __future__ import annotations

import polars as pl


def named(names: pl.Series, numbers: pl.Series) -> pl.Series:
    """The name of each number: what gathering gives, as an Enum that sorts by its names' bytes.

    `names` holds the name of every number, null where it has none; a null number has no name.
    """
    lowest = numbers.min()
    if lowest is None:
        return names.clear().extend_constant(None, numbers.len())
    first = int(lowest)  # type: ignore[arg-type]
    spanned = names[first : int(numbers.max()) + 1]  # type: ignore[arg-type]
    codes = spanned.cast(pl.Enum(spanned.drop_nulls().unique().sort()))
    return codes.gather(numbers - first)
