"""Rows that are rejected because a required cell of theirs is empty: which column of which files that is.

An export that leaves a column blank for a year's rows looks like missing events, or like thousands of
revised ones; what people have to know is the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.notices import words
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import MISSING_FIELD
from jifen_batch.sentence import AND, COMMA, Sentence, joined
from jifen_batch.tables import EVENTS, REJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES_NAMED_AT_MOST = 3
EXPORT_AGAIN = Sentence("have it exported again, or fill it in", "请重新导出，或补填")


def counted(folder: Path) -> list[dict[str, Any]]:
    """The required columns that are empty in rejects of a run: `column`, `rows`, `files`; most rows first.

    `files`: how many of the rows each file has, by name; the first few of those that have most.
    """
    rejects = runs.scan(folder, REJECTS).filter(pl.col("reason") == MISSING_FIELD.name)
    empty = [pl.col(name).is_null().sum().cast(pl.Int64).alias(name) for name in EVENTS.required]
    by_file = rejects.group_by("source_file").agg(empty).collect(engine="streaming")
    found = []
    for name in EVENTS.required:
        rows = by_file.filter(pl.col(name) > 0).sort(-pl.col(name), "source_file")
        if rows.height:
            first = rows.head(FILES_NAMED_AT_MOST).select("source_file", name).rows()
            found.append({"column": name, "rows": int(rows[name].sum()), "files": dict(first)})
    return sorted(found, key=lambda one: -one["rows"])


def named(cells: Sequence[dict[str, Any]]) -> Sentence:
    """Which columns are empty, in how many rows of which files."""
    return joined((_one(one) for one in cells), COMMA)


def _one(cell: dict[str, Any]) -> Sentence:
    column, rows, files = cell["column"], cell["rows"], cell["files"]
    shown = [words.printable(name) for name in files]
    more = Sentence(" and others", " 等") if sum(files.values()) < rows else Sentence("", "")
    some = joined(shown, AND)
    return Sentence(
        f"the required column {column} is empty in {rows:,} row(s) of {some.en}{more.en}",
        f"{some.zh}{more.zh} 有 {rows:,} 行的必填栏 {column} 空着",
    )
