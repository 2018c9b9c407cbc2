"""The command on the village of the fixtures."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from agreement import QUIET
from jifen_batch.cli.program import program
from jifen_batch.worker import RunOptions, run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def out(tmp_path_factory):
    """The output folder with one run of the fixture village."""
    folder = tmp_path_factory.mktemp("explain") / "out"
    options = RunOptions(
        events=str(ROOT / "fixtures/events"),
        households=str(ROOT / "fixtures/households.csv"),
        rules=(str(ROOT / "configs/rules/baoshan-2023.toml"), str(ROOT / "fixtures/rules")),
        out=folder,
        villages=None,
        as_of=date(2024, 7, 20),
        grace_days=15,
        max_reject_rate=0.5,
    )
    run(options, QUIET)
    return folder


@pytest.fixture(scope="session")
def asked():
    """Exit code, stdout and stderr of the command; the same question is put once."""

    @cache
    def ask(out, *words):
        done = CliRunner().invoke(program, ["explain", "--out", str(out), *words])
        return done.exit_code, done.stdout, done.stderr

    return ask


@pytest.fixture(scope="session")
def told(asked):
    """The page's lines, without the space between cells; what `--json` says where that is asked for."""

    def tell(out, *words):
        code, page, error = asked(out, *words)
        assert code == 0, error
        if "--json" in words:
            return json.loads(page)
        return [" ".join(line.split()) for line in page.splitlines() if line.strip()]

    return tell
