"""The lists of a village's notice, one a scoring year with a row per household, and totals by category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from jifen_batch.analysis.corrections import PARTS
from jifen_batch.notices import words
from jifen_batch.notices.printed.document import Cell, Page
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.analysis.disclosure import Disclosure

ADJUSTED = "更正"
BUNDLED = "其他类别"
TOTAL = "合计"
OWN, NET = "本季记分", "本季净积分"
SAME, ENTERED = "平", "新上榜"


class Shares(NamedTuple):
    """Own points by household, year and category as far as they are told apart, and those that are not."""

    categories: Sequence[str]
    of: Mapping[tuple[str, int, str], int]
    bundled: Mapping[tuple[str, int], int] | None


def shares(board: pl.DataFrame, by_category: pl.DataFrame, disclosure: Disclosure) -> Shares:
    """The shares of a village; `board` and `by_category` as `notice_figures` gives them.

    What is bundled is what is left of a household's own points: hidden ones are in it. It is null where
    nothing is bundled and nothing is left.
    """
    shown = by_category.filter(~pl.col("category").is_in([*disclosure.together]))
    keys = ("household_id", "scoring_year", "category", "points")
    told = {key[:3]: key[3] for key in shown.select(keys).iter_rows()}
    own = board.filter(pl.col("net").is_not_null()).select(
        "household_id", "scoring_year", points=pl.sum_horizontal(SUMS)
    )
    bundled = {row[:2]: row[2] for row in own.iter_rows()}
    for (household, year, _), points in told.items():
        bundled[household, year] = bundled.get((household, year), 0) - points
    needed = bool(disclosure.together) or any(bundled.values())
    return Shares(sorted({key[2] for key in told}), told, bundled if needed else None)


def year_list(
    board: pl.DataFrame, shared: Shares, masks: Mapping[str, str], *, in_parts: bool
) -> tuple[list[str], list[list[Cell]]]:
    """Headers and rows of the households of one scoring year; columns that say nothing are left out."""
    rows = board.to_dicts()
    columns: list[tuple[str, list[Cell]]] = [("名次", [one["rank"] for one in rows])]
    if any(one["rank_before"] for one in rows):
        columns.append(("升降", [_moved(one["rank"], one["rank_before"]) for one in rows]))
    columns.append(("户编号", [one["household_id"] for one in rows]))
    if masks:
        columns.append(("户主", [masks.get(one["household_id"]) for one in rows]))
    columns += _categories(rows, shared)
    columns += _parts(rows, in_parts=in_parts)
    columns.append((NET, [one["net"] for one in rows]))
    further = {"quarter_rank": "本季名次", "year_to_date": "年内累计", "grade": "等级"}
    for name, header in further.items():
        cells = [one[name] for one in rows]
        if name == "year_to_date" or any(cell is not None for cell in cells):
            columns.append((header, cells))
    headers = [header for header, _ in columns]
    return headers, [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]


def _categories(rows: Sequence[Mapping[str, Any]], shared: Shares) -> Iterator[tuple[str, list[Cell]]]:
    """A column per category that somebody has points in; what is bundled, where it is not everything."""
    keys = [(one["household_id"], one["scoring_year"]) for one in rows]
    shown = 0
    for category in shared.categories:
        cells: list[Cell] = [shared.of.get((*key, category)) for key in keys]
        if any(cell is not None for cell in cells):
            shown += 1
            yield category, cells
    if shown and shared.bundled is not None:
        yield BUNDLED, [shared.bundled.get(key) for key in keys]


def _parts(rows: Sequence[Mapping[str, Any]], *, in_parts: bool) -> Iterator[tuple[str, list[Cell]]]:
    """What the net is made of; nothing where it is all of one part."""
    parts = {words.COLUMNS.get(name, ADJUSTED): [one[name] for one in rows] for name in PARTS}
    if not in_parts:
        own = [None if one["net"] is None else sum(one[name] for name in SUMS) for one in rows]
        parts = {OWN: own, ADJUSTED: parts[ADJUSTED]}
    moved = {header: cells for header, cells in parts.items() if any(cells)}
    if len(moved) > 1:
        yield from moved.items()


def _moved(rank: int | None, before: int | None) -> str | None:
    """How a rank moved since the last announcement."""
    if rank is None:
        return None
    if before is None:
        return ENTERED
    if rank == before:
        return SAME
    return f"↑{before - rank}" if rank < before else f"↓{rank - before}"


def added_up(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The last row of a list: the sums of its points; nothing under ranks."""
    no_sums = {"名次", "升降", "户编号", "户主", "本季名次", "等级"}
    total: list[Cell] = [
        None if header in no_sums else sum(cell for row in rows if isinstance(cell := row[at], int))
        for at, header in enumerate(headers)
    ]
    total[headers.index("户编号")] = TOTAL
    return ["" if cell is None else cell for cell in total]


def by_category(board: pl.DataFrame, shared: Shares) -> Page | None:
    """Totals by category of the whole village; null where categories are not told apart."""
    if not shared.categories:
        return None
    columns: list[tuple[str, Cell, Cell]] = []
    for category in shared.categories:
        points = [points for key, points in shared.of.items() if key[2] == category]
        columns.append((category, len([one for one in points if one]), sum(points)))
    if shared.bundled is not None:
        columns.append((BUNDLED, None, sum(shared.bundled.values())))
    if adjusted := int(board["adjusted"].sum()):
        columns.append((ADJUSTED, None, adjusted))
    columns.append((TOTAL, None, int(board["net"].sum())))
    headers, households, points_of = zip(*columns, strict=True)
    rows: list[list[Cell]] = [["有积分的户", *households], ["积分", *points_of]]
    return Page("类别合计", "", [], ["类别", *headers], rows, [])
