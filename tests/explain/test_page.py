"""The counter: one row for one adjustment, no clause beside another figure, the rule of one village."""

from __future__ import annotations

from datetime import date

from rich.console import Console

from jifen_batch.notices.explaining import page, standing
from jifen_batch.sentence import alike


def text(part):
    console = Console(width=200)
    with console.capture() as captured:
        console.print(part.here("zh"))
    return captured.get()


def correction(event, points, change, reason="参加情况更正"):
    named = {"announced_in": "2023Q3", "name": "承诺", "item": "pledge", "event_id": event}
    return named | {"points": points, "change": change, "explained": alike(reason)}


def test_one_adjustment_is_one_row_with_its_reason_and_all_its_points():
    """Six months of a pledge taken down, three put up again: -30 and +15 are one row of -15."""
    rows = [correction("P1", 5, -1) for _ in range(6)] + [correction("P1", 5, 1) for _ in range(3)]
    said = text(page.corrections([*rows, correction("X1", 2, 1, "补记")]))
    (row,) = [line for line in said.splitlines() if "参加情况更正" in line]
    assert "P1（9 笔）" in row
    assert "-15" in row
    assert "合计 -13 分" in said


def line(gross, quantity=1, clause="5分/次；每年最多60分"):
    return {"name": "承诺", "clause": clause, "book": "village-2024", "gross": gross, "quantity": quantity}


def test_a_clause_beside_another_figure_says_which_book_set_it():
    assert "；实际按 4 分记，分值由细则 village-2024 规定" in text(page.clauses([line(4)]))
    assert "实际按" not in text(page.clauses([line(10, quantity=2), line(-5)]))
    assert "实际按" not in text(page.clauses([line(4, clause="按次计分")]))


def test_a_mover_is_told_that_a_year_counts_in_one_village():
    def spell(village, begun, left):
        place = {"village_id": village, "village_name": village, "town_id": "t", "town_name": "镇"}
        return place | {"enrolled_on": begun, "left_on": left}

    spells = [spell("east", date(2022, 1, 1), date(2023, 6, 1)), spell("west", date(2023, 6, 1), None)]
    (said,) = standing.moved(2023, "east", spells)
    assert "一年只算一个村" in said.zh
    assert "镇west（west）" in said.zh
    assert "镇 west (west)" in said.en
    assert list(standing.moved(2022, "east", spells)) == []
    assert list(standing.moved(2024, "west", spells)) == []
