"""Frames from rows: what books say, gathered one by one, as the columns that kernels gather from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = tuple[object, ...]


def frame(rows: list[Row], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """A frame from rows; by columns, which polars builds several times faster."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    series = [
        pl.Series(name, list(values), dtype=dtype)
        for (name, dtype), values in zip(schema.items(), columns, strict=True)
    ]
    return pl.DataFrame(series)
