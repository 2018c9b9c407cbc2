"""What a clerk is told of a reject: one Chinese sentence, and the code that a wrong one resembles.

A sentence may name columns, item codes and numbers of times; never a cell that could hold a name or a
phone number. Codes are compared byte by byte, so a look-alike is still rejected (specification 3.1, 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.kernels.item_names import codes_by_name
from jifen_batch.kernels.places import household_numbers
from jifen_batch.kernels.validate import PERSONAL_NUMBER, PERSONAL_NUMBER_DIGITS
from jifen_batch.scheme.reject_details import (
    ALIKE,
    HOLDS_A_NUMBER,
    IS_A_NAME,
    IS_A_SHARED_NAME,
    NUMBERS_INSTEAD,
)
from jifen_batch.scheme.reject_reasons import REJECT_REASONS, UNKNOWN_ITEM
from jifen_batch.scheme.states import STATUSES
from jifen_batch.sentence import AND, THEN
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

# Unicode's format characters, none of which is seen: rule books have none of them either.
ZERO_WIDTH = r"\p{Cf}"


def details(rejects: pl.DataFrame, places: Places, book: RuleBook) -> pl.Series:
    """A sentence per reject; `rejects` has the event columns, `reason` and the number of its `book`."""
    # What the sentence has a place for, and codes that the wrong one may resemble.
    told = {
        "missing_field": _missing(),
        "bad_date": _bad_dates(),
        "no_rule_book": pl.col("occurred_on").dt.year(),
        "bad_quantity": pl.col("quantity"),
        "personal_number": _personal_numbers(),
    }
    alike = {
        "unknown_status": _status_like(rejects),
        "unknown_household": _household_like(rejects, places),
        "unknown_item": _item_like(rejects, book),
    }
    # A row that cannot be read has its sentence from the sheet.
    sentences = {one.name: pl.lit(one.sentence.zh) for one in REJECT_REASONS if "{}" not in one.sentence.zh}
    for reason in REJECT_REASONS:
        if reason.name in told:
            sentences[reason.name] = pl.format(reason.sentence.zh, told[reason.name])
        if reason.name in alike:
            sentences[reason.name] = _resembling(reason.sentence.zh, alike[reason.name])
    # Few parts have such a row, and the books of a district have many names.
    if (rejects["reason"] == UNKNOWN_ITEM.name).any():
        sentences[UNKNOWN_ITEM.name] = _named(sentences[UNKNOWN_ITEM.name], rejects, book)
    sentence = pl.coalesce(
        pl.when(pl.col("reason") == reason).then(text) for reason, text in sentences.items()
    )
    return rejects.select_seq(sentence.alias("detail")).to_series()


def _missing() -> pl.Expr:
    """Names of the required columns that are null in a row."""
    names = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in EVENTS.required]
    return pl.concat_str(names, separator=AND.zh, ignore_nulls=True)


def _bad_dates() -> pl.Expr:
    """Names of the date columns beyond the range in a row."""
    inside = pl.lit(FIRST_DAY), pl.lit(LAST_DAY)
    names = [
        pl.when(~pl.col(name).is_between(*inside)).then(pl.lit(name))
        for name in ("occurred_on", "decided_on", "until")
    ]
    return pl.concat_str(names, separator=AND.zh, ignore_nulls=True)


def _personal_numbers() -> pl.Expr:
    """Which column holds a run of digits as long as a phone's, and what to write there instead."""
    problems = [
        pl.when(pl.col(name).str.contains(PERSONAL_NUMBER)).then(
            pl.lit(HOLDS_A_NUMBER.zh.format(name, PERSONAL_NUMBER_DIGITS, instead.zh))
        )
        for name, instead in NUMBERS_INSTEAD.items()
    ]
    return pl.concat_str(problems, separator=THEN.zh, ignore_nulls=True)


def _resembling(problem: str, like: pl.Series) -> pl.Expr:
    """The problem, and the code that the given one resembles, where there is one."""
    known = pl.lit(like) if like.len() != 1 else pl.lit(like[0], dtype=pl.String)
    return (
        pl.when(known.is_not_null())
        .then(pl.format(ALIKE.zh, pl.lit(problem), known))
        .otherwise(pl.lit(problem))
    )


def plain(codes: pl.Expr) -> pl.Expr:
    """A code as it was probably meant: after NFKC, without zero-width characters, trimmed."""
    return codes.str.normalize("NFKC").str.replace_all(ZERO_WIDTH, "").str.strip_chars()


def _status_like(rejects: pl.DataFrame) -> pl.Series:
    """The status that each row's resembles, or null."""
    return rejects.select_seq(
        pl.when(plain(pl.col("status")).is_in(STATUSES)).then(plain(pl.col("status")))
    ).to_series()


def _household_like(rejects: pl.DataFrame, places: Places) -> pl.Series:
    """The household id that each row's resembles, or null."""
    meant = rejects.select_seq(plain(pl.col("household_id"))).to_series()
    return meant.set(household_numbers(meant, places).is_null(), None)


def _named(otherwise: pl.Expr, rejects: pl.DataFrame, book: RuleBook) -> pl.Expr:
    """For an item that is the name of one or several of the row's own book: that it is, and their codes."""
    asked = rejects.select_seq(pl.col("book").cast(pl.UInt32), name=plain(pl.col("item")))
    found = asked.join(codes_by_name(book), on=["book", "name"], how="left", maintain_order="left")
    codes, many = (pl.lit(found[name] if found.height != 1 else found[name][0]) for name in ("codes", "many"))
    return (
        pl.when(many == 1)
        .then(pl.format(IS_A_NAME.zh, pl.lit(UNKNOWN_ITEM.sentence.zh), codes))
        .when(many > 1)
        .then(pl.format(IS_A_SHARED_NAME.zh, pl.lit(UNKNOWN_ITEM.sentence.zh), codes))
        .otherwise(otherwise)
    )


def _item_like(rejects: pl.DataFrame, book: RuleBook) -> pl.Series:
    """The item code of the row's own book that each row's resembles, or null."""
    codes = book.tables.items.select_seq(pl.col("book").cast(pl.UInt32), meant="code", like="code")
    rows = rejects.select_seq("book", meant=plain(pl.col("item")))
    return rows.join(codes, on=["book", "meant"], how="left", maintain_order="left")["like"]
