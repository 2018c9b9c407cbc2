"""What is wrong with a file that a clerk writes is told in the language of the command, place and all."""

import json

import pytest
from click.testing import CliRunner

from jifen_batch import rules
from jifen_batch.cli.program import program
from jifen_batch.errors import AcceptedRefusedError, MappingRefusedError, RulesRefusedError
from jifen_batch.inputs import accepted_breaks, mapping
from jifen_batch.rules.declared import Table
from jifen_batch.rules.model import REQUIRED_OF_BOOK, REQUIRED_OF_ITEM, Head, Item
from rules.writing import BOOK, item

# What each reader is given, the line it complains of, and that complaint in English and in Chinese.
WRONG = {
    "a rule book": (
        BOOK + item("a", cap='"sotred"') + "[caps]\nsorted = 60\n",
        13,
        "item “a” names the cap “sotred”, which is not there; change it to sorted, or add it to [caps]",
        "事项 “a” 的上限 “sotred” 不存在; 请改为 sorted，或在 [caps] 中补上",
    ),
    "a required key": (
        BOOK.replace('source = "甲文"\n', ""),
        1,
        "[book]: source is missing; add source (a document's number or a resolution of the villagers)",
        "[book] 缺少 source; 请补上 source（依据：文号或村民会议决议）",
    ),
    "points as a text": (
        BOOK + item("a", points='"5"'),
        11,
        (
            "points should be a whole number, and is a text; "
            "write a whole number, such as 5, or [{from = 2023-01-01, points = 5}]"
        ),
        "points 应为整数，写成了文字; 请写整数，如 5，或 [{from = 2023-01-01, points = 5}]",
    ),
    "a cap without points": (
        BOOK + '[caps]\nx = {basis = "net"}\n',
        7,
        "cap “x” has neither points nor floor; give it points, such as points = 60",
        "上限 “x” 既没有 points，也没有 floor; 请写 points = 60 这样的上限",
    ),
    "a file that is no TOML": (
        '[book]\nid = "base\n',
        2,
        (
            "a text holds a character that may not stand there (column 11); "
            "write the text on one line, between straight double quotation marks"
        ),
        "文字里有不允许的字符（第 11 列）; 请把文字写在一行之内，并用半角双引号括起来",
    ),
}
MAPPING = (
    "[columns]\npoints = '积分'\nitem = '积分'\n",
    3,
    "the header “积分” is used for two columns; keep one of the two",
    "表头 “积分” 用于两列; 请只保留一处",
)
ACCEPTED = (
    "[[accepted]]\nhousehold_id = 'h'\nscoring_year = 2023\ndifference = 1\nwho = 'w'\nuntil = 2026-12-31\n",
    1,
    "why is missing; add why (why it is accepted)",
    "缺少 why; 请补上 why（认可的理由）",
)
READERS = {
    "rules": (lambda path: rules.load([path]), RulesRefusedError),
    "mapping": (lambda path: mapping.load(str(path)), MappingRefusedError),
    "accepted": (lambda path: accepted_breaks.read(str(path)), AcceptedRefusedError),
}
GIVEN = [*(("rules", one) for one in WRONG.values()), ("mapping", MAPPING), ("accepted", ACCEPTED)]


@pytest.mark.parametrize(("reader", "given"), GIVEN, ids=[*WRONG, "a mapping", "a register of breaks"])
def test_a_complaint_says_the_same_in_both_languages(reader, given, tmp_path):
    text, line, en, zh = given
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    read, refusal = READERS[reader]
    with pytest.raises(refusal) as refused:
        read(path)
    assert str(refused.value) == f"{path}:{line}: {en}"
    assert refused.value.zh == f"{path}:{line}: {zh}"


@pytest.mark.parametrize(("language", "at"), [("en", 2), ("zh", 3)])
def test_a_command_complains_in_its_language_and_to_machines_in_both(language, at, tmp_path):
    path = tmp_path / "x.toml"
    given = WRONG["points as a text"]
    path.write_text(given[0], encoding="utf-8")
    words = ["rules", "check", str(path), "--language", language, "--json"]
    done = CliRunner().invoke(program, words)
    assert done.exit_code == 3
    (logged,) = map(json.loads, done.stderr.splitlines())
    assert (logged["event"], logged["file"], logged["line"]) == (f"{path}:11: {given[at]}", str(path), 11)
    assert (logged["level"], logged["timestamp"][-6:]) == ("error", "+08:00")
    (told,) = json.loads(done.stdout)["complaints"]
    assert f"{told['problem']}; {told['remedy']}" == given[at]
    for said in (told, logged):
        assert [said["sentence"][one] for one in ("en", "zh")] == [f"{path}:11: {one}" for one in given[2:]]


@pytest.mark.parametrize(
    ("table", "name"),
    [*((Head, name) for name in REQUIRED_OF_BOOK), *((Item, name) for name in REQUIRED_OF_ITEM)],
)
def test_a_key_that_is_needed_has_a_meaning_in_both_languages(table: type[Table], name):
    meaning = table.fields()[name].meaning
    assert meaning.en.isascii()
    assert len(meaning.en) > len(name)
    assert meaning.zh
