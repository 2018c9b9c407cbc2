"""Words of every complaint: names as they can be printed, and the nearest right spelling as a remedy."""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from jifen_batch import signs
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jifen_batch.rules.declared import Table

SHOWN_LENGTH = 40
KNOWN_LIMIT = 1_000  # names that a misspelt one is compared with: each comparison costs
LISTED_MAX = 30


def quoted(value: object) -> str:
    """A name from a rule file, safe to print on one line."""
    text = signs.shown(str(value)[:SHOWN_LENGTH])
    return f"“{text}…”" if len(str(value)) > SHOWN_LENGTH else f"“{text}”"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; look-alike characters count as what they look like."""
    plain = unicodedata.normalize("NFKC", word[:SHOWN_LENGTH]).strip().lower()
    import difflib  # noqa: PLC0415 - only for who mistyped

    found = difflib.get_close_matches(plain, islice(known, KNOWN_LIMIT), n=1, cutoff=0.7)
    return found[0] if found else None


def change_to(word: str) -> Sentence:
    """Remedy for a word of which the right one is known."""
    return Sentence(f"change it to {word}", f"请改为 {word}")


def write_instead(word: str, known: Iterable[str]) -> Sentence:
    """Remedy for a word that is not among those known."""
    choices = list(known)
    if near := nearest(word, choices):
        return change_to(near)
    if not choices:
        return Sentence("remove it", "请删去")
    few = choices[:LISTED_MAX]
    return Sentence(f"it may be: {', '.join(few)}", f"可写：{'、'.join(few)}")


def item_instead(code: str, known: Iterable[str]) -> Sentence:
    """Remedy for the code of an item that the book does not have."""
    if near := nearest(code, known):
        return change_to(near)
    return Sentence("give the code of an item of this book", "请写本细则中的事项代码")


def lacks(name: str) -> Sentence:
    """Problem of a key that must stand."""
    return Sentence(f"{name} is missing", f"缺少 {name}")


def add(name: str, meaning: Sentence | None = None) -> Sentence:
    """Remedy for a key that must stand."""
    if meaning is None:
        return Sentence(f"add {name}", f"请补上 {name}")
    return Sentence(f"add {name} ({meaning.en})", f"请补上 {name}（{meaning.zh}）")


def keys_of(table: type[Table]) -> list[str]:
    """Keys of a table as they are written."""
    return [key.written for key in table.fields().values()]


def meaning_of(table: type[Table], written: str) -> Sentence | None:
    """What a key of a table means, as editors show it; null where the table does not have it."""
    return next((key.meaning for key in table.fields().values() if key.written == written), None)
