"""The commands of a package over a folder that another version wrote."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from jifen_batch.cli.program import program

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
HOUSEHOLD = "TH-03"
INPUTS = (
    "--events", "fixtures/events", "--households", "fixtures/households.csv",
    "--rules", "configs/rules/baoshan-2023.toml", "--rules", "fixtures/rules",
)  # fmt: skip
MORE_INPUTS = ("--villages", "fixtures/villages.csv", "--redemptions", "fixtures/redemptions.csv")


def jifen(source, *words):
    """How one command of the package in `source` ended; today's is loaded, and runs in this process."""
    words = [*map(str, words)]
    if source == SOURCE:
        with contextlib.chdir(ROOT):
            ended = CliRunner().invoke(program, words)
        return subprocess.CompletedProcess(words, ended.exit_code, ended.stdout, ended.stderr)
    return subprocess.run(
        [sys.executable, "-m", "jifen_batch", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


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
