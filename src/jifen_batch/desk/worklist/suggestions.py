"""What to write instead of what was rejected, where one thing is near enough to say so.

Looked up once for each different text, however many rows have it.
"""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.desk.explain import near_ids
from jifen_batch.scheme.reject_reasons import (
    BAD_QUANTITY,
    UNEXPECTED_UNTIL,
    UNKNOWN_HOUSEHOLD,
    UNKNOWN_ITEM,
    UNKNOWN_STATUS,
)
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jifen_batch.tables.rule_tables import RuleTables

# As alike as one wrong sign in five.
ALIKE = 0.8
# Each is held against the whole register: beyond these a list of thousands is another register's.
HOUSEHOLDS_AT_MOST = 100
LONGEST = 64
STATUS_WORDS = {
    "declared": ("申报", "已申报", "declared"),
    "assessed": ("评定", "已评定", "评议", "assessed"),
    "approved": ("认定", "已认定", "审定", "已审定", "通过", "同意", "approved"),
    "declined": ("不予认定", "不认定", "不通过", "未通过", "不同意", "declined"),
    "withdrawn": ("撤回", "已撤回", "撤销", "withdrawn"),
}
ONCE, NOTHING = "1", "（留空）"

Spellings = dict[str, set[str]]


def instead(rejects: pl.DataFrame, books: RuleTables | None, register: pl.DataFrame) -> pl.Series:
    """What to write instead in each row of `rejects` (`REJECTS`); null where nothing is near.

    `books` are the rule books in force, null where none is known.
    """
    # So many times is only too many where the item counts once.
    many = (pl.col("reason") == BAD_QUANTITY.name) & pl.col("quantity").is_between(2, 1000)
    said = [
        pl.when(many).then(pl.lit(ONCE)),
        pl.when(pl.col("reason") == UNEXPECTED_UNTIL.name).then(pl.lit(NOTHING)),
    ]
    for reason, near in (
        (UNKNOWN_STATUS.name, _statuses(rejects)),
        (UNKNOWN_HOUSEHOLD.name, _households(rejects, register)),
        (UNKNOWN_ITEM.name, _items(rejects, books) if books else _none(rejects)),
    ):
        text = pl.lit(near) if near.len() != 1 else pl.lit(near[0], dtype=pl.String)
        said.append(pl.when(pl.col("reason") == reason).then(text))
    return rejects.select_seq(pl.coalesce(said).alias("instead")).to_series()


def _none(rejects: pl.DataFrame) -> pl.Series:
    """Nothing, for each row."""
    return pl.Series([None] * rejects.height, dtype=pl.String)


def _statuses(rejects: pl.DataFrame) -> pl.Series:
    """The status that each row's text means."""
    spellings = _spellings(STATUS_WORDS)
    texts = rejects.filter(pl.col("reason") == UNKNOWN_STATUS.name)["status"].drop_nulls().unique()
    return rejects["status"].replace_strict(
        {text: _nearest(text, spellings) for text in texts}, default=None, return_dtype=pl.String
    )


def _households(rejects: pl.DataFrame, register: pl.DataFrame) -> pl.Series:
    """The one household of the register whose id differs in one sign."""
    known = register.lazy().select("household_id").unique()
    unknown = rejects.filter(pl.col("reason") == UNKNOWN_HOUSEHOLD.name)["household_id"]
    texts = unknown.drop_nulls().unique().sort().head(HOUSEHOLDS_AT_MOST)
    return rejects["household_id"].replace_strict(
        {text: near_ids.one_meant(known, text) for text in texts}, default=None, return_dtype=pl.String
    )


def _items(rejects: pl.DataFrame, books: RuleTables) -> pl.Series:
    """The code of the item, of the book in force at the row's place and year, that its text means."""
    governing = {(level, place, year): book for level, place, year, book in books.scopes.iter_rows()}
    codes: dict[int, dict[str, tuple[str, str]]] = {}
    for book, code, name in books.items.select("book", "code", "name").iter_rows():
        codes.setdefault(book, {})[code] = (code, name)
    spelt = {book: _spellings(words) for book, words in codes.items()}

    @cache
    def meant(town: str | None, village: str | None, year: int | None, text: str | None) -> str | None:
        levels = ((LEVEL_VILLAGE, village), (LEVEL_TOWN, town), (LEVEL_BASE, None))
        found = (governing.get((level, place, year)) for level, place in levels)
        book = next((one for one in found if one is not None), None)
        return None if book is None or text is None else _nearest(text, spelt.get(book, {}))

    wrong = pl.col("reason") == UNKNOWN_ITEM.name
    rows = rejects.select(
        "town_id", "village_id", pl.col("occurred_on").dt.year(), pl.when(wrong).then("item").alias("item")
    )
    return pl.Series([meant(*row) for row in rows.iter_rows()], dtype=pl.String)


def _spellings(words: Mapping[str, Iterable[str]]) -> Spellings:
    """The words that each spelling may mean."""
    meant: Spellings = {}
    for word, spelt in words.items():
        for one in spelt:
            meant.setdefault(_plain(one), set()).add(word)
    return meant


def _nearest(text: str, spellings: Spellings) -> str | None:
    """The one word that a text means, or nearly spells; null where several are as near."""
    if len(text) > LONGEST:
        return None
    meant = spellings.get(_plain(text))
    if meant is None:
        alike = get_close_matches(_plain(text), spellings, 2, ALIKE)
        meant = {word for one in alike for word in spellings[one]}
    return min(meant) if len(meant) == 1 else None


def _plain(text: str) -> str:
    """A text without differences of width and case, blanks and invisible signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Cf")
