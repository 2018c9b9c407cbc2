"""Points that count but cannot be spent: they are announced, and never enter a wallet (4, `wallets`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import structlog

from jifen_batch.desk.announce.page import announce
from jifen_batch.desk.verify import verify
from jifen_batch.published import runs
from jifen_batch.rules import load
from jifen_batch.tables.wallets import WALLETS
from jifen_batch.worker import RunOptions, run

QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
BOOK = """
[book]
id = "base"
title = "细则"
source = "文"
first_year = 2023

[[items]]
code = "base"
category = "基础"
task = "基础分"
name = "基础分"
points = 100
per = "year"
grant = true
spendable = false

[[items]]
code = "help"
category = "文明"
task = "互助"
name = "互助"
points = 10
per = "event"
"""
COUNTED = ("announced", "not_spendable", "spent", "available", "uncovered")


@pytest.fixture
def options(tmp_path):
    """A household with a base of 100 and an award of 10, which spends 12."""
    (tmp_path / "rules.toml").write_text(BOOK, encoding="utf-8")
    event = {"event_id": "a", "household_id": "h", "item": "help", "occurred_on": date(2023, 2, 1)}
    pl.DataFrame([event | {"status": "approved"}]).write_parquet(tmp_path / "events.parquet")
    home = {"household_id": "h", "village_id": "v", "town_id": "t", "enrolled_on": date(2022, 1, 1)}
    pl.DataFrame([home]).write_parquet(tmp_path / "households.parquet")
    spent = {"redemption_id": "r", "household_id": "h", "redeemed_on": date(2023, 5, 1), "points": 12}
    pl.DataFrame([spent | {"status": "done"}]).write_parquet(tmp_path / "redemptions.parquet")
    return RunOptions(
        events=str(tmp_path / "events.parquet"),
        households=str(tmp_path / "households.parquet"),
        rules=(str(tmp_path / "rules.toml"),),
        out=tmp_path / "out",
        as_of=date(2023, 5, 2),
    )


def wallet(report):
    return [tuple(row[name] for name in COUNTED) for row in runs.read(report.folder, WALLETS).to_dicts()]


def test_the_base_is_announced_and_cannot_be_spent(options, tmp_path):
    run(options, QUIET)
    announce(options.out, "2023Q1")
    report = run(replace(options, redemptions=str(tmp_path / "redemptions.parquet")), QUIET)
    assert wallet(report) == [(110, 100, 12, 0, 2)]
    assert report.manifest["wallets"]["points"]["not_spendable"] == 100
    assert verify(options.out).findings == []


def test_a_base_that_is_edited_is_kept_out_by_what_is_corrected(options, tmp_path):
    run(options, QUIET)
    announce(options.out, "2023Q1")
    edited = BOOK.replace("points = 100", "points = 90")
    (tmp_path / "rules.toml").write_text(edited, encoding="utf-8")
    meant = load([tmp_path / "rules.toml"]).fingerprint
    later = replace(options, as_of=date(2023, 7, 20), accept_rules=meant)
    later = replace(later, redemptions=str(tmp_path / "redemptions.parquet"))
    run(later, QUIET)
    announce(options.out, "2023Q2")
    report = run(replace(later, as_of=date(2023, 7, 21)), QUIET)
    assert wallet(report) == [(100, 90, 12, 0, 2)]
