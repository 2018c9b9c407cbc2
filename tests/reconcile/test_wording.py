"""Years and quarters are read in the forms that clerks write, and in no other."""

import pytest

from jifen_batch.inputs import wording


@pytest.mark.parametrize(
    "word",
    [
        "2023Q3",
        "2023q3",
        "2023-Q3",
        "2023年第三季度",
        "2023年第3季度",
        "2023年三季度",
        "２０２３年三季",
        " 2023Q3 ",
    ],
)
def test_a_quarter_is_read(word):
    assert wording.quarter(word) == "2023Q3"


@pytest.mark.parametrize(
    "word", ["2023Q5", "第三季度", "20233", "2023年", "1999Q1", "2023Q33", "2023年第五季度", ""]
)
def test_what_is_no_quarter_is_not_guessed(word):
    assert wording.quarter(word) is None


@pytest.mark.parametrize("word", ["2023", "2023年", "2023年度", "２０２３", " 2023"])
def test_a_year_is_read(word):
    assert wording.year(word) == "2023"


@pytest.mark.parametrize("word", ["1999", "2100", "23", "二〇二三年", "2023.0", "2023年第三季度", ""])
def test_what_is_no_year_is_not_guessed(word):
    assert wording.year(word) is None
