"""What is committed of the benchmarks agrees with itself: results, chart, table, recorded ratios."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import json
import xml.etree.ElementTree as ET

import pytest

import ratios
from chart import CHART, HERE, chart
from entrants import in_turn
from speed_rows import HEADS, table

CHART_BYTES_MAX = 100_000
RESULTS = json.loads((HERE / "results.json").read_text("utf-8"))


def test_the_committed_chart_is_drawn_from_the_committed_results_and_small():
    committed = CHART.read_text("utf-8")
    assert committed == chart(RESULTS)
    assert len(committed.encode()) < CHART_BYTES_MAX


def test_the_chart_is_sound_svg_and_names_every_competitor_and_the_machine():
    root = ET.fromstring(chart(RESULTS))  # noqa: S314 - our own text
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {one["who"] for one in RESULTS["results"]} <= set(texts)
    assert any(RESULTS["machine"]["processor"] in text for text in texts)
    assert texts.count("event rows") == 2


def test_a_line_of_the_chart_rises_where_its_time_does():
    slow = [one | {"seconds": one["seconds"] * 2} for one in RESULTS["results"]]
    assert chart(RESULTS | {"results": slow}) != chart(RESULTS)


def test_every_result_has_its_row_and_stands_beside_the_digest_that_all_of_its_size_share():
    rows = [line for line in table(RESULTS).splitlines() if line.startswith("|")][2:]
    assert len(rows) == len(RESULTS["results"])
    by_size = {
        one["households"]: {
            other["digest"] for other in RESULTS["results"] if other["households"] == one["households"]
        }
        for one in RESULTS["results"]
    }
    assert all(len(digests) == 1 for digests in by_size.values())


@pytest.mark.parametrize("names", ["ab", "abcd", "abcdef"])
def test_of_those_who_take_turns_each_comes_at_each_place_and_after_each_other_once(names):
    orders = in_turn(names, len(names))
    pairs = [pair for order in orders for pair in itertools.pairwise(order)]
    assert sorted(pairs) == sorted(itertools.permutations(names, 2))
    assert all(sorted(place) == list(names) for place in zip(*orders, strict=True))


def test_the_recorded_ratios_are_of_the_very_short_form_that_is_run():
    recorded = json.loads(ratios.BASELINE.read_text("utf-8"))
    assert (recorded["households"], recorded["rounds"]) == ([*ratios.HOUSEHOLDS], ratios.ROUNDS)
    assert set(recorded["runs"]) == set(ratios.WORSE)
    assert all(len(runs) > 1 for runs in recorded["runs"].values()), "of one run nothing lies apart"


@pytest.mark.parametrize("language", HEADS)
def test_the_page_on_speed_has_the_rows_of_the_committed_results(language):
    page = (HERE.parent / "docs" / "engineer" / f"speed.{language}.md").read_text("utf-8")
    assert table(RESULTS, language) in page


def test_what_the_benchmarks_import_of_the_package_is_there():
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jifen_batch"):
                module = importlib.import_module(node.module)
                for name in (one.name for one in node.names):
                    known = hasattr(module, name) or importlib.util.find_spec(f"{node.module}.{name}")
                    assert known, f"{path.name} asks {node.module} for {name}"
