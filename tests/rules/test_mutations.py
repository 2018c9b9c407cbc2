"""A rule file that somebody broke in any way is accepted, or refused with a line: never a traceback.

`SOAK_MUTANTS` is how many, of the shipped book and of one with every newer key.
"""

import os
import random
from pathlib import Path

import pytest

from jifen_batch import rules
from jifen_batch.errors import RulesRefusedError

CONFIGS = Path(__file__).parents[2] / "configs" / "rules"
MUTANTS, BATCH = int(os.environ.get("SOAK_MUTANTS", "600")), 100
VALUES = (
    "5", "-5", "1.5", "nan", "-inf", "true", '""', '" "', '"x"', '"月"', "[]", "[1]", "{}", "{a = 1}", "[[]]",
    "2023-01-01", "2023-01-01T10:00:00", "10:00:00", "99999999999999999999999", '"\\u0000"', '"\\u200ba"',
    "[{from = 2023-01-01, points = 5}]", '{points = 5, basis = "net"}', '{scope = "month", items = ["x"]}',
    "[{from = 2023-01-01, points = 5}, {from = 2023-01-01, points = 4}]", '{points = 5, within = "net"}',
    '{floor = 0, basis = "net"}', '{points = 9, period = "half", within = "total"}', "{floor = -3}",
    '{scope = "quarter", items = "all", reach = "before"}', '"all"', '"half"', '"quarter"', '"before"',
    '"net"', '["出租户"]', '["base"]', "0", "100", "101", '[{name = "星", top = 1}]', "{period = 1}",
    '{within = "total"}',
    '["cap"]', '"baoshan-2023"', '"village"', '"required"', '"month"', '"event"', "'''", '"', "[", "{", "",
)  # fmt: skip
LINES = (
    "[book]", "[[book]]", "[caps]", "[items]", "[[items]]", "[wallet]", "[items.forfeits]",
    "[[items.points]]",     "x = 1", '"@whole" = 1', '"[key]" = 1', '"" = 1', "disabled = true",
    'unset = ["cap", "cap"]', "per.x = 1",
    "[[grades]]", "[grades]", "grades = []", "[caps.total]", "at_least = 5", "top_percent = 3",
    'bars = ["base"]',
    "grant = true", "spendable = false", 'kinds = ["出租户"]', "kinds = []", 'reach = "before"', "floor = 0",
    'period = "month"', 'within = "civil"', 'basis = "net"', "top = 0", "by_member = true",
    'matter = "required"',
    'scope = {towns = ["T"]}', 'extends = "baoshan-2023"', 'extends = "village"', "\ufeff", "\r", "}", '"""',
)  # fmt: skip


def village():
    """A local book that uses all that layering offers."""
    return (
        '[book]\nid = "village"\ntitle = "本村"\nsource = "决议"\nextends = "baoshan-2023"\n'
        'scope = {villages = ["V"]}\nfirst_year = 2024\nlast_year = 2030\n[caps]\nwaste = 50\n'
        '[[items]]\ncode = "waste.pledge"\npoints = [{from = 2024-01-01, points = 4}]\nunset = ["cap"]\n'
        '[[items]]\ncode = "fire.charging"\ndisabled = true\n[wallet]\nexpires = "12-31"\n'
    )


def reaching():
    """A book with every key beyond those of the annex."""
    return (
        '[book]\nid = "reach"\ntitle = "镇"\nsource = "决议"\nfirst_year = 2023\nlast_year = 2031\n[caps]\n'
        'civil = {points = 60, basis = "net", floor = 0, within = "total"}\n'
        'yard = {points = 20, basis = "net", period = "month", within = "civil"}\n'
        "rent = {points = [{from = 2023-01-01, points = 40}, {from = 2023-08-01, points = 30}]}\n"
        '[caps.total]\nfloor = 0\nbasis = "net"\nperiod = "year"\n'
        + "".join(
            f'[[items]]\ncode = "{code}"\ncategory = "类"\ntask = "任务"\nname = "{code}"\n{fields}\n'
            for code, fields in {
                "base": 'points = 100\nper = "year"\ngrant = true\nspendable = false\ncap = "civil"',
                "tidy": 'points = 5\nper = "month"\ngrant = true\nkinds = ["本地户"]\ncap = "yard"',
                "rent": 'points = 10\nper = "quarter"\nkinds = ["出租户", "商户"]\ncap = "rent"',
                "half": "points = [{from = 2023-01-01, points = 8}, {from = 2024-07-01, points = 9}]\n"
                'per = "half"',
                "litter": 'points = -2\nper = "event"\ncap = "yard"',
                "helper": 'points = 50\nper = "event"\nexclusive = "honour"\nmatter = "required"',
                "reset": 'points = 0\nper = "event"\n'
                'forfeits = {scope = "year", items = "all", reach = "before"}',
                "fire": 'points = -1\nper = "event"\ncap = "civil"\n'
                'forfeits = {scope = "quarter", items = ["rent", "tidy"]}',
            }.items()
        )
        + '[[grades]]\nname = "五星户"\nat_least = 150\ntop_percent = 10\nbars = ["fire"]\n'
        '[[grades]]\nname = "四星户"\ntop = 3\n'
    )


def local():
    """A book over that one which layers each of them."""
    return (
        '[book]\nid = "local"\nextends = "reach"\nscope = {towns = ["T"]}\n[caps]\n'
        'yard = {points = 9, basis = "net", period = "quarter", within = "civil"}\n'
        '[[items]]\ncode = "rent"\nunset = ["kinds"]\nper = "half"\n'
        '[[items]]\ncode = "base"\nspendable = true\n[[items]]\ncode = "half"\ndisabled = true\n'
        '[[grades]]\nname = "文明户"\nat_least = 80\n'
    )


# What somebody might well write under a key, right or wrong for the book that it is in.
LIKELY = {
    "points": ("0", "-5", "7", "[{from = 2023-01-01, points = 5}, {from = 2023-06-01, points = -5}]"),
    "per": ('"month"', '"quarter"', '"half"', '"year"', '"event"', '"matter"'),
    "cap": ('"yard"', '"civil"', '"total"', '"rent"', '"nowhere"'),
    "first_year": ("2022", "2024", "2032"),
    "at_least": ("-1", "0", "1000000"),
    "top_percent": ("0", "1", "100", "101"),
    "bars": ('["rent"]', '["nowhere"]', "[]"),
    "kinds": ('["出租户"]', '["a", "a"]', "[]"),
    "yard": ("9", '{points = 9, within = "total"}', '{floor = -5, basis = "net", period = "half"}'),
    "civil": ("60", '{points = 60, within = "yard"}', '{floor = 0, basis = "net", period = "month"}'),
    "forfeits": (
        '{scope = "month", items = "all"}',
        '{scope = "matter", items = "all"}',
        '{scope = "year", items = ["base"], reach = "before"}',
        '{scope = "quarter", items = ["litter"]}',
    ),
}


def rewrite(lines, chance):
    """Another likely value under a key that a file has."""
    known = [at for at, line in enumerate(lines) if line.partition(" = ")[0] in LIKELY]
    if known:
        at = chance.choice(known)
        key = lines[at].partition(" = ")[0]
        lines[at] = f"{key} = {chance.choice(LIKELY[key])}"


def mutate(lines, chance):
    """One random edit: a line dropped, doubled, moved, cut, replaced, or given another value or key."""
    at = chance.randrange(len(lines))
    line = lines[at]
    key, equals, _ = line.partition(" = ")
    other = chance.choice(lines)
    edits = [
        [],
        [line, line],
        [other],
        [line, chance.choice(LINES)],
        [chance.choice(LINES)],
        [line[: chance.randrange(len(line) + 1)]],
        [f"{key} = {chance.choice(VALUES)}"],
        [f"{key} = {chance.choice(VALUES)}"],
        [f"{key}{equals}{other.partition(' = ')[2]}"],
        [f"{other.partition(' = ')[0]}{equals}{line.partition(' = ')[2]}"],
    ]
    lines[at : at + 1] = chance.choice(edits)


def outcome(folder):
    """Complaints, or what is warned of where the files are accepted; and whether they are."""
    try:
        return rules.load([folder]).warnings, True
    except RulesRefusedError as refused:
        return refused.complaints, False


@pytest.mark.parametrize("seed", range(MUTANTS // BATCH))
def test_mutants_are_accepted_or_refused_with_a_line(seed, tmp_path):
    chance = random.Random(seed)  # noqa: S311 - no secret: a seed that can be run again
    shipped = (CONFIGS / "baoshan-2023.toml").read_text(encoding="utf-8")
    outcomes = []
    for number in range(BATCH):
        texts = {"base.toml": shipped, "village.toml": village()}
        if number % 3:
            texts = {"base.toml": reaching(), "village.toml": local()}
        victim = chance.choice(sorted(texts))
        lines = texts[victim].split("\n")
        for _ in range(chance.choice((1, 1, 2, 3))):
            chance.choice((mutate, rewrite))(lines or [""], chance)
        texts[victim] = "\n".join(lines)
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        complaints, accepted = outcome(tmp_path)
        assert accepted or complaints
        outcomes.append(accepted)
        for complaint in complaints:
            length = (tmp_path / Path(complaint.file).name).read_text(encoding="utf-8").count("\n") + 1
            assert 1 <= complaint.line <= length
            assert all(complaint.problem)
            assert all(complaint.remedy)
    assert len(set(outcomes)) == 2, "some are accepted, and some are not"


@pytest.mark.parametrize("texts", [(reaching(),), (reaching(), local())])
def test_what_is_broken_was_whole(texts, tmp_path):
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    assert outcome(tmp_path)[1]


def test_random_bytes_are_refused_with_a_line(tmp_path):
    chance = random.Random(0)  # noqa: S311 - no secret: a seed that can be run again
    content = (CONFIGS / "baoshan-2023.toml").read_bytes()
    for _ in range(BATCH):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "base.toml").write_bytes(broken)
        assert all(complaint.line >= 1 for complaint in outcome(tmp_path)[0])
