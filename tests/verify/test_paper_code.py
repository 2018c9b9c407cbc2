"""A code on paper says which announcement it is of."""

import json
from datetime import date

from click.testing import CliRunner

from announce.village import Village
from jifen_batch.cli.program import program
from jifen_batch.desk.announce.withdraw import withdraw
from jifen_batch.notices.printed.code import short_code, typed
from jifen_batch.published import announced


def call(out, *words):
    return CliRunner().invoke(program, ["verify", "--out", str(out), *words])


def test_a_code_is_the_beginning_of_the_digest_however_it_is_typed():
    assert short_code("870c405ef167bc99" + "0" * 48) == "870C-405E-F167-BC99"
    for text in ("870C-405E-F167-BC99", "870c405ef167bc99", " 870C 405E－F167—bc99 "):
        assert typed(text) == "870C-405E-F167-BC99"
    assert [typed(text) for text in ("", "870C", "870C-405E-F167-BC9G", "870C-405E-F167-BC990")] == [None] * 4


def test_verify_names_the_announcement_of_a_code_and_refuses_what_is_none(tmp_path):
    made = Village(tmp_path)
    made.event("h1", date(2023, 2, 1))
    made.night(date(2023, 4, 15))
    made.hang("2023Q1")
    code = short_code(announced.manifest_digest(made.out, "2023Q1"))
    found = call(made.out, "--code", code.lower())
    assert (found.exit_code, f"核对码 {code}：2023年第一季度公告，现在有效" in found.stdout) == (0, True)
    withdraw(made.out, "2023Q1", "名单有误")
    told = json.loads(call(made.out, "--code", code, "--json").stdout)
    assert told["paper"] == {"code": code, "state": "withdrawn", "quarter": "2023Q1"}
    other = call(made.out, "--code", "0000-0000-0000-0000")
    assert (other.exit_code, "没有这样的公告" in other.stdout) == (4, True)
    wrong = call(made.out, "--code", "13812345678")
    assert (wrong.exit_code, "is no code" in wrong.stderr) == (2, True)
