"""Which household was probably meant by an id that no register has: the counter's most frequent mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.detail import plain
from jifen_batch.sentence import AND, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED_AT_MOST = 5
# What is longer is no id that somebody mistyped.
LONGEST = 64
BETWEEN = r"[^\p{L}\p{N}]"


def meant(register: pl.LazyFrame, household: str) -> Sentence | None:
    """The first few ids that this one may stand for, in a sentence; null where there is none."""
    if alike := _first(
        register.filter(plain(pl.col("household_id")) == pl.select(plain(pl.lit(household))).item())
    ):
        return Sentence(
            f"did you mean {alike.en}? look for full-width signs, spaces and invisible characters",
            f"是否指 {alike.zh}？请检查全角字符、空格和看不见的字符",
        )
    if near := _first(_one_sign_away(register, household)):
        return Sentence(
            f"did you mean {near.en}? it differs in one sign",
            f"是否指 {near.zh}？只差一个字符（相近的编号）",
        )
    return None


def each_meant(register: pl.DataFrame, households: Sequence[str]) -> dict[str, str | None]:
    """The one id that each of these may stand for; null where there is none, or more than one.

    It has the same letters and digits, whatever their case and width and what stands between them, or else
    differs in one sign.
    """
    known = register.lazy().select("household_id", bare=_bare(pl.col("household_id"))).unique().collect()
    return {household: _one_meant(known.lazy(), household) for household in households}


def _one_meant(known: pl.LazyFrame, household: str) -> str | None:
    """The same of one id; `known` are the ids that there are, once each, and how each is `bare`."""
    bare = _bare(pl.lit(household))
    same = known.filter(pl.col("bare") == bare, bare != "")
    for alike in (same, _one_sign_away(known, household)):
        rows = alike.select("household_id").head(2).collect()
        if rows.height:
            return str(rows.item()) if rows.height == 1 else None
    return None


def _bare(ids: pl.Expr) -> pl.Expr:
    """The letters and digits of ids: a quotation mark of Excel's, a dash of Word's or a blank is none."""
    return ids.str.normalize("NFKC").str.replace_all(BETWEEN, "").str.to_lowercase()


def _one_sign_away(register: pl.LazyFrame, household: str) -> pl.LazyFrame:
    """Rows whose id has one sign more, less or another, or two neighbours exchanged."""
    signs = [re.escape(sign) for sign in household]
    if not 0 < len(signs) <= LONGEST:
        return register.clear()
    replaced = {"".join([*signs[:at], ".?", *signs[at + 1 :]]) for at in range(len(signs))}
    added = {"".join([*signs[:at], ".", *signs[at:]]) for at in range(len(signs) + 1)}
    swapped = {
        "".join([*signs[:at], *signs[at : at + 2][::-1], *signs[at + 2 :]]) for at in range(len(signs) - 1)
    }
    pattern = f"^(?s:{'|'.join(sorted(replaced | added | swapped))})$"
    ids = pl.col("household_id")
    # What is wrong stands in one half: before it, or behind it, all is right. That is seen at a glance.
    half = len(household) // 2
    begins, ends = household[: max(0, half - 1)], household[half + 1 :]
    likely = ids.str.starts_with(begins) | ids.str.ends_with(ends)
    return register.filter(likely).filter(ids.str.contains(pattern))


def _first(rows: pl.LazyFrame) -> Sentence | None:
    """The first few ids of some rows, as they stand in a sentence; null where there are none."""
    ids = rows.select("household_id").unique().sort("household_id").head(NAMED_AT_MOST).collect()
    return joined(map(repr, ids["household_id"]), AND) if ids.height else None
