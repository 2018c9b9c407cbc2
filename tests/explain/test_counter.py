"""The counter: the wallet and what lapses when, a width that folds, a slip and the shop's list."""

import io
import json
from datetime import date
from pathlib import Path
from unicodedata import east_asian_width

import polars as pl
import pypdf
import pytest
from click.testing import CliRunner

from announce.village import BOOK, Village
from jifen_batch.cli.program import program
from jifen_batch.desk.explain import own_wallet
from jifen_batch.errors import UsageRefusedError
from jifen_batch.notices.printed.typeset import Typesetter


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Wang has 20 of 2023 and 5 of 2024 announced, has spent 8 of them, and points lapse on 31 March."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("announce.village.BOOK", BOOK + '[wallet]\nexpires = "03-31"\n')
        village = Village(tmp_path_factory.mktemp("counter"))
        village.named = "东村"
        village.event("f1", date(2023, 2, 1), item="fire")
        village.event("h1", date(2024, 1, 5), member_id="member-x")
        village.event("h2", date(2023, 2, 1), household="li")
        spent = pl.DataFrame(
            {
                "redemption_id": ["r1"],
                "household_id": ["wang"],
                "redeemed_on": [date(2024, 1, 10)],
                "points": [8],
                "status": ["done"],
            }
        )
        spent.write_parquet(village.folder / "redemptions.parquet")
        for as_of, quarter in ((date(2023, 4, 15), "2023Q1"), (date(2024, 4, 15), "2024Q1")):
            village.night(as_of)
            if quarter == "2023Q1":
                village.hang(quarter)
        village.night(
            date(2024, 3, 1), redemptions=str(village.folder / "redemptions.parquet"), make_current=True
        )
    return village


def call(*words):
    return CliRunner().invoke(program, list(map(str, words)))


@pytest.fixture(scope="module")
def printing():
    try:
        Typesetter()
    except UsageRefusedError as error:
        if "font" in str(error):
            pytest.skip("no Chinese font is installed here")
        raise


def test_points_that_cannot_be_spent_stay_so_under_a_former_id(monkeypatch):
    """Wang was first called li: 20 announced, of which li's 5 cannot be spent, and 7, of which 3 cannot."""
    keys = {"household_id": ["wang", "wang"], "scoring_year": [2023, 2023]}
    kinds = {"scoring_year": pl.Int32}
    hung = pl.DataFrame(keys | {"announced_in": ["2023Q1", "2023Q2"], "net": [20, 7]}, schema_overrides=kinds)
    withheld = pl.DataFrame(
        {
            "household_id": ["li", "wang", "chen"],
            "scoring_year": [2023] * 3,
            "announced": [0, 1, 1],
            "not_spendable": [5, 3, 9],
        },
        schema_overrides=kinds | {"announced": pl.Int32},
    )
    monkeypatch.setattr(own_wallet.not_spendable, "points", lambda *_: withheld)
    told = own_wallet.spendable(Path(), ["wang", "li"], hung, ["2023Q1", "2023Q2"]).sort("announced")
    assert told.rows() == [("wang", 2023, 0, 15), ("wang", 2023, 1, 4)]


def test_the_wallet_says_what_can_be_spent_and_what_of_it_lapses_when(made):
    done = call("explain", "--out", made.out, "wang")
    assert done.exit_code == 0, done.stderr
    assert "可用积分：12 分（已公告净积分 20，已兑换 8）" in done.stdout
    assert "其中 12 分可用到 2024-03-31，过后失效" in done.stdout
    told = json.loads(call("explain", "--out", made.out, "wang", "--json").stdout)["wallet"]
    assert (told["available"], told["spent"]) == (12, 8)
    assert told["lapses"] == [{"day": "2024-03-31", "points": 12}]


def test_a_run_without_redemptions_knows_no_wallet(made):
    run = next(
        path for path in sorted((made.out / "runs").iterdir()) if path != (made.out / "current").resolve()
    )
    told = json.loads(call("explain", "--out", made.out, "--run", run.name, "wang", "--json").stdout)
    assert told["wallet"] is None


def test_points_spent_before_anything_is_announced_are_told(made, tmp_path):
    village = Village(tmp_path)
    village.event("f1", date(2023, 2, 1), item="fire")
    spent = made.folder / "redemptions.parquet"
    village.night(date(2024, 4, 15), redemptions=str(spent))
    done = call("explain", "--out", village.out, "wang", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)["wallet"]
    assert (told["available"], told["spent"], told["lapses"]) == (0, 8, [])


def test_the_page_folds_at_the_width_that_is_asked_for(made):
    done = call("explain", "--out", made.out, "--width", 80, "wang")
    wide = [
        sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in done.stdout.splitlines()
    ]
    assert 60 < max(wide) <= 80
    assert call("explain", "--out", made.out, "--width", 20, "wang").exit_code == 2


def test_a_slip_is_one_page_with_standing_wallet_and_items(made, printing, tmp_path):
    assert printing is None
    to = tmp_path / "slip.pdf"
    assert call("explain", "--out", made.out, "--year", 2023, "--slip", to, "wang").exit_code == 0
    (page,) = pypdf.PdfReader(io.BytesIO(to.read_bytes())).pages
    text = "".join(page.extract_text().split())
    for said in (
        *("2023年度农户积分单", "户编号wang", "可用积分：12分", "可用到2024-03-31", "村内第1名（共2户"),
        *("2023年第一季度公告时：净积分20分", "消防器材12020", "合计12020"),
    ):
        assert said in text
    assert "member-x" not in text
    refused = call("explain", "--out", made.out, "--slip", tmp_path / "slip.txt", "wang")
    assert (refused.exit_code, "let it end in .pdf" in refused.stderr) == (2, True)
    inside = call("explain", "--out", made.out, "--slip", made.out / "runs" / "slip.pdf", "wang")
    assert inside.exit_code == 2


def test_the_shop_has_a_list_of_balances_a_village(made, printing, tmp_path):
    assert printing is None
    to = tmp_path / "balances.pdf"
    done = call("export", "--out", made.out, "wallets", "--to", to)
    assert done.exit_code == 0, done.stderr
    (page,) = pypdf.PdfReader(io.BytesIO(to.read_bytes())).pages
    text = "".join(page.extract_text().split())
    assert "东村积分换物余额表" in text
    assert "wang12800" in text
    assert "li5000" in text
    refused = call("export", "--out", made.out, "ledger", "--to", tmp_path / "ledger.pdf")
    assert (refused.exit_code, "only wallets are printed as PDF" in refused.stderr) == (2, True)
