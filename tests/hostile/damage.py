"""What happens to files on the way: bits that flip, bytes that go, come, or change places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

ODD = (0, 1, 0x7F, 0x80, 0xFF)


def mutate(content: bytes, chance: Random, end: int | None = None) -> bytes:
    """One to four edits before `end`; in half of all cases only bytes change, and the length stays."""
    end = len(content) if end is None else end
    broken = bytearray(content)
    in_place = chance.random() < 0.5
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(1, min(end, len(broken))))
        width = chance.randint(1, 8)
        edits = [_flip, _odd]
        edits += [] if in_place else [_cut, _double, _shuffle]
        chance.choice(edits)(broken, at, width, chance)
    return bytes(broken)


def _flip(broken: bytearray, at: int, _width: int, chance: Random) -> None:
    broken[at] ^= 1 << chance.randrange(8)


def _odd(broken: bytearray, at: int, width: int, chance: Random) -> None:
    for place in range(at, min(at + width, len(broken))):
        broken[place] = chance.choice(ODD)


def _cut(broken: bytearray, at: int, width: int, _chance: Random) -> None:
    if len(broken) > width:
        del broken[at : at + width]


def _double(broken: bytearray, at: int, width: int, _chance: Random) -> None:
    broken[at:at] = broken[at : at + width]


def _shuffle(broken: bytearray, at: int, width: int, chance: Random) -> None:
    some = broken[at : at + width]
    chance.shuffle(some)
    broken[at : at + width] = some
