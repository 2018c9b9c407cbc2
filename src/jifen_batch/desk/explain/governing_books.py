"""The few rule books, of a run's many, that have to do with some places (specification 2.3, Layers).

A thousand local books take longer to load than a villager waits at the counter. Which of them matter is
read off their text first, rather one too many than one too few; then those are loaded as always.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jifen_batch import rules
from jifen_batch.errors import RulesRefusedError
from jifen_batch.published import manifest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from jifen_batch.rules import LoadedRules

_KEY = rb"""^\s*%s\s*=\s*["']([^"'\n]+)["']"""
_ID, _EXTENDS = (re.compile(_KEY % key, re.MULTILINE) for key in (b"id", b"extends"))
_SCOPE = re.compile(rb"^\s*(?:scope\s*=\s*\{|scope\s*\.|\[\s*book\s*\.\s*scope)", re.MULTILINE)
_NOT_PLAIN = re.compile(rb"\\|\"\"\"|'''")


def governing(folder: Path, books: Collection[str], places: Collection[str]) -> LoadedRules:
    """The books of these ids, those that may govern these towns or villages, and all that they extend.

    `folder` is a run's. Raises what `rules.load` does.
    """
    files = sorted(manifest.rules(folder).glob("*.toml"))
    wanted = _with_extended({file: file.read_bytes() for file in files}, books, places)
    try:
        return rules.load(wanted)
    except RulesRefusedError:
        # Taken together they were accepted once: one was missing.
        return rules.load(files)


def _with_extended(files: dict[Path, bytes], books: Collection[str], places: Collection[str]) -> list[Path]:
    """The files that are wanted, and those of the books that they extend, and so on."""
    named = {found[1]: file for file, text in files.items() if (found := _ID.search(text))}
    words = [name.encode() for name in places]
    ids = {name.encode() for name in books}
    chosen = {file for file, text in files.items() if _may_govern(text, words)}
    fresh = chosen | {named[book] for book in ids if book in named}
    while fresh:
        chosen |= fresh
        extended = {book for file in fresh for book in _EXTENDS.findall(files[file])}
        fresh = {named[book] for book in extended if book in named} - chosen
    return sorted(chosen)


def _may_govern(text: bytes, places: Collection[bytes]) -> bool:
    """Whether a book is of the base level, names a place, or is written so that this cannot be told."""
    local = _SCOPE.search(text) is not None
    plain = _NOT_PLAIN.search(text) is None and _ID.search(text) is not None
    return not (local and plain) or any(place in text for place in places)
