"""TOML files of every kind, broken by chance and by malice: taken, or refused with a line, within a second.

`SOAK_SEEDS=FIRST:LAST` tries other, or more, mutations; a failing seed, given again, fails again.
"""

import os
import re
import time
from pathlib import Path
from random import Random

import click
import pytest

from jifen_batch import rules
from jifen_batch.cli import config
from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.errors import RulesRefusedError, UsageRefusedError
from jifen_batch.inputs import accepted_breaks, mapping

CONFIGS = Path(__file__).parents[2] / "configs"
FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:60").partition(":")
SEEDS = range(int(FIRST), int(LAST))
SECONDS_MAX = 3
MAPPING = """[file]
sheets = "积分"
header_row = 2
encoding = "gb18030"
delimiter = ";"
thousands_commas = true
fill_down = ["household_id"]
skip_rows_where = {"户编号" = ["合计"]}
[columns]
household_id = ["户编号", "户号"]
points = "净积分"
[values.category]
"村民议事类" = "村民议事"
[values.quarter]
"一季度" = "2023Q1"
[constants]
scoring_year = 2023
"""
ACCEPTED = """[[accepted]]
household_id = "a"
scoring_year = 2023
difference = -20
who = "村会计"
why = "对方年底补录"
until = 2024-07-20
"""
SETTINGS = """out = "out"
[run]
events = "events"
households = "h.csv"
rules = ["rules"]
as_of = 2024-07-20
grace_days = 15
max_reject_rate = 0.05
keep = 8
["rules check"]
json = false
[reconcile]
tolerance = 0
village = ["v"]
"""
VALUES = (
    *(
        "5",
        "-5",
        "1.5",
        "1e400",
        "nan",
        "-nan",
        "inf",
        "-inf",
        "true",
        '""',
        '" "',
        '"月"',
        "[]",
        "[1]",
        "{}",
    ),
    *("[[]]", "2023-01-01", "0001-01-01", "9999-12-31", "2023-02-30", "2023-01-01T10:00:00Z", "10:00:00"),
    *("0x7fffffffffffffff", "9223372036854775808", "-9223372036854775809", "1" * 400, "1" * 5000),
    *('"\\u0000"', '"\\u200b"', '"\\U0001F9E7"', f'"{"长" * 1000}"', f'"{"x" * 50_000}"'),
    *("[" * 90 + "]" * 90, "[" * 5000, "{a=" * 60 + "1" + "}" * 60, "{a=" * 3000, '["x", 1, nan, []]'),
    *("[" + "1," * 2000 + "]", "'", '"""', "", "#", "\x00", "\ufeff"),
)
KEYS = (
    *("", '""', '"@whole"', "积分", '"ｐoints"', "a.b.c", "a" * 300, ".".join("a" * 90), "[x]", "[[x]]"),
    *("[file]", '"\\u202e"', "points.points", "[items.x]", "x-1", "1", "true", '"key.with.dots"', "="),
)
SIGNS = "=[]{}\"'.#,\\\t月\u3000"
LARGE = {
    "nothing": b"",
    "zeros": b"\x00" * 9,
    "UTF-16": b"\xff\xfe[\x00",
    "one key again and again": b"a = 1\n" * 90_000,
    "a key": b"a" * 1_000_000,
    "a text": b'x = "' + b"y" * 1_000_000 + b'"',
    "brackets": b"[" * 400_000,
    "one table again and again": b"[a]\n" * 90_000,
    "a dotted key": b"a." * 200_000,
    "a dotted key just within the limit of settings": b"a." * 32_700,
    "quotes": b'"' * 300_000,
    "a comment": b"#" * 2_000_000,
}


def commands():
    """All commands of the program by their path."""
    return dict(all_commands(program, click.Context(program)))


READERS = {
    "rules": ((CONFIGS / "rules" / "baoshan-2023.toml").read_text("utf-8"), lambda path: rules.load([path])),
    "mapping": (MAPPING, lambda path: mapping.load(str(path))),
    "accepted": (ACCEPTED, lambda path: accepted_breaks.read(str(path))),
    "config": (SETTINGS, lambda path: config.defaults(config.read(str(path)), commands(), "run")),
}


def mutate(text, chance):
    """One to three edits: a line dropped, doubled, moved, cut, or given another key or value; or a sign."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        key, equals, value = lines[at].partition(" = ")
        other = chance.choice(lines)
        lines[at : at + 1] = chance.choice(
            [
                [],
                [lines[at]] * 2,
                [other, lines[at]],
                [lines[at][: chance.randrange(len(lines[at]) + 1)]],
                [f"{key} = {chance.choice(VALUES)}"],
                [f"{key} = {chance.choice(VALUES)}"],
                [f"{key}{equals or ' = '}{other.partition(' = ')[2]}"],
                [f"{chance.choice(KEYS)}{equals or ' = '}{value or '1'}"],
                [lines[at].replace(chance.choice(lines[at] or " "), chance.choice(SIGNS), 1)],
            ]
        ) or [""]  # fmt: skip
    return "\n".join(lines)


def held(kind, path):
    """Whether a file is taken; where it is refused, each complaint has a line of the file and a remedy."""
    began = time.process_time()
    lines = path.read_bytes().count(b"\n") + 1
    taken, said = True, ""
    try:
        READERS[kind][1](path)
    except RulesRefusedError as refused:
        taken = False
        for complaint in refused.complaints:
            assert 1 <= complaint.line <= lines
            assert all(complaint.problem)
            assert all(complaint.remedy)
            assert all(len(said) < 1_000 for said in complaint.sentence)
    except UsageRefusedError as refused:
        taken, said = False, str(refused).removeprefix(str(path))
    if said:
        assert "; " in said
        assert len(said) < 1_000
    assert time.process_time() - began < SECONDS_MAX
    return taken


@pytest.mark.parametrize("kind", READERS)
def test_a_mutant_is_taken_or_refused_with_a_line(tmp_path, kind):
    path = tmp_path / "broken.toml"
    text = READERS[kind][0]
    path.write_text(text, encoding="utf-8")
    assert held(kind, path)
    refused = 0
    for seed in SEEDS:
        path.write_text(mutate(text, Random(seed)), encoding="utf-8", newline="")  # noqa: S311 - can be run again
        try:
            refused += not held(kind, path)
        except BaseException as error:
            error.add_note(f"SOAK_SEEDS={seed}:{seed + 1}")
            raise
    assert refused > len(SEEDS) // 3


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_every_odd_value_in_every_place_is_taken_or_refused_with_a_line(tmp_path, kind, value):
    path = tmp_path / "odd.toml"
    lines = READERS[kind][0].split("\n")[:40]
    keys = {}
    for at, line in enumerate(lines):
        if found := re.match(r'([\w"]+) = ', line):
            keys.setdefault(found[1], at)
    for key, at in keys.items():
        changed = [*lines[:at], f"{key} = {value}", *lines[at + 1 :]]
        path.write_text("\n".join(changed), encoding="utf-8", newline="")
        held(kind, path)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("content", LARGE)
def test_large_and_empty_files_are_taken_or_refused_with_a_line(tmp_path, kind, content):
    path = tmp_path / "large.toml"
    path.write_bytes(LARGE[content])
    held(kind, path)
