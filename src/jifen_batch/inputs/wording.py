"""Words for years and quarters, as clerks write them, read as ours; nothing else is guessed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

# The years of the specification's dates (3.1).
_YEAR = "20[0-9]{2}"
_NUMBERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
YEAR_FORM = rf"({_YEAR})(?:年度?)?"
QUARTER_FORM = rf"({_YEAR})(?:-?[Qq]([1-4])|年第?([1-4一二三四])季度?)"


@dataclass(frozen=True)
class WordReading:
    """How a column's words are read: ours, or null for what is none; `form` says what is."""

    read: Callable[[str], str | None]
    form: Sentence


def year(word: str) -> str | None:
    """2023, 2023年 and 2023年度 are 2023; from 2000 to 2099."""
    found = re.fullmatch(YEAR_FORM, unicodedata.normalize("NFKC", word).strip())
    return found[1] if found else None


def quarter(word: str) -> str | None:
    """2023Q3, 2023-Q3, 2023年第三季度, 2023年第3季度 and 2023年三季度 are 2023Q3."""
    found = re.fullmatch(QUARTER_FORM, unicodedata.normalize("NFKC", word).strip())
    if not found:
        return None
    number = found[2] or found[3]
    return f"{found[1]}Q{_NUMBERS.get(number, number)}"


READINGS = {
    "scoring_year": WordReading(year, Sentence("a year, such as 2023", "年份，如 2023")),
    "quarter": WordReading(quarter, Sentence('a quarter, such as "2023Q3"', '季度，如 "2023Q3"')),
}


def ours_of(column: str, word: str) -> str | None:
    """Our own word as the column takes it; null where it does not."""
    reading = READINGS.get(column)
    return reading.read(word) if reading else word
