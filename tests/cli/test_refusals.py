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


refused = pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)


def check_line(stderr):
    """The first line is an error, with the time in Shanghai."""
    line = json.loads(stderr.splitlines()[0])
    assert line["level"] == "error"
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(hours=8)


@refused
def test_a_refusal_is_a_line_of_json_on_stderr_and_nothing_on_stdout(words, cli):
    done = cli(*words)
    assert (done.exit_code, done.stdout) == (3, "")
    check_line(done.stderr)


@refused
def test_a_refusal_of_a_process_that_was_asked_for_a_document_is_both(words, tmp_path):
    command = [sys.executable, "-m", "jifen_batch", *words, "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert json.loads(done.stdout)["exit_code"] == 3
    check_line(done.stderr)
