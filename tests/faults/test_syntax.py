"""Planted faults stay through moves, renamed locals and other line breaks; where they do not, it is said."""

from __future__ import annotations

import ast

import pytest

from faults import syntax
from faults.syntax import Dropped, GoneError, Swapped

SCORED = """
STEPS = (first, second, third)
LIMIT = 5

def score(rows, book):
    rows = first(rows, book)
    if rows.height:
        rows = second(rows)
    rows = _held(rows, book.caps)
    return rows.filter(A=rows.points > LIMIT).sort("day", "id", descending=True)

def _held(rows, caps):
    total = running(rows["points"], maintain=True)
    return max(total - caps, 0)

def other(rows):
    return max(rows - rows, 0)
"""


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    """A package of one small module, that tests may move and write anew."""
    home = tmp_path / "small"
    home.mkdir()
    monkeypatch.setattr(syntax, "PACKAGE", home)

    def forget():
        for cached in (syntax.modules, syntax.source_of, syntax.parsed, syntax.defined):
            cached.cache_clear()

    def put(text, name="kernels/points.py"):
        forget()
        for old in home.rglob("*.py"):
            old.unlink()
        path = home / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")

    put(SCORED)
    yield put
    forget()


def became(place, *changes):
    """What stands in the module now, line by line, that did not, and what did, and does not."""
    module, tree = syntax.changed(place, *changes)
    before = ast.unparse(ast.parse(syntax.module_path(module).read_text(encoding="utf-8"))).splitlines()
    after = ast.unparse(tree).splitlines()
    return [line.strip() for line in before if line not in after], [
        line.strip() for line in after if line not in before
    ]


def test_a_form_becomes_another_in_a_function_and_in_what_it_uses():
    assert became("points.score", ("max(A - B, 0)", "max(A - B, 1)")) == (
        ["return max(total - caps, 0)"],
        ["return max(total - caps, 1)"],
    )
    assert became("points.score", ("5", "6")) == (["LIMIT = 5"], ["LIMIT = 6"])


def test_further_arguments_and_keywords_are_carried_over():
    assert became("points.score", ('A.sort("day", *B, **C)', "A.sort(*B, **C)"))[1] == [
        "return rows.filter(A=rows.points > LIMIT).sort('id', descending=True)"
    ]


def test_a_step_is_left_out_and_an_item_of_a_tuple():
    assert became("points.score", Dropped("second"))[1] == ["pass"]
    assert became("points.STEPS", Dropped("second"))[1] == ["STEPS = (first, third)"]


def test_two_neighbours_are_swapped():
    assert became("points.STEPS", Swapped("second", "third"))[1] == ["STEPS = (first, third, second)"]
    _, tree = syntax.changed("points.score", Swapped("_held", "LIMIT"))
    assert [type(step).__name__ for step in tree.body[2].body] == ["Assign", "If", "Return", "Assign"]


@pytest.mark.parametrize(
    "text",
    [
        SCORED.replace("total", "everything").replace("caps", "limits"),
        SCORED.replace("total - caps, 0", "\n        total\n        - caps,\n        0,\n    "),
        SCORED.replace("_held", "_limited"),
    ],
    ids=["locals renamed", "other line breaks", "a helper renamed"],
)
def test_renamed_locals_line_breaks_and_helpers_leave_a_fault_standing(text, package):
    package(text)
    assert len(became("points.score", ("max(A - B, 0)", "max(A, 0)"))[1]) == 1


@pytest.mark.parametrize("name", ["scoring/points.py", "kernels/elsewhere.py", "points/__init__.py"])
def test_a_moved_function_is_found(name, package):
    package(SCORED, name)
    assert len(became("points.score", ("max(A - B, 0)", "max(A, 0)"))[1]) == 1


@pytest.mark.parametrize(
    ("place", "form", "told"),
    [
        (
            "points.score",
            "min(A, 0)",
            r"look at small.kernels.points.score: .* 0 places of the form `min\(A, 0\)`",
        ),
        ("points.score", "A > B", r"look at small.kernels.points.score: .* 2 places of the form `A > B`"),
        ("points.gone", "A", r"look at points.gone: gone is now in no module"),
        ("elsewhere.twice", "A", r"twice is now in small.one, small.two"),
    ],
)
def test_a_fault_that_no_longer_applies_says_which_function_to_look_at(place, form, told, package):
    package(SCORED.replace("rows.height", "rows.height > 0"))
    for name in ("one", "two"):
        (syntax.PACKAGE / f"{name}.py").write_text("def twice():\n    pass\n", encoding="utf-8")
    with pytest.raises(GoneError, match=told):
        syntax.changed(place, (form, "A"))
