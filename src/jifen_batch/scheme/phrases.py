"""Refusals in Chinese: what is said in English at the place that refuses, said again by its phrases.

A refusal is place, problem, remedy: `events: a.csv: is empty (0 bytes); send it again`. Its phrases, the
parts between `; ` and behind `: `, stand in tables with their Chinese; what a phrase names is carried over.
A phrase that no table has stays English, and a test holds every refusal of the program to the tables.
"""

from __future__ import annotations

import re
from functools import cache

from jifen_batch.scheme.phrases_of_inputs import OF_INPUTS, PLACES
from jifen_batch.scheme.phrases_of_results import OF_RESULTS

CLAUSE, PART = "; ", ": "
GAP = "{}"
# What a phrase names ends where the next part begins.
NAMED = "((?:(?!; |: ).)+?)"


def in_chinese(message: str) -> str:
    """A message of one or several lines in Chinese, as far as the tables have its phrases."""
    return "\n".join(_line(line) for line in message.split("\n"))


def _line(line: str) -> str:
    """One sentence: its clauses, joined again; as it is where no table has any of them."""
    clauses = _clauses(line)
    said = [_clause(clause) for clause in clauses]
    return line if said == clauses else "；".join(said)


def _clauses(line: str) -> list[str]:
    """The clauses of a sentence; a phrase that has the sign of a clause within it is one."""
    parts = line.split(CLAUSE)
    for at in range(len(parts)):
        if _phrase(CLAUSE.join(parts[at:])) is not None:
            return [*parts[:at], CLAUSE.join(parts[at:])]
    return parts


def _clause(clause: str) -> str:
    """A phrase, behind the places that it is about."""
    parts = clause.split(PART)
    for at in range(len(parts)):
        found = _phrase(PART.join(parts[at:]))
        if found is not None:
            return "：".join([*map(_place, parts[:at]), found])
    return clause


def _place(place: str) -> str:
    """A column or row in Chinese; names of files and inputs as they are."""
    return next((found for one in _places() if (found := _filled(one, place)) is not None), place)


def _phrase(text: str) -> str | None:
    """A phrase in Chinese; null where no table has it."""
    return next((found for one in _phrases() if (found := _filled(one, text)) is not None), None)


def _filled(phrase: tuple[re.Pattern[str], str], text: str) -> str | None:
    """The Chinese of a phrase with what the text names in its gaps; null where the text is another."""
    found = phrase[0].fullmatch(text)
    if found is None:
        return None
    return phrase[1].format(*(_place(group) for group in found.groups()))


@cache
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    """All phrases; of several that fit, the one that says most itself."""
    rows = sorted((*OF_INPUTS, *OF_RESULTS), key=lambda row: -len(row[0].replace(GAP, "")))
    return [(_pattern(en), zh) for en, zh in rows]


@cache
def _places() -> list[tuple[re.Pattern[str], str]]:
    """The phrases of places."""
    return [(_pattern(en), zh) for en, zh in PLACES]


def _pattern(en: str) -> re.Pattern[str]:
    """What a phrase matches, a group a gap."""
    return re.compile(NAMED.join(map(re.escape, en.split(GAP))))
