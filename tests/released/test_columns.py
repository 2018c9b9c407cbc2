"""What a column says of itself: since which version of the tables it is there, held to the files of each."""

import json

import pyarrow.parquet as pq

from jifen_batch.published import read
from jifen_batch.tables import PUBLISHED


def tables_of(out):
    """Every published file below `out`, with its table."""
    by_name = {table.name: [one for one in PUBLISHED if one.name == table.name] for table in PUBLISHED}
    for path in sorted(out.rglob("*.parquet")):
        inside = path.relative_to(out).parts
        named = path.stem if inside[0] == "announced" else inside[2]
        # Runs and quarters both have standings: those of quarters are named last.
        yield path, by_name[named][-1 if inside[0] == "announced" else 0]


def test_the_files_of_every_released_version_have_the_columns_of_that_version(released):
    files = list(tables_of(released))
    assert {table.name for _, table in files} >= {"ledger", "standings", "items", "lines", "corrections"}
    for path, table in files:
        version = read.version_of(path)
        wanted = table.of_version(version)
        assert pq.read_schema(path).names == wanted.file_names, (path, "give a new column `since`")
        manifests = [one / "manifest.json" for one in path.parents if (one / "manifest.json").is_file()]
        said = json.loads(manifests[0].read_text(encoding="utf-8"))
        assert said.get("schema_version", str(version)) == str(version)


def test_every_table_in_a_released_folder_is_looked_at(released):
    assert len(list(tables_of(released))) == len(list(released.rglob("*.parquet"))) > 30
