"""What may be chosen in the workbook: the items and kinds of the book in force at a place and in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.template.words import BY_MEMBER, NEEDS_MATTER, PLEDGE
from jifen_batch.errors import UsageRefusedError
from jifen_batch.inputs.words import plain
from jifen_batch.kernels.listing import items_of_years
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jifen_batch.tables.rule_tables import RuleTables

Row = tuple[str, str, str, int, str, str | None]


@dataclass(frozen=True)
class Asked:
    """What is asked: rule books, where the workbook goes, for which place and year, in which language."""

    rules: Sequence[str]
    to: Path
    year: int | None = None
    village: str | None = None
    town: str | None = None
    language: str = "zh"


@dataclass(frozen=True)
class Choices:
    """The `book` by its title, the scoring `year`, and what may be chosen.

    `rows` are items: as the drop-down calls them, category, task, points on the year's last day, what else
    they need, clause.
    `codes` are those of the items whose name another item bears too: what the drop-down calls them. `kinds`
    are the kinds of households that the book asks for.
    """

    book: str
    year: int
    rows: list[Row]
    codes: dict[str, str]
    kinds: list[str]


def choices(tables: RuleTables, asked: Asked, today_year: int) -> Choices:
    """The choices at a village, a town or, of neither, under the base book.

    Without a year: this one, or the next or else the last that the book there covers. Raises
    `UsageRefusedError` where no book covers the place and the year.
    """
    covered = _covered(tables, asked.village, asked.town)
    year = asked.year or min((one for one in covered if one >= today_year), default=max(covered, default=0))
    if year not in covered:
        place = asked.village or asked.town
        raise UsageRefusedError(
            f"--rules: no book covers {place or 'all places'}{f' in {year}' if year else ''}; name another "
            "--year, --village or --town",
            f"--rules：没有适用于{place or '各村'}{f' {year} 年' if year else ''}的细则；"
            "请换 --year、--village 或 --town",
        )
    number = covered[year]
    book = tables.books.filter(pl.col("book") == number).row(0, named=True)
    own = tables.items.filter(pl.col("book") == number)
    listed = items_of_years(tables, [year]).filter(~pl.col("grant"), pl.col("book") == book["id"])
    facts = own.select("code", "pledge", "by_member", "matter")
    items = listed.join(facts, on="code", how="left", validate="1:1").sort("row", "code", nulls_last=True)
    named = [plain(name) for name in items["name"]]
    rows = [
        _row(one, language=asked.language, alone=named.count(name) == 1)
        for one, name in zip(items.iter_rows(named=True), named, strict=True)
    ]
    codes = {row[0]: code for row, code, name in zip(rows, items["code"], items["name"], strict=True)
             if row[0] != name}  # fmt: skip
    kinds = tables.kinds.join(own, on="rule", how="semi")["kind"].unique().sort().to_list()
    return Choices(book["title"], year, rows, codes, kinds)


def _row(item: Mapping[str, Any], language: str, *, alone: bool) -> Row:
    """An item as it stands in the list; one that is not `alone` with its name has its code beside."""
    shown = item["name"] if alone else f"{item['name']}（{item['code']}）"
    needs = {
        NEEDS_MATTER: item["matter"] == "required",
        BY_MEMBER: item["by_member"],
        PLEDGE: item["pledge"],
    }
    also = "、".join(said.here(language) for said, needed in needs.items() if needed)
    return (shown, item["category"], item["task"], item["points"], also, item["clause"])


def _covered(tables: RuleTables, village: str | None, town: str | None) -> dict[int, int]:
    """The book in force at a place, by scoring year."""
    found: dict[int, int] = {}
    for level, place in ((LEVEL_BASE, None), (LEVEL_TOWN, town), (LEVEL_VILLAGE, village)):
        if level != LEVEL_BASE and place is None:
            continue
        at = tables.scopes.filter(pl.col("level") == level, pl.col("place_id").eq_missing(pl.lit(place)))
        found |= dict(at.select("scoring_year", "book").iter_rows())
    return found
