"""Which characters of text from data may be shown: all that people type, but for what can hurt.

What steers a terminal or breaks a line, what turns the order of a line around, and what no print can show
is marked in its place. Spaces stay, the full-width one of everyday Chinese among them, and so do the joiners
inside emoji and of some scripts, the soft hyphens that Word leaves, and Chinese characters, however rare.
"""

from __future__ import annotations

import unicodedata

MARK = "\N{REPLACEMENT CHARACTER}"
SPACES = "Zs"
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}"
# What TOML has a short way to write for; a line break in a header is read as such by whoever knows Excel.
ESCAPES = {"\\": "\\", '"': '"', "\n": "n", "\t": "t", "\r": "r"}
# Planes 2 and 3 whole: what this Python's Unicode has not heard of yet is a rare character all the same.
HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))


def shown(text: str) -> str:
    """Text as it may be shown, on one line."""
    if text.isprintable():
        return text
    return "".join(sign if _may_be_shown(sign) else MARK for sign in text)


def is_utf8(text: str) -> bool:
    """Whether text of a command line is UTF-8; bytes that are not stand in it as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_toml(text: str) -> str:
    """Text in quotes, as a TOML file has it: what it may not hold, or nobody sees, is written out."""
    return f'"{"".join(map(_in_toml, text))}"'


def one_sign_apart(one: str, other: str) -> bool:
    """Whether one sign put in, left out or changed, or two neighbours exchanged, makes one of the other."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    same = next((at for at, sign in enumerate(short) if sign != long[at]), len(short))
    rest, more = short[same:], long[same:]
    if len(rest) < len(more):
        return rest == more[1:]
    return rest[1:] == more[1:] or (rest[:2] == more[1::-1] and rest[2:] == more[2:])


def _in_toml(sign: str) -> str:
    """A character within quotes."""
    if sign in ESCAPES:
        return f"\\{ESCAPES[sign]}"
    seen = sign.isprintable() or is_han(sign) or unicodedata.category(sign) == SPACES
    return sign if seen else f"\\U{ord(sign):08X}"


def is_han(sign: str) -> bool:
    """Whether a character is a Chinese one, however rare."""
    return any(first <= ord(sign) <= last for first, last in HAN)


def _may_be_shown(sign: str) -> bool:
    """Whether a character can do no harm, and can be seen or stands between what can."""
    return sign.isprintable() or is_han(sign) or sign in JOINERS or unicodedata.category(sign) == SPACES
