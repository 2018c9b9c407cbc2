"""A draft against the format: everything wrong with its shape at once, and what is left without it.

A key that does not fit is complained about, then taken out, so that the rest of the book can still be
layered and checked in the same pass: a clerk gets all complaints of all files in one go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint
from jifen_batch.rules.fitted import fitted
from jifen_batch.rules.misfit_words import explain
from jifen_batch.rules.model import RuleFileForm

if TYPE_CHECKING:
    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.modelled import Misfit

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
    while (sheet := fitted(RuleFileForm, tables)) is None:
        # Every round takes out at least one key, so it ends.
        for misfit in _misfits(tables):
            complaints.append(_complaint(draft, misfit))
            broken.add(_take_out(tables, misfit.path))
    return Shaped(draft, sheet, frozenset(broken)), complaints


def _misfits(tables: dict[str, Any]) -> list[Misfit]:
    from jifen_batch.rules.modelled import misfits  # noqa: PLC0415 - pydantic takes long to load

    found = misfits(RuleFileForm, tables)
    assert found  # noqa: S101 - both readers refuse the same (tests/rules/test_fitted.py)
    return found


def _complaint(draft: RuleDraft, misfit: Misfit) -> Complaint:
    return Complaint(draft.shown, draft.line(misfit.path), *explain(misfit))


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
