"""Headers and words as they are compared: one form for look-alike signs, no blanks at the edges."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# A night reads the same few headers in each of its files.
KEPT = 1 << 10
# Format and control characters, which nobody sees.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


def plain(text: str) -> str:
    """A header or word as it is compared."""
    return unicodedata.normalize("NFKC", text).strip()


def plain_cells(cells: pl.Expr) -> pl.Expr:
    """Cells as words are compared: `plain`, over a column."""
    return cells.str.normalize("NFKC").str.strip_chars()


@lru_cache(KEPT)
def look(text: str) -> str:
    """A header as it looks to a hurried eye: without case, width, edges and what nobody sees."""
    seen = "".join(sign for sign in _UNSEEN.sub("", text) if unicodedata.category(sign) not in {"Cc", "Cf"})
    return plain(seen).casefold()
