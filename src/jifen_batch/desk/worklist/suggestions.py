"""What to write instead of what was rejected, where one thing is near enough to say so.

Looked up once for each different text, however many rows have it.
"""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jifen_batch.desk.explain import near_ids
from jifen_batch.kernels.validate import QUANTITY_MAX
from jifen_batch.notices import table_words
from jifen_batch.scheme.reject_reasons import (
    BAD_QUANTITY,
    UNEXPECTED_UNTIL,
    UNKNOWN_HOUSEHOLD,
    UNKNOWN_ITEM,
    UNKNOWN_STATUS,
)
from jifen_batch.sentence import THEN, Sentence
from jifen_batch.signs import one_sign_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jifen_batch.desk.worklist.governing import Governing


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
ONCE, NOTHING = "1", Sentence("(leave empty)", "（留空）")
# As long as what one wrong sign may be told of.
ONE_WRONG = 3

Spellings = dict[str, set[str]]


class Wording(NamedTuple):
    """How a feed's sheets write what we call by codes: items by name or not, and their own words for ours."""

    items_by_name: bool
    statuses: Mapping[str, str]
    items: Mapping[str, str]


def instead(
    rejects: pl.DataFrame,
    governing: Governing | None,
    register: pl.DataFrame,
    wording: Wording,
    language: str,
) -> pl.Series:
    """What to write instead in each row of `rejects` (`further.found`); null where nothing is near.

    Of several cells each is named. `governing` are the rule books in force, null where none is known; what is
    near is told as the feed writes it.
    """
    # So many times is only too many where the item counts once.
    many = pl.col("quantity").is_between(2, QUANTITY_MAX)
    near = {
        UNKNOWN_STATUS: ("status", pl.lit(_statuses(rejects, wording))),
        UNKNOWN_HOUSEHOLD: ("household_id", pl.lit(_households(rejects, register))),
        UNKNOWN_ITEM: ("item", pl.lit(_items(rejects, governing, wording) if governing else _none(rejects))),
        BAD_QUANTITY: ("quantity", pl.when(many).then(pl.lit(ONCE))),
        UNEXPECTED_UNTIL: ("until", pl.lit(NOTHING.here(language))),
    }
    own, named = [], []
    for reason, (column, text) in near.items():
        is_own = pl.col("reason") == reason.name
        own.append(pl.when(is_own).then(text))
        header = table_words.header(column) if language == "zh" else column.replace("_", " ")
        concerns = is_own | pl.col("further").list.contains(reason.name)
        named.append(pl.when(concerns).then(pl.lit(f"{header} ") + text))
    several = pl.concat_list(named).list.drop_nulls()
    first = pl.coalesce(own)
    alone = (several.list.len() == 1) & first.is_not_null()
    told = pl.when(alone).then(first).otherwise(several.list.join(THEN.here(language)))
    return rejects.select(pl.when(several.list.len() > 0).then(told).alias("instead")).to_series()


def _none(rejects: pl.DataFrame) -> pl.Series:
    """Nothing, for each row."""
    return pl.Series([None] * rejects.height, dtype=pl.String)


def _statuses(rejects: pl.DataFrame, wording: Wording) -> pl.Series:
    """The status that each row's text means."""
    spellings = _spellings(
        STATUS_WORDS
        | {
            ours: (*STATUS_WORDS[ours], theirs)
            for ours, theirs in wording.statuses.items()
            if ours in STATUS_WORDS
        }
    )
    texts = rejects["status"].drop_nulls().unique()
    meant = {text: _nearest(text, spellings) for text in texts}
    return rejects["status"].replace_strict(
        {text: wording.statuses.get(one, one) if one else None for text, one in meant.items()},
        default=None,
        return_dtype=pl.String,
    )


def _households(rejects: pl.DataFrame, register: pl.DataFrame) -> pl.Series:
    """The one household of the register whose id differs in one sign."""
    concerns = (pl.col("reason") == UNKNOWN_HOUSEHOLD.name) | pl.col("further").list.contains(
        UNKNOWN_HOUSEHOLD.name
    )
    texts = rejects.filter(concerns)["household_id"].drop_nulls().unique().sort().head(HOUSEHOLDS_AT_MOST)
    return rejects["household_id"].replace_strict(
        near_ids.each_meant(register, [*texts]), default=None, return_dtype=pl.String
    )


def _items(rejects: pl.DataFrame, governing: Governing, wording: Wording) -> pl.Series:
    """The item, of the book in force at the row's place and year, that its text means."""
    spelt: dict[int, Spellings] = {}

    @cache
    def meant(town: str | None, village: str | None, year: int | None, text: str | None) -> str | None:
        book = governing.book(town, village, year)
        if book is None or text is None:
            return None
        items = governing.items(book)
        if book not in spelt:
            spelt[book] = _spellings({code: (code, name) for code, name in items.items()})
        code = _nearest(text, spelt[book])
        if code is None:
            return None
        return wording.items.get(code, items[code] if wording.items_by_name else code)

    rows = rejects.select("town_id", "village_id", pl.col("occurred_on").dt.year(), "item")
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
        plain = _plain(text)
        long_enough = [one for one in spellings if min(len(plain), len(one)) >= ONE_WRONG]
        alike = [one for one in long_enough if one_sign_apart(plain, one)] or get_close_matches(
            plain, spellings, 2, ALIKE
        )
        meant = {word for one in alike for word in spellings[one]}
    return min(meant) if len(meant) == 1 else None


def _plain(text: str) -> str:
    """A text without differences of width and case, blanks and invisible signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Cf")
