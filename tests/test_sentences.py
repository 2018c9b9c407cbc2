"""No refusal is written in one language only (specification 5)."""

import ast
from pathlib import Path

import pytest

import jifen_batch
from both_languages import faults
from jifen_batch import errors
from jifen_batch.errors import InputRefusedError, JifenError, RulesRefusedError

PACKAGE = Path(jifen_batch.__file__).parent
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, JifenError) and not issubclass(kind, RulesRefusedError)
}
# Of click's own, whose message is English alone.
ONE_LANGUAGE = {"UsageError", "BadParameter", "fail"}


def in_one_language(text):
    """Lines that make an error out of one sentence."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        pair = len(node.args) > 1 or any(isinstance(one, ast.Starred) for one in node.args)
        if name in ONE_LANGUAGE or (
            name in ERRORS and not pair and all(k.arg != "zh" for k in node.keywords)
        ):
            yield node.lineno


def test_every_error_is_made_with_both_sentences():
    assert {"InputRefusedError", "DiskError", "UsageRefusedError"} <= ERRORS
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if (lines := list(in_one_language(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "raise InputRefusedError('a: is gone; send it again')",
        "raise errors.DiskError(f'{path}: full', path=path)",
        "raise click.UsageError('give one')",
        "self.fail('is no day', param, ctx)",
    ],
)
def test_one_sentence_alone_is_found(text):
    assert list(in_one_language(text)) == [1]


@pytest.mark.parametrize(
    ("en", "zh", "said"),
    [
        ("a.csv: row 3: is empty", "a.csv: row 3: is empty", "no Chinese"),
        ("a.csv: row 3: is empty", "a.csv：第 4 行是空的", "other figures"),
        ("check --rules", "请检查 --out", "other options"),
        ("left_on is empty", "是空的", "other columns"),
        ("out: is gone", "out：已不在 (no such file or directory)", "English in Chinese"),
    ],
)
def test_what_is_wrong_with_a_pair_is_found(en, zh, said):
    assert said in " ".join(faults(en, zh))


def test_a_sound_pair_is_sound():
    said = InputRefusedError(
        "a.csv: row 3: left_on is empty; see --rules", "a.csv：第 3 行：left_on 是空的；见 --rules"
    )
    assert faults(*said.sentence) == []
