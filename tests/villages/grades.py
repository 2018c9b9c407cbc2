"""Grades of rule books: low thresholds and few places, so that they are met, and bars that bite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from villages.chance import likely, some

if TYPE_CHECKING:
    from random import Random

NAMES = ("五星户", "四星户", "A", "合格")


def grades(rng: Random, codes: list[str]) -> list[dict[str, Any]]:
    """Up to four grades that may bar these items; none, at times."""
    drawn = []
    for name in some(rng, NAMES, 0, len(NAMES)):
        conditions = {
            "at_least": rng.choice((-10, 0, 5, 10, 25, 60)),
            "top": rng.choice((1, 2, 3)),
            "top_percent": rng.choice((10, 34, 50, 67, 100)),
        }
        kept = some(rng, list(conditions), 1, 2)
        grade = {"name": name} | {condition: conditions[condition] for condition in kept}
        drawn.append(grade | ({"bars": some(rng, codes, 1, 4)} if likely(rng, 0.6) else {}))
    return drawn
