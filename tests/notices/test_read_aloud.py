"""细则修改 read aloud: what a council hears of each edited rule, by pencil."""

from __future__ import annotations

import pytest

from jifen_batch import rules
from jifen_batch.notices.read_aloud import read_aloud
from jifen_batch.rules.diff import changes

HEAD = '[book]\nid = "b"\ntitle = "本村细则"\nsource = "村民会议决议"\nfirst_year = 2023\n'
CAPS = '[caps]\nyard = {points = 20, within = "all"}\nall = {points = 90, basis = "net", floor = 0}\n'


def item(code, **fields):
    given = {"category": '"类"', "task": '"任务"', "name": f'"{code}"', "points": "5", "per": '"event"'}
    lines = "".join(f"{key} = {value}\n" for key, value in (given | fields).items())
    return f'[[items]]\ncode = "{code}"\n{lines}'


BASE = item("守夜") + item("扫雪", cap='"yard"')
TWO = "[{from = 2023-01-01, points = 5}, {from = 2024-07-01, points = 6}]"
HEARD = {
    "points": (item("守夜", points="8") + item("扫雪", cap='"yard"'), "“守夜”：每次得 8 分。"),
    "dated": (
        item("守夜", points=TWO) + item("扫雪", cap='"yard"'),
        "“守夜”：2023-01-01 起每次得 5 分，2024-07-01 起每次得 6 分。",
    ),
    "a period": (
        item("守夜", per='"quarter"', by_member="true") + item("扫雪", cap='"yard"'),
        "“守夜”：每名成员每季度得 5 分；同一季度只算一次。",
    ),
    "caps in each other": (
        item("守夜", cap='"yard"', matter_cap="9") + item("扫雪", cap='"yard"'),
        (
            "“守夜”：每次得 5 分；同一件事最多 9 分；受上限 yard 所限：每户每年最多 20 分；"
            "再受上限 all 所限：每户每年最多 90 分，扣分后可再得，扣完为止。"
        ),
    ),
    "a pledge for some": (
        item("守夜", per='"month"', pledge="true", kinds='["出租户", "商户"]') + item("扫雪", cap='"yard"'),
        "“守夜”：只适用于出租户、商户；承诺期内逐月计分；每月得 5 分；同一个月只算一次。",
    ),
    "a base": (
        item("守夜", per='"year"', points="100", grant="true", spendable="false")
        + item("扫雪", cap='"yard"'),
        "“守夜”：凡在册的户无须申报；每年得 100 分；只计积分和名次，不能兑换。",
    ),
    "an incident": (
        item("守夜", points="-10", forfeits='{scope = "quarter", items = ["扫雪"]}')
        + item("扫雪", cap='"yard"'),
        "“守夜”：每次扣 10 分；一旦发生，当季“扫雪”都不得分，已记的收回。",
    ),
    "a reset": (
        item("守夜", points="0", forfeits='{scope = "year", items = "all", reach = "before"}')
        + item("扫雪", cap='"yard"'),
        "“守夜”：每次只作记录，不加分也不扣分；一旦发生，当年此前已记的全部得分事项全部收回，此后照常计分。",
    ),
    "a tier": (
        item("守夜", exclusive='"g"') + item("扫雪", cap='"yard"'),
        "“守夜”：每次得 5 分；同一件事就高不就低，不重复积分。",
    ),
    "one taken out": (item("扫雪", cap='"yard"'), "取消：“守夜”：每次得 5 分。"),
    "grades": (
        BASE + '[[grades]]\nname = "五星户"\nat_least = 300\nbars = ["守夜"]\n',
        "评定等级，从上往下取先符合的一个：五星户：净积分不少于 300 分，无 守夜 的记录。",
    ),
}


def heard(tmp_path, before, after):
    sides = []
    for name, text in (("before", before), ("after", after)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        sides.append(rules.load([tmp_path / f"{name}.toml"]))
    return [(one.key, one.sentence.zh) for one in read_aloud(changes(*sides), *sides)]


@pytest.mark.parametrize("name", HEARD)
def test_each_edited_rule_is_one_sentence(name, tmp_path):
    after, sentence = HEARD[name]
    key = None if name == "grades" else "守夜"
    assert heard(tmp_path, HEAD + CAPS + BASE, HEAD + CAPS + after) == [(key, sentence)]


def test_a_cap_is_read_with_what_lies_under_it(tmp_path):
    lower = CAPS.replace("20", "[{from = 2023-01-01, points = 20}, {from = 2024-08-01, points = 10}]")
    assert heard(tmp_path, HEAD + CAPS + BASE, HEAD + lower + BASE) == [
        (
            "yard",
            (
                "上限 yard（“扫雪”）：每户每年最多 20 分（2023-01-01起），10 分（2024-08-01起），"
                "所得再计入上限 all。"
            ),
        )
    ]


def test_a_book_that_comes_or_ends_is_read_with_where_and_when(tmp_path):
    ended = HEAD + "last_year = 2025\n"
    [(key, sentence)] = heard(tmp_path, HEAD + CAPS + BASE, ended + CAPS + BASE)
    assert key is None
    assert (
        sentence == "《本村细则》依据村民会议决议，自 2023 年至 2025 年在全部村镇适用，未兑换的积分不失效。"
    )


def test_two_fields_of_one_rule_are_one_sentence_and_no_edit_is_none(tmp_path):
    edited = item("守夜", points="8", per='"year"') + item("扫雪", cap='"yard"')
    assert heard(tmp_path, HEAD + CAPS + BASE, HEAD + CAPS + edited) == [
        ("守夜", "“守夜”：每年得 8 分；同一年只算一次。")
    ]
    assert heard(tmp_path, HEAD + CAPS + BASE, HEAD + CAPS + BASE) == []
