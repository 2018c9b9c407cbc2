"""Each table of a run, and `announced/`, opens as a dataset in whatever the district reads with.

Readers that are not installed are left out with a word: pandas, chdb, pyspark (which needs a Java runtime).
"""

import shutil
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from jifen_batch.published import publish
from jifen_batch.tables import ANNOUNCEMENT, CORRECTIONS, LINES, OUTPUTS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS
from released.commands import SOURCE, announced, night

QUARTERS = ("2023Q1", "2023Q2")
FILES = [f"{table.name}.parquet" for table in (ANNOUNCEMENT, LINES, CORRECTIONS, ANNOUNCED_STANDINGS)]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two nights and two announced quarters."""
    folder = tmp_path_factory.mktemp("datasets") / "out"
    for as_of, quarter in (("2023-04-20", "2023Q1"), ("2023-07-20", "2023Q2")):
        night(SOURCE, folder, as_of)
        announced(SOURCE, folder, quarter)
    return folder


def by_pyarrow(folder, pattern):
    import pyarrow.dataset as ds  # noqa: PLC0415 - it loads pandas, and each worker collects all tests

    paths = [str(path) for path in sorted(folder.glob(pattern))] if pattern else str(folder)
    return ds.dataset(paths, format="parquet", partitioning="hive").to_table().num_rows


def by_pandas(folder, pattern):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    paths = [str(path) for path in sorted(folder.glob(pattern))] if pattern else str(folder)
    return len(pandas.read_parquet(paths, engine="pyarrow", partitioning=None))


def by_polars(folder, pattern):
    return pl.scan_parquet(folder / (pattern or "**/*.parquet")).select(pl.len()).collect().item()


def by_duckdb(folder, pattern):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    path = folder / (pattern or "**/*.parquet")
    return duckdb.read_parquet(str(path), hive_partitioning=False).count("*").limit(1).fetchall()[0][0]


def by_clickhouse(folder, pattern):
    chdb = pytest.importorskip("chdb", reason="chdb (ClickHouse) is not installed")
    path = folder / (pattern or "**/*.parquet")
    counted = chdb.query(f"SELECT count(*) FROM file('{path}', Parquet)")  # noqa: S608 - a path of this test
    return int(str(counted).strip())


def by_spark(folder, pattern):
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    path = str(folder / pattern) if pattern else str(folder)
    return session.read.option("basePath", str(folder)).parquet(path).count()


READERS = {
    "pyarrow": by_pyarrow,
    "pandas": by_pandas,
    "polars": by_polars,
    "duckdb": by_duckdb,
    "clickhouse": by_clickhouse,
    "spark": by_spark,
}
readers = pytest.mark.parametrize("reader", READERS)
# They open a folder; the others are given a pattern, as they always are.
OPEN_FOLDERS = ("pyarrow", "pandas", "spark", "duckdb", "clickhouse")


@readers
def test_every_table_of_a_run_opens(out, reader):
    run, counted = (out / "current").resolve(), {}
    for file in publish.read_manifest(run)["outputs"]:
        if file["rows"] is not None:
            table = Path(file["name"]).parts[0]
            counted[table] = counted.get(table, 0) + file["rows"]
    assert counted.keys() >= {table.name for table in OUTPUTS if table.partition is None}
    assert {name: READERS[reader](run / name, None) for name in counted} == counted


@readers
def test_every_table_of_all_announcements_opens_by_its_name(out, reader):
    counted = dict.fromkeys(FILES, 0)
    for quarter in QUARTERS:
        for file in publish.read_manifest(out / "announced" / f"quarter={quarter}")["files"]:
            if file["rows"] is not None:
                counted[file["name"]] += file["rows"]
    found = {name: READERS[reader](out / "announced", f"quarter=*/{name}") for name in FILES}
    assert found == counted
    assert found["lines.parquet"] > found["announcement.parquet"] > 0


@pytest.mark.parametrize("reader", OPEN_FOLDERS)
def test_nothing_in_announced_that_is_no_table_stops_a_reader_of_the_folder(out, reader):
    rows = sum(pq.read_metadata(path).num_rows for path in (out / "announced").rglob("*.parquet"))
    assert READERS[reader](out / "announced", None) == rows


def test_what_is_no_table_lies_where_datasets_pass_it_over(out):
    for quarter in QUARTERS:
        folder = out / "announced" / f"quarter={quarter}"
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            [*FILES, "_about", "_datapackage.json"]
        )
        assert {path.name for path in (folder / "_about").iterdir()} == {"manifest.json", "rules"}
