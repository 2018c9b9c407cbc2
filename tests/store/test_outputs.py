"""Tables on the disk, read by strangers: the same sums, the declared types, the same bytes each time."""

# ruff: noqa: PLC0415 - a stranger is loaded by who reads with it: each worker collects all tests

from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jifen_batch.errors import DiskError, InvariantBrokenError
from jifen_batch.published import parquet_form
from jifen_batch.published.parquet_form import write_empty, write_table
from jifen_batch.tables import ANNOUNCEMENTS, BALANCES, LEDGER, OUTPUTS, SCHEMA_VERSION, STANDINGS

ARROW = {
    pl.String: pa.string(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Boolean: pa.bool_(),
    pl.Date: pa.date32(),
    pl.Datetime("us"): pa.timestamp("us"),
}

CELLS = {
    pl.String: "2023Q1",
    pl.Int32: 2023,
    pl.Int64: -1,
    pl.Boolean: True,
    pl.Date: date(2023, 1, 1),
    pl.Datetime("us"): datetime(2023, 1, 1, 12),  # noqa: DTZ001 - the specification's local time
}


def lines(part, count=300):
    """Ledger lines of one part over two years, 5 points each."""
    number = pl.int_range(count, eager=True)
    return pl.DataFrame(
        {
            "town_id": "t",
            "village_id": f"v{part}",
            "household_id": pl.Series([f"户{n:04}" for n in range(count)]),
            "scoring_year": 2023 + number % 2,
            "category": "村民议事",
            "task": "村民议事",
            "item": "pledge",
            "event_id": pl.Series([f"e{part}-{n}" for n in range(count)]),
            "member_id": None,
            "matter_id": pl.Series([f"m{n % 3}" if n % 5 else None for n in range(count)]),
            "decision_id": None,
            "occurred_on": date(2023, 3, 1),
            "accrued_on": date(2023, 3, 31),
            "posted_on": date(2023, 3, 31),
            "quarter": "2023Q1",
            "quantity": 1,
            "gross": 5,
            "points": 5,
            "cap_used": None,
            "disposition": "awarded",
            "cause": None,
            "book": "base",
            "evidence_id": None,
        },
        schema=LEDGER.schema,
    )


@pytest.fixture
def ledger(tmp_path):
    """A ledger of three parts, written."""
    for part in range(3):
        write_table(lines(part), LEDGER, tmp_path, part)
    return tmp_path / "ledger"


def test_files_stand_by_year_and_part(ledger, tmp_path):
    assert sorted(path.relative_to(tmp_path).as_posix() for path in ledger.rglob("*.parquet")) == [
        f"ledger/scoring_year={year}/part-0000{part}.parquet" for year in (2023, 2024) for part in range(3)
    ]


def test_pyarrow_reads_the_declared_types_and_sums(ledger):
    import pyarrow.dataset as ds

    read = ds.dataset(ledger, partitioning="hive").to_table()
    assert read.num_rows == 900
    assert pa.compute.sum(read["points"]).as_py() == 4500
    assert set(read.column_names) == set(LEDGER.names)
    assert read.schema.field("scoring_year").type == pa.int32()
    for name in LEDGER.file_names:
        assert read.schema.field(name).type == ARROW[LEDGER.schema[name]], name


def test_duckdb_reads_the_same(ledger):
    import duckdb

    asked = duckdb.sql(
        f"select scoring_year, sum(points), count(*), typeof(any_value(household_id)), "  # noqa: S608 - our own path
        f"typeof(any_value(points)), typeof(any_value(occurred_on)), typeof(any_value(quantity)) "
        f"from read_parquet('{ledger}/**/*.parquet', hive_partitioning=true) group by 1 order by 1"
    )
    of_types = ("VARCHAR", "BIGINT", "DATE", "INTEGER")
    assert asked.fetchall() == [(2023, 2250, 450, *of_types), (2024, 2250, 450, *of_types)]


def test_pandas_reads_the_same(ledger):
    import pandas as pd

    read = pd.read_parquet(ledger)
    assert read.groupby("scoring_year", observed=True)["points"].sum().to_list() == [2250, 2250]
    assert str(read["points"].dtype) == "int64"
    assert str(read["quantity"].dtype) == "int32"
    assert read["household_id"].iloc[0] == "户0000"


def test_polars_gets_back_what_was_written(ledger):
    read = pl.read_parquet(ledger, hive_partitioning=True, try_parse_hive_dates=False)
    read = read.select(pl.col(name).cast(kind) for name, kind in LEDGER.schema.items())
    written = pl.concat([lines(part) for part in range(3)])
    assert read.sort("event_id").equals(written.sort("event_id"))


def test_repeated_strings_are_dictionary_encoded(ledger):
    group = pq.read_metadata(ledger / "scoring_year=2023" / "part-00000.parquet").row_group(0)
    encoded = {
        group.column(n).path_in_schema: group.column(n).has_dictionary_page for n in range(group.num_columns)
    }
    for name in ("town_id", "village_id", "category", "task", "item", "quarter", "disposition", "book"):
        assert encoded[name], name


def test_a_file_names_nothing_that_no_row_of_it_has(tmp_path):
    # An Enum may know more names than its rows use; one of them may be a personal number that was sent back.
    people = pl.Enum(["0", "1", "310113199001011234", "X"])
    coded = {
        "member_id": pl.Series(["1" if n % 2 else "X" if n % 3 else None for n in range(300)], dtype=people),
        "decision_id": pl.Series([None] * 300, dtype=people),
        "evidence_id": pl.Series([None if n % 2 else "0" for n in range(300)], dtype=people),
        "item": pl.Series(["pledge"] * 300, dtype=pl.Enum(["pledge"])),
    }
    frame = lines(0).with_columns(**coded)
    write_table(frame, LEDGER, tmp_path, 0)
    for year, member in ((2023, ["X"]), (2024, ["1"])):
        path = tmp_path / "ledger" / f"scoring_year={year}" / "part-00000.parquet"
        read = pq.read_table(path, read_dictionary=[*coded])
        names = {name: read[name].combine_chunks().dictionary.to_pylist() for name in coded}
        proofs = ["0"] if year == 2023 else []
        assert names == {"member_id": member, "decision_id": [], "evidence_id": proofs, "item": ["pledge"]}
        of_year = frame.filter(scoring_year=year)
        assert all(read[name].to_pylist() == of_year[name].to_list() for name in coded)


def test_files_say_their_schema_and_no_more_of_where_they_were_made(ledger):
    metadata = pq.read_metadata(ledger / "scoring_year=2023" / "part-00000.parquet").metadata
    assert metadata[b"schema_version"] == SCHEMA_VERSION.encode()
    assert set(metadata) <= {b"schema_version", b"ARROW:schema"}


def test_the_same_rows_give_the_same_bytes_whatever_chunks_they_come_in(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_form, "ROW_GROUP_ROWS", 40)
    frame = lines(0)
    pieces = pl.concat([frame[:101], frame[101:137], frame[137:]], rechunk=False)
    for folder, rows in {"a": frame, "b": pieces}.items():
        write_table(rows, LEDGER, tmp_path / folder, 0)
    one, other = (tmp_path / name / "ledger/scoring_year=2023/part-00000.parquet" for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    assert pq.read_metadata(one).num_row_groups == 4


def test_tables_without_rows_still_say_what_they_would_hold(tmp_path):
    for table in OUTPUTS:
        write_empty(table, tmp_path)
    assert not list((tmp_path / "ledger").iterdir())
    assert not list((tmp_path / "announcements").iterdir())
    empty = pq.read_table(tmp_path / "balances" / "part-00000.parquet")
    assert (empty.num_rows, empty.column_names) == (0, BALANCES.names)
    assert {path.name for path in tmp_path.iterdir()} == {table.name for table in OUTPUTS}


def test_every_table_has_only_types_that_every_reader_knows(tmp_path):
    for table in OUTPUTS:
        row = {name: pl.Series([CELLS[kind]], dtype=kind) for name, kind in table.schema.items()}
        (written,) = write_table(pl.DataFrame(row), table, tmp_path, 0)
        for field in pq.read_schema(written.path):
            assert field.type == ARROW[table.schema[field.name]], (table.name, field.name)


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.drop("book"),
        lambda frame: frame.with_columns(householder=pl.lit("x")),
        lambda frame: frame.cast({"points": pl.Int32}),
        lambda frame: frame.cast({"item": pl.Categorical}),
        lambda frame: frame.select(sorted(frame.columns)),
        lambda frame: frame.with_columns(item=pl.lit(None, pl.String)),
    ],
)
def test_a_frame_that_is_not_as_declared_is_a_fault_of_the_program(tmp_path, change):
    with pytest.raises(InvariantBrokenError, match="ledger"):
        write_table(change(lines(0)), LEDGER, tmp_path, 0)
    assert not list(tmp_path.iterdir())


def test_quarters_stand_in_the_path_as_they_are(tmp_path):
    frame = ANNOUNCEMENTS.schema.to_frame(eager=True).clear(1).with_columns(pl.col("^.*_id$").fill_null("x"))
    frame = frame.with_columns(
        pl.lit("2023Q3").alias("quarter"),
        pl.lit("c").alias("category"),
        pl.lit(2023, pl.Int32).alias("scoring_year"),
        *(
            pl.lit(0, pl.Int64).alias(name)
            for name in ("awarded", "deducted", "reversed", "net", "year_to_date")
        ),
    )
    (written,) = write_table(frame, ANNOUNCEMENTS, tmp_path, 7)
    assert written.path == tmp_path / "announcements" / "quarter=2023Q3" / "part-00007.parquet"
    assert written.rows == 1
    assert "quarter" not in pq.read_schema(written.path).names


def test_a_disk_that_fails_is_one_sentence(tmp_path):
    (tmp_path / "standings").write_text("in the way", encoding="ascii")
    with pytest.raises(DiskError, match=r"standings.*; "):
        write_empty(STANDINGS, tmp_path)
