"""A village with something of every kind to do, listed by the command line."""

import json
from datetime import date, datetime

import polars as pl
import pytest
from click.testing import CliRunner

from announce.village import ITEM, Village
from jifen_batch.cli.program import program
from printed.reading import sheets, table

AS_OF = date(2023, 11, 20)
PLEDGE = {"code": "promise", "category": "议事", "name": "承诺议事", "points": 1, "more": "pledge = true"}


class Listed(Village):
    """A village whose book also has a pledge."""

    def write(self):
        folder = super().write()
        book = folder / "book.toml"
        pledge = ITEM.format(**PLEDGE).replace('per = "event"', 'per = "month"')
        book.write_text(f"{book.read_text(encoding='utf-8')}{pledge}{PLEDGE['more']}\n", encoding="utf-8")
        return folder


def filled(made):
    made.homes = {"wang": "east", "li": "east", "chen": "west", "idle": "north"}
    made.named = "东村"
    at = datetime(2023, 10, 31, 9)  # noqa: DTZ001 - local time, as the column has it
    made.event("d1", date(2023, 10, 1), status="declared", recorded_at=at, decision_id="m2")
    made.event("d2", date(2023, 10, 2), status="declared", decision_id="m1")
    made.event("d3", date(2023, 10, 3), status="declared", household="li")
    made.event("a1", date(2023, 11, 10), status="assessed", household="li")
    made.event("p1", date(2023, 9, 1), item="promise")
    made.event("p2", date(2023, 11, 1), item="promise", household="li", until=date(2023, 11, 28))
    made.event("p3", date(2023, 3, 1), item="promise", household="chen", until=date(2023, 9, 1))
    made.event("t1", date(2023, 5, 1), item="fire", household="chen", member_id="1")
    made.event("t2", date(2023, 5, 1), item="fire", household="chen", member_id="1")
    made.event("t3", date(2023, 5, 1), item="fire", household="chen", member_id="2")
    made.event("r1", date(2023, 5, 2), item="志愿服务")
    made.event("r2", date(2023, 5, 2), status="同意", household="li")
    made.event("r3", date(2023, 5, 2), household="wagn")
    made.event("r4", date(2023, 5, 2), member_id="13812345678", decision_id="=1+1")
    made.event("r5", date(2023, 5, 2), item="anything")
    return made


def with_more(made):
    """Objections and redemptions of the village: the options that name their files."""
    made.folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(
        {
            "objection_id": ["o1", "o2", "o3"],
            "household_id": ["chen", "chen", "wang"],
            "raised_on": [date(2023, 11, 10), date(2023, 11, 11), date(2023, 11, 12)],
            "status": ["open", "dismissed", "open"],
            "event_id": ["t1", None, None],
        }
    ).write_parquet(made.folder / "objections.parquet")
    pl.DataFrame(
        {
            "redemption_id": ["x1", "x2"],
            "household_id": ["li", "nobody"],
            "redeemed_on": [date(2023, 11, 1)] * 2,
            "points": [7, 3],
            "status": ["done"] * 2,
        }
    ).write_parquet(made.folder / "redemptions.parquet")
    return {name: str(made.folder / f"{name}.parquet") for name in ("objections", "redemptions")}


@pytest.fixture(scope="package")
def scored(tmp_path_factory):
    made = filled(Listed(tmp_path_factory.mktemp("listed")))
    made.night(AS_OF, **with_more(made))
    return made


@pytest.fixture
def listed(scored, tmp_path):
    """List a run: the result, and each workbook's sheets by file."""

    def call(*more, out=scored.out):
        to = tmp_path / "lists"
        words = ["worklist", "--out", out, "--to", to, *more]
        result = CliRunner().invoke(program, [str(word) for word in words])
        books = {path.name: sheets(path.read_bytes()) for path in sorted(to.glob("*"))}
        return result, books

    return call


@pytest.fixture(scope="package")
def books(scored, tmp_path_factory):
    """The workbooks of all villages, read once, and what the command says as JSON."""
    to = tmp_path_factory.mktemp("lists") / "all"
    result = CliRunner().invoke(program, ["worklist", "--out", str(scored.out), "--to", str(to), "--json"])
    assert result.exit_code == 0, result.stderr
    return {path.name: sheets(path.read_bytes()) for path in sorted(to.glob("*"))}, json.loads(result.stdout)


def rows(sheet, header="户编号"):
    """The rows of a sheet's table."""
    return table(sheet, header)
