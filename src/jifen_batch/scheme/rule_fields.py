"""Every field of a rule file (specification 2.3): what it says, who reads it, how changes are shown.

What a field decides stands here alone. The comparison of two books, the older books that `reconcile` tries,
what `compare` and `what-if` put a difference down to, notices, the JSON Schema and the pages read it here.
"""

from __future__ import annotations

from jifen_batch.scheme.book_fields import BOOK_FIELDS, CAP_FIELDS, FILE_FIELDS, WALLET_FIELDS
from jifen_batch.scheme.item_fields import ITEM_FIELDS
from jifen_batch.scheme.word import by_name

ITEM = by_name(ITEM_FIELDS)
CAP_TABLE = by_name(CAP_FIELDS)
BOOK = by_name(BOOK_FIELDS)
WALLET = by_name(WALLET_FIELDS)
FILE = by_name(FILE_FIELDS)


def deciding(step: str) -> tuple[str, ...]:
    """The columns in which rules differ where they decide a step otherwise, of an item and its cap."""
    fields = [*ITEM_FIELDS, *CAP_FIELDS]
    return tuple(dict.fromkeys(c for one in fields if step in one.decides for c in one.compared))


def moving_points() -> tuple[str, ...]:
    """The columns in which rules differ where they may bring other points."""
    fields = [*ITEM_FIELDS, *CAP_FIELDS]
    return tuple(dict.fromkeys(c for one in fields if one.decides for c in one.compared))
