"""A column that is written otherwise is named with what was done to it, where it was, and what mends it.

On the first night, which has nothing to hold it against, as on a later one; and what is told does mend it.
"""

import json
import re

import pytest

from both_languages import faults
from hunt import world
from jifen_batch.errors import JifenError, LossError, TooManyRejectsError

FALSE = ("missing", "bring their rows back", "revised", "no event is left")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def without_zeros(text):
    return text.lstrip("0")


def as_float(text):
    return f"{text}.0"


def in_full_width(text):
    return text.translate(WIDE)


def quoted(text):
    return f"'{text}"


def behind_blank(text):
    return f"{text}\u3000"


MENDS = {
    without_zeros: "format that column as text",
    as_float: "format that column as text",
    in_full_width: "half width",
    quoted: "take that sign off",
    behind_blank: "take these out",
    str.upper: "write the letters alike",
    str.lower: "write the letters alike",
}
EVENTS, REGISTER, BOTH = ("events",), ("register",), ("events", "register", "redemptions")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return world.announced(tmp_path_factory.mktemp("respelt") / "good")


@pytest.fixture
def later(good, tmp_path):
    return good.copied(tmp_path / "w")


@pytest.fixture
def first(tmp_path):
    made = world.World(tmp_path / "w")
    made.write()
    made.options = {"as_of": world.FIRST_NIGHT, "max_reject_rate": 0.05}
    return made


def spoil(spoilt, column, done, inputs, every=1):
    for name in inputs:
        rows = [row for row in getattr(spoilt, name) if row.get(column)]
        for row in rows[::every]:
            row[column] = done(row[column])
    spoilt.write()


def refused(spoilt, error):
    with pytest.raises(error) as refusal:
        spoilt.night()
    said = refusal.value.sentence
    # A reason is a code in English, and a word in Chinese.
    assert faults(re.sub("unknown_[a-z]+", "", said.en), said.zh) == []
    return said


def told(spoilt):
    """What the log says of the inputs, in English."""
    return [one["why"].en for one in spoilt.log.entries if one["event"] == "may be wrong"]


def mended(spoilt):
    """The next night, of what was there before."""
    sound = world.World(spoilt.folder)
    sound.write()
    sound.options = spoilt.options
    assert sound.night().manifest["accounting"]["rejected"] == 0


@pytest.mark.parametrize("every", [1, 2], ids=["whole column", "half of it"])
@pytest.mark.parametrize(
    ("column", "done", "inputs"),
    [
        ("household_id", without_zeros, EVENTS),
        ("household_id", without_zeros, REGISTER),
        ("household_id", as_float, EVENTS),
        ("household_id", quoted, REGISTER),
        ("household_id", in_full_width, EVENTS),
        ("item", str.upper, EVENTS),
        ("item", in_full_width, EVENTS),
        ("item", behind_blank, EVENTS),
        ("status", str.upper, EVENTS),
    ],
)
def test_the_first_night_names_the_column_and_the_input_that_is_spoilt(first, column, done, inputs, every):
    spoil(first, column, done, inputs, every)
    english, _ = refused(first, TooManyRejectsError)
    option = {EVENTS: "--events", REGISTER: "--households"}[inputs]
    assert f"{option}: the column {column} is written otherwise" in english
    assert MENDS[done] in english
    assert "at their source" not in english
    mended(first)


def test_rows_that_are_wrong_otherwise_are_told_beside_a_respelt_column(first):
    spoil(first, "item", str.upper, EVENTS, 2)
    first.events[1]["household_id"] = "nobody"
    first.write()
    assert "correct the others at their source" in refused(first, TooManyRejectsError).en


def test_names_of_items_and_words_for_a_status_are_told_with_what_reads_them(first):
    spoil(first, "item", lambda code: {"volunteer.service": "志愿者公益服务"}.get(code, code), EVENTS)
    names = {one["item"] for one in first.events}
    assert len(names) > 1
    spoil(first, "status", lambda _: "认定", EVENTS)
    english, chinese = refused(first, TooManyRejectsError)
    assert "[values.status] of a --mapping" in english
    assert "[values.status]" in chinese


@pytest.mark.parametrize(
    ("column", "done", "inputs"),
    [
        ("household_id", without_zeros, EVENTS),
        ("household_id", without_zeros, REGISTER),
        ("household_id", without_zeros, BOTH),
        ("household_id", quoted, BOTH),
        ("household_id", in_full_width, REGISTER),
        ("event_id", as_float, EVENTS),
        ("event_id", str.lower, EVENTS),
        ("item", str.upper, EVENTS),
        ("item", behind_blank, EVENTS),
        ("status", in_full_width, EVENTS),
        ("village_id", as_float, REGISTER),
    ],
)
def test_a_later_night_says_what_was_done_and_nothing_false_beside(later, column, done, inputs):
    spoil(later, column, done, inputs)
    english, _ = refused(later, LossError)
    assert column in english
    assert MENDS[done] in english
    said = json.dumps([english, told(later)], ensure_ascii=False)
    assert [word for word in FALSE if word in said] == []
    mended(later)


def test_half_of_the_event_ids_are_told_by_pairs(later):
    spoil(later, "event_id", as_float, EVENTS, 2)
    english, _ = refused(later, LossError)
    assert "'P001001' is 'P001001.0' now" in english
    assert "find the missing input" not in english


def test_events_that_are_missing_beside_respelt_ones_are_still_looked_for(later):
    spoil(later, "event_id", as_float, EVENTS)
    later.events = later.events[:10]
    later.write()
    english, _ = refused(later, LossError)
    assert "'P001001' is 'P001001.0' now" in english
    assert "find the missing input" in english


@pytest.mark.parametrize("inputs", [EVENTS, BOTH], ids=["of events alone", "of all inputs"])
def test_ids_of_events_and_of_households_are_told_in_one_night(later, inputs):
    spoil(later, "event_id", as_float, EVENTS)
    spoil(later, "household_id", without_zeros, inputs)
    english, _ = refused(later, LossError)
    assert "'P001001' is 'P001001.0' now" in english
    assert "the column household_id" in english
    assert "find the missing input" not in english


def test_ids_that_lost_their_zeros_on_the_first_night_may_stay_or_be_said(first):
    spoil(first, "household_id", without_zeros, BOTH)
    first.night()
    sound = world.World(first.folder)
    sound.write()
    english, _ = refused(sound, LossError)
    assert "were without the zeros in front" in english
    assert "say with --successions" in english
    assert "as text" not in english


def test_empty_event_ids_are_no_missing_events(later):
    spoil(later, "event_id", lambda _: "", EVENTS)
    english, _ = refused(later, LossError)
    assert "the required column event_id is empty" in english
    assert "events are missing" not in english


def test_households_under_another_id_are_no_missing_events(later):
    spoil(later, "household_id", lambda text: f"H{text}", BOTH)
    english, _ = refused(later, LossError)
    assert "say so with --successions" in english
    assert "events are missing" not in english


@pytest.mark.parametrize(
    ("inputs", "names"),
    [(("redemptions",), "--redemptions: the column"), (("register", "events"), "--households: the column")],
)
def test_redemptions_of_a_household_that_is_written_otherwise_are_told_so(later, inputs, names):
    spoil(later, "household_id", without_zeros, inputs)
    try:
        later.night()
    except JifenError:
        assert inputs != ("redemptions",)
    (said,) = [one for one in told(later) if "redemptions" in one or "积分换物" in one]
    assert said.startswith(names)
    assert "--successions" not in said
