"""The mapping file: what it says is taken as it stands, and all that is wrong with it is told at once."""

import os
import random
from contextlib import suppress
from pathlib import Path

import pytest

from fixture.reading import ROOT
from jifen_batch.errors import InputRefusedError, MappingRefusedError
from jifen_batch.inputs import mapping

EXAMPLE = ROOT / "configs" / "mappings" / "statement.toml"
MUTATIONS = int(os.environ.get("SOAK_SEEDS", "0:200").rpartition(":")[2])
# text; the line and part of what is said
COMPLAINTS = [
    ("[colums]\nhousehold_id = '户编号'", 1, "请改为 columns"),
    ("'[key]' = 1", 1, "不认识的键 “[key]”"),
    ("[columns]\n'[key]' = 1", 2, "应为数组"),
    ("[file]\nunits = 5", 2, "units 应为数组"),
    ("[columns]\nhousehold = '户编号'", 2, "请改为 household_id"),
    ("[columns]\nhousehold_id = 5", 2, '请写我方列名 = "对方表头"'),
    ("[columns]\nhousehold_id = []", 2, "household_id 是空的"),
    ("[columns]\nhousehold_id = ''", 2, "是空的"),
    ("[columns]\npoints = '积分'\ncategory = ' 积分'", 3, "用于两列"),
    ("[columns]\npoints = '积分'\n[constants]\npoints = 5", 4, "既有表头又有固定值"),
    ("[constants]\nscoring_year = 1999", 2, "年份，如 2023"),
    ("[constants]\nscoring_year = true", 2, "应为文字"),
    ("[constants]\nquarter = '第三季度'", 2, "2023Q3"),
    ("[values.item]\n'议事' = 'a'\n'议事 ' = 'b'", 3, "对应了两种写法"),
    ("[values.quarter]\n'三季' = '2023Q5'", 2, "2023Q3"),
    ("[values.points]\n'无' = 1.5", 2, "应为文字"),
    ("[values]\nitem = 'a'", 2, '请写"对方写法"'),
    ("[file]\nheader_row = 0", 2, "不小于 1"),
    ("[file]\nheader_row = '2'", 2, "表头所在的行号"),
    ("[file]\nencoding = 'gbk'", 2, "gb18030"),
    ("[file]\ndelimiter = '|'", 2, "delimiter"),
    ("[file]\nthousands_commas = 1", 2, "true 或 false"),
    ("[file]\nfill_down = ['户编号']", 2, "household_id"),
    ("[file]\nskip_rows_where = ['合计']", 2, "对方表头和要跳过的内容"),
    ("[file]\nsheet = 'a'", 2, "请改为 sheets"),
    ("[file]\nrole = 'event'", 2, "请改为 events"),
    ("[file]\nheader_row = 2\nheader_with = '户编号'", 3, "header_row 和 header_with 都写了"),
    ("[file]\nwide = {columns = 'categories'}", 2, "请改为 category"),
    ("[file]\nkey = {event_id = ['户编号']}", 2, "不认识的列名"),
    ("[file]\nrole = 'events'\nkey = {event_id = '户'}\n[columns]\nevent_id = '号'", 3, "另有来处"),
    ("[file]\nunits = {category = '次', point = '分'}", 2, "请改为 points"),
    ("[columns]\npoints = '积分", 2, "不符合 TOML 的写法"),
    ("[columns]\npoints = '积分'\npoints = '得分'", 3, "同一个键写了两次"),
]


@pytest.mark.parametrize(("text", "line", "said"), COMPLAINTS, ids=[text for text, _, _ in COMPLAINTS])
def test_what_is_wrong_is_told_with_its_line(read_mapping, text, line, said):
    with pytest.raises(MappingRefusedError) as refused:
        read_mapping(text)
    (complaint,) = refused.value.complaints
    assert complaint.line == line
    assert said in complaint.sentence.zh


def test_all_complaints_come_at_once(read_mapping):
    with pytest.raises(MappingRefusedError) as refused:
        read_mapping("extra = 1\n[columns]\npoints = 5\n[file]\nheader_row = 0\n")
    assert [complaint.line for complaint in refused.value.complaints] == [1, 3, 5]


def test_headers_and_words_are_compared_in_one_form(read_mapping):
    """Full-width signs and blanks at the edges make no other header."""
    read = read_mapping("[columns]\npoints = '　积分（分） '\n[values.item]\n'Ａ ' = 'deliberation.pledge'")
    assert read.headers == {"points": ["积分(分)"]}
    assert read.words == {"item": {"A": "deliberation.pledge"}}


def test_years_and_quarters_of_the_file_become_ours(read_mapping):
    read = read_mapping("constants = {scoring_year = 2023, quarter = '2023年第三季度'}")
    assert read.constants == {"scoring_year": "2023", "quarter": "2023Q3"}


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputRefusedError, match="check --mapping"):
        mapping.load(str(tmp_path / "none.toml"))


def test_the_example_is_a_mapping():
    read = mapping.load(str(EXAMPLE))
    assert read.words["item"]["承诺积极参加村民议事"] == "deliberation.pledge"


def test_a_mangled_file_is_read_or_refused(tmp_path):
    """However the example is damaged, it is a mapping or a refusal, and nothing else."""
    text, path, refusals = EXAMPLE.read_text(encoding="utf-8"), Path(tmp_path / "m.toml"), []
    for seed in range(MUTATIONS):
        path.write_bytes(mangled(text, random.Random(seed)))  # noqa: S311 - a seed makes the case again
        with suppress(MappingRefusedError):
            mapping.load(str(path))
            continue
        refusals.append(seed)
    assert 0.2 < len(refusals) / MUTATIONS < 1


def mangled(text, rng):
    """A text with one to three pieces cut out, doubled, swapped or written over."""
    content = text.encode()
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(content))
        end = min(len(content), at + rng.choice((1, 2, 5, 40, 400)))
        piece = rng.choice(
            (
                b"",
                content[at:end] * 2,
                b'"',
                b"=",
                b"[",
                b"\xff",
                b"\0",
                b"\n",
                b"1",
                b"[[file]]\n",
                content[at:end][::-1],
            )
        )
        content = content[:at] + piece + content[end:]
    return content
