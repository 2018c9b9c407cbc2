"""A run that is given redemptions: what it adds, what it leaves alone, and what makes it new work."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import structlog
from rich.console import Console

from jifen_batch.errors import InputRefusedError, InvariantBrokenError, LossError
from jifen_batch.notices import wallet as notice
from jifen_batch.published import publish, runs
from jifen_batch.tables.wallets import WALLETS
from jifen_batch.worker import RunOptions, run, wallets
from wallet.board import hang, hang_all
from wallet.purse import kept

ROOT = Path(__file__).parents[2]
LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
COUNTED = ("announced", "lapsed", "spent", "available", "taken_back", "uncovered", "below_zero")


def options_in(out):
    return RunOptions(
        events=str(ROOT / "fixtures" / "events"),
        households=str(ROOT / "fixtures" / "households.csv"),
        rules=(str(ROOT / "configs" / "rules" / "baoshan-2023.toml"), str(ROOT / "fixtures" / "rules")),
        out=out,
        as_of=date(2024, 7, 20),
    )


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """The fixture village before redemptions, with all its quarters announced, and after."""
    options = options_in(tmp_path_factory.mktemp("village") / "out")
    before = run(options, LOG)
    hang_all(options.out, before.folder)
    redeeming = replace(options, redemptions=str(ROOT / "fixtures" / "redemptions.csv"))
    return before, run(redeeming, LOG), redeeming


def test_without_redemptions_there_are_columns_and_no_rows(village):
    before, _, _ = village
    assert runs.read(before.folder, WALLETS).equals(WALLETS.schema.to_frame())
    assert "wallets" not in before.manifest


def test_redemptions_change_no_byte_of_any_other_table(village):
    before, after, _ = village
    bytes_of = [
        {path.relative_to(one.folder): path.read_bytes() for path in one.folder.rglob("*.parquet")}
        for one in (before, after)
    ]
    own = Path("wallets") / "part-00000.parquet"
    assert bytes_of[0].pop(own) != bytes_of[1].pop(own)
    assert len(bytes_of[0]) > 10
    assert bytes_of[0] == bytes_of[1]


def test_the_fixture_village_has_wallets_worth_a_look(village):
    rows = runs.read(village[1].folder, WALLETS)
    assert rows.rows() == rows.sort(WALLETS.sort_keys, nulls_last=False).rows()
    stories = ("TH-01", "TH-03", "TH-04", "TH-10", "TH-13", "TH-19")
    kept = rows.filter(pl.col("household_id").is_in(stories)).select(
        "household_id", *COUNTED, "taken_back_in"
    )
    assert kept.rows() == [
        # announced, lapsed, spent, available, taken back, uncovered, below zero
        ("TH-01", 500, 0, 160, 340, 0, 0, 0, None),
        # The accident took back what the rice cooker had cost; the next year's points made it good.
        ("TH-03", 140, 0, 100, 40, 0, 0, 0, None),
        # 60 for the wedding went on soap before the other banquet was found wanting.
        ("TH-04", 40, 0, 60, 0, 20, 0, 0, "2023Q4"),
        ("TH-10", -180, 0, 20, 0, 20, 0, 180, "2023Q3"),
        ("TH-13", 65, 0, 0, 65, 0, 0, 0, None),
        ("TH-19", 0, 0, 10, 0, 0, 10, 0, None),
    ]


def test_the_manifest_and_the_report_name_who_spent_what_was_taken_back(village):
    said = village[1].manifest["wallets"]
    rows = runs.read(village[1].folder, WALLETS)
    assert said["points"] == {name: rows[name].sum() for name in (*COUNTED, "not_spendable")}
    assert said["households"]["all"] == rows.height
    assert [quarter["quarter"] for quarter in said["quarters"]][::5] == ["2023Q1", "2024Q2"]
    named = [(one["household_id"], one["taken_back"], one["by_quarter"]) for one in said["most_taken_back"]]
    assert named == [("TH-04", 20, {"2023Q4": 20}), ("TH-10", 20, {"2023Q3": 20})]
    assert said == json.loads((village[1].folder / "manifest.json").read_text(encoding="utf-8"))["wallets"]
    console = Console(width=160)
    with console.capture() as shown:
        console.print(*notice.parts(said))
    assert "兑换后被收回的积分（2户" in shown.get()
    assert "2023年第四季度公告收回 20" in shown.get()


def accepting_the_loss(options):
    """A run that is refused for redemptions that are gone, and then meant so."""
    with pytest.raises(LossError, match="--redemptions: 13 of 13 rows") as lost:
        run(options, LOG)
    return run(replace(options, accept_loss=lost.value.figures["accept_loss"]), LOG)


def test_announcing_is_new_work_only_where_redemptions_spend_it(village, tmp_path):
    _, after, first = village
    made, without = {after.run_id}, set()
    for day in (20, 21):
        redeeming = replace(first, out=tmp_path / str(day))
        shutil.copytree(first.out, redeeming.out, symlinks=True)
        assert run(redeeming, LOG).outcome == "unchanged"
        hang(redeeming.out, "2024Q3", date(2024, 10, day), [])
        without.add(accepting_the_loss(replace(redeeming, redemptions=None)).run_id)
        again = run(redeeming, LOG)
        # It hangs after the as-of date: other work, of the same result.
        assert runs.read(again.folder, WALLETS).equals(runs.read(after.folder, WALLETS))
        made.add(again.run_id)
    assert (len(made), len(without)) == (3, 1)


def test_other_redemptions_are_other_work_and_their_file_is_on_record(village, tmp_path):
    _, after, redeeming = village
    shutil.copytree(redeeming.out, tmp_path / "out", symlinks=True)
    told = Path(redeeming.redemptions).read_text(encoding="utf-8").replace("TH-19", "TH-18")
    (tmp_path / "redemptions.csv").write_text(told, encoding="utf-8")
    redeeming = replace(redeeming, out=tmp_path / "out", redemptions=str(tmp_path / "redemptions.csv"))
    report = run(redeeming, LOG)
    assert report.run_id != after.run_id
    assert ("redemptions", "redemptions.csv") in {
        (one["role"], one["name"]) for one in report.manifest["inputs"]
    }


def test_of_many_households_those_are_named_that_lost_most():
    day = date(2023, 4, 20)
    later = date(2023, 7, 20)
    announced = {
        f"h{number:02}": [("2023Q1", day, {2023: 100}), ("2023Q2", later, {2023: -number})]
        for number in range(25)
    }
    spent = {name: [(day, 100)] for name in announced}
    said = wallets.summary(kept(announced, spent, as_of=later), [])
    assert [one["taken_back"] for one in said["most_taken_back"]] == [*range(24, 4, -1)]
    assert said["most_taken_back"][0]["by_quarter"] == {"2023Q2": 24}
    assert (said["households"]["taken_back"], said["points"]["taken_back"]) == (24, 300)
    console = Console(width=160)
    with console.capture() as shown:
        console.print(*notice.parts(said))
    assert "尚无已公告的季度" in shown.get()
    assert "另有 4 户见 wallets/" in shown.get()


def test_nothing_is_published_where_redemptions_or_wallets_are_wrong(tmp_path, monkeypatch):
    options = replace(options_in(tmp_path / "out"), redemptions=str(tmp_path / "spent.csv"))
    header = "redemption_id,household_id,redeemed_on,points,status"
    (tmp_path / "spent.csv").write_text(f"{header}\na,TH-01,2024-05-01,0,done\n", encoding="utf-8")
    with pytest.raises(InputRefusedError, match=r"spent\.csv: column points, row 2"):
        run(options, LOG)
    (tmp_path / "spent.csv").write_text(f"{header}\na,TH-01,2024-05-01,5,done\n", encoding="utf-8")
    monkeypatch.setattr(wallets.wallet, "broken_invariants", lambda *_: ["a wallet balances"])
    with pytest.raises(InvariantBrokenError, match="a wallet balances"):
        run(options, LOG)
    (tmp_path / "out" / "announced" / "quarter=2024Q1").mkdir(parents=True)
    (tmp_path / "out" / "announced" / "quarter=2024Q1" / "manifest.json").write_text('{"as_of": 1}')
    with pytest.raises(InputRefusedError, match=r"manifest\.json: as_of is no date"):
        run(options, LOG)
    changed = {"as_of": "2024-04-20", "files": [{"name": "announcement.parquet", "size": 1, "sha256": "0"}]}
    hung = tmp_path / "out" / "announced" / "quarter=2024Q1"
    (hung / "announcement.parquet").write_bytes(b"?")
    (hung / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(InputRefusedError, match=r"announcement\.parquet: is not as its manifest says"):
        run(options, LOG)
    assert not (tmp_path / "out" / publish.CURRENT).exists()
