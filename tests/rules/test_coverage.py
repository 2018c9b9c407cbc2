"""Which book applies at a level, place and scoring year."""

from rules.writing import BOOK, item, load, local

V, W = 'scope = {villages = ["V"]}', 'scope = {villages = ["W"]}'


def years_of(loaded, level, place=None):
    """Book id by scoring year, at one place."""
    scopes, ids = loaded.tables.scopes, loaded.tables.books["id"]
    there = scopes.filter(scopes["level"] == level, scopes["place_id"].eq_missing(place))
    return {row["scoring_year"]: ids[row["book"]] for row in there.iter_rows(named=True)}


def test_an_open_book_covers_its_first_year_to_2099(tmp_path):
    covered = years_of(load(tmp_path, BOOK), 0)
    assert (min(covered), max(covered), len(covered)) == (2023, 2099, 77)


def test_years_that_no_event_can_have_are_left_out(tmp_path):
    early = BOOK.replace("2023", "1990") + "last_year = 2001\n"
    late = BOOK.replace("2023", "2150").replace("base", "late")
    assert years_of(load(tmp_path, early, late), 0) == {2000: "base", 2001: "base"}


def test_books_that_follow_each_other_share_no_year(tmp_path):
    loaded = load(tmp_path, BOOK + "last_year = 2024\n", BOOK.replace("base", "new").replace("2023", "2025"))
    assert [years_of(loaded, 0)[year] for year in (2024, 2025)] == ["base", "new"]


def test_of_two_books_of_a_level_the_one_that_extends_the_other_applies(tmp_path):
    loaded = load(tmp_path, BOOK, local("trial", "first_year = 2024", "last_year = 2024"))
    assert [years_of(loaded, 0)[year] for year in (2023, 2024, 2025)] == ["base", "trial", "base"]


def test_extending_through_another_book_is_extending(tmp_path):
    loaded = load(tmp_path, BOOK, local("t", 'scope = {towns = ["T"]}'), local("top", extends="t"))
    assert years_of(loaded, 0)[2023] == "top"


def test_villages_and_towns_are_levels_of_their_own(tmp_path):
    loaded = load(tmp_path, BOOK, local("t", 'scope = {towns = ["V"]}'), local("v", V), local("w", W))
    assert years_of(loaded, 1, "V")[2023] == "t"
    assert years_of(loaded, 2, "V")[2023] == "v"
    assert years_of(loaded, 2, "W")[2023] == "w"


def test_a_place_named_twice_is_covered_once(tmp_path):
    loaded = load(tmp_path, BOOK, local("v", 'scope = {villages = ["V", "V"]}'))
    assert len(years_of(loaded, 2, "V")) == 77


def test_a_village_book_that_ends_leaves_the_later_years_to_the_levels_above(tmp_path):
    loaded = load(tmp_path, BOOK, local("v", V, "last_year = 2024"))
    assert sorted(years_of(loaded, 2, "V")) == [2023, 2024]
    assert loaded.show(2025, village="V")["book"]["id"] == "base"


def test_scopes_are_unique_by_level_place_and_year(tmp_path):
    loaded = load(tmp_path, BOOK, local("v", V), local("v2", V, extends="v"), local("b2") + item("a"))
    keys = loaded.tables.scopes.select("level", "place_id", "scoring_year")
    assert keys.is_unique().all()
