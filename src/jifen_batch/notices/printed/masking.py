"""Householders' names as a public notice may show them: the surname, then one star for all the rest.

One star however long the name is, so that not even its length is told. Source: how courts mask names,
最高人民法院关于人民法院在互联网公布裁判文书的规定 第九条: of a Chinese name the surname stays, of any other
the first character or letter; equal results are told apart by numbers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from jifen_batch.notices.printed.surnames import COMPOUND_SURNAMES
from jifen_batch.signs import is_han

if TYPE_CHECKING:
    from collections.abc import Mapping

STAR = "*"
COMPOUND = 2
# Letters to Unicode, and nothing to the eye: the fillers of Hangul.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


def mask(name: str | None) -> str | None:
    """What a notice shows of a name: 王小明 is 王*, 欧阳修 is 欧阳*, 阿依古丽·买买提 is 阿*, John is J*.

    A name of one character, or that begins with no letter (a digit, a bracket), is a star alone; null,
    and what has nothing visible in it, is null. Combining marks, controls, blanks and zero-width signs
    neither count nor show. A compound surname with nothing behind it keeps one character only.
    """
    signs = _visible(name or "")
    if not signs:
        return None
    if len(signs) == 1 or not _is_letter(signs[0]):
        return STAR
    compound = (
        len(signs) > COMPOUND and all(map(is_han, signs)) and "".join(signs[:COMPOUND]) in COMPOUND_SURNAMES
    )
    return "".join(signs[: COMPOUND if compound else 1]) + STAR


def masks(names: Mapping[str, str | None]) -> dict[str, str]:
    """The masks of a village's householders by household id; who has none is missing.

    Equal ones are numbered from 1 in the order of household ids, which the notice shows anyway: 王*（2）.
    """
    shown = {household: mask(names[household]) for household in sorted(names)}
    total, seen = Counter(shown.values()), Counter[str]()
    told: dict[str, str] = {}
    for household, one in shown.items():
        if one is None:
            continue
        seen[one] += 1
        told[household] = f"{one}（{seen[one]}）" if total[one] > 1 else one
    return told


def _visible(name: str) -> list[str]:
    """The characters of a name that count, each without its marks."""
    return [sign for sign in unicodedata.normalize("NFC", name) if _counts(sign)]


def _counts(sign: str) -> bool:
    """Whether a sign is no control, format, mark, blank or filler; a rare character is not unassigned."""
    return is_han(sign) or (unicodedata.category(sign)[0] not in "CMZ" and sign not in FILLERS)


def _is_letter(sign: str) -> bool:
    """Whether a sign is a letter of any script."""
    return is_han(sign) or sign.isalpha()
