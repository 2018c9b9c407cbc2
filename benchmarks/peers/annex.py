"""What peers score: the language of the annex, as release 0.1.0 had it, and no word that came later.

They are there to be held against, so that they stay as they are while the rule language grows: a book that
uses anything beyond is refused with a sentence, and columns that came later are neither written nor compared.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Fields = dict[str, Any]

TOP = {"book", "caps", "items", "wallet"}
CAP = {"points", "basis"}
ITEM = {
    *("code", "row", "category", "task", "name", "content", "clause", "points", "per", "pledge", "cap"),
    *("matter_cap", "matter", "exclusive", "by_member", "forfeits", "notice", "unset", "disabled"),
}
FORFEITS = {"scope", "items"}
PERIODS = {"month", "year", "event", "matter"}
SCOPES = {"year", "month", "matter"}
# Of events, spells and tables.
COLUMNS_BEYOND = {"evidence_id", "kind", "group_id", "rank_in_group", "grade", "barred_by"}
DISPOSITIONS_BEYOND = {"floored", "not_eligible"}
REASONS_BEYOND = {"reserved_id", "granted_item", "unreadable_row"}


class BeyondError(ValueError):
    """A rule book that peers do not understand."""


def refuse_beyond(path: Path) -> None:
    """Raise `BeyondError`, one sentence, for a book that uses anything beyond the annex."""
    found = "; ".join(beyond(tomllib.loads(path.read_text(encoding="utf-8-sig"))))
    if found:
        raise BeyondError(
            f"{path}: {found}: the peers score the language of the annex only; leave it out of what is "
            "measured against them"
        )


def beyond(book: Fields) -> Iterator[str]:
    """Each place of a parsed book that uses what the annex does not, and the word there."""
    yield from _keys("the book", book, TOP)
    for name, cap in book.get("caps", {}).items():
        at = f"cap {name}"
        if isinstance(cap, dict):
            yield from _keys(at, cap, CAP)
            if isinstance(cap.get("points"), list):
                yield f"{at} has dated points"
    for item in book.get("items", []):
        at = f"item {item.get('code')}"
        yield from _keys(at, item, ITEM)
        yield from _words(at, "per", item, PERIODS)
        forfeits = item.get("forfeits", {})
        yield from _keys(f"forfeits of {at}", forfeits, FORFEITS)
        yield from _words(f"forfeits of {at}", "scope", forfeits, SCOPES)
        if forfeits.get("items") == "all":
            yield f'forfeits of {at} has items = "all"'


def _keys(at: str, fields: Fields, known: set[str]) -> Iterator[str]:
    yield from (f"{at} has {key}" for key in fields if key not in known)


def _words(at: str, key: str, fields: Fields, known: set[str]) -> Iterator[str]:
    if key in fields and fields[key] not in known:
        yield f'{at} has {key} = "{fields[key]}"'
