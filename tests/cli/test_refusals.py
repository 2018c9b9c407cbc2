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


def check_both(exit_code, stdout, stderr):
    """A document on stdout beside the line."""
    assert (exit_code, json.loads(stdout)["exit_code"]) == (3, 3)
    check_line(stderr)


@refused
def test_a_refusal_where_a_document_was_asked_for_is_both(words, cli):
    done = cli(*words, "--json")
    check_both(done.exit_code, done.stdout, done.stderr)


# One that only reads, one that reads tables, one of two words, one that writes a file, and the night.
@pytest.mark.parametrize("name", ["current", "explain", "rules check", "export", "run"])
def test_a_refusal_of_a_process_is_as_here(name, tmp_path):
    command = [sys.executable, "-m", "jifen_batch", *REFUSED[name], "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    check_both(done.returncode, done.stdout, done.stderr)
