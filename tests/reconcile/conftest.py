"""The fixture village, published once, and the command that reconciles it."""

import json
from types import SimpleNamespace

import polars as pl
import pytest
import structlog
from click.testing import CliRunner

from fixture.reading import AS_OF, BASE_BOOK, FIXTURES
from jifen_batch import worker
from jifen_batch.cli.program import program
from jifen_batch.inputs import mapping, statement

CATEGORY = ("household_id", "scoring_year", "category")


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    """`out`, the output folder, and `balances`, what is right: a row per household, year and category."""
    out = tmp_path_factory.mktemp("reconcile") / "out"
    options = worker.RunOptions(
        events=str(FIXTURES / "events"),
        households=str(FIXTURES / "households.csv"),
        villages=str(FIXTURES / "villages.csv"),
        rules=(str(BASE_BOOK), str(FIXTURES / "rules")),
        out=out,
        as_of=AS_OF,
    )
    folder = worker.run(options, structlog.get_logger()).folder
    balances = pl.read_parquet(f"{folder}/balances/**/*.parquet")
    balances = balances.select(*CATEGORY, points="net").sort(CATEGORY)
    return SimpleNamespace(out=out, folder=folder, balances=balances)


@pytest.fixture
def reconcile(village, tmp_path, monkeypatch):
    """Run `reconcile` against the fixture village, in an empty folder; `said` is its JSON document."""
    monkeypatch.chdir(tmp_path)

    def call(frame, *words, as_json=True):
        if isinstance(frame, pl.DataFrame):
            frame.write_csv("statement.csv")
        given = ["--out", village.out, "--statement", "statement.csv", *words]
        given += ["--json"] if as_json else []
        result = CliRunner().invoke(program, ["reconcile", *(str(word) for word in given)])
        result.said = json.loads(result.stdout) if as_json and result.exit_code in {0, 3, 4} else None
        return result

    return call


@pytest.fixture
def read(tmp_path):
    """Read a statement: its content as bytes or a frame, its ending, what the mapping is."""
    known = statement.Known(frozenset({"村民议事"}), frozenset({"deliberation.pledge"}))

    def call(content, ending=".csv", read_as=None):
        path = tmp_path / f"statement{ending}"
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return statement.read(str(path), read_as or mapping.Mapping(), known)

    return call


@pytest.fixture
def read_mapping(tmp_path):
    """Read a mapping file of this text."""

    def call(text):
        path = tmp_path / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        return mapping.load(str(path))

    return call
