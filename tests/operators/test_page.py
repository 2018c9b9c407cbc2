"""The operators' pages: the same commands in both languages, and names that are those of the code."""

import re
from pathlib import Path

import pytest

from jifen_batch.cli import metrics
from operators.test_exit_codes import ENDS

OPERATOR = Path(__file__).parents[2] / "docs" / "operator"
both = pytest.mark.parametrize("language", ["en", "zh"])


def page(name, language):
    """A page's text."""
    return (OPERATOR / f"{name}.{language}.md").read_text(encoding="utf-8")


def blocks(name, language, kind):
    """The fenced blocks of a kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(name, language), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", ["install", "nightly", "alerts", "restore"])
def test_both_languages_show_the_same_commands_and_files(name):
    for kind in ("sh", "yaml", "ini", "cron"):
        assert blocks(name, "en", kind) == blocks(name, "zh", kind)
    assert [count for kind in ("sh", "yaml", "ini") if (count := len(blocks(name, "en", kind)))]


@both
def test_the_rules_for_alerts_ask_for_figures_that_are_written(language, tmp_path):
    nightly, weekly = tmp_path / "night.prom", tmp_path / "week.prom"
    figures = {"rows": 1, "lines": 1, "rejects": 0, "peak_memory_bytes": 1, "outcome": "published"}
    metrics.write(str(nightly), "run", figures, 1.0, 0)
    metrics.write(str(weekly), "reconcile", {"open_breaks": 0, "breaks": 0, "keys": 1}, 1.0, 0)
    text = nightly.read_text(encoding="utf-8") + weekly.read_text(encoding="utf-8")
    written = set(re.findall(r"^(jifen_batch_\w+)[ {]", text, re.MULTILINE))
    (rules,) = blocks("alerts", language, "yaml")
    asked = set(re.findall(r"jifen_batch_\w+", rules))
    assert len(asked) > 5
    assert asked <= written
    assert written == set(re.findall(r"^\| `(jifen_batch_\w+)`", page("alerts", language), re.MULTILINE))


@both
def test_every_exit_code_has_its_row_of_how_soon_and_who(language):
    urgent = page("exit-codes", language).split("\n## ")[1]
    named = re.findall(
        r"`(\d+)`", "".join(row.split("|")[1] for row in urgent.splitlines() if row[:2] == "| ")
    )
    assert {int(one) for one in named} == {end.code for end in ENDS.values()}


@both
def test_the_fields_of_the_log_line_are_those_of_real_ones(language):
    log = page("nightly", language).rpartition("\n## ")[2]
    named = set(re.findall(r"^\| `(\w+)` \|", log, re.MULTILINE))
    said = {name for end in ENDS.values() for name in end.line if end.line.get("event", "run") == "run"}
    plain = {"timestamp", "level", "event", "error", "sentence", "seconds", "peak_memory_bytes"}
    plain |= {"exit_code"}
    of_8_and_9 = {"edits", "accept_rules", "losses", "vanished_years", "accept_loss", "unregistered"}
    of_8_and_9 |= {"by_input", "empty_cells", "gone_quarters", "recoded", "taken_back", "wiped"}
    assert named == (said | plain | of_8_and_9) - {"kind"}
