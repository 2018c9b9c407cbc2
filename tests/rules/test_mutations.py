"""A rule file that somebody broke in any way is accepted, or refused with a line: never a traceback."""

import random
from pathlib import Path

import pytest

from jifen_batch import rules
from jifen_batch.errors import RulesRefusedError

CONFIGS = Path(__file__).parents[2] / "configs" / "rules"
MUTANTS, BATCH = 600, 100
VALUES = (
    "5", "-5", "1.5", "nan", "-inf", "true", '""', '" "', '"x"', '"月"', "[]", "[1]", "{}", "{a = 1}", "[[]]",
    "2023-01-01", "2023-01-01T10:00:00", "10:00:00", "99999999999999999999999", '"\\u0000"', '"\\u200ba"',
    "[{from = 2023-01-01, points = 5}]", '{points = 5, basis = "net"}', '{scope = "month", items = ["x"]}',
    '["cap"]', '"baoshan-2023"', '"village"', '"required"', '"month"', '"event"', "'''", '"', "[", "{", "",
)  # fmt: skip
LINES = (
    "[book]", "[[book]]", "[caps]", "[items]", "[[items]]", "[wallet]", "[items.forfeits]",
    "[[items.points]]",     "x = 1", '"@whole" = 1', '"[key]" = 1', '"" = 1', "disabled = true",
    'unset = ["cap", "cap"]', "per.x = 1",
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
    """Complaints, none where the files are accepted."""
    try:
        rules.load([folder])
    except RulesRefusedError as refused:
        return refused.complaints
    return []


@pytest.mark.parametrize("seed", range(MUTANTS // BATCH))
def test_mutants_are_accepted_or_refused_with_a_line(seed, tmp_path):
    chance = random.Random(seed)  # noqa: S311 - no secret: a seed that can be run again
    shipped = (CONFIGS / "baoshan-2023.toml").read_text(encoding="utf-8")
    refused = 0
    for _ in range(BATCH):
        texts = {"base.toml": shipped, "village.toml": village()}
        victim = chance.choice(sorted(texts))
        lines = texts[victim].split("\n")
        for _ in range(chance.randint(1, 3)):
            mutate(lines or [""], chance)
        texts[victim] = "\n".join(lines)
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        complaints = outcome(tmp_path)
        refused += bool(complaints)
        for complaint in complaints:
            length = (tmp_path / Path(complaint.file).name).read_text(encoding="utf-8").count("\n") + 1
            assert 1 <= complaint.line <= length
            assert complaint.problem
            assert complaint.remedy
    assert 0 < refused < BATCH


def test_random_bytes_are_refused_with_a_line(tmp_path):
    chance = random.Random(0)  # noqa: S311 - no secret: a seed that can be run again
    content = (CONFIGS / "baoshan-2023.toml").read_bytes()
    for _ in range(BATCH):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "base.toml").write_bytes(broken)
        assert all(complaint.line >= 1 for complaint in outcome(tmp_path))
