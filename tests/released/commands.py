"""The commands of a package over a folder that another version wrote.

Today's package is loaded, and runs in this process. Another is loaded once by a process that does its
commands one after the other; a start of the interpreter for each would take longer than all of them.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
HOUSEHOLD = "TH-03"
INPUTS = (
    "--events", "fixtures/events", "--households", "fixtures/households.csv",
    "--rules", "configs/rules/baoshan-2023.toml", "--rules", "fixtures/rules",
)  # fmt: skip
# What the process does whose package it is.
DOES = """
import json, sys
from click.testing import CliRunner
from jifen_batch.cli.program import program
for line in sys.stdin:
    ended = CliRunner().invoke(program, json.loads(line))
    print(json.dumps([ended.exit_code, ended.stdout, ended.stderr]), flush=True)
"""
MORE_INPUTS = ("--villages", "fixtures/villages.csv", "--redemptions", "fixtures/redemptions.csv")


class Ended(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Elsewhere:
    """The package in another folder."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", DOES],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ended(self, words):
        self.process.stdin.write(f"{json.dumps(words)}\n")
        self.process.stdin.flush()
        return Ended(*json.loads(self.process.stdout.readline()))

    def close(self):
        self.process.communicate()


def jifen(source, *words):
    """How one command of the package in `source` ended, today's or one that is elsewhere."""
    words = [*map(str, words)]
    if source != SOURCE:
        return source.ended(words)
    with contextlib.chdir(ROOT):
        ended = CliRunner().invoke(program, words)
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


def done(source, *words):
    """What a command said that had to end with 0."""
    ended = jifen(source, *words)
    assert ended.returncode == 0, (words, ended.returncode, ended.stdout[-1500:], ended.stderr[-1500:])
    return ended.stdout


def night(source, out, as_of, inputs=INPUTS, words=()):
    """A run as of a day, published; its folder."""
    done(source, "run", *inputs, *MORE_INPUTS, "--out", out, "--as-of", as_of, *words)
    return (out / "current").resolve()


def announced(source, out, quarter):
    """What `announce` says of a quarter, hung up or found hanging as it would be; its notices are printed."""
    notices = out.with_name(f"notices-{quarter}-{len(list(out.parent.iterdir()))}")
    said = done(source, "announce", "--out", out, "--quarter", quarter, "--notices", notices, "--json")
    assert (notices / "index.xlsx").is_file()
    return json.loads(said)


def read_by_all(source, out, before, inputs=INPUTS):
    """What every command that reads says of `out`, by its name; `before` is a run to compare with."""
    statement = out.with_name("statement.csv")
    statement.write_text(f"household_id,scoring_year,points\n{HOUSEHOLD},2023,1\n", encoding="utf-8")
    reconciled = jifen(source, "reconcile", "--out", out, "--statement", statement, "--json")
    assert reconciled.returncode == 4, reconciled.stderr[-1500:]
    said = {
        "explain": done(source, "explain", "--out", out, HOUSEHOLD, "--json"),
        "compare": done(source, "compare", "--out", out, before, "current", "--json"),
        "what-if": done(source, "what-if", *inputs, "--out", out, "--json"),
        "reconcile": reconciled.stdout,
        "verify": done(source, "verify", "--out", out, "--all", "--json"),
    }
    assert done(source, "current", "--out", out).strip() == str((out / "current").resolve())
    return {name: json.loads(text) for name, text in said.items()}
