"""Draws that every part of the generator makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

T = TypeVar("T")


def likely(rng: Random, share: float) -> bool:
    return rng.random() < share


def some(rng: Random, things: Sequence[T], least: int, most: int) -> list[T]:
    """Between `least` and `most` different ones, as far as there are so many."""
    return rng.sample(things, min(len(things), rng.randint(least, most)))


def weighted(rng: Random, weights: dict[T, int]) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]
