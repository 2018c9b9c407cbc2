"""A draft against the format: everything wrong with its shape at once, and what is left without it.

A key that does not fit is complained about, then taken out, so that the rest of the book can still be
layered and checked in the same pass: a clerk gets all complaints of all files in one go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from jifen_batch.errors import Complaint
from jifen_batch.rules.model import RuleFileForm
from jifen_batch.rules.words import explain

if TYPE_CHECKING:
    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath

_ITEM_DEPTH = 3  # items, number, field
LISTS = {"items", "grades"}


@dataclass(frozen=True, eq=False)
class Shaped:
    """A draft that fits the format; `broken` are the paths that were taken out to make it fit."""

    draft: RuleDraft
    sheet: RuleFileForm
    broken: frozenset[KeyPath]

    def is_broken(self, *path: str | int) -> bool:
        """Whether this key, or what it stands in, was complained about already."""
        return any(path[:length] in self.broken for length in range(1, len(path) + 1))


def shape(draft: RuleDraft) -> tuple[Shaped, list[Complaint]]:
    """Fit a draft's tables to the format; the complaints about what does not fit."""
    tables = draft.tables or {}
    complaints: list[Complaint] = []
    broken: set[KeyPath] = set()
    while True:  # every round takes out at least one key, so it ends
        try:
            return Shaped(draft, RuleFileForm.model_validate(tables), frozenset(broken)), complaints
        except ValidationError as refused:
            for error in refused.errors(include_url=False):
                path = _keys_only(error["loc"])
                problem, remedy = explain(error, path)
                complaints.append(Complaint(draft.shown, draft.line(path), problem, remedy))
                broken.add(_take_out(tables, path))


def _keys_only(path: KeyPath) -> KeyPath:
    """The place of an error without what pydantic adds to it: tags of unions, a mark for dict keys."""
    match path:
        case ("caps", name, _, "points", _, *rest):
            return ("caps", name, "points", *rest)
        case ("caps", name, _, *rest):
            return ("caps", name, *rest)
        case ("items", number, "points", _, *rest):
            return ("items", number, "points", *rest)
        case ("items", number, "forfeits", "items", _, *rest):
            return ("items", number, "forfeits", "items", *rest)
    return path


def _take_out(tables: dict[str, Any], path: KeyPath) -> KeyPath:
    """Remove the key, cap or field of an item or grade that a path leads into; return the path removed.

    The numbers of items and grades must not shift, so one that is no table becomes an empty one.
    """
    top, *inside = path
    if not inside or top not in {"book", "caps", "items", "grades", "wallet"}:
        tables.pop(str(top), None)
        if top == "book":
            tables["book"] = {}
        return path[:1]
    holder: Any = tables[str(top)]
    if top not in LISTS:
        holder.pop(inside[0], None)
        return path[:2]
    if len(path) < _ITEM_DEPTH:
        holder[inside[0]] = {}
        return path[:2]
    holder[inside[0]].pop(inside[1], None)
    return path[:_ITEM_DEPTH]
