"""Other readings of the annex: each a small book over the shipped one that changes what it says it does."""

from pathlib import Path

import pytest

from jifen_batch import rules

CONFIGS = Path(__file__).parents[2] / "configs" / "rules"
SHIPPED = CONFIGS / "baoshan-2023.toml"

OF_A_CAP = {"cap", "cap_row", "cap_points", "cap_terms"}

# The items that each reading changes, and the columns in which it does.
CHANGES = {
    "banquet-breach-each": ({"custom.banquet_breach"}, {"per"}),
    "covenant-pledge": ({"custom.covenant"}, {"pledge"}),
    "deliberation-confirmed": ({"deliberation.pledge"}, {"pledge"}),
    "deliberation-net": (
        {"deliberation.pledge", "deliberation.absence"},
        {*OF_A_CAP, "cap_net"},
    ),
    "deliberation-void-month": ({"deliberation.absence"}, {"forfeits_scope"}),
    "education-by-member": (
        {"education.university", "education.local_job", "education.training"},
        {"by_member"},
    ),
    "environment-net": (
        {"environment.yard", "environment.check_failed"},
        {*OF_A_CAP, "cap_net"},
    ),
    "environment-void-month": ({"environment.check_failed"}, {"forfeits_scope"}),
    "honour-by-honour": (
        {
            f"honour.{family}.{level}"
            for family in ("moral", "family", "volunteer", "courtyard")
            for level in ("town", "district", "city")
        },
        {"matter"},
    ),
    "rental-accident-takes-all": (set(), set()),
    "rental-none-inside-cap": ({"rental.none"}, OF_A_CAP),
    "rental-pledges": ({"rental.registration", "rental.rules"}, {"pledge"}),
    "service-by-member": ({"service.military", "service.martyr_family"}, {"by_member"}),
    "volunteer-by-activity": ({"volunteer.service"}, {"matter"}),
    "waste-confirmed": ({"waste.pledge"}, {"pledge"}),
    "waste-net": ({"waste.pledge", "waste.check_failed"}, {*OF_A_CAP, "cap_net"}),
    "waste-void-month": ({"waste.check_failed"}, {"forfeits_scope"}),
}


def forfeited(tables, book):
    """Pairs of codes, trigger and forfeited, of one book."""
    codes, books = tables.items["code"], tables.items["book"]
    return {(codes[a], codes[b], scope) for a, b, scope, _ in tables.forfeits.rows() if books[a] == book}


def test_every_reading_is_listed_here():
    assert {path.stem for path in (CONFIGS / "readings").iterdir()} == set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_a_reading_applies_instead_of_the_shipped_book_and_changes_what_it_says(name):
    tables = rules.load([SHIPPED, CONFIGS / "readings" / f"{name}.toml"]).tables
    assert tables.books["id"].to_list() == ["baoshan-2023", f"reading-{name}"]
    assert set(tables.scopes["book"]) == {1}
    shipped, read = (
        {
            row["code"]: row
            for row in tables.items.filter(book=book).drop("rule", "book").iter_rows(named=True)
        }
        for book in (0, 1)
    )
    changed = {code for code in read if read[code] != shipped[code]}
    columns = {key for code in changed for key in read[code] if read[code][key] != shipped[code][key]}
    assert (changed, columns) == CHANGES[name]
    assert changed or forfeited(tables, 0) != forfeited(tables, 1)


def test_an_accident_that_takes_all_takes_the_vacant_row_too():
    reading = CONFIGS / "readings" / "rental-accident-takes-all.toml"
    tables = rules.load([SHIPPED, reading]).tables
    assert forfeited(tables, 1) - forfeited(tables, 0) == {("rental.accident", "rental.none", "year")}


@pytest.mark.parametrize("name", CHANGES)
def test_a_reading_begins_with_the_sentence_that_is_open_and_why_it_was_not_taken(name):
    text = (CONFIGS / "readings" / f"{name}.toml").read_text(encoding="utf-8")
    comment = text.split("\n\n")[0]
    assert comment.startswith("# 附件原文：“")
    assert "样张不取这种理解，" in comment
