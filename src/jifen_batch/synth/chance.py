"""Where chance comes from: one stream per purpose, town and year, all from one seed.

What a town does then never depends on which towns were made before it, nor on how many at a time.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = npt.NDArray[np.int32]
Numbers: TypeAlias = npt.NDArray[np.int64]
Shares: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


class Purpose(IntEnum):
    """What a stream is drawn for; a new purpose takes a new number, so that the others keep theirs."""

    PLACES = 1
    HOUSEHOLDS = 2
    HABITS = 3
    OCCASIONS = 4
    HONOURS = 5
    ENTRY = 6
    FLAWS = 7


def stream(seed: int, purpose: Purpose, town: int, year: int = 0) -> np.random.Generator:
    """A generator of its own for this purpose, town and year; `seed` is 0 or above."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, purpose, town, year))))


def days_between(rng: np.random.Generator, first: Days | int, last: Days | int, size: int) -> Days:
    """Days from `first` to `last`, both included, all alike likely."""
    return rng.integers(first, last, size, dtype=np.int32, endpoint=True)
