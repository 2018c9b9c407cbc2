"""Rows that cannot be scored, one maker for each reject reason (specification 3.1, 3).

Each takes good rows and gives them back bad for its reason and no other; the conflicts give two rows for
one. Every number here is made up, and in a form that no personal number or phone has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.synth.items import BANQUET, BREACH, CODES, COUNTED, PLEDGES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    Maker: TypeAlias = Callable[[np.random.Generator, pl.DataFrame], pl.DataFrame]

FLAT_SHARE = 0.0008
CENTURIES_OFF = ("-100y", "180y")
ODD_STATUSES = ("认定", "Approved", "approved ", "审定")
ODD_QUANTITIES = (0, -1, 1001, 20_000)
ODD_ITEMS = ("legacy.bonus", "宅前屋后", "waste")
FIELDS = ("event_id", "household_id", "item", "occurred_on", "status")
FULL_WIDTH = 0xFEE0
ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True)
class Spoiler:
    """The maker for one reason: the `share` of the rows of `codes` that it takes."""

    reason: str
    make: Maker
    share: float = FLAT_SHARE
    codes: tuple[str, ...] = CODES


def _missing_field(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    which = _lot(rng, rows, len(FIELDS))
    return rows.with_columns(
        pl.when(which != number).then(pl.col(field)) for number, field in enumerate(FIELDS)
    )


def _bad_date(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """A century mistyped, in the day itself or in the day of the decision."""
    off = [pl.col("occurred_on").dt.offset_by(by) for by in CENTURIES_OFF]
    which = _lot(rng, rows, 3)
    return rows.with_columns(
        occurred_on=pl.when(which == 0).then(off[0]).when(which == 1).then(off[1]).otherwise("occurred_on"),
        decided_on=pl.when(which == 2).then(off[1]).otherwise("decided_on"),  # noqa: PLR2004 - the third
    )


def _unknown_status(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    odd = pl.Series(ODD_STATUSES).gather(_lot(rng, rows, len(ODD_STATUSES)))
    return rows.with_columns(odd.alias("status"))


def _unknown_household(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """A serial that no village reaches, or a blank behind the code."""
    code = pl.col("household_id")
    beyond = code.str.head(12) + pl.lit("9") + code.str.tail(3)
    blank = _lot(rng, rows, 4) == 0
    return rows.with_columns(household_id=pl.when(blank).then(code + " ").otherwise(beyond))


def _no_rule_book(_rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """A year mistyped, before any rule book."""
    return rows.with_columns(pl.col("occurred_on").dt.offset_by("-20y"))


def _unknown_item(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """A full-width code, one with a blank or an unseen character, or one of no rule book."""
    letters = {letter: letter + FULL_WIDTH for letter in range(ord("a"), ord("z") + 1)}
    wide = [code.translate(letters) for code in CODES]
    forms = [
        pl.Series(wide).gather(rows["code"]),
        rows["item"] + " ",
        ZERO_WIDTH_SPACE + rows["item"],
        pl.Series(ODD_ITEMS).gather(_lot(rng, rows, len(ODD_ITEMS))),
    ]
    which = _lot(rng, rows, len(forms))
    made = pl.coalesce(pl.when(which == number).then(form) for number, form in enumerate(forms))
    return rows.with_columns(item=made)


def _bad_quantity(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    odd = pl.Series(ODD_QUANTITIES, dtype=pl.Int32).gather(_lot(rng, rows, len(ODD_QUANTITIES)))
    return rows.with_columns(odd.alias("quantity"))


def _doubled(_rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(quantity=pl.lit(2, pl.Int32))


def _unexpected_until(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(until=_days_from(rows, 1 + _lot(rng, rows, 60)))


def _until_before_start(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(until=_days_from(rows, -1 - _lot(rng, rows, 30)))


def _missing_matter(_rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(matter_id=pl.lit(None, pl.String))


def _personal_number(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """18 digits of no district, or 11 with a prefix that no phone has, one form in full-width digits."""
    digits = pl.Series(rng.integers(10**7, 10**8, rows.height)).cast(pl.String)
    wide = {digit: digit + FULL_WIDTH for digit in range(ord("0"), ord("9") + 1)}
    phone = pl.Series([number.translate(wide) for number in "100" + digits], dtype=pl.String)
    which = _lot(rng, rows, 3)
    member = pl.when(which == 0).then("9999990000" + digits).when(which == 1).then("100" + digits)
    return rows.with_columns(member_id=member.otherwise(phone))


def _conflicting_household(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """The same event again, some days later, for a household of another serial."""
    code = pl.col("household_id")
    other = code.str.head(15) + ((code.str.tail(1).cast(pl.Int32) + 1) % 10).cast(pl.String)
    later = pl.col("recorded_at") + pl.duration(days=pl.lit(1 + _lot(rng, rows, 20)))
    again = rows.with_columns(household_id=other, recorded_at=later, arrived=later)
    return pl.concat([rows, again])


def _conflicting_revision(_rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """Two revisions entered at one time, which say different things."""
    other = pl.when(pl.col("status") == "approved").then(pl.lit("declined")).otherwise(pl.lit("approved"))
    return pl.concat([rows, rows.with_columns(status=other)])


def _lot(rng: np.random.Generator, rows: pl.DataFrame, kinds: int) -> pl.Series:
    return pl.Series(rng.integers(0, kinds, rows.height))


def _days_from(rows: pl.DataFrame, days: pl.Series) -> pl.Series:
    return (rows["occurred_on"].to_physical() + days.cast(pl.Int32)).cast(pl.Date)


SPOILERS = (
    Spoiler("missing_field", _missing_field),
    Spoiler("bad_date", _bad_date),
    Spoiler("unknown_status", _unknown_status),
    Spoiler("unknown_household", _unknown_household),
    Spoiler("no_rule_book", _no_rule_book),
    Spoiler("unknown_item", _unknown_item, share=2 * FLAT_SHARE),
    Spoiler("bad_quantity", _bad_quantity),
    Spoiler("bad_quantity", _doubled, codes=tuple(code for code in CODES if code not in COUNTED)),
    Spoiler("unexpected_until", _unexpected_until, codes=tuple(c for c in CODES if c not in PLEDGES)),
    Spoiler("until_before_start", _until_before_start, 0.006, PLEDGES),
    Spoiler("missing_matter", _missing_matter, 0.03, (BANQUET, BREACH)),
    Spoiler("personal_number", _personal_number),
    Spoiler("conflicting_household", _conflicting_household, FLAT_SHARE / 2),
    Spoiler("conflicting_revision", _conflicting_revision, FLAT_SHARE / 2),
)
