"""A village of which some texts are such as people and attackers type, exported by the command line."""

from datetime import date

import pytest
from click.testing import CliRunner

from announce.village import Village
from jifen_batch.cli.program import program

LONG_ID = "99011310120100017"


@pytest.fixture(scope="package")
def scored(tmp_path_factory):
    made = Village(tmp_path_factory.mktemp("exported"))
    made.homes = {"wang": "east", "li": "east", "0042": "west", LONG_ID: "west"}
    made.event("e1", date(2023, 2, 1), decision_id="=1+1")
    made.event("e2", date(2023, 2, 2), decision_id="＝HYPERLINK(1)", household="0042", item="fire")
    made.event("e3", date(2023, 2, 3), decision_id="\t-2", household=LONG_ID)
    made.event("e4", date(2023, 2, 4), decision_id='a";=1', household="li")
    made.event("e5", date(2023, 2, 5), item="@none", household="li")
    made.event("f1", date(2023, 2, 6), item="accident", household="0042")
    made.night(date(2023, 4, 15))
    made.hang("2023Q1")
    return made


@pytest.fixture
def export(scored, tmp_path):
    """Export a table to a file of this name: the result, and the file."""

    def call(table, name, *more):
        to = tmp_path / name
        words = ["export", "--out", scored.out, table, "--to", to, *more]
        return CliRunner().invoke(program, [str(word) for word in words]), to

    return call
