"""Changes that a local rule book makes to what it inherits, each one a copy of the book as written.

Not every edit gives a book that the specification accepts: the caller looks, and drops those.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from villages import words
from villages.chance import likely, some
from villages.grades import grades
from villages.items import CAPS, GROUPS, cap, draft, points
from villages.sound import negative

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from villages.season import Season

Raw = dict[str, Any]
UNSETTABLE = (
    *("cap", "matter_cap", "by_member", "matter", "clause", "content", "row", "exclusive", "forfeits"),
    *("kinds", "grant", "spendable"),
)


def _entry(raw: Raw, code: str) -> Raw:
    """The book's own entry for a code, made if it has none yet."""
    for item in raw["items"]:
        if item["code"] == code:
            return item
    raw["items"].append({"code": code})
    return raw["items"][-1]


def _give(raw: Raw, code: str, fields: Raw) -> Raw:
    entry = _entry(raw, code)
    kept = [name for name in entry.pop("unset", []) if name not in fields]
    entry.update(fields, **({"unset": kept} if kept else {}))
    return raw


def forfeit(rng: Random, raw: Raw, whole: Raw) -> Raw:
    """One more incident: an item, of any sign, that takes what others bring."""
    scope = rng.choice(("year", "quarter", "month", "matter"))
    items = [
        item for item in whole["items"].values() if scope != "matter" or item.get("matter") == "required"
    ]
    lists = [item.get("forfeits", {}).get("items", []) for item in items]
    taken = {code for named in lists if named != "all" for code in named}
    triggers = [item["code"] for item in items if item["code"] not in taken]
    if not triggers:
        return raw
    trigger = rng.choice(triggers)
    barred = ("forfeits", "disabled")
    named = [
        item["code"]
        for item in items
        if item["code"] != trigger and not negative(item) and not any(name in item for name in barred)
    ]
    if not named:
        return raw
    forfeits: Raw = {"scope": scope, "items": "all" if likely(rng, 0.3) else some(rng, named, 1, 4)}
    if likely(rng, 0.4):
        forfeits["reach"] = rng.choice(("before", "before", "all"))
    return _give(deepcopy(raw), trigger, {"forfeits": forfeits})


def _points(rng: Random, season: Season, raw: Raw, above: Raw) -> Raw:
    sign = rng.choice((1, 1, 1, -1, 0))
    return _give(raw, rng.choice(list(above["items"])), {"points": points(rng, season, sign)})


def _cap(rng: Random, season: Season, raw: Raw, __: Raw) -> Raw:
    """A cap given again replaces the inherited one whole, its basis too."""
    name = rng.choice((*CAPS, "own"))
    raw["caps"][name] = cap(rng, season, name)
    return raw


def _grades(rng: Random, _: Season, raw: Raw, above: Raw) -> Raw:
    """A list of grades given again replaces the inherited one whole."""
    raw["grades"] = grades(rng, list(above["items"]))
    return raw


def _fields(rng: Random, _: Season, raw: Raw, above: Raw) -> Raw:
    """One field of an inherited item, overridden."""
    fields = rng.choice(
        (
            {"cap": rng.choice((*CAPS, "own"))},
            {"matter_cap": rng.choice((0, 6, 9))},
            {"matter": rng.choice(("event", "day", "year", "required"))},
            {"category": rng.choice(words.CATEGORIES), "task": "本地任务"},
            {"by_member": likely(rng, 0.6)},
            {"per": rng.choice(("month", "quarter", "half", "year", "event", "matter"))},
            {"kinds": some(rng, words.KINDS[:-1], 1, 2)},
            {"spendable": likely(rng, 0.3)},
            {"pledge": likely(rng, 0.5)},
            {"exclusive": rng.choice(list(GROUPS))},
        )
    )
    return _give(raw, rng.choice(list(above["items"])), fields)


def _unset(rng: Random, _: Season, raw: Raw, above: Raw) -> Raw:
    code = rng.choice(list(above["items"]))
    entry = _entry(raw, code)
    inherited = [name for name in UNSETTABLE if name in above["items"][code] and name not in entry]
    removed = some(rng, inherited, 1, 2)
    if removed:
        entry["unset"] = sorted({*entry.get("unset", []), *removed})
    return raw


def _switch(rng: Random, _: Season, raw: Raw, above: Raw) -> Raw:
    """Disable an item, or enable again what a book above has disabled; its fields still layer."""
    off = [code for code, item in above["items"].items() if item.get("disabled")]
    if off and likely(rng, 0.7):
        return _give(raw, rng.choice(off), {"disabled": False})
    return _give(raw, rng.choice(list(above["items"])), {"disabled": True})


def _add(rng: Random, season: Season, raw: Raw, above: Raw) -> Raw:
    taken = {*above["items"], *(item["code"] for item in raw["items"])}
    free = [code for code in words.CODES if code not in taken]
    if free:
        raw["items"].append(draft(rng, season, rng.choice(free)))
    return raw


def _forfeit(rng: Random, _: Season, raw: Raw, above: Raw) -> Raw:
    return forfeit(rng, raw, above)


EDITS: tuple[Callable[[Random, Season, Raw, Raw], Raw], ...] = (
    *(
        _points,
        _points,
        _cap,
        _cap,
        _grades,
        _fields,
        _fields,
        _fields,
        _unset,
        _unset,
        _switch,
        _switch,
        _add,
        _forfeit,
    ),
)


def edit(rng: Random, season: Season, raw: Raw, above: Raw) -> Raw:
    """A copy of the book with one change; `above` is the layered book that it extends."""
    return rng.choice(EDITS)(rng, season, deepcopy(raw), above)
