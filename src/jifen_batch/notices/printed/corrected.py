"""The page 更正公告: what was announced of a household, what it is now, why, and which figures changed."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jifen_batch.notices.correction import cause
from jifen_batch.notices.printed.board import BUNDLED
from jifen_batch.notices.rule_changes import figures
from jifen_batch.scheme.causes import EDITED
from jifen_batch.scheme.operators import CAP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.analysis.disclosure import Disclosure
    from jifen_batch.rules.diff import Change

# What of an item says nothing about its points.
WORDS_ONLY = frozenset({"row", "category", "task", "name", "content", "clause", "notice"})


def phrases(
    reasons: Sequence[Mapping[str, Any]], disclosure: Disclosure, changes: Sequence[Change]
) -> Iterator[str]:
    """A phrase per category, item and reason of a household; what is bundled is one sum without a reason."""
    bundled = [
        one["points"] for one in reasons if one["category"] is None or one["category"] in disclosure.together
    ]
    shown = [one for one in reasons if one["category"] and one["category"] not in disclosure.together]
    for category, rows in groupby(shown, key=itemgetter("category")):
        own = list(rows)
        if category in disclosure.unlisted:
            yield f"{category} {sum(one['points'] for one in own):+,}"
            continue
        for one in own:
            name = f"“{one['name']}”" if one["name"] else ""
            yield f"{category}{name}：{_why(one, changes)} {one['points']:+,}"
    if bundled:
        yield f"{BUNDLED} {sum(bundled):+,}"


def _why(one: Mapping[str, Any], changes: Sequence[Change]) -> str:
    """The reasons of one item, each with what was edited of it: 年度上限（由30分改为20分）."""
    return "，".join(_reason(reason, one, changes) for reason in one["reason"].split("+"))


def _reason(reason: str, one: Mapping[str, Any], changes: Sequence[Change]) -> str:
    """A reason in words; where a rule was edited, with the figures that changed."""
    name, _, what = reason.partition(".")
    if what == EDITED and one["item"]:
        edits = [figures(change).zh for change in changes if _about(change, name, one)]
        if edits:
            return "，".join(dict.fromkeys(edits))
    return cause(name, what).zh


def _about(change: Change, name: str, one: Mapping[str, Any]) -> bool:
    """Whether a change of the books is the edit behind a reason of an item."""
    if change.book != one["book"] or one["item"] not in {change.key, *change.items}:
        return False
    of_cap = change.kind.startswith("cap_") or change.field == CAP
    if name == CAP or of_cap:
        return name == CAP and of_cap
    return change.field == name if name in {"points", "matter_cap"} else change.field not in WORDS_ONLY
