"""A county: the same from the same seed, made a town and a year at a time."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner

from jifen_batch import synth
from jifen_batch.cli.program import program
from jifen_batch.errors import UsageRefusedError
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.synth import county
from jifen_batch.synth.places import HOUSEHOLDS_MAX, HOUSEHOLDS_MIN, VILLAGES_MAX, towns
from jifen_batch.worker import RunOptions, run

SHIPPED = Path(__file__).parents[2] / "configs" / "rules" / "baoshan-2023.toml"
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


def digests(folder):
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    reports = [synth.generate(300, 1, 5, tmp_path / name) for name in "ab"]
    assert reports[0] == reports[1]
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_other_bytes(tmp_path):
    synth.generate(300, 1, 5, tmp_path / "a")
    synth.generate(300, 1, 6, tmp_path / "b")
    one, other = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert not [name for name in one if one[name] == other.get(name)]


def test_a_larger_county_begins_with_the_towns_of_a_smaller(tmp_path):
    sizes = [sum(town.households) for town in towns(40_000, 1)]
    first, second = sizes[0], sizes[0] + sizes[1]
    synth.generate(first, 1, 1, tmp_path / "one")
    synth.generate(second, 1, 1, tmp_path / "two")
    one, two = digests(tmp_path / "one" / "events"), digests(tmp_path / "two" / "events")
    assert one.items() <= two.items()
    assert len(two) > len(one)


def test_no_more_than_a_town_and_a_year_is_made_at_a_time(tmp_path, monkeypatch):
    made = []

    def watched(deeds, town, people, year, seed):
        made.append((town.number, year.number, people.ids.len()))
        return county_enter(deeds, town, people, year, seed)

    county_enter = county.enter
    monkeypatch.setattr(county, "enter", watched)
    sizes = [sum(town.households) for town in towns(7_000, 2)]
    synth.generate(7_000, 2, 2, tmp_path)
    expected = [(number, year, size) for number, size in enumerate(sizes) for year in (2023, 2024)]
    assert len(sizes) > 1
    assert made == expected


def test_towns_hold_all_households_and_none_is_larger_than_a_town_can_be():
    county_towns = list(towns(100_000, 3))
    assert sum(sum(town.households) for town in county_towns) == 100_000
    assert all(len(town.households) <= VILLAGES_MAX for town in county_towns)
    sizes = [size for town in county_towns[:-1] for size in town.households]
    assert HOUSEHOLDS_MIN <= min(sizes) < 200
    assert 900 < max(sizes) <= HOUSEHOLDS_MAX


@pytest.mark.parametrize("households", [1, 2, 40, 81])
def test_the_smallest_counties_work(tmp_path, households):
    report = synth.generate(households, 1, 0, tmp_path)
    assert report.households == households
    assert report.towns == 1
    assert 5 * households < report.rows < 90 * households + 50


def test_the_report_counts_what_lies_there(tmp_path):
    report = synth.generate(200, 2, 4, tmp_path)
    files = list((tmp_path / "events").rglob("*.parquet"))
    assert report.files == len(files)
    assert report.size_bytes == sum(file.stat().st_size for file in files)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "events",
        "households.parquet",
        "villages.parquet",
    ]


def test_a_folder_that_holds_inputs_is_refused(tmp_path):
    synth.generate(1, 1, 0, tmp_path)
    with pytest.raises(UsageRefusedError, match="already holds events") as refused:
        synth.generate(1, 1, 1, tmp_path)
    assert refused.value.exit_code == ExitCode.USAGE


def test_years_that_no_scoring_year_can_have_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UsageRefusedError, match="--years"):
        synth.generate(1, 3, 0, tmp_path / "new", first_year=2097)
    assert not (tmp_path / "new").exists()


def test_a_book_over_the_county_uses_every_key_and_every_disposition_comes_of_it(tmp_path):
    made = CliRunner().invoke(
        program, ["synth", "--households", "900", "--seed", "5", "--out", str(tmp_path), "--every-rule"]
    )
    assert made.exit_code == 0, made.stderr
    text = (tmp_path / "every-rule.toml").read_text(encoding="utf-8")
    keys = ["period", "within", "floor", "kinds", "grant", "spendable", "reach", "at_least", "top"]
    assert [key for key in keys if f"{key} = " not in text] == []
    options = RunOptions(
        events=str(tmp_path / "events"),
        households=str(tmp_path / "households.parquet"),
        rules=(str(SHIPPED), str(tmp_path / "every-rule.toml")),
        out=tmp_path / "out",
        as_of=date(2023, 12, 31),
    )
    totals = run(options, QUIET).manifest["control_totals"]["dispositions"]
    assert set(totals) >= {"floored", "not_eligible", "forfeited", "reversed", "capped", "duplicate"}
