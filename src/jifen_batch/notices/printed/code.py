"""The short code 核对码 of an announcement, by which paper and file are held together.

It is the beginning of the SHA-256 of the quarter's manifest, which holds the digest of every file of the
announcement.
"""

from __future__ import annotations

import re

GROUPS, GROUP = 4, 4
WRITTEN = re.compile(r"[0-9A-F]{16}")


def short_code(digest: str) -> str:
    """The code of a digest: four groups of four signs."""
    signs = digest.upper()
    return "-".join(signs[at * GROUP : (at + 1) * GROUP] for at in range(GROUPS))


def typed(text: str) -> str | None:
    """A code as somebody typed it, made short: without blanks and dashes, in capitals; null for no code."""
    signs = re.sub(r"[\s\-－—]", "", text).upper()
    return short_code(signs) if WRITTEN.fullmatch(signs) else None
