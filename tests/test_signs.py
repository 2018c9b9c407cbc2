"""Text from data, as it may be shown and as a TOML file has it."""

import tomllib

import pytest

from jifen_batch.signs import as_toml


@pytest.mark.parametrize(
    "text", ['平"安', "a\\b", "积分　类别", "a\x7fb", "a\tb\n", "a\u202eb", "a\u200bb", "\ue000", "𠮷", ""]
)
def test_any_text_comes_back_from_toml_and_nothing_unseen_stands_in_it(text):
    written = as_toml(text)
    assert tomllib.loads(f"key = {written}")["key"] == text
    assert written.replace("　", "").isprintable()


def test_what_people_type_stays_as_it_is():
    assert as_toml("桃花　村 3") == '"桃花　村 3"'
