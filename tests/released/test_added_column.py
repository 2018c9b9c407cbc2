"""A program with one more column goes on with what today's published; today's refuses the newer."""

import json
import re
import shutil
from contextlib import closing

import polars as pl
import pytest

from jifen_batch.tables import SCHEMA_VERSION
from released.commands import INPUTS, SOURCE, Elsewhere, announced, jifen, night, read_by_all

NEWER = int(SCHEMA_VERSION) + 1
COLUMN = f'Column("witness_id", TEXT, "who saw it", nullable=True, since={NEWER}),'


def edited(path, mark, more):
    """The file with `more` after the line that `mark` begins or ends."""
    text = path.read_text(encoding="utf-8")
    (line,) = re.findall(rf"^ *{re.escape(mark)}.*\n", text, re.MULTILINE)
    path.write_text(text.replace(line, line + more), encoding="utf-8")


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    """The package with one nullable ledger column more than today's."""
    folder = tmp_path_factory.mktemp("newer") / "src"
    package = folder / "jifen_batch"
    # With what is compiled of it: the process would compile it anew.
    shutil.copytree(SOURCE / "jifen_batch", package)
    edited(
        package / "tables" / "run.py",
        'Column("book", TEXT, "id of the rule book applied")',
        f"        {COLUMN}\n",
    )
    (package / "__init__.py").write_text('__version__ = "9.0.0"\n', encoding="utf-8")
    post = package / "kernels" / "post.py"
    edited(post, "book=named(book_ids, rule),", '            witness_id=pl.lit("w-1", pl.String),\n')
    with closing(Elsewhere(folder)) as package:
        yield package


@pytest.fixture(scope="module")
def gone_on(newer, tmp_path_factory):
    """Today's two nights and quarters, the newer program's next night and quarter; the first run's id."""
    out = tmp_path_factory.mktemp("gone-on") / "out"
    first = night(SOURCE, out, "2023-04-20").name
    announced(SOURCE, out, "2023Q1")
    night(SOURCE, out, "2023-07-20")
    announced(SOURCE, out, "2023Q2")
    assert announced(newer, out, "2023Q2")["outcome"] == "unchanged"
    night(newer, out, "2023-07-20")
    assert announced(newer, out, "2023Q2")["outcome"] == "unchanged"
    night(newer, out, "2023-10-20")
    assert announced(newer, out, "2023Q3")["outcome"] == "announced"
    return out, first


def test_every_command_of_the_newer_program_reads_both(newer, gone_on):
    out, first = gone_on
    said = read_by_all(newer, out, first)
    assert said["verify"]["findings"] == []
    assert said["compare"]["unattributed"] == 0
    ledger = pl.read_parquet(out / "current" / "ledger" / "*" / "*.parquet")
    assert set(ledger["witness_id"]) == {"w-1"}


def test_the_added_column_by_itself_corrects_nothing(gone_on):
    out, _ = gone_on
    quarter = out / "announced" / "quarter=2023Q3"
    (path,) = quarter.rglob("manifest.json")
    assert json.loads(path.read_text(encoding="utf-8"))["schema_version"] == str(NEWER)
    corrections = pl.read_parquet(quarter / "corrections.parquet")
    rest = [name for name in corrections.columns if name not in {"witness_id", "change", "reason"}]
    assert corrections.select(rest).is_duplicated().sum() == 0


def test_todays_program_names_the_one_that_is_needed(gone_on):
    out, _ = gone_on
    for words in (
        ("explain", "--out", out, "TH-03"),
        ("verify", "--out", out),
        ("announce", "--out", out, "--quarter", "2023Q3"),
        ("compare", "--out", out, "current", "current"),
        ("run", *INPUTS, "--out", out, "--as-of", "2023-10-21"),
        ("what-if", *INPUTS, "--out", out),
    ):
        ended = jifen(SOURCE, *words)
        assert ended.returncode == 3, (words, ended.stderr[-500:])
        said = ended.stdout + ended.stderr
        assert f"version {NEWER}" in said
        assert f"up to version {SCHEMA_VERSION}" in said
        assert "use jifen-batch 9.0.0 or a newer one" in said
