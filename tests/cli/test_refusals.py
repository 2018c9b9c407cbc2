"""Whatever command is refused: the sentence goes to stderr as a line of JSON, and stdout holds no other."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

REFUSED = {
    "current": ["current", "--out", "nowhere"],
    "explain": ["explain", "--out", "nowhere", "A1"],
    "announce": ["announce", "--out", "nowhere", "--quarter", "2023Q1"],
    "compare": ["compare", "--out", "nowhere", "current", "abcd"],
    "verify": ["verify", "--out", "nowhere"],
    "reconcile": ["reconcile", "--out", "nowhere", "--statement", "s.csv"],
    "export": ["export", "--out", "nowhere", "ledger", "--to", "t.csv"],
    "report": ["report", "--out", "nowhere", "--to", "r.html"],
    "worklist": ["worklist", "--out", "nowhere", "--to", "lists"],
    "template": ["template", "--rules", "nofile", "--to", "t.xlsx"],
    "rules check": ["rules", "check", "nofile"],
    "rules show": ["rules", "show", "--rules", "nofile", "--year", "2023"],
    "rules diff": ["rules", "diff", "nofile", "nofile"],
    "run": ["run", "--events", "e", "--households", "h", "--rules", "r", "--out", "o"],
}


@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_a_line_of_json_on_stderr(words, as_json, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "jifen_batch", *words, *(["--json"] if as_json else [])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    line = json.loads(done.stderr.splitlines()[0])
    assert line["level"] == "error"
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(hours=8)
    if as_json:
        assert json.loads(done.stdout)["exit_code"] == 3
    else:
        assert done.stdout == ""
