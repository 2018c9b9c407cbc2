"""How much is tried: a sample, whose seed is given, or everything.

`SOAK_FAULTS=all` tries everything, `SOAK_FAULTS=SEED` another sample; what failed is named by its test.
"""

from __future__ import annotations

import os
import random
from typing import TypeVar

ASKED = os.environ.get("SOAK_FAULTS", "0")
EVERYTHING = ASKED == "all"
Thing = TypeVar("Thing")


def chosen(things: list[Thing], few: int) -> list[Thing]:
    """Some of the things, in their order; all of them when soaking."""
    if EVERYTHING or len(things) <= few:
        return things
    some = random.Random(f"{ASKED} {len(things)}")  # noqa: S311 - a seed makes the case again
    return [things[number] for number in sorted(some.sample(range(len(things)), few))]
