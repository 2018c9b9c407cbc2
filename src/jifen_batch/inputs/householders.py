"""Householders' names from the register: for printed notices, where they are masked, and nothing else.

They are kept apart from what scores and publishes, which never reads that column (specification 2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.files import digest_files
from jifen_batch.inputs.find import find
from jifen_batch.inputs.read_table import read_table
from jifen_batch.tables.inputs import HOUSEHOLDERS, HOUSEHOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from jifen_batch.inputs.mapping import Mapping
    from jifen_batch.inputs.remark import InputRemark

ROLE = HOUSEHOLDS.name


def read(
    location: str, as_of: date, mapping: Mapping | None, tell: Callable[[Iterable[InputRemark]], None] | None
) -> pl.DataFrame:
    """The householder of each household: `household_id`, unique, and `householder`, null where unknown.

    Of several spells the latest counts that began on or before `as_of`; of two that began together, as no
    register that was scored has them, the last that names somebody. `tell` is told what the register's
    folder holds beside and was not read. Raises `InputRefusedError`.
    """
    found = find(location, ROLE, mapping)
    if tell:
        tell(found.passed_over)
    files = found.files
    digest_files(files)
    rows = read_table(files, HOUSEHOLDERS).rows
    begun = rows.filter(pl.col("household_id").is_not_null() & (pl.col("enrolled_on") <= as_of))
    begun = begun.sort("enrolled_on", pl.col("householder").is_not_null(), maintain_order=True)
    return begun.unique("household_id", keep="last", maintain_order=True).select(
        "household_id", "householder"
    )
