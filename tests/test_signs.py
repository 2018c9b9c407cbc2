"""Text from data, as it may be shown and as a TOML file has it."""

import tomllib

import pytest

from jifen_batch.signs import as_toml, one_sign_apart


@pytest.mark.parametrize(
    "text", ['平"安', "a\\b", "积分　类别", "a\x7fb", "a\tb\n", "a\u202eb", "a\u200bb", "\ue000", "𠮷", ""]
)
def test_any_text_comes_back_from_toml_and_nothing_unseen_stands_in_it(text):
    written = as_toml(text)
    assert tomllib.loads(f"key = {written}")["key"] == text
    assert written.replace("　", "").isprintable()


def test_what_people_type_stays_as_it_is():
    assert as_toml("桃花　村 3") == '"桃花　村 3"'


@pytest.mark.parametrize("other", ["untill", "unti", "uutil", "utnil", "unitl", "xuntil"])
def test_one_slip_of_the_hand_is_one_sign_apart(other):
    assert one_sign_apart("until", other)
    assert one_sign_apart(other, "until")


@pytest.mark.parametrize("other", ["until", "units", "untillx", "unt", "ltinu"])
def test_two_slips_are_not(other):
    assert not one_sign_apart("until", other)
