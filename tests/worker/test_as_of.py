"""The day a run is as of: a look back does not become what readers see, and a wrong clock ends the night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import structlog

from jifen_batch import clock
from jifen_batch.errors import UsageRefusedError
from jifen_batch.published import publish
from jifen_batch.worker import run

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
EARLIER = date(2024, 1, 31)


def test_a_run_of_an_earlier_day_is_kept_beside_the_current_one(options):
    first = run(options, LOG)
    back = run(replace(options, as_of=EARLIER), LOG)
    assert back.outcome == "kept"
    assert publish.current(options.out).name == first.run_id
    assert (options.out / "runs" / back.run_id / "manifest.json").is_file()
    again = run(replace(options, as_of=EARLIER), LOG)
    assert (again.outcome, again.run_id) == ("unchanged", back.run_id)
    assert publish.current(options.out).name == first.run_id
    switched = run(replace(options, as_of=EARLIER, make_current=True), LOG)
    assert switched.run_id == back.run_id == publish.current(options.out).name


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(1999, 12, 31), date(2100, 1, 1)])
def test_a_clock_outside_the_years_that_count_ends_the_night(options, monkeypatch, day):
    monkeypatch.setattr(clock, "today", lambda: day)
    with pytest.raises(
        UsageRefusedError, match=f"the clock of this machine says {day}; .* --as-of"
    ) as refused:
        run(replace(options, as_of=None), LOG)
    assert "请校正时钟" in refused.value.zh
    assert not (options.out / "runs").exists()


def test_a_clock_before_the_current_run_s_day_ends_the_night(options, monkeypatch):
    first = run(options, LOG)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 19))
    with pytest.raises(UsageRefusedError, match="before 2024-07-20, the day of the current run"):
        run(replace(options, as_of=None), LOG)
    assert publish.current(options.out).name == first.run_id
    assert run(replace(options, as_of=date(2024, 7, 19)), LOG).outcome == "kept"
    monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 20))
    assert run(replace(options, as_of=None), LOG).outcome == "unchanged"


def test_a_run_over_midnight_is_as_of_one_day(options, monkeypatch):
    days = iter([date(2024, 7, 20)])
    monkeypatch.setattr(clock, "today", lambda: next(days))
    assert run(replace(options, as_of=None), LOG).manifest["as_of"] == "2024-07-20"
