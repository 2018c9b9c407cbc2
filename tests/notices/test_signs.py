"""What people type is shown as it is; what could steer a terminal or turn a line around is replaced."""

import pytest

from jifen_batch import signs


@pytest.mark.parametrize(
    "text",
    [
        "桃花\u3000村",
        "a\u00a0b",
        "a\u2003b\u2009c",
        "\U00020000\U0003134f",
        "👨\u200d👩",
        "a\u200cb\u00adc",
        "\U0003fffd",
        "é·—",
    ],
    ids=ascii,
)
def test_what_people_type_stays(text):
    assert signs.shown(text) == text


@pytest.mark.parametrize(
    "sign",
    [
        *("\x00", "\x1b", "\n", "\r", "\x7f", "\x85", "\x9b"),
        *("\u2028", "\u2029"),
        *("\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u206f"),
        *("\u200b", "\ufeff", "\t", "\ue000"),
        *("\ud800", "\ufdd0", "\uffff", "\U0001fffe", "\U0010ffff"),
    ],
    ids=ascii,
)
def test_what_can_hurt_is_replaced(sign):
    assert signs.shown(f"a{sign}\u3000b") == "a\ufffd\u3000b"
