"""Ids that differ as little as ids can: in length, case, script, the last of many bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

LONG = "宝善治-2023-" * 6
TOWNS = ("town-a", "镇", "town-A")
VILLAGES = ("v1", "v10", "V1", "村", "村一", LONG + "v")
HOUSEHOLDS = (
    *("h", "h1", "H1", "h10", "h1 a", "h/1=2", "h\0"),
    *("户一", "户一甲", "h\u00e9", "he\u0301", LONG + "1", LONG + "2"),
)
CODES = (
    *("a", "A", "a.b", "a.b.c", "volunteer", "volunteer.extra", "rental", "waste", "议事", "议事.承诺"),
    *(
        "honour.town",
        "honour.city",
        "honour.district",
        "家庭.镇",
        "家庭.区",
        "garden.1",
        "garden.2",
        "z",
        "row-1",
        "row_2",
        "incident",
        "fire",
        "x1",
        "x10",
    ),
)
CATEGORIES = ("村民议事", "平安建设", "文明新风", "美亮村宅", "A", "a")
MATTERS = ("m1", "m10", "M1", "事", "e1", "2023", "2023-03-31", "null", LONG + "m")
KINDS = ("出租户", "低保户", "k", "K", "")
GROUPS = ("1组", "10组", "一组", "")
MEMBERS = ("1", "2", "01", "本人", "1234567890", "12345 67890 1")
EVIDENCE = ("证-1", "证-2", "IMG_0001", "照片 1234567890", "1234567890/1")
PERSONAL = (
    "13800138000",
    "310113199001011234",
    "\u0661" * 11,
    "tel13800138000",
    "12345\uff16\uff17\uff18\uff19\u0660\u0661",
)
UNKNOWN_STATUSES = ("Approved", "approved ", "认定", "a\u200bpproved", "approve")


def event_ids(rng: Random) -> list[str]:
    """Distinct ids in no order, more than a village needs."""
    short = [
        "e",
        "E",
        "é",
        "e\u0301",
        "e\0",
        "e\n1",
        "e1",
        "e10",
        "e01",
        "E1",
        "Z",
        "z",
        "件",
        "\uff45",
        "\U0001f3e0",
        "\ufffd",
    ]
    alike = [f"{LONG}{number}" for number in range(12)] + [f"12345678{letter}" for letter in "aAbB件"]
    lengths = ["x" * size for size in (1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64)]
    plain = [f"e{number}" for number in range(100, 160)] + [f"件{number}" for number in range(20)]
    ids = [*short, *alike, *lengths, *plain]
    rng.shuffle(ids)
    return ids


def look_alike(rng: Random, word: str) -> str:
    """The same to a reader's eye, another string byte by byte."""
    first = word[0]
    wide = chr(ord(first) + 0xFEE0) if "!" <= first <= "~" else f"\u200b{first}"
    return rng.choice(
        (f"{word} ", f" {word}", f"{word}\u200b", wide + word[1:], f"{word}\ufeff", f"\u3000{word}")
    )
