"""What a piece of the events gives: its rows at their places, and what is told beside them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.pieces import NONE_UNREADABLE, WANTED, Piece, SheetFile, SheetPiece
from jifen_batch.kernels.household_places import with_household_places
from jifen_batch.kernels.item_names import with_codes_for_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.inputs.stand_ins import Lack
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

# Columns that decide over points though no feed needs to have them.
OPTIONAL = ("decided_on", "recorded_at", "until", "matter_id", "quantity", "member_id")


@dataclass
class ReadEvents:
    """What was read beside the rows at their places: how many `rows` in all, and the `unreadable` of them.

    These are as `UNREADABLE_ROWS`; `warnings` say what of the files may be wrong; `filled` counts the cells
    of each optional column that hold a value; `lacks` are columns that a file has not, each with the
    file and a header there that may stand for it.
    """

    rows: int
    unreadable: pl.DataFrame
    warnings: list[InputRemark]
    filled: Counter[str]
    lacks: list[Lack]

    @classmethod
    def together(cls, parts: Iterable[ReadEvents]) -> ReadEvents:
        """What several pieces gave, in their order."""
        parts = list(parts)
        return cls(
            sum(part.rows for part in parts),
            pl.concat([NONE_UNREADABLE, *(part.unreadable for part in parts)]),
            [warning for part in parts for warning in part.warnings],
            sum((part.filled for part in parts), Counter()),
            [lack for part in parts for lack in part.lacks],
        )


def read_piece(
    piece: Piece | SheetPiece | SheetFile,
    places: Places,
    book: RuleBook,
    put: Callable[[int, pl.DataFrame], None],
) -> ReadEvents:
    """Read a piece, and `put` its rows at their places, some at a time by number.

    Raises `InputRefusedError`.
    """
    parts = []
    for number, given in enumerate(piece.frames()):
        placed = with_household_places(given.rows, places)
        if given.by_name:
            placed = with_codes_for_names(placed, places, book)
        put(number, placed)
        parts.append(
            ReadEvents(
                given.rows.height + given.unreadable.height,
                given.unreadable,
                [*given.cut_ids],
                filled_cells(given.rows, OPTIONAL),
                [*given.lacks],
            )
        )
    return ReadEvents.together(parts)


def no_rows(places: Places) -> pl.DataFrame:
    """The columns of the rows, where there are none."""
    return with_household_places(pl.DataFrame(schema={**WANTED, "source": pl.Int64}), places)


def filled_cells(rows: pl.DataFrame, columns: Sequence[str]) -> Counter[str]:
    """How many cells of each of these columns hold a value."""
    return Counter({name: rows.height - rows[name].null_count() for name in columns})
