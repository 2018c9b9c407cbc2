"""Event files read as a run reads them, all pieces together, with every text as a plain string."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.files import check_unchanged
from jifen_batch.inputs.find import find
from jifen_batch.inputs.pieces import WANTED, pieces

if TYPE_CHECKING:
    from jifen_batch.inputs.files import InputFile


def events(place: object) -> pl.DataFrame:
    """All rows of an input."""
    return of_files(find(str(place), "events").files)


def unreadable(place: object) -> pl.DataFrame:
    """The rows of an input that cannot be read, with their sentences."""
    files = find(str(place), "events").files
    return pl.concat([given.unreadable for piece in pieces(files) for given in piece.frames()])


def of_files(files: list[InputFile]) -> pl.DataFrame:
    """All rows of some files, which must still be what they were."""
    texts = [name for name, kind in WANTED.items() if kind in (pl.String, pl.Categorical)]
    frames = [
        given.rows.with_columns(pl.col(texts).cast(pl.String))
        for piece in pieces(files)
        for given in piece.frames()
    ]
    check_unchanged(files)
    schema = {**WANTED, **dict.fromkeys(texts, pl.String), "source": pl.Int64}
    return pl.concat([pl.DataFrame(schema=schema), *frames])
