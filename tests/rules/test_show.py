"""The layered book of a place and year as plain data, and where each field came from."""

import json

from rules.writing import BOOK, change, item, load, local

BASE = (
    BOOK + "[caps]\nx = 60\n" + item("a", cap='"x"', points="[{from = 2023-01-01, points = 5}]") + item("b")
)
TOWN = local("t", 'scope = {towns = ["T"]}') + "[caps]\nx = 70\n"
VILLAGE = local("v", 'scope = {villages = ["V"]}', extends="t") + change("a", row="1", unset='["cap"]')
OFF = local("w", 'scope = {villages = ["W"]}', extends="t") + change("b", disabled="true")


def test_the_nearest_book_is_shown(tmp_path):
    loaded = load(tmp_path, BASE, TOWN, VILLAGE, OFF)
    places = [{"village": "V", "town": "T"}, {"village": "X", "town": "T"}, {"town": "S"}, {}]
    assert [loaded.show(2023, **place)["book"]["id"] for place in places] == ["v", "t", "base", "base"]


def test_a_year_that_no_book_covers_shows_nothing(tmp_path):
    assert load(tmp_path, BASE).show(2022) is None


def test_every_field_says_which_book_and_line_gave_it(tmp_path):
    shown = load(tmp_path, BASE, TOWN, VILLAGE, OFF).show(2023, village="V")
    [a, b] = shown["items"]
    assert {name: given["book"] for name, given in a["given"].items()} == {
        **dict.fromkeys(("category", "task", "name", "points", "per"), "base"),
        "row": "v",
    }
    assert a["given"]["row"] == {"book": "v", "file": str(tmp_path / "3.toml"), "line": 7}
    assert a["unset"]["cap"]["book"] == "v"
    assert set(b["unset"]) == set()


def test_values_are_plain_data(tmp_path):
    shown = load(tmp_path, BASE, TOWN, VILLAGE, OFF).show(2023, village="W")
    assert shown["book"]["extends"] == ["t", "base"]
    assert shown["book"]["scope"] == {"villages": ["W"]}
    assert shown["caps"]["x"]["points"] == 70
    assert shown["caps"]["x"]["given"]["points"]["book"] == "t"
    assert shown["disabled"] == ["b"]
    assert json.loads(json.dumps(shown, default=str))["items"][0]["points"] == [
        {"from": "2023-01-01", "points": 5}
    ]
