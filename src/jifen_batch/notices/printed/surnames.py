"""Compound surnames 复姓 that a mask keeps whole, in simplified and traditional characters.

`compound_surnames.txt` has one a line: only those in use whose first character is hardly a surname by itself,
欧 for 欧阳 excepted. Where a name could be read either way (钟离 or 钟, 夏侯 or 夏), the mask keeps one
character, which tells less.
"""

from __future__ import annotations

from importlib.resources import files

COMPOUND_SURNAMES = frozenset((files(__package__) / "compound_surnames.txt").read_text("utf-8").split())
