"""A night writes its work lists itself, published or refused, and its last line says where."""

import json

import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from printed.reading import sheets
from worklist.conftest import AS_OF, Listed, filled, rows


@pytest.fixture
def night(tmp_path):
    made = filled(Listed(tmp_path / "village"))
    rules = made.write()

    def call(*more):
        words = ["run", "--events", made.folder / "events.parquet", "--as-of", AS_OF, "--out", made.out]
        words += ["--households", made.folder / "households.parquet", "--rules", rules, *more]
        result = CliRunner().invoke(program, [str(word) for word in words])
        return result, json.loads(result.stderr.splitlines()[-1])

    return call


@pytest.mark.parametrize(("rate", "code"), [("1", 0), ("0.1", 6)], ids=["published", "refused"])
def test_the_work_lists_are_there_and_the_last_line_names_them(night, tmp_path, rate, code):
    to = tmp_path / "lists"
    result, line = night("--max-reject-rate", rate, "--worklists", to)
    assert (result.exit_code, line["exit_code"], line["worklists"]) == (code, code, str(to))
    found = rows(sheets((to / "0001.xlsx").read_bytes())["退回"])
    assert {row["事项编号"] for row in found} == {"r1", "r2", "r4", "r5"}


def test_a_place_where_they_cannot_be_is_refused_before_the_night(night, tmp_path):
    result, line = night("--worklists", tmp_path / "village" / "out" / "lists")
    assert (result.exit_code, "--worklists" in line["error"]) == (2, True)
    assert not (tmp_path / "village" / "out" / "runs").exists()
