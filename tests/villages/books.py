"""Rule books of a village: a base, and local ones that extend it or each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oracle.book import layered
from villages import words
from villages.chance import likely, some
from villages.edits import edit, forfeit
from villages.grades import grades
from villages.items import caps, draft
from villages.sound import sound
from villages.toml import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from villages.people import Site
    from villages.season import Season

Raw = dict[str, Any]
OPEN_END = 2099
DRAFTS = 100


@dataclass
class RowBuffer:
    """Books so far: as written, and layered; `within` says of a book as written whether it may be drawn."""

    within: Callable[[Raw], bool]
    raw: dict[str, Raw] = field(default_factory=dict)
    whole: dict[str, Raw] = field(default_factory=dict)

    def ancestors(self, raw: Raw) -> list[str]:
        above = raw["book"].get("extends")
        return [above, *self.ancestors(self.raw[above])] if above else []

    def layered(self, raw: Raw) -> Raw:
        above = raw["book"].get("extends")
        return layered(raw, self.whole[above] if above else None)

    def disputed(self, raw: Raw) -> bool:
        """Whether a book that it does not extend governs a place and year of its own level too."""
        mine, above = _reach(self.layered(raw)), self.ancestors(raw)
        others = [_reach(whole) for book_id, whole in self.whole.items() if book_id not in above]
        return any(
            level == mine[0] and places & mine[1] and set(years) & set(mine[2])
            for level, places, years in others
        )

    def add(self, raw: Raw) -> None:
        self.raw[raw["book"]["id"]], self.whole[raw["book"]["id"]] = raw, self.layered(raw)


def _reach(whole: Raw) -> tuple[str, set[str], range]:
    """Level, places and years of a layered book."""
    book = whole["book"]
    level, places = next(iter(book.get("scope", {"base": ["everywhere"]}).items()))
    return level, set(places), range(book["first_year"], book.get("last_year", OPEN_END) + 1)


def _accepted(row_buffer: RowBuffer, raw: Raw) -> bool:
    whole = row_buffer.layered(raw)
    return row_buffer.within(raw) and sound(whole) and not row_buffer.disputed(raw)


def _base(rng: Random, season: Season, row_buffer: RowBuffer) -> Raw:
    header: Raw = {"id": "base", "title": "积分细则", "source": "宝乡村振兴办〔2023〕3号"}
    header["first_year"] = min(season.years[0] + likely(rng, 0.1), OPEN_END)
    if likely(rng, 0.15):
        header["last_year"] = max(header["first_year"], rng.choice(season.years))
    raw: Raw = {"book": header, "caps": _caps(rng, season, row_buffer, header), "items": []}
    for code in reversed(some(rng, words.CODES, 6, 13)):
        # Some code can be unacceptable for good, beside what is there already: then it is done without.
        for _ in range(DRAFTS):
            raw["items"].append(draft(rng, season, code))
            if _accepted(row_buffer, raw):
                break
            raw["items"].pop()
    for _ in range(rng.randint(0, 5)):
        keep_if_sound(row_buffer, raw, forfeit(rng, raw, row_buffer.layered(raw)))
    if likely(rng, 0.6):
        graded = grades(rng, [item["code"] for item in raw["items"]])
        keep_if_sound(row_buffer, raw, raw | {"grades": graded})
    return raw


def _caps(rng: Random, season: Season, row_buffer: RowBuffer, header: Raw) -> Raw:
    """Caps of a base book, drawn until the specification accepts them."""
    while True:
        drawn = caps(rng, season)
        if _accepted(row_buffer, {"book": header, "caps": drawn, "items": []}):
            return drawn


def keep_if_sound(row_buffer: RowBuffer, raw: Raw, edited: Raw) -> None:
    if _accepted(row_buffer, edited):
        raw.update(edited)


def _years(rng: Random, season: Season, inherited: Raw) -> Raw:
    """First and last years given anew, inherited, or with the end opened again."""
    drawn: Raw = {}
    if likely(rng, 0.35):
        drawn["first_year"] = rng.choice(season.years)
    if likely(rng, 0.35):
        drawn["last_year"] = rng.choice(season.years)
    elif "last_year" in inherited and likely(rng, 0.5):
        drawn["unset"] = ["last_year"]
    return drawn


def _scope(rng: Random, where: list[Site]) -> Raw:
    """Level of a local book; one without a scope is of the base level."""
    if likely(rng, 0.25):
        return {}
    if likely(rng, 0.5):
        return {"scope": {"towns": some(rng, sorted({site.town for site in where}), 1, 2)}}
    return {"scope": {"villages": some(rng, [site.village for site in where], 1, 2)}}


def _local(rng: Random, season: Season, row_buffer: RowBuffer, where: list[Site]) -> Raw | None:
    """A book that extends one on the row buffer and changes a few things; none where it would clash."""
    above = rng.choice(list(row_buffer.raw))
    header: Raw = {"id": f"local-{len(row_buffer.raw)}", "extends": above}
    header |= _scope(rng, where) | _years(rng, season, row_buffer.whole[above]["book"])
    if likely(rng, 0.3):
        header |= {"title": "本地细则", "source": "村规民约"}
    raw: Raw = {"book": header, "caps": {}, "items": []}
    if not _accepted(row_buffer, raw):
        return None
    for _ in range(rng.randint(0, 8)):
        keep_if_sound(row_buffer, raw, edit(rng, season, raw, row_buffer.whole[above]))
    return raw


def rule_texts(
    rng: Random, season: Season, where: list[Site], within: Callable[[Raw], bool]
) -> dict[str, str]:
    """File name to TOML text of every book, in no order."""
    row_buffer = RowBuffer(within)
    row_buffer.add(_base(rng, season, row_buffer))
    for _ in range(rng.choice((0, 2, 5, 8))):
        local = _local(rng, season, row_buffer, where)
        if local is not None:
            row_buffer.add(local)
    names = [f"{number}-{book_id}.toml" for number, book_id in enumerate(row_buffer.raw)]
    texts = list(zip(names, map(text_of, row_buffer.raw.values()), strict=True))
    rng.shuffle(texts)
    return dict(texts)
