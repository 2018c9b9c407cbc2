"""What a code was probably meant to be, so that a clerk is told of what she cannot see."""

import polars as pl
import pytest

from jifen_batch.kernels.detail import plain

UNSEEN = {
    "zero width space": "\u200b",
    "zero width non-joiner": "\u200c",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen, as Word and PDF leave it": "\u00ad",
    "left-to-right mark": "\u200e",
    "Mongolian vowel separator": "\u180e",
}


def meant(code: str) -> str:
    return pl.DataFrame({"code": [code]}).select(plain(pl.col("code"))).item()


@pytest.mark.parametrize("sign", UNSEEN.values(), ids=UNSEEN)
def test_a_sign_that_nobody_sees_is_no_part_of_what_was_meant(sign):
    assert [meant(code) for code in (f"{sign}kind", f"ki{sign}nd", f"kind{sign}", f" {sign} kind")] == [
        "kind"
    ] * 4


def test_wide_signs_and_blanks_at_the_edges_are_brought_to_their_plain_form():
    assert [meant(code) for code in ("ｋｉｎｄ", "\u3000kind", "kind\u00a0\n", "志愿")] == ["kind"] * 3 + [
        "志愿"
    ]


def test_signs_that_are_seen_stay():
    assert [meant(code) for code in ("k-ind", "k ind", "k\u0301ind", "户·1")] == [
        "k-ind",
        "k ind",
        "ḱind",
        "户·1",
    ]
