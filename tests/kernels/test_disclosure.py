"""What a notice bundles so that no figure gives an item away, for a pencil."""

import tempfile
from pathlib import Path

import pytest

from jifen_batch import rules
from jifen_batch.analysis import disclosure as asked
from rules.writing import BOOK, item


def tables(*items):
    """A book of these items, (code, category, points, notice, further fields), compiled."""
    text = BOOK + "".join(
        item(code, category=f'"{category}"', points=str(points), notice=f'"{notice}"', **dict(*more))
        for code, category, points, notice, *more in items
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.toml"
        path.write_text(text, encoding="utf-8")
        return rules.load([path]).tables


def told(*items, applied=("base",), before=None):
    """How far a book of these items is told apart, with the items that it had `before`."""
    made = asked.disclosure([tables(*(before or items)), tables(*items)], applied)
    return sorted(made.together), sorted(made.unlisted), made.in_parts


PLENTY = (
    ("open", "新风", 5, "item"),
    ("more", "新风", 3, "item"),
    ("loss", "新风", -5, "item"),
    ("calm", "平安", 20, "item"),
    ("late", "平安", -20, "item"),
)


def test_where_every_item_may_be_named_nothing_is_bundled():
    assert told(*PLENTY) == ([], [], True)
    assert told(*PLENTY, ("secret", "平安", -100, "hidden"), applied=("another",)) == ([], [], True)
    assert asked.Disclosure(frozenset(), frozenset(), in_parts=True) == asked.OPEN


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        # A hidden item stands with a whole other category, though its own has a second deduction.
        ((("secret", "平安", -100, "hidden"),), (["平安", "新风"], [], True)),
        # The smallest categories are given up first.
        ((("secret", "平安", -100, "hidden"), ("talk", "议事", 2, "item")), (["平安", "议事"], [], True)),
        # One of them has no deduction beside the hidden one: a further one joins.
        (
            (("secret", "美亮", -100, "hidden"), ("talk", "议事", 2, "item")),
            (["平安", "美亮", "议事"], [], True),
        ),
        # Only the category may be named, and it has another such gain and an open one.
        ((("kind", "新风", 3, "category"), ("good", "新风", 3, "category")), ([], [], True)),
        # Its category is told, its items are not: it would be the only one without a name.
        ((("kind", "新风", 3, "category"),), ([], ["新风"], True)),
        # It is all that its category has: naming the category names it.
        ((("kind", "美亮", 3, "category"),), (["平安", "美亮"], [], True)),
        # The only deduction of its category.
        ((("fine", "美亮", -3, "category"), ("yard", "美亮", 9, "item")), (["平安", "美亮"], [], True)),
    ],
)
def test_what_may_not_be_named_is_not_the_only_one_to_have_moved_a_figure(items, expected):
    assert told(*PLENTY, *items) == expected


def test_where_nothing_covers_a_deduction_even_the_parts_are_not_told():
    gains = [one for one in PLENTY if one[2] > 0]
    assert told(*gains, ("secret", "美亮", -100, "hidden")) == (["平安", "新风", "美亮"], [], False)
    assert told(("secret", "美亮", 5, "hidden")) == (["美亮"], [], False)


def test_what_a_hidden_trigger_takes_back_is_covered_where_it_is_felt():
    forfeits = {"forfeits": '{scope = "year", items = ["open"]}'}
    trigger = ("accident", "美亮", 0, "hidden", forfeits)
    yard = ("yard", "美亮", 9, "item")
    assert told(*PLENTY, yard, trigger) == (["平安", "新风", "美亮"], [], False)
    second = ("row", "平安", -1, "item", {"forfeits": '{scope = "year", items = ["more"]}'})
    assert told(*PLENTY, yard, trigger, second) == ([], ["新风"], True)


def test_an_item_that_was_hidden_in_the_book_before_is_hidden():
    before = (*PLENTY, ("secret", "平安", -100, "hidden"))
    assert told(*PLENTY, ("secret", "平安", -100, "item"), before=before) == (["平安", "新风"], [], True)
