"""The sentence of a reject in English: the same facts as the Chinese one that the tables keep."""

import pytest

from both_languages import HAN, faults
from jifen_batch.published import publish, runs
from jifen_batch.scheme.reject_details import english
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.word import names
from jifen_batch.tables import REJECTS
from worklist.conftest import AS_OF, Listed

WRITTEN = """\
event_id,household_id,item,occurred_on,status,quantity,until,matter_id,member_id,evidence_id
ok,wang,help,2023-05-01,approved,,,,,
empty,wang,,2023-05-01,,,,,,
one,wang,help,2023-05-01,approved,,,,,
one,li,help,2023-05-01,approved,,,,,
two,wang,help,2023-05-01,approved,,,,,
two,wang,help,2023-05-02,approved,,,,,
grant:1,wang,help,2023-05-01,approved,,,,,
early,wang,help,1999-05-01,approved,,1998-01-01,,,
word,wang,help,2023-05-01,approved ,,,,,
none,wang,help,2023-05-01,yes,,,,,
who,wagn,help,2023-05-01,approved,,,,,
wide,ｗａｎｇ,help,2023-05-01,approved,,,,,
year,wang,help,2011-05-01,approved,,,,,
named,wang,志愿服务,2023-05-01,approved,,,,,
like,wang,ｈｅｌｐ,2023-05-01,approved,,,,,
what,wang,anything,2023-05-01,approved,,,,,
many,wang,help,2023-05-01,approved,5000,,,,
ends,wang,help,2023-05-01,approved,,2023-06-01,,,
phone,wang,help,2023-05-01,approved,,,,13812345678,13812345678
"""
UNREADABLE = """\
cell,wang,help,五月；一日,approved,两,,,,
short,wang,help
"""


@pytest.fixture
def rejects(tmp_path):
    """The rejects of a feed with every fault that a feed can have."""
    made = Listed(tmp_path / "faults")
    made.homes, made.named = {"wang": "east", "li": "east"}, "东村"
    made.folder.mkdir()
    feed = made.folder / "events.csv"
    feed.write_text(WRITTEN + UNREADABLE, encoding="utf-8")
    made.night(AS_OF, events=str(feed))
    return runs.read(publish.current(made.out), REJECTS)


def test_every_sentence_has_its_twin_with_the_same_figures_and_columns(rejects):
    assert len(set(rejects["reason"])) > 10
    for reason, detail in rejects.select("reason", "detail").iter_rows():
        assert faults(english(detail), detail) == [], (reason, detail)


def test_what_somebody_wrote_stays_as_it_was_written(rejects):
    (one,) = rejects.filter(reason="unreadable_row", event_id="cell")["detail"]
    assert english(one) == (
        "row 21: occurred_on “五月；一日” is no day; write it as 2023-01-31, of the Gregorian calendar; "
        "quantity “两” is no whole number; write it as 12"
    )


@pytest.mark.parametrize("reason", names(REJECT_REASONS))
def test_a_reason_says_in_english_what_it_says_in_chinese(reason):
    said = {one.name: one.sentence for one in REJECT_REASONS}[reason]
    assert not HAN.search(said.en)
    assert said.zh == "{}" or faults(said.en, said.zh) == []


def test_a_sentence_that_this_program_does_not_make_has_none():
    assert english("旧版本的说法") is None
