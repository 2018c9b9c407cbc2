"""What is said of text files that are read and may have broken off in their last cell, or be of elsewhere."""

import pytest

from jifen_batch.inputs.find import find
from jifen_batch.inputs.text_doubts import (
    ELSEWHERE,
    EUC_JP,
    EUC_KR,
    HEADER_NOT_ENDED,
    NOT_ENDED,
    OWN_SIGNS,
    remarks,
)

BIG5, SHIFT_JIS = ELSEWHERE


@pytest.fixture
def said(tmp_path):
    """What is said of the files of an input, by name."""

    def call(**contents):
        for name, content in contents.items():
            (tmp_path / f"{name}.csv").write_bytes(content)
        return [(one.name, one.why) for one in remarks(find(str(tmp_path), "events").files)]

    return call


@pytest.mark.parametrize("content", [b"a,b\n1,2", b"a,b\r\n1,", b"a,b\r1,2", "a,b\n1,2".encode("utf-16")])
def test_a_last_line_without_an_end_may_be_cut(content, said):
    assert said(a=content) == [("a.csv", NOT_ENDED)]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"a,b\n", b'a,b\n1,"2"', b"a,b\n1,2\n  "])
def test_what_ends_or_is_closed_is_whole(content, said):
    assert said(a=content) == []


@pytest.mark.parametrize(
    "content",
    [b"event_id,occurred_on,decid", b"event_id,", b'"event_id","item"', b"\n a,b", "a,b".encode("utf-16")],
)
def test_a_header_alone_without_an_end_may_be_cut_between_columns_or_in_one(content, said):
    """What is left may be whole words: an optional column may be gone with all that came behind."""
    assert said(a=content) == [("a.csv", HEADER_NOT_ENDED)]


def test_what_no_file_of_an_input_has_is_a_habit(said):
    assert said(a=b"a\n1", b=b"a") == []
    assert said(b=b"a\n2") == []
    assert said(c=b"a\n3\n") == [("a.csv", NOT_ENDED), ("b.csv", NOT_ENDED)]


@pytest.mark.parametrize("text", ["杏花村", "環境衛生", "認定", "第一組", "李明、王小二、陳大文"])
def test_what_is_everyday_words_in_big5_alone_is_told(text, said):
    assert said(a=f"a\n{text}\n".encode("big5")) == [("a.csv", BIG5.told)]
    assert said(a=f"a\n{text}\n".encode("gb18030")) == []
    assert said(a=f"a\n{text}\n".encode()) == []


@pytest.mark.parametrize(
    "text", ["认定", "村民", "王昊堃", "镕", "罗店镇东南弄村", "申报、评定、撤回", "１２次"]
)
def test_gb18030_with_rare_names_is_none(text, said):
    assert said(a=f"a\n{text}\n".encode("gb18030")) == []


@pytest.mark.parametrize(
    "text", ["承認", "ごみの分別", "ボランティア活動、清掃", "山田太郎", "世帯番号,項目,発生日,状態"]
)
def test_what_is_everyday_words_in_shift_jis_is_told(text, said):
    assert said(a=f"a\n{text}\n".encode("cp932")) == [("a.csv", SHIFT_JIS.told)]


def test_kana_at_the_places_of_euc_jp_are_told(said):
    assert said(a="a\nごみの分別、ボランティア\n".encode("euc_jp")) == [("a.csv", EUC_JP.told)]


def test_many_syllables_and_nothing_else_are_korean(said):
    assert said(a="a\n가구번호,항목,발생일,상태,승인,자원봉사\n".encode("euc_kr")) == [("a.csv", EUC_KR.told)]


def test_signs_of_one_machine_are_told(said):
    assert said(a="a\n李\ue001，罗店镇东南弄村，申报、评定\n".encode("gb18030")) == [("a.csv", OWN_SIGNS)]
