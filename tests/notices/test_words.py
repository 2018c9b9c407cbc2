"""Every term of the specification that a clerk meets has a Chinese word."""

import pytest

from jifen_batch import tables
from jifen_batch.notices import table_words, words
from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import UNPOSTED_NAMES
from jifen_batch.scheme.word import names


@pytest.mark.parametrize(
    ("spoken", "terms"),
    [
        (words.DISPOSITIONS, names(DISPOSITIONS)),
        (words.REJECT_REASONS, names(REJECT_REASONS)),
        (words.STATES, UNPOSTED_NAMES),
    ],
    ids=["dispositions", "reject reasons", "states"],
)
def test_no_term_is_left_without_a_word(spoken, terms):
    assert set(spoken) == set(terms)
    for language in ("en", "zh"):
        said = {one.here(language) for one in spoken.values()}
        assert len(said) == len(terms), "two terms that read the same cannot be told apart"


def test_every_column_of_the_public_tables_has_a_word():
    public = set(tables.STANDINGS.names) | set(tables.ANNOUNCEMENTS.names)
    assert public <= set(words.COLUMNS)


@pytest.mark.parametrize("table", tables.PUBLISHED, ids=lambda table: table.name)
def test_the_headers_of_every_published_table_are_words_that_differ(table):
    headers = [table_words.header(name) for name in table.names]
    assert table_words.TABLES[table.name]
    assert len(set(headers)) == len(headers), "two columns that read the same cannot be told apart"


@pytest.mark.parametrize(("name", "said"), [("2023Q3", "2023年第三季度"), ("2024Q1", "2024年第一季度")])
def test_a_quarter_is_said_in_chinese(name, said):
    assert words.quarter(name) == (name, said)


def test_what_would_steer_a_terminal_is_replaced():
    assert words.printable("h\x1b[31m\n1") == "h\ufffd[31m\ufffd1"
    assert words.printable(None) == "—"
