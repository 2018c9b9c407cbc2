"""Redemptions held against a price list 价目: what differs is listed, and no point changes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.analysis.prices import mispriced
from jifen_batch.cli.program import program
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.find import find
from jifen_batch.inputs.prices import read_prices
from jifen_batch.published import runs
from jifen_batch.tables.wallets import MISPRICED, PRICES, REDEMPTIONS, WALLETS
from jifen_batch.worker import RunOptions, run
from schemes.test_schemes import BOOKS, HERE, QUIET

JUNE, JULY = date(2023, 6, 1), date(2023, 7, 1)


def redemption(redemption_id, goods, points, **more):
    given = {"household_id": "h", "redeemed_on": JUNE, "status": "done"} | more
    return {"redemption_id": redemption_id, "goods": goods, "points": points} | given


def price(goods, points, *, on=date(2023, 1, 1), town=None, village=None):
    return dict(zip(PRICES.names, (goods, points, on, town, village), strict=True))


REGISTER = pl.DataFrame(
    {
        "household_id": ["h", "far", "mover", "mover"],
        "town_id": ["t", "u", "t", "u"],
        "village_id": ["v", "w", "v", "w"],
        "enrolled_on": [date(2020, 1, 1)] * 3 + [JULY],
    }
)


def off(prices, *redemptions, as_of=date(2023, 12, 31)):
    rows = pl.DataFrame(redemptions, schema=REDEMPTIONS.schema)
    found = mispriced(rows, pl.DataFrame(prices, schema=PRICES.schema), REGISTER, as_of)
    assert found.schema == MISPRICED.schema
    return found.select("redemption_id", "points", "price").rows()


def test_what_costs_something_else_or_is_not_listed_is_told():
    rows = [
        redemption("a", "肥皂", 5),
        redemption("b", "肥皂", 7),
        redemption("c", "牙膏", 45),
        redemption("d", None, 5),
    ]
    assert off([price("肥皂", 5)], *rows) == [("b", 7, 5), ("c", 45, None), ("d", 5, None)]


def test_the_price_is_that_of_the_day():
    prices = [price("肥皂", 5), price("肥皂", 6, on=JULY)]
    rows = [
        redemption("a", "肥皂", 6, redeemed_on=date(2023, 6, 30)),
        redemption("b", "肥皂", 6, redeemed_on=JULY),
    ]
    assert off(prices, *rows) == [("a", 6, 5)]


def test_the_village_s_price_wins_over_the_town_s_over_everybody_s_by_where_one_lived_that_day():
    prices = [price("米", 10), price("米", 20, town="t"), price("米", 30, village="v")]
    rows = [
        redemption("a", "米", 30),
        redemption("b", "米", 10, household_id="far"),
        redemption("c", "米", 30, household_id="mover"),
        redemption("d", "米", 10, household_id="mover", redeemed_on=JULY),
        redemption("e", "米", 30, household_id="far"),
        redemption("f", "米", 10, household_id="nobody"),
    ]
    assert off(prices, *rows) == [("e", 30, 10)]


def test_goods_compare_as_people_read_them():
    assert off([price("ＡＢ皂", 5)], redemption("a", " AB皂 ", 5)) == []


def test_what_came_back_or_is_still_to_come_is_not_looked_at():
    rows = [
        redemption("a", "肥皂", 9, status="returned"),
        redemption("b", "肥皂", 9, redeemed_on=date(2024, 1, 1)),
    ]
    assert off([price("肥皂", 5)], *rows) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("肥皂,0,2023-01-01,,", "is not 1 to"),
        ("肥皂,5,1999-01-01,,", "is not within"),
        ("肥皂,5,2023-01-01,t,v", "stands beside a town"),
        ("肥皂,6,2023-01-01,,", "another price"),
        (",6,2023-01-01,,", "goods"),
    ],
)
def test_a_price_list_that_cannot_be_is_refused(line, complaint, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(f"goods,points,effective_on,town_id,village_id\n肥皂,5,2023-01-01,,\n{line}\n", "utf-8")
    with pytest.raises(InputRefusedError, match=complaint):
        read_prices(find(str(path), "prices").files)


def village(tmp_path, **more):
    """The run of a village that spends; the points that stand do not matter to prices."""
    rows = [redemption("a", "肥皂", 5, household_id="J1"), redemption("b", "肥皂", 7, household_id="J2")]
    pl.DataFrame(rows, schema=REDEMPTIONS.schema).write_csv(tmp_path / "redemptions.csv")
    pl.DataFrame([price("肥皂", 5)], schema=PRICES.schema).write_csv(tmp_path / "prices.csv")
    options = RunOptions(
        events=str(HERE / "base-points" / "events.csv"),
        households=str(HERE / "base-points" / "households.csv"),
        rules=(str(BOOKS / "base-points.toml"),),
        redemptions=str(tmp_path / "redemptions.csv"),
        out=tmp_path / more.pop("out"),
        as_of=date(2023, 12, 31),
        **more,
    )
    return run(options, QUIET)


def test_a_run_lists_what_differs_and_changes_no_wallet(tmp_path):
    without = village(tmp_path, out="a")
    held = village(tmp_path, out="b", prices=str(tmp_path / "prices.csv"))
    assert held.manifest["wallets"]["mispriced"] == 1
    assert "mispriced" not in without.manifest["wallets"]
    assert runs.read(held.folder, MISPRICED).select("redemption_id", "price").rows() == [("b", 5)]
    assert runs.read(held.folder, WALLETS).equals(runs.read(without.folder, WALLETS))
    checked = CliRunner().invoke(program, ["verify", "--out", str(tmp_path / "b")])
    assert checked.exit_code == 0, checked.stdout


def test_it_stands_on_the_village_s_work_list(tmp_path):
    village(tmp_path, out="out", prices=str(tmp_path / "prices.csv"))
    to = tmp_path / "lists"
    done = CliRunner().invoke(
        program, ["worklist", "--out", str(tmp_path / "out"), "--to", str(to), "--json"]
    )
    assert done.exit_code == 0, done.stderr
    assert '"mispriced": 1' in done.stdout
    sheet = pl.read_excel(to / "0001.xlsx", sheet_name="兑换价目", has_header=False)
    assert any({"b", "肥皂"} <= set(map(str, row)) for row in sheet.rows())


def test_prices_without_redemptions_are_wrong_usage(tmp_path):
    asked = [
        "run",
        "--events",
        "e",
        "--households",
        "h",
        "--rules",
        "r",
        "--out",
        str(tmp_path),
        "--prices",
        "p",
    ]
    assert CliRunner().invoke(program, asked).exit_code == 2
