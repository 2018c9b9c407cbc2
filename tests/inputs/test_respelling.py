"""Two spellings of one id are known for one, and told with what was done to which, and what mends that."""

import polars as pl
import pytest

from both_languages import faults
from jifen_batch.inputs import respelling

DONE = {
    "1001": ["zeros in front"],
    "001001.0": ["decimal point"],
    "1001.0": ["decimal point", "zeros in front"],
    "001,001": ["other signs between"],
    "'001001": ["apostrophe"],
    '"001001"': ["quotation marks"],
    '="001001"': ["equals sign"],
    "'1001": ["apostrophe", "zeros in front"],
    "001001\u00a0": ["blanks"],
    "\t001001": ["blanks"],
    "001\u200b001": ["nobody sees"],
    "００１００１": ["full width"],
    "１００１": ["full width", "zeros in front"],
}
REMEDIES = {
    "zeros in front": "format that column as text",
    "decimal point": "format that column as text",
    "other signs between": "write these signs alike",
    "apostrophe": "take that sign off",
    "blanks": "take these out",
    "full width": "half width",
    "capital letters": "write the letters alike",
}


def series(*texts):
    return pl.Series(texts, dtype=pl.String)


def said(habits):
    return [one.said.en for one in habits]


@pytest.mark.parametrize("written", DONE)
def test_what_a_sheet_makes_of_an_id_is_known_for_it(written):
    old, new = series("001001", "001002"), series(written, "001002", "1003")
    assert respelling.pairs(old, new) == [("001001", written)]


@pytest.mark.parametrize("now", [["1002"], ["1001", "001001.0"], ["0", "--"], ["10010"], []])
def test_another_id_and_two_alike_are_no_spelling_of_one(now):
    assert respelling.pairs(series("001001", "000"), series(*now)) == []


def test_an_id_that_is_known_may_be_written_in_several_ways():
    assert respelling.counterparts(series("001001"), series("1001", "1001.0", "1002")) == [
        ("001001", "1001"),
        ("001001", "1001.0"),
    ]
    assert respelling.counterparts(series("001001", "01001"), series("1001")) == []


@pytest.mark.parametrize(("written", "done"), DONE.items())
def test_what_was_done_is_told_of_the_text_that_it_was_done_to(written, done):
    # Of two signs between, nobody can tell which one was there.
    for known_first in (True, False) if "between" not in done[0] else (True,):
        pair = ("001001", written) if known_first else (written, "001001")
        spoilt = respelling.habits([pair])[known_first]
        assert respelling.habits([pair])[not known_first] == []
        assert [word in how for word, how in zip(done, said(spoilt), strict=True)] == [True] * len(done)


@pytest.mark.parametrize(
    ("known", "written", "done"),
    [
        ("volunteer.service", "Volunteer.Service", "capital letters"),
        ("volunteer.service", "volunteer_service", "other signs between"),
        ("volunteer.service", "ｖｏｌｕｎｔｅｅｒ．ｓｅｒｖｉｃｅ", "full width"),
        ("volunteer.service", "volunteer.service\u3000", "blanks"),
        ("001001", "1001", "zeros in front"),
        ("001001", "'001001", "apostrophe"),
        ("001001", "001001.0", "decimal point"),
    ],
)
def test_each_way_of_writing_has_the_remedy_that_mends_it(known, written, done):
    (told,) = respelling.between("--rules", "--events", "item", [(known, written)])
    assert told.en.startswith("--events: the column item is written otherwise than in the rule books (")
    assert f"{written!r} for {known!r}" in told.en
    assert done in told.en
    assert [mend for mend in {*REMEDIES.values()} if mend in told.en] == [REMEDIES[done]]
    assert faults(*told) == []


def test_the_input_that_is_spoilt_is_the_one_to_mend():
    (told,) = respelling.between("--households", "--events", "household_id", [("1001", "001001")])
    assert told.en.startswith("--households: the column household_id is written otherwise than in the events")
    assert "'1001' for '001001'" in told.en
    both = [*respelling.between("--households", "--events", "household_id", [("1001", "'001001")])]
    assert [one.en.split(":")[0] for one in both] == ["--households", "--events"]


def test_ids_that_are_sound_by_now_are_not_told_to_be_formatted_as_text():
    spoilt = respelling.as_now("household_id", [("001001", "1001")])
    assert "'001001' is '1001' now), without the zeros in front" in spoilt.en
    sound = respelling.as_now("household_id", [("1001", "001001")])
    assert "were without the zeros in front" in sound.en
    assert "--successions" in sound.en
    assert "as text" not in sound.en
    assert faults(*spoilt) + faults(*sound) == []
