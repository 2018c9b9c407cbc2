"""How much of the memory that a run may hold is for its rows; the rest is for what works on them."""

from __future__ import annotations

import os

# Python and the libraries, the register of a county, and three parts at work with what they come to.
SET_ASIDE_BYTES = 1 << 30
SHARE_OF_FREE = 0.6


def for_rows(memory: int | None) -> int:
    """Bytes for rows that wait, of a budget for the whole process; null = what the machine has free."""
    budget = free_bytes() if memory is None else memory
    return max(0, budget - SET_ASIDE_BYTES)


def free_bytes() -> int:
    """What the machine has free, less a margin for its other work."""
    pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(pages * SHARE_OF_FREE)
