"""A notice shows the surname of a householder and one star, and nothing else of the name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_batch.notices.printed.masking import STAR, mask, masks
from jifen_batch.notices.printed.surnames import COMPOUND_SURNAMES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王*"),
        ("王小明明", "王*"),
        ("张", "*"),
        ("欧阳修", "欧阳*"),
        ("欧阳小明", "欧阳*"),
        ("歐陽修", "歐陽*"),
        ("欧阳", "欧*"),
        ("欧阳·修", "欧*"),
        ("钟离明", "钟*"),
        ("阿依古丽·买买提", "阿*"),
        ("阿依古丽•买买提", "阿*"),
        ("阿", "*"),
        ("John Smith", "J*"),
        ("Ｊohn", "Ｊ*"),
        ("Émile", "É*"),
        ("E\u0301mile", "É*"),
        ("x\u0301\u0302\u0303y", "x*"),
        ("\u0301张三", "张*"),
        ("𠮷野家", "𠮷*"),
        ("\U00031350一", "\U00031350*"),
        ("葛\U000e0100亮", "葛*"),
        ("王\u200b小\u2060明", "王*"),
        ("\u202e王\u202c小明", "王*"),
        ("　王　三　", "王*"),
        ("\t王\r\n三\x00", "王*"),
        ("\u3164王三", "王*"),
        ("欧\u200b阳\u0301修", "欧阳*"),
        ("13800000000", "*"),
        ("=王三", "*"),
        ("（王三）", "*"),
        ("·王", "*"),
        ("\ue000明", "*"),
        ("👨\u200d👩\u200d👧", "*"),
        ("张三13800000000", "张*"),
        ("", None),
        (None, None),
        ("\u200b \u3000", None),
        ("\u3164\u115f", None),
    ],
)
def test_a_name_shows_its_surname_and_one_star(name, shown):
    assert mask(name) == shown


@given(
    st.one_of(
        st.text(max_size=8),
        st.text(st.sampled_from("欧阳司马诸葛王小明·\u200b\u0301 AbÉ1=（"), max_size=6),
    )
)
def test_no_more_than_the_surname_of_any_name_survives(name):
    shown = mask(name)
    if shown is None:
        return
    kept = shown.removesuffix(STAR)
    assert len(shown) - len(kept) == 1
    assert len(kept) <= 1 or kept in COMPOUND_SURNAMES
    assert all(sign.isalpha() or sign >= "\U00020000" for sign in kept)
    # Something of the name that can be seen stays behind the star.
    seen = [sign for sign in unicodedata.normalize("NFC", name) if not sign.isspace()]
    assert len(seen) > len(kept)


@given(st.text(st.sampled_from("王小明欧阳修Jo·"), min_size=2, max_size=4), st.text(max_size=6))
def test_what_comes_after_the_surname_changes_nothing(name, more):
    """Two people of a surname cannot be told apart by their masks, whatever else they are called."""
    first = mask(name)
    if first in {None, STAR} or len(first) > 2 or mask(name + more) == first:
        return
    # Only what completes a compound surname, or spoils one, shows.
    assert name[:2] in COMPOUND_SURNAMES or (name + more)[:2] in COMPOUND_SURNAMES


def test_equal_masks_of_a_village_are_numbered_by_household_id():
    names = {"h3": "王三", "h1": "王小明", "h2": "李四", "h4": None, "h10": "王", "h5": "王五", "h6": "1"}
    assert masks(names) == {
        "h1": "王*（1）",
        "h3": "王*（2）",
        "h5": "王*（3）",
        "h2": "李*",
        "h10": "*（1）",
        "h6": "*（2）",
    }
    assert masks(dict(reversed(names.items()))) == masks(names)


@given(st.dictionaries(st.text(max_size=3), st.text(st.sampled_from("王李小·1"), max_size=3), max_size=8))
def test_no_two_masks_of_a_village_are_equal(names):
    shown = masks(names)
    assert len(set(shown.values())) == len(shown)
    assert {household for household, name in names.items() if mask(name)} == set(shown)


def test_compound_surnames_are_two_chinese_characters_each():
    assert all(len(name) == 2 and name.isalpha() for name in COMPOUND_SURNAMES)
    assert {"欧阳", "司马", "诸葛", "上官"} <= COMPOUND_SURNAMES
