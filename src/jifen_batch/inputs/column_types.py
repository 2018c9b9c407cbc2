"""Which types of a file can be read as which of ours, and how both are called (specification 2).

Types are looked at before anything is read, so that a wrong one costs nothing and can be named.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.inputs.normal_form import A_DAY
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from jifen_batch.tables import Table

NAME_CHARACTERS = 60


def as_read(table: Table) -> pl.Schema:
    """Types in which a table's columns are read: whole numbers as Int64, whatever their width."""
    return pl.Schema({name: pl.Int64() if kind.is_integer() else kind for name, kind in table.schema.items()})


@cache
def can_be_read(found: pa.DataType, wanted: pl.DataType) -> bool:
    """Whether a column of a file's type can be read as one of the specification's."""
    if pa.types.is_null(found):
        return True
    return _readable(wanted)(found)


def wanted_name(wanted: pl.DataType) -> Sentence:
    """What a column should be, in words."""
    if wanted == pl.String:
        return Sentence("a string", "文字")
    if wanted == pl.Date:
        return A_DAY
    if wanted.is_integer():
        return Sentence("an integer", "整数")
    return Sentence("a timestamp", "时间戳")


def found_name(found: pa.DataType) -> str:
    """What a column is; of a nested type only the outermost name."""
    name = str(found)
    if pa.types.is_nested(found):
        name = name.partition("<")[0]
    return name[:NAME_CHARACTERS]


def _readable(wanted: pl.DataType) -> Callable[[pa.DataType], bool]:
    """Says of a type of Arrow whether it reads as `wanted`."""
    if wanted == pl.String:
        return lambda found: _is_text(found.value_type if pa.types.is_dictionary(found) else found)
    if wanted == pl.Date:
        return lambda found: pa.types.is_date(found) or pa.types.is_timestamp(found)
    if wanted.is_integer():
        return lambda found: bool(pa.types.is_integer(found))
    return lambda found: bool(pa.types.is_timestamp(found))


def _is_text(found: pa.DataType) -> bool:
    return any(
        kind(found) for kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )
