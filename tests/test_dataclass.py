"""Our data classes are the standard library's in all that is asked of them; only what makes them differs."""

import ast
import dataclasses
from pathlib import Path

import pytest

import jifen_batch
from jifen_batch.dataclass import dataclass


def both(**settings):
    """The same class, made here and by the standard library."""

    def classes(make):
        @make(**settings)
        class Base:
            first: int
            second: str = "b"

        @make(**settings)
        class Point(Base):
            third: list[int] = dataclasses.field(default_factory=list)

            @property
            def twice(self):
                return self.first * 2

        return Point

    return classes(dataclass), classes(dataclasses.dataclass)


@pytest.mark.parametrize("settings", [{}, {"frozen": True}, {"frozen": True, "eq": False}, {"eq": False}])
def test_they_hold_compare_and_show_the_same(settings):
    ours, theirs = both(**settings)
    for given, named in [((1,), {}), ((1, "x"), {"third": [3]}), ((), {"third": [], "first": 7})]:
        mine, its = ours(*given, **named), theirs(*given, **named)
        assert vars(mine) == vars(its)
        assert repr(mine) == repr(its)
        assert dataclasses.asdict(mine) == dataclasses.asdict(its)
        assert vars(dataclasses.replace(mine, second="z")) == vars(dataclasses.replace(its, second="z"))
        assert (mine == ours(*given, **named)) is (its == theirs(*given, **named))
        assert mine != its
        assert mine.twice == its.twice
    assert ours.__match_args__ == theirs.__match_args__
    assert (ours.__hash__ is None) is (theirs.__hash__ is None)
    assert ours(1).third is not ours(1).third


@pytest.mark.parametrize(
    "given", [((), {}), ((1, "b", [], 4), {}), ((1,), {"first": 2}), ((1,), {"fourth": 2})]
)
def test_what_does_not_fit_is_refused_as_there(given):
    for made in both(frozen=True):
        with pytest.raises(TypeError):
            made(*given[0], **given[1])


def test_a_frozen_one_is_never_changed_and_can_be_a_key():
    made, _ = both(frozen=True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made(1).first = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made(1).first
    whole = made(1, third=())
    assert {whole: "x"}[made(1, third=())] == "x"


def test_a_field_that_is_not_compared_or_shown_is_neither_there():
    def made(make):
        @make(frozen=True)
        class One:
            first: int
            aside: object = dataclasses.field(default=None, compare=False, repr=False)

        return One

    for one in (made(dataclass), made(dataclasses.dataclass)):
        assert one(1, {}) == one(1, [])
        assert hash(one(1, {})) == hash(one(1, []))
        assert repr(one(1, {})).endswith("One(first=1)")


def test_every_data_class_of_the_program_is_one_of_ours():
    """One of the standard library's costs as much to make as reading twenty rows."""
    for path in Path(jifen_batch.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "dataclasses" in text else ():
            if isinstance(node, ast.ImportFrom) and node.module == "dataclasses":
                assert "dataclass" not in {alias.name for alias in node.names}, path
